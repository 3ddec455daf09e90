"""Runs one stale notebook again, as it was run the last time."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

from ..core.errors import InvalidInputError, NotFoundError
from ..objects.files import Fingerprint
from ..objects.unfinished import Unfinished
from .plan import overrides

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.project import Project
    from ..executions.manager import ExecutionManager, Watch
    from ..executions.schemas import ExecutionResult
    from ..snapshots.manager import SnapshotManager
    from .manager import LineageManager


class NotebookRunner:
    """Runs the stale notebooks of one store, each in a process of its own."""

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
