from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from jupyter_mlops.lineage.schemas import RerunCreate
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


async def test_of_two_tabs_that_begin_at_once_one_does(
    api: Api, jp_serverapp: Any, tmp_path: Path
) -> None:
    (extension,) = jp_serverapp.extension_manager.extension_apps["jupyter_mlops"]
    workshop = Workshop(extension.services, tmp_path / "models")
    workshop.write("in.csv", "1")
    workshop.notebook("slow.ipynb", "import time\ntime.sleep(600)")
    workshop.snapshot("slow.ipynb", ["in.csv"])
    await api.error(409, "POST", "reruns", RerunCreate())  # nothing is stale
    workshop.write("in.csv", "2")
    answers = await asyncio.gather(
        *(api("POST", "reruns", RerunCreate()) for _ in range(2)), return_exceptions=True
    )
    begun = [one for one in answers if not isinstance(one, BaseException)]
    refused = [str(one) for one in answers if isinstance(one, AssertionError)]
    assert (len(begun), len(refused)) == (1, 1)
    assert "are being run already" in refused[0]
    (listed,) = (await api("GET", "reruns")).items
    assert (listed.rerun_id, listed.state) == (begun[0].rerun_id, "running")
    await api("DELETE", f"reruns/{listed.rerun_id}")  # as the other tab may, too
    for _ in range(1800):
        (ended,) = (await api("GET", "reruns")).items
        if ended.state != "running":
            break
        await asyncio.sleep(0.1)
    assert ended.state == "stopped"
    assert await api("DELETE", f"reruns/{listed.rerun_id}") == ended
    await api.error(404, "DELETE", f"reruns/{'0' * 32}")
