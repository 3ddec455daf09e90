"""Headless runs that wait for their turn; what runs is a script that ends when a file is there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.errors import InvalidInputError, InvalidStateError, NotFoundError
from jupyter_mlops.executions.background import HeadlessRuns
from jupyter_mlops.executions.schemas import HeadlessRun, HeadlessRunCreate
from jupyter_mlops.executions.waiting import SERVER_ENDED
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks
from tests.lineage.conftest import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlops.tracking.schemas import Run

SCRIPT = """#!/bin/sh
read line
echo >> begun
while [ ! -e go ]; do sleep 0.05; done
echo '{"error": {"code": "invalid_input", "message": "No.", "details": {}}}'
"""


class Queue:
    """A queue in which one run goes at once."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.folder = folder
        self.services = services
        self.runs = HeadlessRuns(services.project, services.executions, 1)
        self._path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])

    def start(self, parameters: dict[str, str] | None = None) -> HeadlessRun:
        request = HeadlessRunCreate(notebook_path=self._path.name, parameters=parameters or {})
        return self.runs.start(self._path, request, author="ana")

    def row(self, run: HeadlessRun) -> Run:
        return self.services.tracking.run(run.run_id)

    def end_of(self, run: HeadlessRun) -> tuple[str, str | None]:
        """Return how the row says that a run ended, and why."""
        row = self.row(run)
        return row.status, row.error.message if row.error else None

    def states(self) -> list[tuple[str, int | None]]:
        """Return states and places, in the order in which they were asked for."""
        return [(run.state, run.place) for run in reversed(self.runs.runs().items)]

    def begun(self) -> int:
        file = self.folder / "begun"
        return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.fixture
def queue(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    (script := tmp_path / "python").write_text(SCRIPT)
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    monkeypatch.chdir(tmp_path)
    made = Queue(services, tmp_path)
    yield made
    made.runs.close()
    wait_for(lambda: all(state not in {"queued", "running"} for state, _ in made.states()))


def test_first_come_first_served(queue: Queue) -> None:
    _, second, third = (queue.start() for _ in range(3))
    assert (third.state, third.place) == ("queued", 2)
    assert queue.states() == [("running", None), ("queued", 1), ("queued", 2)]
    wait_for(lambda: queue.begun() == 1)
    stopped = queue.runs.stop(second.run_id)
    assert (stopped.state, stopped.message) == ("stopped", "It was stopped before its turn came.")
    assert queue.states() == [("running", None), ("stopped", None), ("queued", 1)]
    assert queue.begun() == 1
    (queue.folder / "go").touch()
    wait_for(lambda: queue.states() == [("failed", None), ("stopped", None), ("failed", None)])
    assert queue.begun() == 2
    assert queue.runs.run(third.run_id).message == "No."


def test_what_waits_has_a_row(queue: Queue) -> None:
    first = queue.start()
    second = queue.start({"x": "0.10", "password": "correct horse"})
    row = queue.row(second)
    assert (row.status, row.ended_at, row.author) == ("SCHEDULED", None, "ana")
    assert row.params == {"x": "0.10", "password": MASK}
    tracking = queue.services.tracking
    waiting = tracking.runs(filter_string="attributes.status = 'SCHEDULED'").items
    assert waiting == [row]
    with pytest.raises(NotFoundError):  # it begins at once, and is refused before it has any
        queue.row(first)
    queue.services.close_vanished()
    assert queue.row(second) == row
    queue.runs.stop(second.run_id)
    assert queue.end_of(second) == ("KILLED", "It was stopped before its turn came.")
    assert list(signs(queue)) == []


def test_what_is_refused_when_its_turn_comes_says_why(queue: Queue) -> None:
    queue.start()
    second = queue.start()
    (queue.folder / "go").touch()
    wait_for(lambda: queue.row(second).status != "SCHEDULED")
    assert queue.end_of(second) == ("FAILED", "No.")
    wait_for(lambda: list(signs(queue)) == [])


def test_what_waits_follows_its_notebook(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    queue.start()
    second = queue.start()
    wait_for(lambda: queue.begun() == 1)
    new = queue.services.project.root / "새 이름.ipynb"
    queue.services.project.root.joinpath("in.ipynb").rename(new)
    queue.services.history.renamed(new.with_name("in.ipynb"), new)
    began: list[Path] = []

    def run(notebook: Path, **_: Any) -> None:
        began.append(notebook)
        raise InvalidInputError("No.")

    monkeypatch.setattr(queue.services.executions, "run", run)
    (queue.folder / "go").touch()
    wait_for(lambda: queue.end_of(second) == ("FAILED", "No."))
    assert began == [new]


def test_what_waited_for_a_server_that_was_killed(queue: Queue) -> None:
    running, waiting = queue.start(), queue.start()
    (sign,) = signs(queue)
    sign.unlink()
    sign.touch()  # as of a process that held its lock
    others = [Services(queue.services.project, queue.services.root) for _ in range(2)]
    for other in others:
        other.close_vanished()
        other.close()
    assert queue.end_of(waiting) == (
        "KILLED",
        "JupyterLab ended before its turn came. Run the notebook again.",
    )
    with pytest.raises(InvalidStateError, match="does not wait"):  # its process finds it so
        queue.services.tracking.start_run("in.ipynb", author="ana", run_id=waiting.run_id)
    assert queue.runs.run(running.run_id).state == "running"


def test_a_sign_without_a_row(queue: Queue) -> None:
    queue.start(), queue.start()
    (sign,) = signs(queue)
    lone = sign.with_name("0" * 32)
    lone.touch()
    queue.services.close_vanished()
    assert list(signs(queue)) == [sign]


def signs(queue: Queue) -> Iterator[Path]:
    return (queue.services.project.store / "executions" / "waiting").glob("*")


def test_nothing_begins_any_more_when_the_server_ends(queue: Queue) -> None:
    _, waiting = queue.start(), queue.start()
    wait_for(lambda: queue.begun() == 1)
    queue.runs.close()
    assert queue.end_of(waiting) == ("KILLED", SERVER_ENDED)
    wait_for(lambda: queue.states() == [("stopped", None), ("stopped", None)])
    assert queue.begun() == 1
