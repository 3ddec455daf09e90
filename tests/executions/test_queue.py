"""Headless runs that wait for their turn; what runs is a script that ends when a file is there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.executions.background import HeadlessRuns
from jupyter_mlops.executions.schemas import HeadlessRun, HeadlessRunCreate
from tests import notebooks
from tests.lineage.conftest import wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services

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
        self.runs = HeadlessRuns(services.project, services.executions, 1)
        self._path = notebooks.write(services.project.root / "in.ipynb", ["x = 1"])

    def start(self) -> HeadlessRun:
        return self.runs.start(
            self._path, HeadlessRunCreate(notebook_path=self._path.name), author="ana"
        )

    def states(self) -> list[tuple[str, int | None]]:
        """Return states and places, in the order in which they were asked for."""
        return [(run.state, run.place) for run in reversed(self.runs.runs().items)]

    def begun(self) -> int:
        file = self.folder / "begun"
        return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.fixture
def queue(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    (script := tmp_path / "python").write_text(SCRIPT)
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    monkeypatch.chdir(tmp_path)
    return Queue(services, tmp_path)


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


def test_nothing_begins_any_more_when_the_server_ends(queue: Queue) -> None:
    queue.start(), queue.start()
    wait_for(lambda: queue.begun() == 1)
    queue.runs.close()
    wait_for(lambda: queue.states() == [("stopped", None), ("stopped", None)])
    assert queue.begun() == 1
