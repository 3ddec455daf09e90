"""Rows of headless runs that wait for their turn; the queue that they are in ends with its server.

By a lock a server shows that it still has a run in its queue; one whose lock is free is closed.
The parameters of what waits are only in the server's memory: they may be secrets, and rows have
them masked. So nobody else could run it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from ..core.locks import is_free, locked, make_locked
from ..objects.disk import writing
from ..snapshots.masking import Masker, env_values, inherited_secrets
from ..tracking.entities import NOTEBOOK_TAG, OUTPUT_TAG
from ..tracking.schemas import RunError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..core.project import Project
    from ..tracking.manager import TrackingManager
    from ..tracking.schemas import RunStatus

SERVER_ENDED = "JupyterLab ended before its turn came. Run the notebook again."


class WaitingRun:
    """The row of one run that waits, until it has ended, however that is.

    Args:
        project: whose store it is.
        tracking: has the row.
        run_id: the run's.
    """

    def __init__(self, project: Project, tracking: TrackingManager, run_id: str) -> None:
        self._project = project
        self._tracking = tracking
        self._run_id = run_id
        self._lock: int | None = None

    def add(self, notebook: Path, parameters: Mapping[str, str], author: str) -> None:
        """Show from now on that it waits.

        Raises:
            StoreUnavailableError: the store cannot be written.
        """
        self._project.prepare()
        with writing(self._project.store):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._lock = make_locked(self._file)
        masker = Masker()
        masker.learn(env_values(notebook.parent, self._project.root))
        masker.learn(inherited_secrets())
        try:
            self._tracking.start_run(
                notebook.name,
                author=author,
                run_id=self._run_id,
                status="SCHEDULED",
                tags={NOTEBOOK_TAG: self._project.relative(notebook), OUTPUT_TAG: ""},
                params=masker.value("", dict(parameters), "parameters"),
            )
        except BaseException:
            self._forget()
            raise

    def notebook(self) -> Path | None:
        """Return where the notebook is now, if it has a row: it may be renamed while it waits."""
        if self._lock is None:
            return None
        path = self._tracking.run(self._run_id).notebook_path
        return self._project.root / path if path else None

    def end(self, status: RunStatus, message: str) -> None:
        """Record why it has not begun, if it has not."""
        if self._lock is not None:
            error = RunError(name="NotBegun", message=message)
            self._tracking.close_run(self._run_id, status, error, was="SCHEDULED")
            self._forget()

    @property
    def _file(self) -> Path:
        return _folder(self._project) / self._run_id

    def _forget(self) -> None:
        if self._lock is not None:
            with suppress(OSError):  # of a store that went away nothing is left
                self._file.unlink()
            os.close(self._lock)
            self._lock = None


def abandoned(project: Project) -> list[Path]:
    """Return what is left of the queues of servers that are gone; reads no database."""
    with suppress(OSError):  # there are none, or there is no store
        return [path for path in _folder(project).iterdir() if is_free(path)]
    return []


def close_abandoned(project: Project, tracking: TrackingManager) -> None:
    """Record of runs that waited in the queue of a server that is gone that they have ended."""
    error = RunError(name="NotBegun", message=SERVER_ENDED)
    for file in abandoned(project):
        with suppress(BlockingIOError), locked(file, wait=False):  # else another one does it
            tracking.close_run(file.name, "KILLED", error, was="SCHEDULED")
            file.unlink(missing_ok=True)


def _folder(project: Project) -> Path:
    return project.store / "executions" / "waiting"
