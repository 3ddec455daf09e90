"""By a lock a headless run shows that it lives; a run whose lock is free is closed.

As with reproductions: the lock ends with the process, however that ends.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ..core.errors import NotFoundError
from ..core.locks import is_free, locked
from ..tracking.schemas import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..core.project import Project
    from ..tracking.manager import TrackingManager

_BEGINNING_SECONDS = 60
VANISHED = (
    "The process that ran the notebook ended without a word. It was killed, or the machine had no "
    "memory left."
)


@contextmanager
def living(project: Project, run_id: str) -> Iterator[None]:
    """Show for as long as the block lasts that a run lives; begin before the run has a row."""
    file = _folder(project) / run_id
    file.parent.mkdir(parents=True, exist_ok=True)
    with locked(file):
        try:
            yield
        finally:
            with suppress(OSError):  # of a store that went away nothing is left
                file.unlink()


def vanished(project: Project) -> list[Path]:
    """Return what is left of runs whose process is gone; reads no database."""
    with suppress(FileNotFoundError):
        return [path for path in _folder(project).iterdir() if is_free(path)]
    return []


def close_vanished(project: Project, tracking: TrackingManager) -> None:
    """Record of runs whose process is gone that they were killed."""
    for file in vanished(project):
        try:
            run = tracking.run(file.name)
        except NotFoundError:
            with suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime < _BEGINNING_SECONDS:
                    continue  # it may be about to begin
        else:
            if run.status == "RUNNING":
                error = RunError(name="Killed", message=VANISHED)
                tracking.finish_run(run.run_id, "KILLED", error)
        file.unlink(missing_ok=True)


def _folder(project: Project) -> Path:
    return project.store / "executions" / "alive"
