"""Headless runs whose end nobody recorded: a full disk, a process that was killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import nbformat
import psutil  # type: ignore[import-untyped]
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from jupyter_mlops.core.errors import InvalidInputError, MLOpsError, StoreUnavailableError
from jupyter_mlops.core.project import Project
from jupyter_mlops.executions import ahead, manager
from jupyter_mlops.executions.alive import VANISHED, living, vanished
from jupyter_mlops.executions.manager import Watch, _answer
from jupyter_mlops.executions.recorder import RunRecorder
from jupyter_mlops.executions.schemas import HeadlessRunCreate
from jupyter_mlops.executions.sockets import remove_abandoned, socket_folder
from jupyter_mlops.services import Services
from jupyter_mlops.tracking.schemas import RunError
from tests import notebooks
from tests.databases import SHARED
from tests.disks import filled
from tests.lineage.conftest import wait_for

from .reproductions import SLOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Papermill


def ran(project: Project, path: Path, meanwhile: Callable[[], None]) -> RunRecorder:
    """Record a run in which something happens."""
    recorder = RunRecorder(project, path)
    notebook = nbformat.read(path, as_version=4)
    with recorder.recording(SimpleNamespace(nb=notebook)):
        meanwhile()
    return recorder


def only_run(services: Services) -> Any:
    (found,) = services.tracking.runs().items
    return found


@pytest.mark.skipif(SHARED, reason="the database has a disk of its own")
def test_an_end_that_a_full_disk_could_not_take(small_disk: Path) -> None:
    project = Project(small_disk / "my project 한글")
    project.root.mkdir()
    path = notebooks.write(project.root / "in.ipynb", ["x = 1"])
    services = Services(project, project.root)
    assert services.tracking.runs().items == []
    with ExitStack() as full:
        recorder = ran(project, path, lambda: full.enter_context(filled(small_disk)))
        assert "full" in (recorder.problem or "")
        ended = time.time()
        time.sleep(0.05)
        assert only_run(services).status == "RUNNING"
    services.close_vanished()
    run = only_run(services)
    assert (run.status, run.error) == ("FINISHED", None)
    assert run.ended_at.timestamp() <= ended
    assert vanished(project) == []
    services.close()


@pytest.mark.skipif(SHARED, reason="the database has a disk of its own")
def test_a_run_that_a_full_disk_lets_not_begin(small_disk: Path) -> None:
    project = Project(small_disk / "project")
    project.root.mkdir()
    path = notebooks.write(project.root / "in.ipynb", ["x = 1"])
    services = Services(project, project.root)
    assert services.tracking.runs().items == []
    with filled(small_disk):
        recorder = ran(project, path, lambda: None)
    assert (recorder.status, recorder.problem) == (
        "FINISHED",
        f"The disk that holds {project.store} is full. Free some space and try again.",
    )
    assert services.tracking.runs().items == []
    assert vanished(project) == []
    services.close()


def test_what_the_word_says_is_recorded(services: Services) -> None:
    tracking = services.tracking
    run = tracking.start_run("a", author="ana")
    error = RunError(name="ValueError", message="데이터" * 600, cell_index=1, cell_id="cell1")
    with living(services.project, run.run_id) as life:
        life.leave_word("FAILED", error)
        services.close_vanished()
        assert only_run(services).status == "RUNNING"
    services.close_vanished()
    assert (only_run(services).status, only_run(services).error) == ("FAILED", error)


def test_half_a_word_says_nothing(services: Services) -> None:
    run = services.tracking.start_run("a", author="ana")
    with living(services.project, run.run_id) as life:
        life.leave_word("FINISHED", None)
        (services.project.store / "executions" / "alive" / run.run_id).write_text('{"status": "FI')
    services.close_vanished()
    found = only_run(services)
    assert (found.status, found.error and found.error.message) == ("KILLED", VANISHED)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def older(folder: Path) -> None:
    """Make locks as old as those of processes that have begun."""
    for lock in folder.glob("mlops-*/in-use"):
        os.utime(lock, (time.time() - 60,) * 2)


def test_a_killed_run_leaves_no_sockets(services: Services, temporary: Path) -> None:
    path = notebooks.write(services.project.root / "slow.ipynb", [SLOW])
    found = []
    thread = threading.Thread(
        target=lambda: found.append(services.executions.run(path, author="ana"))
    )
    thread.start()
    pid = path.with_name("pid")
    deadline = time.monotonic() + 180
    while not (pid.exists() and pid.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    kernel = psutil.Process(int(pid.read_text()))
    older(temporary)
    remove_abandoned()
    assert len(list(temporary.glob("mlops-*/in-use"))) == 1
    kernel.parent().kill()
    thread.join()
    assert (found[0].status, found[0].problem) == ("KILLED", VANISHED)
    kernel.wait(60)  # it looks after its parent
    older(temporary)
    with socket_folder() as mine:
        assert [lock.parent for lock in temporary.glob("mlops-*/in-use")] == [mine]
    assert list(temporary.glob("mlops-*/in-use")) == []


def test_a_folder_that_is_just_being_made_stays(temporary: Path) -> None:
    for name in ("mlops-young", "mlops-old", "mlops-no-lock", "other"):
        (temporary / name).mkdir()
        if name != "mlops-no-lock":
            (temporary / name / "in-use").touch()
    os.utime(temporary / "mlops-old" / "in-use", (1, 1))
    os.utime(temporary / "other" / "in-use", (1, 1))
    remove_abandoned()
    assert sorted(path.name for path in temporary.iterdir()) == [
        "mlops-no-lock",
        "mlops-young",
        "other",
    ]


def test_a_process_that_dies_before_it_listens(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    (dead := tmp_path / "dead").write_text("#!/bin/sh\n")
    dead.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(dead))
    with pytest.raises(MLOpsError, match="without a word"):
        services.executions.run(path, author="ana", parameters={"x": "1" * 2_000_000})
    monkeypatch.setattr(sys, "executable", "/no/python")
    with pytest.raises(StoreUnavailableError, match="could not be started: No such file"):
        services.executions.run(path, author="ana")


def python(folder: Path, body: str) -> str:
    """Make what is started in the place of Python; it heeds no SIGTERM."""
    (made := folder / "python").write_text(f"#!/bin/sh\ntrap '' TERM\nread line\n{body}\n")
    made.chmod(0o700)
    return str(made)


def test_a_process_that_does_not_end_when_it_is_stopped(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    monkeypatch.setattr(manager, "_ENDING_SECONDS", 0.2)
    monkeypatch.setattr(sys, "executable", python(tmp_path, "exec sleep 600"))
    with pytest.raises(MLOpsError, match="without a word"):
        services.executions.run(path, author="ana", watch=Watch(started=lambda end: end()))


def test_a_process_that_answers_and_does_not_end(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    monkeypatch.setattr(manager, "_ENDING_SECONDS", 0.2)
    said = '{"error": {"code": "invalid_input", "message": "No.", "details": {}}}'
    monkeypatch.setattr(sys, "executable", python(tmp_path, f"echo '{said}'\nexec sleep 600"))
    with pytest.raises(InvalidInputError, match="No"):
        services.executions.run(path, author="ana")


@pytest.fixture
def silent_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install a kernel that looks after nothing, and never answers."""
    body = "#!/bin/sh\necho $$ > part\nmv part pid\nexec sleep 600"
    (program := tmp_path / "kernel").write_text(body)
    program.chmod(0o700)
    (spec := tmp_path / "kernels" / "slow").mkdir(parents=True)
    argv = [str(program), "{connection_file}"]
    kernel = {"argv": argv, "display_name": "slow", "language": "none"}
    (spec / "kernel.json").write_text(json.dumps(kernel))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return "slow"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends what a process has begun")
