"""Reproduces one snapshot in this process: environment, scratch folder, rerun, verdict, receipt."""

from __future__ import annotations

import os
import re
import shutil
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import papermill

from ..core.clock import from_ms, now_ms
from ..core.errors import MLOpsError
from ..core.opening import open_database
from ..core.project import Project
from ..objects.manager import ObjectManager
from ..snapshots import notebook as notebooks
from ..snapshots.environments import EnvironmentBuilder
from ..snapshots.manager import SnapshotManager
from ..snapshots.masking import MASK
from ..snapshots.restore_plan import place
from ..snapshots.restoring import Restorer
from ..tracking.entities import PARENT_TAG
from ..tracking.manager import TrackingManager, new_run_id
from .interpreters import PackagesDifferError, choose, kernel_of
from .parameters import literal
from .receipt_schemas import Progress, UsedEnvironment
from .receipts import ReceiptStore, failed
from .recorder import RunRecorder
from .verdict import Outcome, judge

if TYPE_CHECKING:
    from ..snapshots.restore_schemas import LeftOut
    from ..snapshots.schemas import Manifest, Snapshot, SnapshotDetail
    from .receipt_schemas import Phase, Receipt

_SAVE_SECONDS = 0.5


class FailedError(MLOpsError):
    """There can be no verdict, and why."""


def reproduce(root: Path, receipt_id: str) -> None:
    """Do what a receipt asks for."""
    project = Project(root)
    database = open_database(project)
    store = ReceiptStore(project, database)
    job = Reproduction(project, store, store.get(receipt_id))
    try:
        objects = ObjectManager(project.store / "objects", database, project.remote())
        tracking = TrackingManager(database)
        job.run(SnapshotManager(project, database, objects, tracking), objects, tracking)
        store.log_file(receipt_id).unlink(missing_ok=True)  # kept where it failed unexpectedly
    finally:
        store.lock_file(receipt_id).unlink(missing_ok=True)
        database.close()


def stopped(root: Path, receipt_id: str) -> None:
    """Write down that a reproduction was stopped before it began."""
    database = open_database(Project(root))
    store = ReceiptStore(Project(root), database)
    store.save(_stopped(store.get(receipt_id)))
    database.close()


