"""Runs stale notebooks again, in dependency order and in parallel where that may be."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..core.errors import ConflictError, InvalidStateError, MLOpsError, StoreUnavailableError
from .job import Job
from .plan import plan, rivals
from .rerun_rows import RerunStore
from .schemas import Rerun, RerunCreate, RerunPage, RerunStep

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.database import Database
    from ..core.project import Project
    from .announcing import LineageAnnouncer
    from .manager import LineageManager
    from .runner import NotebookRunner

_log = logging.getLogger(__name__)

_ENDING_SECONDS = 10


class RerunManager:
    """The reruns of one store; ``runner`` runs their notebooks."""

    def __init__(
        self,
        project: Project,
        database: Database,
        lineage: LineageManager,
        runner: NotebookRunner,
        announcer: LineageAnnouncer,
    ) -> None:
        self.runner = runner
        self._lineage = lineage
        self._announcer = announcer
        self._store = RerunStore(project, database, announcer.rerun)
        self._jobs: dict[str, Job] = {}
        self._threads: list[threading.Thread] = []

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
            ConflictError: it is being done already, or there is no order to run anything in.
            NotFoundError: see ``plan.plan``.
        """
        job = self._job(request, author, told)
        if not job.state().steps:
            return job.state()
        held = self._begin(job)
        # not Thread.join: in Python 3.11 one that was interrupted takes the thread for ended
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(self._work, job, held)
            try:
                running.result()
            except KeyboardInterrupt:
                job.stop()
                running.result()
        return job.state()

    def start(self, request: RerunCreate, *, author: str) -> Rerun:
        """Begin to run what is stale, and return at once.

        Raises:
            ConflictError: it is being done already, nothing is stale, or there is no order to run
                anything in.
            NotFoundError: see ``plan.plan``.
            StoreUnavailableError: no thread can be started.
        """
        job = self._job(request, author, lambda _: None)
        if not job.state().steps:
            raise ConflictError("Nothing is stale.")
        held = self._begin(job)
        thread = threading.Thread(target=self._work, args=(job, held), daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            job.stop()
            self._work(job, held)
            raise StoreUnavailableError(
                f"The rerun could not be started: {error}. Try again when less is running."
            ) from error
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        return job.state()

    def reruns(self) -> RerunPage:
        """List the last reruns, newest first."""
        return RerunPage(items=self._store.newest())

    def stop(self, rerun_id: str) -> Rerun:
        """Stop a rerun: what runs is ended and recorded so, what waits is not begun.

        One that has ended is left as it is.

        Raises:
            InvalidStateError: another process runs it.
            NotFoundError: there is none.
        """
        job = self._jobs.get(rerun_id)
        if job is not None:
            job.stop()
            return job.state()
        found = self._store.get(rerun_id)
        if found.state == "running":
            raise InvalidStateError(
                "Another process runs it, a command in a terminal say. Interrupt it there."
            )
        return found

    def close_vanished(self) -> None:
        """Record of reruns whose process is gone that they were stopped."""
        self._store.close_vanished()

    def close(self) -> None:
        """Stop all that runs, and wait until it is recorded so."""
        for job in list(self._jobs.values()):
            job.stop()
        until = time.monotonic() + _ENDING_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _save(self, rerun: Rerun) -> None:
        """Write how far a rerun is; the notebooks run on where that cannot be."""
        try:
            self._store.save(rerun)
        except MLOpsError as error:
            _log.warning("How far the rerun is could not be written: %s", error.message)

    def _begin(self, job: Job) -> ExitStack:
        """Take a rerun up; what is returned shows that it lives, until it is closed.

        Raises:
            ConflictError: another one lives.
        """
        with ExitStack() as stack:
            stack.enter_context(self._store.living(job.rerun_id))
            self._store.add(job.state())
            self._jobs[job.rerun_id] = job
            return stack.pop_all()

    def _work(self, job: Job, held: ExitStack) -> None:
        with held:
            self._announcer.rerun(job.state())
            try:
                job.run(self._save)
            finally:
                self._announcer.rerun(job.state())
                del self._jobs[job.rerun_id]

    def _job(self, request: RerunCreate, author: str, told: Callable[[RerunStep], None]) -> Job:
        survey = self._lineage.survey()
        steps = plan(survey, request.notebook_paths)
        if steps and all(step.state == "skipped" for step in steps):
            raise ConflictError(f"{steps[0].notebook_path} is {steps[0].message}.")
        return Job(self.runner, request, steps, rivals(survey, steps), author, told)
