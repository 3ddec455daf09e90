"""Runs a snapshot again in scratch folders, and says what came out; judges nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import papermill

from ..core.errors import MLOpsError, sentence
from ..kernels.schemas import Environment
from ..restoring.plan import notebook_place
from ..snapshots import notebook as notebooks
from ..snapshots.locks import lock
from ..snapshots.masking import MASK
from ..tracking.entities import PARENT_TAG
from .kernel_choice import run_folder
from .parameters import literal
from .recorder import RunRecorder
from .verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.project import Project
    from ..restoring.manager import Restorer
    from ..restoring.schemas import LeftOut
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import Manifest, Snapshot, SnapshotDetail
    from ..tracking.manager import TrackingManager
    from .ahead import KernelAhead


class FailedError(MLOpsError):
    """There can be no verdict, and why."""


class Reruns:
    """The runs of one reproduction.

    Args:
        project: whose store it is.
        snapshots: reads the snapshot, and those that the runs leave.
        restorer: lays out the files.
        tracking: has the metrics.
        snapshot: what is run again.
        folder: where the scratch folders are.
    """

    def __init__(
        self,
        project: Project,
        snapshots: SnapshotManager,
        restorer: Restorer,
        tracking: TrackingManager,
        snapshot: SnapshotDetail,
        folder: Path,
    ) -> None:
        self._project = project
        self._snapshots = snapshots
        self._restorer = restorer
        self._tracking = tracking
        self._snapshot = snapshot
        self._folder = folder.resolve()
        self._notebook = notebooks.Notebook(snapshots.notebook(snapshot.id).content)

    def recorded(self) -> Outcome:
        """Return what the snapshot holds."""
        snapshot = self._snapshot
        metrics = _metrics(self._tracking, snapshot)
        return Outcome(self._notebook, metrics, self._rename, snapshot.manifest.cells)

    def place(self, number: int) -> tuple[Path, str]:
        """Return the folder of a run, and the notebook's path in it."""
        return run_folder(self._folder, number), notebook_place(self._snapshot.manifest)

    def lay_out(self, number: int) -> list[LeftOut]:
        """Write the files of a run; return the data that it needs and that is not to be had."""
        manifest = self._snapshot.manifest
        scratch, notebook = self.place(number)
        made = {use.path for use in manifest.files if use.mode == "write"}
        missing = self._restorer.scratch(manifest, scratch)
        # Python knows by its time that a folder has changed, and the kernel may just have listed it
        os.utime((scratch / notebook).parent, (0, 0))
        return [one for one in missing if one.path not in made]

    def run(
        self,
        number: int,
        kernel: KernelAhead,
        *,
        run_id: str,
        author: str,
        timeout: int | None,
        on_cell: Callable[[int, int], None],
    ) -> Outcome:
        """Run the notebook in its scratch folder.

        Args:
            number: of the run.
            kernel: one that was started there; it is ended.
            run_id: the id that the run gets.
            author: who runs it.
            timeout: seconds that a cell may take.
            on_cell: called with the index of each cell that begins, and the number of cells.

        Raises:
            FailedError: it did not run to its end, or something was not as it was.
        """
        scratch, notebook = self.place(number)
        cells = len(self._notebook.content["cells"])
        path = scratch / notebook
        recorder = RunRecorder(
            self._project,
            path,
            author=author,
            run_id=run_id,
            models_limit=0,
            root=scratch,
            origin="reproduction",
            on_cell=lambda index: on_cell(index, cells),
        )
        parameters = _changed_parameters(self._snapshot.manifest, self._notebook)
        _execute(path, kernel, parameters, timeout, recorder)
        return self._outcome(recorder)

    def _outcome(self, recorder: RunRecorder) -> Outcome:
        if recorder.executed is None or recorder.snapshot is None:
            raise FailedError(f"The rerun could not be recorded: {recorder.problem}")
        kept = self._snapshots.snapshot(recorder.snapshot.id)
        _check_absolute_paths(self._project, self._snapshot.manifest, kept)
        # as it is kept, with its secrets masked as those of the snapshot are
        executed = notebooks.Notebook(self._snapshots.notebook(kept.id).content)
        metrics = _metrics(self._tracking, kept)
        return Outcome(executed, metrics, self._rename, kept.manifest.cells)

    def _rename(self, text: str) -> str:
        """Name the project where a rerun, this one or one before, named its scratch folder."""
        folder = re.escape(str(self._folder.parent))
        return re.sub(rf"{folder}/[0-9a-f]{{32}}/run-\d", lambda _: str(self._project.root), text)