@pytest.mark.parametrize("way", ["run", "papermill"])
def test_a_kernel_of_any_language_ends_with_the_process_that_began_it(
    services: Services, silent_kernel: str, papermill: Papermill, way: str
) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])

    def kill(_: object = None) -> None:
        wait_for(path.with_name("pid").exists)
        kernel = psutil.Process(int(path.with_name("pid").read_text()))
        kernel.parent().kill()
        kernel.wait(60)

    if way == "run":
        watch = Watch(started=kill)
        with suppress(MLOpsError):  # it may have a row by now, or none
            services.executions.run(path, author="ana", kernel_name=silent_kernel, watch=watch)
        return
    with papermill.start("in.ipynb", "out.ipynb", "-k", silent_kernel):
        kill()


def test_what_is_stopped_while_it_begins_leaves_no_kernel(
    services: Services, silent_kernel: str
) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])

    def stop(end: Callable[[], None]) -> None:
        wait_for(path.with_name("pid").exists)
        end()

    watch = Watch(started=stop)
    with suppress(MLOpsError):  # it may have a row by now, or none
        result = services.executions.run(path, author="ana", kernel_name=silent_kernel, watch=watch)
        assert result.status == "KILLED"
    assert not psutil.pid_exists(int(path.with_name("pid").read_text()))


def test_a_kernel_that_does_not_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def wait(*_: object) -> None:
        await asyncio.sleep(600)

    monkeypatch.setattr(ahead, "_ENDING_SECONDS", 0.2)
    monkeypatch.setattr(AsyncKernelManager, "finish_shutdown", wait)
    spec = KernelSpec(argv=["sleep", "600"], language="none")
    kernel = ahead.KernelAhead("none", spec, tmp_path)
    started: Any = kernel.manager().provisioner
    process = started.process
    kernel.close()
    assert process.wait(60) == -signal.SIGKILL


def test_a_run_without_a_thread_is_none(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])

    def start(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    asked = HeadlessRunCreate(notebook_path=path.name)
    run = services.headless.start(path, asked, author="ana")
    assert (run.state, "when less is running" in str(run.message)) == ("failed", True)


def test_a_notebook_that_nobody_says_was_moved(services: Services) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    recorder = ran(services.project, path, lambda: os.rename(path, path.with_name("b.ipynb")))
    assert recorder.snapshot
    kept = services.snapshots.snapshot(recorder.snapshot.id)
    assert kept.notebook_path == "in.ipynb"
    assert any("in.ipynb was moved" in note for note in kept.manifest.notes)


def test_half_an_answer_is_none() -> None:
    told: list[int] = []
    watch = Watch(told=lambda cell, _: told.append(cell))
    assert _answer(['{"cell": 1, "cells": 2}\n', '{"result": {"run_id": "4'], watch) is None
    assert told == [1]
