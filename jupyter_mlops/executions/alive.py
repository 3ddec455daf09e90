"""By a lock a headless run shows that it lives; a run whose lock is free is closed.

As with reproductions: the lock ends with the process, however that ends. The file is as large from
the start as the word of a run's end will be, so that this can be left also when the disk is full.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ..core.clock import now_ms
from ..core.errors import NotFoundError
from ..core.locks import is_free, locked
from ..core.schema import Schema
from ..tracking.schemas import RunError, RunStatus
from .sockets import remove_abandoned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..core.project import Project
    from ..tracking.manager import TrackingManager
    from ..tracking.schemas import Run

_BEGINNING_SECONDS = 60
_ROOM = 8192
VANISHED = (
    "The process that ran the notebook ended without a word. It was killed, or the machine had no "
    "memory left."
)


class RunEnd(Schema):
    """How a run ended, and when, in milliseconds, if that is known."""

    status: RunStatus
    error: RunError | None
    ended_at: int | None = None


class Life:
    """The sign that a run lives."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._is_told = True

    def leave_word(self, status: RunStatus, error: RunError | None) -> None:
        """Leave it to whoever looks next to record how the run ended: it could not be done now."""
        self._is_told = False
        self._write(RunEnd(status=status, error=error, ended_at=now_ms()))

    def reach(self, index: int, cell_id: str | None) -> None:
        """Leave word of the cell that begins, in case that it is the last."""
        error = RunError(name="Killed", message=VANISHED, cell_index=index, cell_id=cell_id)
        self._write(RunEnd(status="KILLED", error=error))

    def end(self) -> None:
        """Take the sign away, unless there is something left to record."""
        if self._is_told:
            with suppress(OSError):  # of a store that went away nothing is left
                self._file.unlink()

    def _write(self, end: RunEnd) -> None:
        with suppress(OSError), self._file.open("r+b") as file:
            file.write(end.model_dump_json().encode().ljust(_ROOM))


@contextmanager
def living(project: Project, run_id: str) -> Iterator[Life]:
    """Show for as long as the block lasts that a run lives; begin before the run has a row."""
    file = life_file(project, run_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    with locked(file):
        life = Life(file)
        try:
            file.write_bytes(b" " * _ROOM)
            yield life
        finally:
            life.end()


def vanished(project: Project) -> list[Path]:
    """Return what is left of runs whose process is gone; reads no database."""
    with suppress(OSError):  # there are none, or there is no store
        return [path for path in _folder(project).iterdir() if is_free(path)]
    return []


def close_vanished(
    project: Project,
    tracking: TrackingManager,
    found: Callable[[Run, RunEnd], None],
    closed: Callable[[Run], None],
) -> None:
    """Record of runs whose process is gone how they ended; that they were killed, if none says.

    Args:
        project: whose store it is.
        tracking: has the runs.
        found: called with each of them, and how it ended, before that is recorded.
        closed: called with each of them afterwards, of several processes that look by one alone.
    """
    for file in vanished(project):
        with suppress(BlockingIOError), locked(file, wait=False):  # else another one does it
            end = _end(file)
            try:
                run = tracking.run(file.name)
            except NotFoundError:
                if _may_begin(file):
                    continue
            else:
                if run.status == "RUNNING":
                    found(run, end)
                    _close(tracking, run, end, closed)
            file.unlink(missing_ok=True)
    remove_abandoned()


def _close(tracking: TrackingManager, run: Run, end: RunEnd, closed: Callable[[Run], None]) -> None:
    ended = tracking.close_run(run.run_id, end.status, end.error, at=end.ended_at)
    if ended is not None:
        closed(ended)


def _may_begin(file: Path) -> bool:
    """Tell whether a run without a row may be about to get it."""
    with suppress(FileNotFoundError):
        return time.time() - file.stat().st_mtime < _BEGINNING_SECONDS
    return False


def _end(file: Path) -> RunEnd:
    try:
        return RunEnd.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        error = RunError(name="Killed", message=VANISHED)
        return RunEnd(status="KILLED", error=error)


def life_file(project: Project, run_id: str) -> Path:
    """Return the file that is locked for as long as a run lives."""
    return _folder(project) / run_id


def _folder(project: Project) -> Path:
    return project.store / "executions" / "alive"
