"""Runs stale notebooks again, in dependency order and in parallel where that may be."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from ..core.errors import (
    ConflictError,
    InvalidInputError,
    InvalidStateError,
    MLOpsError,
    NotFoundError,
    StoreUnavailableError,
)
from ..objects.files import Fingerprint
from ..objects.unfinished import Unfinished
from .job import Job
from .plan import overrides, plan, rivals
from .rerun_rows import RerunStore
from .schemas import Rerun, RerunCreate, RerunPage, RerunStep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..core.database import Database
    from ..core.project import Project
    from ..executions.manager import ExecutionManager, Watch
    from ..executions.schemas import ExecutionResult
    from ..snapshots.manager import SnapshotManager
    from .announcing import LineageAnnouncer
    from .manager import LineageManager

_log = logging.getLogger(__name__)

_ENDING_SECONDS = 10


class RerunManager:
    """The reruns of one store; each notebook runs in a process of its own."""

    def __init__(
        self,
        project: Project,
        database: Database,
        lineage: LineageManager,
        snapshots: SnapshotManager,
        executions: ExecutionManager,
        announcer: LineageAnnouncer,
    ) -> None:
        self._project = project
        self._lineage = lineage
        self._snapshots = snapshots
        self._executions = executions
        self._announcer = announcer
        self._store = RerunStore(project, database)
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

    def close(self) -> None:
        """Stop all that runs, and wait until it is recorded so."""
        for job in list(self._jobs.values()):
            job.stop()
        until = time.monotonic() + _ENDING_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def save(self, rerun: Rerun) -> None:
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
                job.run()
            finally:
                self._announcer.rerun(job.state())
                del self._jobs[job.rerun_id]

    def _job(self, request: RerunCreate, author: str, told: Callable[[RerunStep], None]) -> Job:
        survey = self._lineage.survey()
        steps = plan(survey, request.notebook_paths)
        if steps and all(step.state == "skipped" for step in steps):
            raise ConflictError(f"{steps[0].notebook_path} is {steps[0].message}.")
        return Job(self, request, steps, rivals(survey, steps), author, told)

    def has_to_run(self, path: str, ran: set[str]) -> bool:
        """Tell whether a notebook still is stale, after those that have run; or may be.

        What they have written into a database, say, cannot be compared.
        """
        survey = self._lineage.survey()
        head = survey.heads.get(path)
        if head is None:
            return True
        finding = survey.findings[head.id]
        return bool(finding.changes) or any(
            survey.makers.writers(item.path) & ran for item in finding.unchecked
        )

    def execute(
        self,
        path: str,
        author: str,
        watch: Watch,
        *,
        in_place: bool,
    ) -> ExecutionResult:
        """Run one notebook as it was run the last time."""
        notebook = self._project.root / path
        head = self._lineage.survey().heads.get(path)
        parameters = overrides(self._snapshots, head.id) if head is not None else {}
        run = partial(
            self._executions.run,
            notebook,
            author=author,
            parameters=parameters,
            watch=watch,
        )
        if not in_place or not notebook.is_file():
            return run()
        before = Fingerprint.of(notebook.stat())
        with Unfinished(self._project.store).paths([notebook.parent]) as (staged,):
            result = run(copy=staged)
            if result.status == "FINISHED":
                where = result.output_path and self._project.root / result.output_path
                _replace(notebook, before, staged, where or "in the run's snapshot")
        return result


def _replace(notebook: Path, before: Fingerprint, staged: Path, kept: Path | str) -> None:
    """Put the executed notebook in the place of the one that was run.

    Raises:
        InvalidInputError: that was edited meanwhile, and stays.
        NotFoundError: it was moved or deleted.
    """
    if not notebook.is_file():
        raise NotFoundError(f"{notebook.name} is no longer there. The executed one: {kept}.")
    shutil.copymode(notebook, staged)
    if Fingerprint.of(notebook.stat()) != before:
        raise InvalidInputError(
            f"{notebook.name} was edited while it ran, so it stays. The executed one: {kept}."
        )
    staged.replace(notebook)