class Reproduction:
    """One reproduction; the receipt is written as it goes."""

    def __init__(self, project: Project, store: ReceiptStore, receipt: Receipt) -> None:
        self.receipt = receipt
        self._project = project
        self._store = store
        self._folder = store.folder / receipt.receipt_id
        self._started = time.monotonic()
        self._saved = 0.0

    def run(
        self, snapshots: SnapshotManager, objects: ObjectManager, tracking: TrackingManager
    ) -> None:
        """Reproduce the snapshot; whatever happens, the receipt says it."""
        self._tell("preparing")
        try:
            self._folder.mkdir(mode=0o700)
            builder = EnvironmentBuilder(self._project)
            restorer = Restorer(self._project, objects, snapshots, builder)
            self._reproduce(snapshots, restorer, builder, tracking)
        except PackagesDifferError as error:
            used = UsedEnvironment(kind="same", python=None, differences=error.differences)
            self._fail(error.message, environment=used)
        except MLOpsError as error:
            self._fail(error.message)
        except (SystemExit, KeyboardInterrupt):
            self.receipt = _stopped(self.receipt)
            self._save()
        except Exception as error:
            self._fail(f"It failed unexpectedly: {type(error).__name__}: {error}")
            raise
        finally:
            os.chdir(self._project.root)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _reproduce(
        self,
        snapshots: SnapshotManager,
        restorer: Restorer,
        builder: EnvironmentBuilder,
        tracking: TrackingManager,
    ) -> None:
        request = self.receipt.request
        snapshot = snapshots.snapshot(self.receipt.snapshot_id)
        content = snapshots.notebook(snapshot.id).content
        notebook = notebooks.Notebook(content)
        self._tell("environment")
        used = choose(snapshot.manifest, request, builder)
        kernel_name = kernel_of(used, snapshot.manifest, self._folder / "jupyter")
        self._update(environment=used)
        self._update(notes=_notes(snapshot.manifest))
        recorded = Outcome(notebook, _metrics(tracking, snapshot), self._rename)
        rerun = partial(self._rerun, snapshot, notebook, restorer, kernel_name, tracking, snapshots)
        first = rerun(1)
        second = rerun(2) if request.twice else None
        self._tell("comparing")
        judgement = judge(recorded, first, second, request.tolerances)
        if judgement.verdict == "differs" and second is None:
            second = rerun(2)
            self._tell("comparing")
            judgement = judge(recorded, first, second, request.tolerances)
        self._update(
            state="completed",
            progress=None,
            ended_at=from_ms(now_ms()),
            duration_seconds=self._seconds(),
            **{name: getattr(judgement, name) for name in type(judgement).model_fields},
        )
        self._save()

    def _rerun(
        self,
        snapshot: SnapshotDetail,
        notebook: notebooks.Notebook,
        restorer: Restorer,
        kernel_name: str,
        tracking: TrackingManager,
        snapshots: SnapshotManager,
        number: int,
    ) -> Outcome:
        manifest = snapshot.manifest
        scratch = (self._folder / f"run-{number}").resolve()
        scratch.mkdir()
        self._require(restorer.scratch(manifest, scratch), manifest)
        path = scratch / (place(snapshot.notebook_path) or "")
        cells = len(notebook.content["cells"])
        recorder = RunRecorder(
            self._project,
            path,
            author=self.receipt.author,
            run_id=new_run_id(),
            models_limit=0,
            root=scratch,
            origin="reproduction",
            on_cell=lambda index: self._tell("running", number, index + 1, cells),
        )
        self._update(run_ids=[*self.receipt.run_ids, str(recorder.run_id)])
        started = time.monotonic()
        self._execute(path, kernel_name, _changed_parameters(manifest, notebook), recorder)
        self._update(run_seconds=round(time.monotonic() - started, 3))
        if recorder.executed is None or recorder.snapshot is None:
            raise FailedError(f"The rerun could not be recorded: {recorder.problem}")
        kept = snapshots.snapshot(recorder.snapshot.id)
        _check_absolute_paths(self._project, manifest, kept)
        return Outcome(
            notebooks.parse(recorder.executed, path.name),
            _metrics(tracking, kept),
            self._rename,
        )

    def _rename(self, text: str) -> str:
        """Name the project where a rerun, this one or one before, named its scratch folder."""
        folder = re.escape(str(self._store.folder.resolve()))
        return re.sub(rf"{folder}/[0-9a-f]{{32}}/run-\d", lambda _: str(self._project.root), text)

    def _require(self, missing: list[LeftOut], manifest: Manifest) -> None:
        """Refuse to run without data that the notebook read and does not make itself."""
        made = {use.path for use in manifest.files if use.mode == "write"}
        missing = [one for one in missing if one.path not in made]
        self._update(missing=missing)
        if missing:
            first = missing[0]
            more = f" And {len(missing) - 1} more." if len(missing) > 1 else ""
            raise FailedError(f"Data is missing: {first.path}. {first.reason} {first.advice}{more}")

    def _execute(
        self, path: Path, kernel_name: str, parameters: dict[str, Any], recorder: RunRecorder
    ) -> None:
        os.chdir(path.parent)
        os.environ["MLOPS_SCRATCH"] = str(recorder.root)  # the kernel's data is here
        try:
            papermill.execute_notebook(
                literal(str(path)),
                None,
                parameters,
                engine_name="mlops",
                kernel_name=kernel_name,
                execution_timeout=self.receipt.request.timeout,
                progress_bar=False,
                recorder=recorder,
            )
        except Exception as error:
            # what a cell raised is compared; else it never began
            if recorder.executed is None:
                raise FailedError(f"The notebook cannot be run: {_said(error)}") from error
        if recorder.is_interrupted:
            problem = recorder.error
            index = problem.cell_index if problem else None
            where = f"Cell {index + 1}: " if index is not None else ""
            raise FailedError(where + (problem.message if problem else "The run was stopped."))

    def _tell(self, phase: Phase, run: int = 1, cell: int = 0, cells: int = 0) -> None:
        """Say where it is; not every cell of a quick notebook is written down."""
        before = self.receipt.progress
        progress = Progress(phase=phase, run=run, cell=cell, cells=cells)
        self._update(state="running", progress=progress)
        is_new = before is None or (before.phase, before.run) != (phase, run)
        if is_new or time.monotonic() - self._saved > _SAVE_SECONDS:
            self._save()

    def _fail(self, reason: str, **changes: Any) -> None:
        self.receipt = failed(self.receipt, reason)
        self._update(duration_seconds=self._seconds(), **changes)
        self._save()

    def _update(self, **changes: Any) -> None:
        self.receipt = self.receipt.model_copy(update=changes)

    def _save(self) -> None:
        self._store.save(self.receipt, os.getpid())
        self._saved = time.monotonic()

    def _seconds(self) -> float:
        return round(time.monotonic() - self._started, 3)


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


def _notes(manifest: Manifest) -> list[str]:
    notes = []
    masked = [found for found in manifest.masked if found.where != "outputs"]
    if masked:
        notes.append(
            "Secrets were masked when the snapshot was taken: cells that need them run without."
        )
    notes += [
        f"{use.path} is read where it is, as it is now."
        for use in manifest.files
        if use.mode == "read" and use.kind in {"table", "url"}
    ]
    return notes


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


def _said(error: BaseException) -> str:
    return error.message if isinstance(error, MLOpsError) else f"{type(error).__name__}: {error}"


def _stopped(receipt: Receipt) -> Receipt:
    changes = {"state": "stopped", "summary": "It was stopped."}
    return failed(receipt, "").model_copy(update=changes)
