"""What is kept of a run while it goes, and shown of it when its process was killed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import nbformat
import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.executions import progress as module
from jupyter_mlops.executions.alive import VANISHED, living
from jupyter_mlops.executions.progress import Progress
from jupyter_mlops.executions.rescue import rescue_file, unfinished
from jupyter_mlops.snapshots.masking import MASK, Masker
from jupyter_mlops.tracking.entities import NOTEBOOK_TAG
from tests import notebooks
from tests.disks import filled
from tests.lineage.conftest import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.tracking.schemas import Run

TRAINS = """import os, time
print("epoch", 1, flush=True)
open("pid.part", "w").write(str(os.getpid()))
os.rename("pid.part", "pid")
time.sleep(600)"""


def killed(services: Services, path: Path, ready: Any = lambda _: True) -> Any:
    """Run a notebook and kill its process once ``ready`` is so of what is kept."""
    found: list[Any] = []
    thread = threading.Thread(
        target=lambda: found.append(services.executions.run(path, author="ana"))
    )
    thread.start()
    pid = path.with_name("pid")
    wait_for(pid.exists)
    (run,) = services.tracking.runs().items
    file = rescue_file(services.project, run.run_id)
    wait_for(lambda: file.exists() and ready(file.read_text()))
    kernel = psutil.Process(int(pid.read_text()))
    kernel.parent().kill()
    thread.join()
    kernel.wait(60)
    return found[0]


def test_a_killed_run_shows_how_far_it_came(services: Services) -> None:
    (folder := services.project.root / "an experiment 실험").mkdir()
    path = notebooks.write(folder / "긴 run.ipynb", ["a = 1\na", TRAINS, "never = 1"])
    found = killed(services, path, lambda text: "epoch 1" in text)
    assert (found.status, found.problem) == ("KILLED", VANISHED)
    assert found.trouble() == f"Cell 2: Killed: {VANISHED}"
    run = services.tracking.run(found.run_id)
    assert run.error
    assert (run.error.cell_index, run.error.cell_id) == (1, "cell1")
    detail = services.snapshots.snapshot(str(found.snapshot_id))
    assert (detail.status, detail.manifest.error, detail.author) == ("KILLED", run.error, "ana")
    assert "was killed" in " ".join(detail.manifest.notes)
    cells = services.snapshots.notebook(detail.id).content["cells"]
    assert cells[0]["outputs"][0]["data"]["text/plain"] == "1"
    assert cells[1]["outputs"][0]["text"] == "epoch 1\n"
    assert cells[2]["outputs"] == []
    assert not rescue_file(services.project, run.run_id).exists()
    services.close_vanished()
    assert len(services.snapshots.snapshots().items) == 1


def vanishing(services: Services, name: str = "in.ipynb") -> tuple[Run, Path]:
    """Return a run whose process is gone, and what it has left."""
    path = notebooks.write(services.project.root / name, ["x = 1"])
    run = services.tracking.start_run(name, author="ana", tags={NOTEBOOK_TAG: path.name})
    file = rescue_file(services.project, run.run_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(path.read_bytes())
    with living(services.project, run.run_id) as life:
        life.leave_word("KILLED", None)
    unfinished(file).touch()
    return run, file


def test_a_snapshot_is_taken_of_what_is_left_though_its_notebook_is_gone(
    services: Services,
) -> None:
    run, file = vanishing(services, "gone 노트.ipynb")
    (services.project.root / "gone 노트.ipynb").unlink()
    services.close_vanished()
    assert services.tracking.run(run.run_id).snapshot_id
    assert list(file.parent.iterdir()) == []


def test_who_finds_it_and_is_killed_too_leaves_it_to_the_next(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, file = vanishing(services)
    with monkeypatch.context() as dies:
        dies.setattr(services.tracking, "close_run", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.close_vanished()
    assert services.tracking.run(run.run_id).status == "RUNNING"
    services.close_vanished()
    assert services.tracking.run(run.run_id).status == "KILLED"
    assert len(services.snapshots.snapshots().items) == 1
    assert list(file.parent.iterdir()) == []


def test_what_no_snapshot_can_be_taken_of_stays(services: Services) -> None:
    run, file = vanishing(services)
    file.write_text("half")
    services.close_vanished()
    found = services.tracking.run(run.run_id)
    assert (found.status, found.snapshot_id, file.exists()) == ("KILLED", None, True)


def notebook(*outputs: str) -> Any:
    made = nbformat.v4.new_notebook()
    for text in outputs:
        shown = [nbformat.v4.new_output("stream", text=text)]
        made.cells.append(nbformat.v4.new_code_cell("key = 'hunter2hunter2'", outputs=shown))
    return made


def test_only_what_is_new_is_written_and_masked(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "run.ipynb"
    progress = Progress(file, Masker)
    progress.save(notebook("a"))
    assert not file.exists()
    progress.changed()
    progress.save(notebook("token=ghp_" + "a1" * 18))
    text = file.read_text()
    assert MASK in text
    assert "ghp_" not in text
    file.write_text("")
    progress.save(notebook("b"))
    assert file.read_text() == ""
    progress.discard()
    progress.discard()
    assert list(file.parent.iterdir()) == []


def test_it_takes_a_twentieth_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    progress = Progress(tmp_path / "run.ipynb", Masker)

    def write(*_: object, **__: object) -> int:
        nonlocal now
        now += 2
        written.append(now)
        return 1

    written: list[float] = []
    monkeypatch.setattr(module, "write", write)
    for at in (100.0, 103.0, 141.0, 142.0, 143.0):
        now = max(at, now)
        progress.changed()
        progress.save(notebook("a"))
    assert written == [102.0, 144.0]


def test_a_large_one_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 10)
    monkeypatch.setattr(module, "_SHARE", 0)
    progress = Progress(file := tmp_path / "run.ipynb", Masker)
    for text in ("a", "b"):
        progress.changed()
        progress.save(notebook(text))
    assert '"a"' in file.read_text()


def test_a_full_disk_does_not_stop_the_run(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    progress = Progress(file := small_disk / "run.ipynb", Masker)
    with filled(small_disk):
        progress.changed()
        progress.save(notebook("a" * 100_000))
    assert "not kept" in caplog.text
    assert not file.exists()
    assert not unfinished(file).exists()
