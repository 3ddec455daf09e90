"""How a reproduction lives and ends: stopped, killed, one at a time, without who began it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import ConflictError, NotFoundError, StoreUnavailableError
from jupyter_mlops.core.locks import locked
from jupyter_mlops.executions import reproduction
from jupyter_mlops.executions.receipt_schemas import Receipt, ReproductionRequest
from jupyter_mlops.executions.receipts import ReceiptStore
from jupyter_mlops.executions.reproduction import _Child
from jupyter_mlops.services import Services
from tests import notebooks
from tests.snapshots.test_manager import snap

from .reproductions import SLOW, begin, ended, local, shown

if TYPE_CHECKING:
    from pathlib import Path


@local
def test_stopped_killed_and_one_at_a_time(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = snap(services, shown(folder / "a.ipynb", ("1", ""), (SLOW, "")))
    receipt = begin(services, taken)
    with pytest.raises(ConflictError, match="already"):
        begin(services, taken)
    kernel = kernel_pid(services, receipt)
    assert where(services, receipt, 2) == ("running", 2, 2)
    services.reproductions.stop(receipt.receipt_id)
    found = ended(services, receipt)
    assert (found.state, found.verdict) == ("stopped", None)
    assert not psutil.pid_exists(kernel)

    # another server asks: the one that began it is gone
    receipt = begin(services, taken)
    kernel = kernel_pid(services, receipt)
    other = Services(services.project, services.project.root)
    pid = psutil.Process(kernel).ppid()
    assert other.reproductions.receipt(receipt.receipt_id).state == "running"
    os.kill(pid, signal.SIGKILL)
    services.reproductions.wait(receipt.receipt_id, 60)
    monkeypatch.setattr(socket, "gethostname", lambda: "come-up-again")
    found = other.reproductions.receipt(receipt.receipt_id)
    assert (found.state, found.verdict) == ("failed", None)
    assert "without a word" in (found.summary or "")
    other.close()


@local
def test_it_outlives_who_began_it(services: Services, folder: Path) -> None:
    taken = snap(services, shown(folder / "a.ipynb", ("print('a')", "a\n")))
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from jupyter_mlops.core.project import Project\n"
        "from jupyter_mlops.executions.receipt_schemas import ReproductionRequest\n"
        "from jupyter_mlops.services import Services\n"
        "root = Path(sys.argv[1])\n"
        "begun = Services(Project(root), root).reproductions.start(\n"
        "    sys.argv[2], ReproductionRequest(), author='me')\n"
        "print(begun.receipt_id, flush=True)\n"
        "os.killpg(0, 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(services.project.root), taken.id],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    receipt_id = done.stdout.strip()
    assert done.returncode == -signal.SIGKILL, done.stderr
    end = time.monotonic() + 180
    while services.reproductions.receipt(receipt_id).state in {"pending", "running"}:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert services.reproductions.receipt(receipt_id).verdict == "reproduced"


def where(services: Services, receipt: Receipt, cell: int) -> tuple[str, int, int]:
    """Tell where a reproduction is, once it is said to be at a cell."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        progress = services.reproductions.receipt(receipt.receipt_id).progress
        if progress and progress.cell == cell:
            return progress.phase, progress.cell, progress.cells
        time.sleep(0.1)
    raise AssertionError(services.reproductions.receipt(receipt.receipt_id))


def kernel_pid(services: Services, receipt: Receipt) -> int:
    """Wait for the slow cell to begin."""
    scratch = services.project.store / "reproductions" / receipt.receipt_id
    end = time.monotonic() + 180
    while time.monotonic() < end:
        for file in scratch.glob("run-1/*/pid"):
            if text := file.read_text():
                return int(text)
        time.sleep(0.05)
    raise AssertionError(services.reproductions.receipt(receipt.receipt_id))


IGNORES_STOPS = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(flush=True)
time.sleep(600)
"""


def test_a_process_that_tells_nothing_and_does_not_end(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = services.reproductions

    def spawn(receipt: Receipt, _: object, lock: int) -> None:
        told, telling = os.pipe()
        os.close(telling)
        command = [sys.executable, "-c", IGNORES_STOPS]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=(lock,))
        assert process.stdout
        with process.stdout:
            process.stdout.readline()
        manager._children[receipt.receipt_id] = _Child(process, os.fdopen(told, "rb"))

    monkeypatch.setattr(manager, "_spawn", spawn)
    receipt = begin(services, snap(services, notebooks.write(folder / "a.ipynb", ["x = 1"])))
    assert not manager.wait(receipt.receipt_id, 0.1)
    monkeypatch.setattr(reproduction, "_STOPPING_SECONDS", 0.2)
    manager.stop(receipt.receipt_id)
    assert manager.wait(receipt.receipt_id, 60)
    assert manager.receipt(receipt.receipt_id).state == "failed"


def test_what_there_is_not(services: Services) -> None:
    with pytest.raises(NotFoundError):
        services.reproductions.receipt("x")
    with pytest.raises(NotFoundError):
        services.reproductions.stop("x")


@local
def test_one_that_is_about_to_begin_is_not_taken_for_dead(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = snap(services, shown(folder / "a.ipynb", ("1", "")))
    other = Services(services.project, services.project.root)
    real, seen = ReceiptStore.add, []

    def looked_at(store: ReceiptStore, receipt: Receipt) -> None:
        real(store, receipt)
        seen.append(other.reproductions.receipt(receipt.receipt_id).state)

    monkeypatch.setattr(ReceiptStore, "add", looked_at)
    monkeypatch.setattr(sys, "executable", "/no/python")
    with pytest.raises(StoreUnavailableError, match="could not be started: No such file"):
        begin(services, taken)
    assert seen == ["pending"]
    (receipt,) = other.reproductions.receipts(taken.id).items
    assert receipt.state == "failed"
    assert list((services.project.store / "reproductions").iterdir()) == []
    other.close()


def test_what_vanished_processes_left_is_removed_though_nobody_asks(
    services: Services, folder: Path
) -> None:
    taken = snap(services, shown(folder / "a.ipynb", ("1", "")))
    store = ReceiptStore(services.project, services.database)
    (place := services.project.store / "reproductions").mkdir()
    made = [
        Receipt(
            receipt_id=name,
            snapshot_id=taken.id,
            notebook_path="a.ipynb",
            created_at=taken.created_at,
            author="me",
            request=ReproductionRequest(),
            cells=[],
            metrics=[],
            missing=[],
            notes=[],
            run_ids=[],
            state="completed",
        )
        for name in ("alive", "killed", "ended")
    ]
    for receipt in made:
        store.add(receipt)
    for receipt in made[:2]:
        store.save(receipt.model_copy(update={"state": "running"}))
    for name in ("alive", "killed", "ended", "never-began"):
        (place / name / "run-1").mkdir(parents=True)
        (place / f"{name}.lock").touch()
    (place / "killed.log").touch()
    with locked(place / "alive.lock"):
        services.close_vanished()
        left = sorted(path.name for path in place.iterdir())
        assert left == ["alive", "alive.lock", "killed.log"]
        states = {one.receipt_id: one.state for one in store.of(taken.id)}
        assert states == {"alive": "running", "killed": "failed", "ended": "completed"}
    upkeep.collect(services, 0, None, author="me", dry_run=False)
    assert [path.name for path in place.iterdir()] == ["killed.log"]
    upkeep.collect(services, now_ms() + 3_600_000, None, author="me", dry_run=False)
    assert list(place.iterdir()) == []
    assert store.get("alive").state == "failed"
