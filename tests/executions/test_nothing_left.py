"""A secret that a cell of a headless run shows is nowhere in the store, however the run ends."""

from __future__ import annotations

import json
import stat
import threading
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.core.errors import ForbiddenPathError
from jupyter_mlops.executions.alive import living
from jupyter_mlops.executions.manager import Watch
from jupyter_mlops.executions.receipts import ReceiptStore
from jupyter_mlops.snapshots.masking import MASK
from jupyter_mlops.upkeep import collect, settle_outputs
from tests import notebooks
from tests.lineage.conftest import wait_for

from .reproductions import begin, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlops.services import Services

OWN = "k3rnel-own-value"
KNOWN = f"ghp_{'a1' * 18}"
SHOW = "import os, time\nprint(os.environ['DB_PASSWORD'], 'ghp_' + 'a1' * 18)"
WAIT = (
    "open('pid.part', 'w').write(str(os.getpid()))\nos.rename('pid.part', 'pid')\ntime.sleep(600)"
)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", OWN)


def kept(services: Services) -> Iterator[bytes]:
    """All files of the store, and all objects as they were before they were compressed."""
    for path in services.project.store.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
    for object_id in services.objects.ids():
        yield services.objects.read(object_id)


def see_nothing(services: Services) -> None:
    for content in kept(services):
        assert OWN.encode() not in content
        assert KNOWN.encode() not in content


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("raise OSError(os.environ['DB_PASSWORD'])", "FAILED"),
        ("os._exit(1)", "FAILED"),
    ],
)
def test_of_a_run_that_ends_by_itself(services: Services, last: str, status: str) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", [SHOW, last])
    found = services.executions.run(path, author="me")
    assert (found.status, found.output_path, found.problem) == (status, None, None)
    assert found.snapshot_id
    first = services.snapshots.notebook(found.snapshot_id).content["cells"][0]
    assert "".join(first["outputs"][0]["text"]) == f"{MASK} {MASK}\n"
    see_nothing(services)


def test_of_a_run_that_is_stopped(services: Services) -> None:
    def stop(process: psutil.Process, end: Any) -> None:
        assert process.is_running()
        end()

    found = interrupted(services, stop)
    assert (found.status, bool(found.snapshot_id)) == ("KILLED", True)


def test_of_a_run_that_is_killed(services: Services) -> None:
    def kill(process: psutil.Process, _: Any) -> None:
        for each in (process.parent(), process):
            each.kill()

    found = interrupted(services, kill)
    assert (found.status, found.output_path) == ("KILLED", None)
    assert found.snapshot_id
    first = services.snapshots.notebook(found.snapshot_id).content["cells"][0]
    assert "".join(first["outputs"][0]["text"]) == f"{MASK} {MASK}\n"
    assert left(services.project.store / "executions") == []


def interrupted(services: Services, how: Any) -> Any:
    """Run a notebook that shows secrets, and do something to it in its second cell."""
    path = notebooks.write(services.project.root / "in.ipynb", [SHOW, WAIT])
    ends: list[Any] = []
    found: list[Any] = []
    watch = Watch(started=ends.append)
    thread = threading.Thread(
        target=lambda: found.append(services.executions.run(path, author="me", watch=watch))
    )
    thread.start()
    pid = path.with_name("pid")
    wait_for(pid.exists)
    kernel = psutil.Process(int(pid.read_text()))
    see_nothing(services)
    how(kernel, ends[0])
    thread.join()
    kernel.wait(60)
    services.close_vanished()
    see_nothing(services)
    return found[0]


@local
def test_what_no_snapshot_could_take_is_saved_masked(services: Services) -> None:
    go = "import shutil\nshutil.rmtree('.mlops/objects', ignore_errors=True)\n"
    block = "open('.mlops/objects', 'w').close()"  # a file in the place of a folder
    path = notebooks.write(services.project.root / "in.ipynb", [SHOW, go + block])
    found = services.executions.run(path, author="me")
    assert (found.status, found.snapshot_id) == ("FINISHED", None)
    assert found.problem
    assert found.output_path == f".mlops/executions/masked/{found.run_id}.ipynb"
    saved = services.project.root / found.output_path
    assert MASK in saved.read_text()
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    for file in services.project.store.rglob("*"):
        assert not file.is_file() or OWN.encode() not in file.read_bytes()


def test_of_a_killed_reproduction(services: Services) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", [SHOW, WAIT])
    receipt = begin(services, services.snapshots.create(path, None, author="me"))
    store = ReceiptStore(services.project, services.database)
    wait_for(lambda: any(store.scratch(receipt.receipt_id).glob("run-1/pid")))
    (pid,) = store.scratch(receipt.receipt_id).glob("run-1/pid")
    kernel = psutil.Process(int(pid.read_text()))
    log(store, receipt.receipt_id)
    kernel.parent().kill()
    kernel.wait(60)
    wait_for(lambda: services.reproductions.receipt(receipt.receipt_id).state == "failed")
    see_nothing(services)
    assert store.log_file(receipt.receipt_id).read_text() == f"Error: {MASK}"


def log(store: ReceiptStore, receipt_id: str) -> None:
    store.log_file(receipt_id).write_text(f"Error: {OWN}")


def test_an_output_cannot_lie_in_the_store(services: Services) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    services.project.prepare()
    with pytest.raises(ForbiddenPathError):
        services.executions.run(path, services.project.store / "out.ipynb", author="me")


@local
def test_what_earlier_versions_left(services: Services) -> None:
    path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])
    kept = services.snapshots.create(path, None, author="me").run_id
    killed = services.tracking.start_run("killed", author="me").run_id
    folder = services.project.store / "executions"
    folder.mkdir()
    for run_id in (kept, killed, "lives"):
        notebooks.write(folder / f"{run_id}.ipynb", [f"token = '{KNOWN}'", f"'{OWN}'"])
    (folder / "half.ipynb").write_text(f'{{"cells": ["{OWN}"')
    notebooks.write(folder / "large.ipynb", [f"'{OWN}'", "#" * 300_000])
    with living(services.project, "lives"):
        settle_outputs(services)
        assert left(folder) == ["large.ipynb", "lives.ipynb", f"masked/{killed}.ipynb"]
        collect(services, 0, None, author="me", dry_run=True)
        assert "large.ipynb" in left(folder)
        collect(services, 0, None, author="me", dry_run=False)
        assert left(folder) == sorted(
            ["lives.ipynb", "masked/large.ipynb", f"masked/{killed}.ipynb"]
        )
        masked = json.loads((folder / "masked" / f"{killed}.ipynb").read_text())
    assert ["".join(cell["source"]) for cell in masked["cells"]] == [
        f"token = '{MASK}'",
        f"'{MASK}'",
    ]
    settle_outputs(services)
    see_nothing(services)


def left(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb"))
