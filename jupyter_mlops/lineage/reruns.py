"""Runs stale notebooks again, in dependency order and in parallel where that may be."""

from __future__ import annotations

import logging
import shutil
import threading
import uuid
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..core.errors import ConflictError, InvalidInputError, MLOpsError, NotFoundError
from ..objects.files import Fingerprint
from .plan import overrides, plan
from .schemas import Rerun, RerunCreate, RerunPage, RerunStep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..core.project import Project
    from ..executions.manager import ExecutionManager
    from ..executions.schemas import ExecutionResult
    from ..snapshots.manager import SnapshotManager
    from .manager import LineageManager

_log = logging.getLogger(__name__)

_REMEMBERED = 20
_DONE = {"finished", "unchanged"}
_UNDONE = {"failed", "skipped", "stopped"}


class RerunManager:
    """The reruns of one process; each notebook runs in a process of its own."""

    def __init__(
        self,
        project: Project,
        lineage: LineageManager,
        snapshots: SnapshotManager,
        executions: ExecutionManager,
    ) -> None:
        self._project = project
        self._lineage = lineage
        self._snapshots = snapshots
        self._executions = executions
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()

    def plan(self, request: RerunCreate) -> list[RerunStep]:
        """Return what would be run; see ``plan.plan``."""
        return plan(self._lineage.survey(), request.notebook_paths)

    def run(
        self,
        request: RerunCreate,
        *,
        author: str,
        told: Callable[[RerunStep], None] = lambda _: None,
    ) -> Rerun:
        """Run what is stale, and return when all has ended; an interrupt stops it in order.

        Args:
            request: what to run, and how.
            author: who does.
            told: called with each step that begins or ends.

        Raises:
            ConflictError, NotFoundError: see ``plan.plan``.
        """
        job = self._job(request, author, told)
        # not Thread.join: in Python 3.11 one that was interrupted takes the thread for ended
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(job.run)
            try:
                running.result()
            except KeyboardInterrupt:
                job.stop()
                running.result()
        return job.state()

    def start(self, request: RerunCreate, *, author: str) -> Rerun:
        """Begin to run what is stale, and return at once.

        Raises:
            ConflictError: it is being done already, or nothing is stale; or see ``plan.plan``.
            NotFoundError: see ``plan.plan``.
        """
        job = self._job(request, author, lambda _: None)
        if not job.state().steps:
            raise ConflictError("Nothing is stale.")
        with self._lock:
            if any(other.state().state == "running" for other in self._jobs.values()):
                raise ConflictError("Stale notebooks are being run already. Wait, or stop that.")
            for old in list(self._jobs)[: -_REMEMBERED + 1]:
                del self._jobs[old]
            self._jobs[job.rerun_id] = job
        threading.Thread(target=job.run, daemon=True).start()
        return job.state()

    def reruns(self) -> RerunPage:
        """List what was begun, newest first."""
        return RerunPage(items=[job.state() for job in reversed(list(self._jobs.values()))])

    def stop(self, rerun_id: str) -> Rerun:
        """Stop a rerun: what runs is ended and recorded so, what waits is not begun.

        Raises:
            NotFoundError: there is none.
        """
        job = self._jobs.get(rerun_id)
        if job is None:
            raise NotFoundError("There is no such rerun.", rerun_id=rerun_id)
        job.stop()
        return job.state()

    def close(self) -> None:
        """Stop all that runs."""
        for job in self._jobs.values():
            job.stop()

    def _job(self, request: RerunCreate, author: str, told: Callable[[RerunStep], None]) -> _Job:
        return _Job(self, request, self.plan(request), author, told)

    def is_stale(self, path: str) -> bool:
        """Tell whether a notebook still is stale; another may have changed that."""
        survey = self._lineage.survey()
        head = survey.heads.get(path)
        return head is None or bool(survey.findings[head.id].changes)

    def execute(
        self,
        path: str,
        author: str,
        started: Callable[[Callable[[], None]], None],
        *,
        in_place: bool,
    ) -> ExecutionResult:
        """Run one notebook as it was run the last time."""
        notebook = self._project.root / path
        head = self._lineage.survey().heads.get(path)
        parameters = overrides(self._snapshots, head.id) if head is not None else {}
        before = Fingerprint.of(notebook.stat()) if notebook.is_file() else None
        result = self._executions.run(
            notebook, author=author, parameters=parameters, started=started
        )
        if in_place and result.status == "FINISHED" and before is not None:
            _replace(notebook, before, self._project.root / result.output_path)
        return result


