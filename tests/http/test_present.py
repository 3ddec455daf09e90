"""A snapshot against its notebook as it is now, with a live kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Opened

SOURCES = [
    "depth = 4",
    "rows = open('a 데이터.csv').read().split()\nmean = len(rows) / depth",
]


async def test_what_was_changed_since_a_snapshot(
    api: Api, jp_root_dir: Path, open_notebook: Opened
) -> None:
    folder = jp_root_dir / "my folder 한글"
    folder.mkdir()
    (folder / "a 데이터.csv").write_text("1 2")
    path = notebooks.write(folder / "train 1.ipynb", SOURCES, parameters=0)
    tab = await open_notebook(path)
    await tab.run(0, 1)
    name = f"{folder.name}/{path.name}"
    base = await api("POST", "snapshots", {"notebook_path": name})
    (folder / "a 데이터.csv").write_text("1 2 3")
    edited = ["depth = 2", SOURCES[1]]
    notebooks.write(path, edited, parameters=0)
    await tab.run(0, 1)
    present = await api("POST", "present-notebooks", {"id": base.run_id})
    assert (present.notebook_path, present.live, present.note) == (name, True, None)
    found = await api("GET", "comparisons", ids=f"{base.id},{present.id}")
    assert [item.present for item in found.items] == [False, True]
    assert [(row.name, row.values) for row in found.parameters] == [("depth", ["4", "2"])]
    assert [(row.name, row.values) for row in found.metrics] == [("mean", [0.5, 1.5])]
    assert [(row.path, row.differs) for row in found.data] == [
        (f"{folder.name}/a 데이터.csv", True)
    ]
    assert found.items[1].has_environment
    assert not found.environment.packages
    cells = await api("GET", "comparisons/cells", base=base.id, other=present.id)
    assert [pair.changes for pair in cells.items] == [["edited"], []]
    cell = await api("GET", f"snapshots/{present.id}/cells/0")
    assert cell.source == "depth = 2"
    assert (await api("GET", f"snapshots/{present.id}/diff")).text is None
    assert len((await api("GET", "snapshots")).items) == 1
    missing = await api.error(404, "POST", "present-notebooks", {"id": "0" * 32})
    assert "no run or snapshot" in missing.message
