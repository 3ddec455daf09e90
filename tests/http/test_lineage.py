from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.lineage.conftest import Workshop

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api


async def test_the_graph_and_what_is_stale(api: Api, jp_serverapp: Any, tmp_path: Path) -> None:
    (extension,) = jp_serverapp.extension_manager.extension_apps["jupyter_mlops"]
    workshop = Workshop(extension.services, tmp_path / "models")
    workshop.write("a b.csv", "1")
    made = workshop.snapshot("use 한글.ipynb", ["a b.csv"])
    found = await api("GET", "lineage", node="data:a b.csv", direction="downstream")
    assert [node.id for node in found.nodes] == [
        "data:a b.csv",
        "notebook:use 한글.ipynb",
        f"snapshot:{made.id}",
    ]
    whole = await api("GET", "lineage")
    assert {edge.kind for edge in whole.edges} == {"reads", "runs"}
    assert (await api("GET", "stale")).items == []
    workshop.write("a b.csv", "2")
    (item,) = (await api("GET", "stale")).items
    assert [change.kind for change in item.changes] == ["data"]
    await api.error(404, "GET", "lineage", node="data:other.csv")
    await api.error(422, "GET", "lineage", node="nonsense")
    await api.error(422, "GET", "lineage", node="data:a b.csv", depth="0")
