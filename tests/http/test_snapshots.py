"""From a notebook with a live kernel to a snapshot, over HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.events import schema_id
from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services
from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Opened

SOURCES = ["depth = 4", "total = sum(range(depth))\nopen('data 한글.csv').read()"]


@pytest.fixture
def notebook(jp_root_dir: Path) -> Path:
    folder = jp_root_dir / "my folder 한글"
    folder.mkdir()
    (folder / "data 한글.csv").write_text("a\n1\n")
    return notebooks.write(folder / "train 1.ipynb", SOURCES, parameters=0)


def body(notebook: Path, **more: Any) -> dict[str, Any]:
    return {"notebook_path": f"{notebook.parent.name}/{notebook.name}", **more}


async def test_a_snapshot_of_a_live_kernel(api: Api, notebook: Path, open_notebook: Opened) -> None:
    tab = await open_notebook(notebook)
    await tab.run(0, 1)
    made = await api("POST", "snapshots", body(notebook, message="hello"))
    assert (made.grade, made.metrics, made.parameters) == ("clean", {"total": 6.0}, {"depth": 4})
    manifest = (await api("GET", f"snapshots/{made.id}")).manifest
    assert [cell.source for cell in manifest.cells] == SOURCES
    assert [(use.path, use.mode, use.cell_ids) for use in manifest.files] == [
        ("my folder 한글/data 한글.csv", "read", ["cell1"])
    ]
    assert manifest.environment.language == "python"
    lock = await api("GET", f"snapshots/{made.id}/lock")
    assert lock.file_name == "pylock.toml"
    assert all(f'"{name}' in lock.text for name in ("ipykernel", "pandas"))
    runs = (await api("GET", "runs")).items
    assert [(run.snapshot_id, run.grade) for run in runs] == [(made.id, "clean")]
    stored = await api("GET", f"snapshots/{made.id}/notebook")
    assert stored.content == json.loads(notebook.read_text())


async def test_an_edited_cell_is_stale(api: Api, notebook: Path, open_notebook: Opened) -> None:
    tab = await open_notebook(notebook)
    await tab.run((0, "depth = 3"), 1)
    made = await api("POST", "snapshots", body(notebook))
    assert made.grade == "stale"
    assert [(r.code, r.cell_id) for r in made.reasons] == [("edited", "cell0")]


async def test_a_grade_without_a_snapshot(api: Api, notebook: Path, open_notebook: Opened) -> None:
    tab = await open_notebook(notebook)
    await tab.run(0, 1)
    assert (await api("POST", "notebook-grade", body(notebook))).grade == "clean"
    cells = [
        {"index": i, "cell_id": f"cell{i}", "source": s, "execution_count": None}
        for i, s in enumerate(["depth = 5", SOURCES[1]])
    ]
    unsaved = await api("POST", "notebook-grade", body(notebook, cells=cells))
    assert unsaved.grade == "stale"
    assert [(r.code, r.cell_id) for r in unsaved.reasons] == [("edited", "cell0")]
    assert (await api("GET", "snapshots")).items == []


async def test_a_grade_without_a_kernel(api: Api, notebook: Path) -> None:
    assert (await api("POST", "notebook-grade", body(notebook))).grade == "unknown"
    other = {"notebook_path": "no such.ipynb"}
    assert (await api.error(404, "POST", "notebook-grade", other)).code == "not_found"


async def test_two_tabs_click_at_once(api: Api, notebook: Path, open_notebook: Opened) -> None:
    tab = await open_notebook(notebook)
    await tab.run(0, 1)
    made = await asyncio.gather(*(api("POST", "snapshots", body(notebook)) for _ in range(3)))
    assert len({one.id for one in made}) == 3
    assert {one.grade for one in made} == {"clean"}
    assert len((await api("GET", "snapshots")).items) == 3


async def test_without_a_kernel_the_file_is_taken(api: Api, notebook: Path) -> None:
    made = await api("POST", "snapshots", body(notebook))
    assert made.grade == "unknown"


async def test_a_snapshot_without_a_kernel_has_no_lock(api: Api, notebook: Path) -> None:
    made = await api("POST", "snapshots", body(notebook))
    assert "no lock" in (await api.error(404, "GET", f"snapshots/{made.id}/lock")).message


async def test_a_dead_kernel_says_so(api: Api, notebook: Path, open_notebook: Opened) -> None:
    tab = await open_notebook(notebook)
    await tab.run(0)
    await tab.kernel.provisioner.kill()
    error = await api.error(409, "POST", "snapshots", body(notebook))
    assert error.code == "kernel_unavailable"
    assert (await api("GET", "runs")).items == []


async def test_a_renamed_notebook_says_so(api: Api, notebook: Path, open_notebook: Opened) -> None:
    await open_notebook(notebook)
    notebook.rename(notebook.with_name("other.ipynb"))
    error = await api.error(404, "POST", "snapshots", body(notebook))
    assert "renamed" in error.message


@pytest.mark.parametrize("path", ["../x.ipynb", "/etc/passwd", "a/../../x.ipynb"])
async def test_no_path_leaves_the_root(api: Api, path: str) -> None:
    error = await api.error(403, "POST", "snapshots", {"notebook_path": path})
    assert error.code == "forbidden_path"
    assert (await api.error(403, "GET", "live-models", notebook_path=path)).code


@pytest.mark.parametrize("text", [{}, {"notebook_path": ""}, {"notebook_path": 1}, [], "x"])
async def test_bad_bodies_name_the_field(api: Api, text: Any) -> None:
    error = await api.error(422, "POST", "snapshots", text)
    assert error.code == "invalid_input"
    assert error.details["fields"]


async def test_a_body_that_is_no_json(jp_fetch: Any) -> None:
    response = await jp_fetch("api/mlops/snapshots", method="POST", body="{", raise_error=False)
    assert response.code == 422


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"page_token": "x"}])
async def test_bad_queries(api: Api, query: dict[str, str]) -> None:
    assert (await api.error(422, "GET", "runs", **query)).code == "invalid_input"


async def test_two_snapshots_are_compared(api: Api, notebook: Path) -> None:
    first = await api("POST", "snapshots", body(notebook))
    notebooks.write(notebook, ["depth = 5", SOURCES[1]], parameters=0)
    second = await api("POST", "snapshots", body(notebook))
    found = await api("GET", "comparisons", ids=f"{first.id},{second.run_id}")
    assert [(row.name, row.values) for row in found.parameters] == [("depth", ["4", "5"])]
    cells = await api("GET", "comparisons/cells", base=first.id, other=second.id)
    assert [pair.changes for pair in cells.items] == [["edited"], []]
    cell = await api("GET", f"snapshots/{second.id}/cells/{cells.items[0].other}")
    assert cell.source == "depth = 5"
    for ids in ("", first.id, f"{first.id},x", ",".join(f"{n:06}" for n in range(51))):
        assert (await api.error(422, "GET", "comparisons", ids=ids)).code == "invalid_input"
    assert await api.error(404, "GET", f"snapshots/{second.id}/cells/9")
    assert await api.error(404, "GET", f"snapshots/{second.id}/modules/0")
    assert await api.error(404, "GET", "comparisons/cells", base=first.id, other="0" * 64)


async def test_a_snapshot_is_announced(api: Api, notebook: Path, jp_serverapp: Any) -> None:
    heard = listen(jp_serverapp, "snapshots")
    made = await api("POST", "snapshots", body(notebook))
    assert await asyncio.wait_for(heard.get(), 10) == {"action": "created", "id": made.id}


async def test_a_change_by_another_process_is_announced(
    api: Api, notebook: Path, jp_serverapp: Any, jp_root_dir: Path
) -> None:
    await api("POST", "snapshots", body(notebook))
    app = next(iter(jp_serverapp.extension_manager.extension_apps["jupyter_mlops"]))
    await app._look()
    heard = listen(jp_serverapp, "tracking")
    other = Services(Project(jp_root_dir.resolve()), jp_root_dir)
    await asyncio.to_thread(lambda: other.tracking.start_run("x", author="me"))
    other.close()
    await app._look()
    assert await asyncio.wait_for(heard.get(), 10) == {"action": "changed", "id": "*"}


async def test_status(api: Api, jp_root_dir: Path) -> None:
    status = await api("GET", "status")
    assert status.project == str(jp_root_dir.resolve())


def listen(app: Any, room: str) -> asyncio.Queue[dict[str, Any]]:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def hear(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        heard.put_nowait(data)

    app.event_logger.add_listener(schema_id=schema_id(room), listener=hear)
    return heard


async def test_the_data_of_a_live_kernel(api: Api, notebook: Path, open_notebook: Opened) -> None:
    query = {"notebook_path": f"{notebook.parent.name}/{notebook.name}"}
    assert not (await api("GET", "live-data", **query)).live
    tab = await open_notebook(notebook)
    await tab.run(0, 1)
    (item,) = (await api("GET", "live-data", **query)).items
    assert (item.path, item.cell_ids, item.state) == (
        "my folder 한글/data 한글.csv",
        ["cell1"],
        None,
    )
    made = await api("POST", "snapshots", body(notebook))
    (item,) = (await api("GET", "live-data", **query)).items
    assert item.state == "unchanged"
    profile = await api("GET", f"snapshots/{made.id}/tables/0")
    assert (profile.rows, profile.columns[0].name) == (1, "a")
    assert (await api.error(404, "GET", f"snapshots/{made.id}/tables/7")).message