def _execute(
    path: Path,
    kernel: KernelAhead,
    parameters: dict[str, Any],
    timeout: int | None,
    recorder: RunRecorder,
) -> None:
    try:
        papermill.execute_notebook(
            literal(str(path)),
            None,
            parameters,
            engine_name="mlops",
            kernel_name=kernel.name,
            kernel=kernel,
            execution_timeout=timeout,
            progress_bar=False,
            recorder=recorder,
        )
    except Exception as error:
        # what a cell raised is compared; else it never began
        if recorder.executed is None:
            raise FailedError(f"The notebook cannot be run: {sentence(error)}") from error
    if recorder.is_interrupted:
        problem = recorder.error
        index = problem.cell_index if problem else None
        where = f"Cell {index + 1}: " if index is not None else ""
        raise FailedError(where + (problem.message if problem else "The run was stopped."))


def make_lock(manifest: Manifest) -> None:
    """Have the lock of the environment ready for who asks next."""
    if manifest.environment is not None:
        lock(Environment.model_validate(manifest.environment.model_dump(exclude={"lock"})))


def _changed_parameters(manifest: Manifest, notebook: notebooks.Notebook) -> dict[str, Any]:
    """Return the parameters that the kernel had, where the stored notebook has others."""
    written = notebook.parameters()
    return {
        name: value
        for name, value in manifest.parameters.items()
        if written.get(name) != value and value != MASK
    }


def _metrics(tracking: TrackingManager, snapshot: Snapshot) -> dict[str, float | None]:
    """Return what was measured: left in the namespace, or logged, in a run inside this one too."""
    condition = f"tags.`{PARENT_TAG}` = '{snapshot.run_id}'"
    found: dict[str, float | None] = {}
    for run in reversed(tracking.runs(filter_string=condition).items):
        found |= run.metrics
    return found | tracking.run(snapshot.run_id).metrics | snapshot.metrics


def notes(manifest: Manifest) -> list[str]:
    """Return what of a snapshot cannot be as it was when it is run again."""
    found = []
    if manifest.environment is None:
        found.append(
            "No kernel was alive when the snapshot was taken, so it does not know which files the "
            "notebook reads: none is laid out."
        )
    masked = [one for one in manifest.masked if one.where != "outputs"]
    if masked:
        found.append(
            "Secrets were masked when the snapshot was taken: cells that need them run without."
        )
    found += [
        f"{use.path} is read where it is, as it is now."
        for use in manifest.files
        if use.mode == "read" and use.kind in {"table", "url"}
    ]
    return found


def _check_absolute_paths(project: Project, manifest: Manifest, rerun: SnapshotDetail) -> None:
    """Refuse a verdict where the rerun read the project's own files, and they have changed."""
    recorded = {use.path: use for use in manifest.files if use.mode == "read"}
    for use in rerun.manifest.files:
        path = Path(use.path)
        if use.mode != "read" or not path.is_relative_to(project.root):
            continue
        before = recorded.get(path.relative_to(project.root).as_posix())
        if before is not None and before.digest != use.digest:
            raise FailedError(
                f"The notebook reads {use.path} by its absolute path, and it has changed since. "
                "Put back what it was, or restore the snapshot in place, and try again."
            )
