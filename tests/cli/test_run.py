"""``jupyter mlops run``: the notebook's own process, how it ends, and what is said of it."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]
import pytest
from blake3 import blake3

from jupyter_mlops.executions.schemas import ExecutionResult
from tests import notebooks

from .conftest import start

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services

    from .conftest import Command

SLOW = (
    "import os, time\n"
    "with open('pid.part', 'w') as file:\n"
    "    file.write(str(os.getpid()))\n"
    "os.rename('pid.part', 'pid')\n"
    "time.sleep(600)"
)


def test_parameters_output_and_folder(
    mlops: Command,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    down = folder / "down {아래}"
    down.mkdir()
    (down / "helper.py").write_text("half = 0.5")
    (down / "papermill.py").write_text("raise ImportError('not this one')")
    sources = ["name = ''\ndepth = 0\ncolumns = []", "import helper\nshare = depth * helper.half"]
    notebook = notebooks.write(down / "in {1}.ipynb", sources, parameters=0)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("PYTHONPATH", ".")
    given = ("-y", "{name: 나무, depth: 1, columns: [a, b]}", "-p", "depth", "3")
    said = mlops("run", notebook, "out 1.ipynb", *given).stdout
    assert (elsewhere / "out 1.ipynb").is_file()

    (found,) = json.loads(mlops("snapshots", "--notebook", notebook, "--json").stdout)
    assert found["notebook_path"] == "in {1}.ipynb"
    assert found["parameters"] == {"name": "나무", "depth": 3, "columns": ["a", "b"]}
    assert found["metrics"] == {"share": 1.5}
    first, *rest = said.splitlines()
    assert first.startswith("in {1}.ipynb: finished in ")
    assert first.endswith(f": {elsewhere / 'out 1.ipynb'}")
    assert rest == [f"Snapshot {found['id'][:12]}", "share=1.5"]
    assert (down / ".mlops").is_dir()
    assert "KeyboardInterrupt" not in capfd.readouterr().err


def test_a_file_left_open_is_kept_whole(mlops: Command, folder: Path, services: Services) -> None:
    """Its last bytes are written when the kernel ends."""
    sources = ["file = open('out.txt', 'w')\nfile.write('x' * 10)"]
    mlops("run", notebooks.write(folder / "a.ipynb", sources))
    (found,) = services.snapshots.snapshots().items
    (use,) = services.snapshots.snapshot(found.id).manifest.files
    assert (use.mode, use.digest) == ("write", blake3(b"x" * 10).hexdigest())


def test_a_failing_notebook(
    mlops: Command, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    notebooks.write(folder / "in.ipynb", ["x = 1", "raise ValueError('no 데이터')"])
    failed = mlops("run", "in.ipynb", "--json", code=1)
    assert failed.stderr == "Cell 2: ValueError: no 데이터\n"
    result = ExecutionResult.model_validate_json(failed.stdout)
    assert (result.status, result.problem) == ("FAILED", None)
    assert result.error
    assert (result.error.cell_index, result.error.cell_id) == (1, "cell1")
    assert result.output_path is None
    (found,) = json.loads(mlops("snapshots", "--json").stdout)
    assert (found["id"], found["status"]) == (result.snapshot_id, "FAILED")
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("-p nope 1", "The notebook has no parameter nope. It has: x."),
        ("-k nope", "The kernel nope is not installed. Installed: "),
        ("in.ipynb", "The output would overwrite the notebook. Give another path."),
        ("also-in.ipynb", "The output would overwrite the notebook. Give another path."),
        ("nope/out.ipynb", "There is no folder "),
    ],
)
def test_what_cannot_be_run(
    mlops: Command, folder: Path, capfd: pytest.CaptureFixture[str], arguments: str, says: str
) -> None:
    notebooks.write(folder / "in.ipynb", ["x = 1"], parameters=0)
    (folder / "also-in.ipynb").hardlink_to(folder / "in.ipynb")
    refused = mlops("run", "in.ipynb", *arguments.split(), code=1)
    assert refused.stderr.startswith(says)
    assert refused.stderr.count("\n") == 1
    assert (refused.stdout, capfd.readouterr().err) == ("", "")
    assert json.loads(mlops("snapshots", "--json").stdout) == []


def interrupt(process: psutil.Process) -> None:
    process.send_signal(signal.SIGINT)


def kill(process: psutil.Process) -> None:
    process.kill()


def kill_child(process: psutil.Process) -> None:
    process.children()[0].kill()


@pytest.mark.parametrize(
    ("end", "code", "says"),
    [
        (interrupt, 1, "Cell 2: SystemExit: The run was stopped."),
        (kill, -signal.SIGKILL, ""),
        (kill_child, 1, "Killed: The process that ran the notebook ended without a word."),
    ],
)
def test_a_run_that_is_stopped(
    folder: Path, services: Services, end: Any, code: int, says: str
) -> None:
    notebooks.write(folder / "in.ipynb", ["done = 2 * 3", SLOW])
    with start("run", "in.ipynb", "out.ipynb") as process:
        wait_for(folder / "pid", process)
        (run,) = services.tracking.runs().items
        assert run.status == "RUNNING"
        watched = psutil.Process(process.pid)
        processes = watched.children(recursive=True)
        assert int((folder / "pid").read_text()) in {each.pid for each in processes}
        end(watched)
        _, said = process.communicate()
    assert process.returncode == code
    assert says in said
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert not alive
    run = services.tracking.run(run.run_id)
    assert run.status == "KILLED"
    assert run.error
    if end is not kill_child:
        assert run.metrics == {"done": 6.0}


def wait_for(path: Path, process: Any) -> None:
    deadline = time.monotonic() + 180
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
