"""Headless runs that a browser begins: followed cell by cell, stopped, ended with the server."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from tests import notebooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Api, Fetch

PARAMETERS = "depth = 3\nname = '나무'\nflag = True\ncolumns = ['a', None]\nnone = None"
WAITS = "import os, time\nwhile not os.path.exists('go'):\n    time.sleep(0.05)"


async def when(api: Api, run_id: str, is_so: Callable[[Any], bool]) -> Any:
    for _ in range(1800):
        run = await api("GET", f"headless-runs/{run_id}")
        if is_so(run):
            return run
        await asyncio.sleep(0.1)
    raise AssertionError(run)


async def ended(api: Api, run_id: str) -> Any:
    return await when(api, run_id, lambda run: run.state != "running")


def write(root: Path, *sources: str, name: str = "내 train {1}.ipynb") -> str:
    (root / "an experiment").mkdir(exist_ok=True)
    path = notebooks.write(root / "an experiment" / name, [PARAMETERS, *sources], parameters=0)
    return path.relative_to(root).as_posix()


async def test_parameters_are_as_they_are_typed(api: Api, jp_root_dir: Path) -> None:
    found = await api("GET", "notebook-parameters", notebook_path=write(jp_root_dir))
    assert found.kernel_name == "python3"
    assert [(one.name, one.text, one.kind) for one in found.parameters] == [
        ("depth", "3", "number"),
        ("name", "나무", "text"),
        ("flag", "True", "flag"),
        ("columns", "['a', None]", "other"),
        ("none", "None", "other"),
    ]


async def test_a_run_is_followed_to_its_end(api: Api, jp_root_dir: Path) -> None:
    path = write(jp_root_dir, WAITS, "score = depth * len(columns)", "assert name == '007'")
    given = {"depth": "5", "name": "007", "columns": "['a', 'b', 'c']"}
    begun = await api("POST", "headless-runs", {"notebook_path": path, "parameters": given})
    assert (begun.state, begun.notebook_path) == ("running", path)
    # papermill puts the given parameters into a cell of their own
    at = await when(api, begun.run_id, lambda run: run.cell == 3)
    assert (at.cells, at.state, at.result) == (5, "running", None)
    assert (await api("GET", "runs", filter="")).items[0].run_id == begun.run_id

    (jp_root_dir / "an experiment" / "go").touch()
    run = await ended(api, begun.run_id)
    assert (run.state, run.message) == ("finished", None)
    assert run.result.metrics == {"score": 15.0}
    assert run.result.run_id == begun.run_id
    kept = await api("GET", f"snapshots/{run.result.snapshot_id}")
    assert (kept.run_id, kept.parameters["columns"]) == (begun.run_id, ["a", "b", "c"])
    # the notebook itself is not changed, and a stop comes too late
    assert "outputs" in (jp_root_dir / path).read_text()
    assert all(
        not cell["outputs"] for cell in json.loads((jp_root_dir / path).read_text())["cells"]
    )
    assert await api("POST", f"headless-runs/{begun.run_id}/stop") == run
    assert (await api("GET", "headless-runs")).items == [run]


async def test_a_notebook_that_is_renamed_while_it_runs(
    api: Api, jp_fetch: Fetch, jp_root_dir: Path
) -> None:
    path = write(jp_root_dir, WAITS, name="old.ipynb")
    begun = await api("POST", "headless-runs", {"notebook_path": path})
    await when(api, begun.run_id, lambda run: run.cell == 2)
    new = "an experiment/새 이름.ipynb"
    await jp_fetch("api", "contents", path, method="PATCH", body=json.dumps({"path": new}))
    for _ in range(1200):  # the event comes after the answer
        if (await api("GET", f"runs/{begun.run_id}")).notebook_path == new:
            break
        await asyncio.sleep(0.05)
    (jp_root_dir / "an experiment" / "go").touch()
    run = await ended(api, begun.run_id)
    assert (run.state, run.notebook_path, run.result.notebook_path) == ("finished", new, new)
    assert (await api("GET", "snapshots", notebook_path=new)).items[0].run_id == begun.run_id


async def test_a_run_is_stopped_and_recorded_so(api: Api, jp_root_dir: Path) -> None:
    path = write(jp_root_dir, WAITS)
    begun = await api("POST", "headless-runs", {"notebook_path": path})
    await when(api, begun.run_id, lambda run: run.cell == 2)
    await api("POST", f"headless-runs/{begun.run_id}/stop")
    run = await ended(api, begun.run_id)
    assert run.state == "stopped"
    assert (await api("GET", f"runs/{begun.run_id}")).status == "KILLED"


async def test_a_stop_before_it_begins(api: Api, jp_root_dir: Path) -> None:
    begun = await api("POST", "headless-runs", {"notebook_path": write(jp_root_dir, WAITS)})
    await api("POST", f"headless-runs/{begun.run_id}/stop")
    assert (await ended(api, begun.run_id)).state == "stopped"


async def test_why_it_failed(api: Api, jp_root_dir: Path) -> None:
    path = write(jp_root_dir, "1 / 0")
    begun = await api("POST", "headless-runs", {"notebook_path": path})
    run = await ended(api, begun.run_id)
    assert (run.state, run.message) == ("failed", "Cell 2: ZeroDivisionError: division by zero")
    assert (await api("GET", f"runs/{begun.run_id}")).status == "FAILED"


async def test_what_cannot_begin(api: Api, jp_root_dir: Path) -> None:
    path = write(jp_root_dir)
    none = await api.error(404, "POST", "headless-runs", {"notebook_path": "none.ipynb"})
    assert none.message == "There is no notebook none.ipynb."
    await api.error(404, "GET", "notebook-parameters", notebook_path="none.ipynb")
    await api.error(403, "POST", "headless-runs", {"notebook_path": "../out.ipynb"})
    await api.error(422, "POST", "headless-runs", {"notebook_path": path, "timeout": 0})
    await api.error(404, "GET", "headless-runs/none")
    await api.error(404, "POST", "headless-runs/none/stop")

    unknown = {"notebook_path": path, "parameters": {"dept": "1"}}
    run = await ended(api, (await api("POST", "headless-runs", unknown)).run_id)
    assert run.state == "failed"
    assert "has no parameter dept" in run.message
    kernel = {"notebook_path": path, "kernel_name": "julia"}
    run = await ended(api, (await api("POST", "headless-runs", kernel)).run_id)
    assert "The kernel julia is not installed." in run.message