class _Job:
    """One rerun on its way; the threads that run notebooks share it."""

    def __init__(
        self,
        manager: RerunManager,
        request: RerunCreate,
        steps: list[RerunStep],
        author: str,
        told: Callable[[RerunStep], None],
    ) -> None:
        self.rerun_id = uuid.uuid4().hex
        self._manager = manager
        self._request = request
        self._author = author
        self._told = told
        self._steps = {step.notebook_path: step for step in steps}
        self._running: dict[str, Callable[[], None]] = {}
        self._stopping = False
        self._ended = False
        self._lock = threading.RLock()

    def state(self) -> Rerun:
        """Return how far it is."""
        with self._lock:
            steps = list(self._steps.values())
            states = {step.state for step in steps}
            if not self._ended:
                return Rerun(rerun_id=self.rerun_id, state="running", steps=steps)
            bad = "stopped" if self._stopping else "failed"
            done = states <= _DONE
            return Rerun(rerun_id=self.rerun_id, state="finished" if done else bad, steps=steps)

    def stop(self) -> None:
        """End what runs, and begin nothing more."""
        with self._lock:
            self._stopping = True
            for end in self._running.values():
                end()

    def run(self) -> None:
        """Run all steps, each when those before it are done."""
        futures: set[Future[None]] = set()
        with ThreadPoolExecutor(self._request.jobs) as threads:
            while True:
                futures |= {threads.submit(self._step, path) for path in self._ready()}
                if not futures:
                    break
                _, futures = wait(futures, return_when=FIRST_COMPLETED)
        with self._lock:
            for path, step in list(self._steps.items()):
                if step.state == "waiting":
                    self._set(path, "stopped")
            self._ended = True

    def _ready(self) -> list[str]:
        """Return what may begin, taking what cannot be done any more out."""
        ready = []
        with self._lock:
            for path, step in list(self._steps.items()):
                if step.state != "waiting" or self._stopping:
                    continue
                before = {name: self._steps[name].state for name in step.after}
                failed = [name for name, state in before.items() if state in _UNDONE]
                if failed:
                    self._set(path, "skipped", message=f"{failed[0]} did not finish")
                elif all(state in _DONE for state in before.values()):
                    self._set(path, "running")
                    ready.append(path)
        return ready

    def _step(self, path: str) -> None:
        try:
            if self._steps[path].after and not self._manager.is_stale(path):
                self._set(path, "unchanged")
                return
            result = self._manager.execute(
                path,
                self._author,
                lambda end: self._begun(path, end),
                in_place=self._request.in_place,
            )
        except (MLOpsError, OSError) as error:
            self._set(path, "stopped" if self._stopping else "failed", message=str(error))
        except Exception as error:  # the others have to go on, and this one must not look done
            _log.exception("%s could not be run again.", path)
            self._set(path, "failed", message=f"{type(error).__name__}: {error}")
        else:
            self._ends(path, result)
        finally:
            with self._lock:
                self._running.pop(path, None)

    def _begun(self, path: str, end: Callable[[], None]) -> None:
        with self._lock:
            self._running[path] = end
            if self._stopping:
                end()

    def _ends(self, path: str, result: ExecutionResult) -> None:
        if result.status == "FINISHED" and result.problem is None:
            self._set(path, "finished", run_id=result.run_id)
            return
        error = result.error
        cell = "" if error is None or error.cell_index is None else f"Cell {error.cell_index + 1}: "
        message = f"{cell}{error.name}: {error.message}" if error else result.problem
        state = "stopped" if self._stopping else "failed"
        self._set(path, state, run_id=result.run_id, message=message)

    def _set(self, path: str, state: str, **facts: Any) -> None:
        with self._lock:
            step = self._steps[path].model_copy(update={"state": state, **facts})
            self._steps[path] = step
        self._told(step)


def _replace(notebook: Path, before: Fingerprint, output: Path) -> None:
    """Put the executed notebook in the place of the one that was run.

    Raises:
        InvalidInputError: that was edited meanwhile, and stays.
    """
    if Fingerprint.of(notebook.stat()) != before:
        raise InvalidInputError(
            f"{notebook.name} was edited while it ran, so it stays. The executed one: {output}."
        )
    staged = notebook.with_name(f".{notebook.name}.{uuid.uuid4().hex}")
    try:
        shutil.copyfile(output, staged)
        shutil.copymode(notebook, staged)
        staged.replace(notebook)
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)
