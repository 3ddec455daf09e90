"""Headless runs that somebody watches: begun, followed, stopped; they end with the server.

So many go at once, and the others wait for their turn, each with a row that says so.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from ..core.errors import MLOpsError, NotFoundError, sentence
from ..core.processors import usable
from ..snapshots import notebook as notebooks
from ..tracking.manager import new_run_id
from .manager import Watch
from .schemas import HeadlessRun, HeadlessRunList, NotebookParameter, NotebookParameters
from .waiting import SERVER_ENDED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ..core.project import Project
    from ..tracking.schemas import RunStatus
    from .manager import ExecutionManager
    from .schemas import ExecutionResult, HeadlessRunCreate, ParameterKind

_log = logging.getLogger(__name__)
_REMEMBERED = 100
_UNFINISHED = {"queued", "running"}
_NOT_BEGUN = "It was stopped before its turn came."


class HeadlessRuns:
    """The headless runs of one server, each in a process of its own.

    Args:
        project: whose store it is.
        executions: runs them.
        limit: how many go at once; by default as many as there are processors.
    """

    def __init__(
        self, project: Project, executions: ExecutionManager, limit: int | None = None
    ) -> None:
        self._project = project
        self._executions = executions
        self._limit = limit or usable()
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self._starting = threading.Lock()  # so that two do not both find the same room

    def parameters(self, notebook: Path) -> NotebookParameters:
        """Return what a run of a notebook can be given; outputs are not read.

        Raises:
            InvalidInputError, NotFoundError, StoreUnavailableError: it cannot be read.
        """
        content = notebooks.read_code(notebook)
        return NotebookParameters(
            kernel_name=content.kernel_name,
            parameters=[_described(name, value) for name, value in content.parameters().items()],
        )

    def start(self, notebook: Path, request: HeadlessRunCreate, *, author: str) -> HeadlessRun:
        """Begin to run a notebook, or have it wait for its turn, and return at once.

        Raises:
            NotFoundError: there is no such notebook.
            StoreUnavailableError: it would have to wait, and the store cannot be written.
        """
        if not notebook.is_file():
            raise NotFoundError(f"There is no notebook {notebook.name}.", path=str(notebook))
        run = HeadlessRun(
            run_id=new_run_id(), notebook_path=self._project.relative(notebook), state="queued"
        )
        job = _Job(self._executions, notebook, request, author, run)
        with self._starting:
            if not self._has_room():
                job.wait()
            with self._lock:
                self._forget_old()
                self._jobs[run.run_id] = job
            self._begin()
        return self.run(run.run_id)

    def runs(self) -> HeadlessRunList:
        """List what was begun or waits, newest first."""
        with self._lock:
            places = self._places()
            items = [_placed(job.run, places) for job in reversed(self._jobs.values())]
        return HeadlessRunList(items=items)

    def run(self, run_id: str) -> HeadlessRun:
        """Return how far a run is.

        Raises:
            NotFoundError: this server began none of that id.
        """
        job = self._job(run_id)
        with self._lock:
            return _placed(job.run, self._places())

    def stop(self, run_id: str) -> HeadlessRun:
        """Have a run end in order, recorded so; one that waits is not begun, an ended one stays.

        Raises:
            NotFoundError: this server began none of that id.
        """
        job = self._job(run_id)
        job.stop()
        return job.run

    def close(self) -> None:
        """Stop all that runs, and begin nothing more."""
        with self._lock:
            self._limit = 0
        for job in list(self._jobs.values()):
            job.stop(SERVER_ENDED)

    def _has_room(self) -> bool:
        with self._lock:
            unfinished = [job for job in self._jobs.values() if job.run.state in _UNFINISHED]
            return len(unfinished) < self._limit

    def _forget_old(self) -> None:
        ended = [key for key, job in self._jobs.items() if job.run.state not in _UNFINISHED]
        for key in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._jobs[key]

    def _places(self) -> dict[str, int]:
        """Return the places of those that wait, from 1, in the order in which they came."""
        waiting = [key for key, job in self._jobs.items() if job.run.state == "queued"]
        return {key: place for place, key in enumerate(waiting, 1)}

    def _begin(self) -> None:
        """Begin what may begin, in the order in which it was asked for."""
        with self._lock:
            states = [job.run.state for job in self._jobs.values()]
            room = max(0, self._limit - states.count("running"))
            waiting = [job for job in self._jobs.values() if job.run.state == "queued"]
            for job in waiting[:room]:
                if job.take_up():
                    self._start(job)

    def _start(self, job: _Job) -> None:
        try:
            threading.Thread(target=self._work, args=(job,), daemon=True).start()
        except RuntimeError as error:
            job.fail(f"The run could not be started: {error}. Try again when less is running.")

    def _work(self, job: _Job) -> None:
        try:
            job.work()
        finally:
            self._begin()

    def _job(self, run_id: str) -> _Job:
        with self._lock:
            job = self._jobs.get(run_id)
        if job is None:
            raise NotFoundError(
                "There is no such run, or the server was restarted since.", run_id=run_id
            )
        return job


class _Job:
    """One run on its way; ``run`` is replaced, never changed."""

    def __init__(
        self,
        executions: ExecutionManager,
        notebook: Path,
        request: HeadlessRunCreate,
        author: str,
        run: HeadlessRun,
    ) -> None:
        self.run = run
        self._executions = executions
        self._notebook = notebook
        self._request = request
        self._author = author
        self._waiting = executions.waiting(run.run_id)
        self._end: Callable[[], None] | None = None
        self._is_stopping = False
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Get a row that says that it waits.

        Raises:
            StoreUnavailableError: the store cannot be written.
        """
        self._waiting.add(self._notebook, self._request.parameters, self._author)

    def take_up(self) -> bool:
        """Have it wait no longer; false if it was stopped meanwhile."""
        with self._lock:
            if self.run.state != "queued":
                return False
            self._change(state="running")
            return True

    def work(self) -> None:
        """Run the notebook to its end, whatever that is."""
        try:
            result = self._executions.run(
                self._waiting.notebook() or self._notebook,
                author=self._author,
                arguments=self._request.parameters,
                kernel_name=self._request.kernel_name,
                timeout=self._request.timeout,
                watch=Watch(self.run.run_id, self._started, self._told),
            )
        except MLOpsError as error:
            self.fail(error.message)
        except Exception as error:  # nobody else would hear of it
            _log.exception("%s could not be run.", self._notebook)
            self.fail(sentence(error))
        else:
            self._ends(result.trouble(), result)

    def stop(self, message: str = _NOT_BEGUN) -> None:
        """End it; what is about to begin is ended when it has, what waits ends with ``message``."""
        with self._lock:
            self._is_stopping = True
            waited = self.run.state == "queued"
            if waited:
                self._change(state="stopped", message=message)
            elif self._end is not None:
                self._end()
        if waited:
            self._close_row(message)

    def fail(self, message: str) -> None:
        """Have it end without a result."""
        self._ends(message)

    def _started(self, end: Callable[[], None]) -> None:
        with self._lock:
            self._end = end
            if self._is_stopping:
                end()

    def _told(self, cell: int, cells: int) -> None:
        self._change(cell=cell, cells=cells)

    def _ends(self, message: str | None, result: ExecutionResult | None = None) -> None:
        with self._lock:
            self._end = None
            bad = "stopped" if self._is_stopping else "failed"
            self._change(
                state="finished" if message is None else bad,
                message=message,
                notebook_path=result.notebook_path if result else self.run.notebook_path,
                result=result,
            )
        self._close_row(message)

    def _change(self, **changes: Any) -> None:
        self.run = self.run.model_copy(update=changes)

    def _close_row(self, message: str | None) -> None:
        """Have no row say that it waits, if it has not begun."""
        status: RunStatus = "KILLED" if self._is_stopping else "FAILED"
        try:
            self._waiting.end(status, message or "")
        except MLOpsError as error:
            _log.warning("%s still seems to wait. %s", self.run.notebook_path, error.message)


def _placed(run: HeadlessRun, places: Mapping[str, int]) -> HeadlessRun:
    return run.model_copy(update={"place": places.get(run.run_id)})


def _described(name: str, value: Any) -> NotebookParameter:
    """Return a parameter with its default as somebody would type it, so that it is read back."""
    if isinstance(value, str):
        return NotebookParameter(name=name, text=value, kind="text")
    kind: ParameterKind = "other"
    if isinstance(value, bool):
        kind = "flag"
    elif isinstance(value, (int, float)):
        kind = "number"
    return NotebookParameter(name=name, text=repr(value), kind=kind)
