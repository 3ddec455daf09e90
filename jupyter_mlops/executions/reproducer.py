"""Reproduces one snapshot in this process, and writes down how it goes."""

from __future__ import annotations

import os
import shutil
import threading
import time
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any

from ..core.clock import from_ms, now_ms
from ..core.errors import MLOpsError
from ..core.opening import open_database
from ..core.project import Project
from ..objects.manager import ObjectManager
from ..restoring.environments import EnvironmentBuilder
from ..restoring.manager import Restorer
from ..snapshots.manager import SnapshotManager
from ..tracking.manager import TrackingManager, new_run_id
from .interpreters import PackagesDifferError, choose, kernel_in
from .receipt_schemas import Progress, UsedEnvironment
from .receipts import ReceiptStore, failed
from .reruns import FailedError, Reruns, make_lock, notes
from .verdict import judge

if TYPE_CHECKING:
    from pathlib import Path

    from ..restoring.schemas import LeftOut
    from .ahead import KernelAhead
    from .kernel_choice import KernelChoice
    from .receipt_schemas import Phase, Receipt
    from .verdict import Outcome

_SAVE_SECONDS = 0.5
_APART_SECONDS = 1.1  # most clocks that are shown go by the second


def reproduce(root: Path, receipt_id: str, telling: int, kernel: KernelAhead | None) -> None:
    """Do what a receipt asks for.

    Args:
        root: the project's.
        receipt_id: which.
        telling: a descriptor that is closed as soon as the receipt says how it went.
        kernel: the one for the first run, if it was started.
    """
    project = Project(root)
    database = open_database(project)
    store = ReceiptStore(project, database)
    job = Reproduction(project, store, store.get(receipt_id), telling, kernel)
    try:
        objects = ObjectManager(project.store / "objects", database, project.remote())
        tracking = TrackingManager(database)
        job.run(SnapshotManager(project, database, objects, tracking), objects, tracking)
        store.log_file(receipt_id).unlink(missing_ok=True)
    except Exception:  # the log is kept
        traceback.print_exc()
        store.mask_log(receipt_id)
        raise SystemExit(1) from None
    finally:
        store.lock_file(receipt_id).unlink(missing_ok=True)
        database.close()


def stopped(root: Path, receipt_id: str, kernel: KernelAhead | None) -> None:
    """Write down that a reproduction was stopped before it began."""
    database = open_database(Project(root))
    store = ReceiptStore(Project(root), database)
    store.save(_stopped(store.get(receipt_id)))
    if kernel is not None:
        kernel.close()
    shutil.rmtree(store.scratch(receipt_id), ignore_errors=True)
    store.log_file(receipt_id).unlink(missing_ok=True)
    store.lock_file(receipt_id).unlink(missing_ok=True)
    database.close()


class Reproduction:
    """One reproduction; the receipt is written as it goes."""

    def __init__(
        self,
        project: Project,
        store: ReceiptStore,
        receipt: Receipt,
        telling: int,
        kernel: KernelAhead | None,
    ) -> None:
        self.receipt = receipt
        self._telling = telling
        self._project = project
        self._store = store
        self._ahead = kernel
        self._kernels = [kernel] if kernel else []
        self._folder = store.scratch(receipt.receipt_id)
        self._started = time.monotonic()
        self._saved = self._run_at = 0.0
        self._saving = threading.Lock()
        self._late: threading.Timer | None = None

    def run(
        self, snapshots: SnapshotManager, objects: ObjectManager, tracking: TrackingManager
    ) -> None:
        """Reproduce the snapshot; whatever happens, the receipt says it."""
        try:
            self._tell("preparing")
            self._folder.mkdir(mode=0o700, exist_ok=True)
            builder = EnvironmentBuilder(self._project, objects)
            restorer = Restorer(self._project, objects, snapshots, builder)
            self._reproduce(snapshots, restorer, builder, tracking)
        except PackagesDifferError as error:
            used = UsedEnvironment(
                kind="same", python=None, differences=error.differences, notes=[]
            )
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
            os.close(self._telling)
            for kernel in self._kernels:
                kernel.close()
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
        manifest = snapshot.manifest
        self._tell("environment")
        used = choose(snapshot.id, manifest, request, builder)
        choice = kernel_in(used, manifest)
        self._update(environment=used, notes=notes(manifest))
        if used.kind == "same":
            # the rerun's snapshot needs the lock again, which takes half a second if it is late
            threading.Thread(target=make_lock, args=(manifest,), daemon=True).start()
        reruns = Reruns(self._project, snapshots, restorer, tracking, snapshot, self._folder)
        verdict = partial(judge, reruns.recorded(), tolerances=request.tolerances)
        first = self._rerun(reruns, choice, 1)
        second = self._rerun(reruns, choice, 2) if request.twice else None
        self._tell("comparing")
        judgement = verdict(first, second)
        if judgement.verdict == "differs" and second is None:
            second = self._rerun(reruns, choice, 2)
            self._tell("comparing")
            judgement = verdict(first, second)
        self._update(
            state="completed",
            progress=None,
            ended_at=from_ms(now_ms()),
            duration_seconds=self._seconds(),
            **{name: getattr(judgement, name) for name in type(judgement).model_fields},
        )
        self._save()

    def _rerun(self, reruns: Reruns, choice: KernelChoice, number: int) -> Outcome:
        if number > 1:
            # so that what shows the time shows another one
            time.sleep(max(0.0, self._run_at + _APART_SECONDS - time.monotonic()))
        kernel = self._ahead if number == 1 else None
        if kernel is None:
            kernel = choice.start(*reruns.place(number))
            self._kernels.append(kernel)
        missing = reruns.lay_out(number)
        self._update(missing=missing)
        if missing:
            raise FailedError(_said(missing))
        run_id = new_run_id()
        self._update(run_ids=[*self.receipt.run_ids, run_id])
        started = self._run_at = time.monotonic()
        outcome = reruns.run(
            number,
            kernel,
            run_id=run_id,
            author=self.receipt.author,
            timeout=self.receipt.request.timeout,
            on_cell=lambda index, cells: self._tell("running", number, index + 1, cells),
        )
        self._update(run_seconds=round(time.monotonic() - started, 3))
        return outcome

    def _tell(self, phase: Phase, run: int = 1, cell: int = 0, cells: int = 0) -> None:
        """Say where it is; of the cells of a quick notebook only now and then one."""
        before = self.receipt.progress
        progress = Progress(phase=phase, run=run, cell=cell, cells=cells)
        self._update(state="running", progress=progress)
        is_new = before is None or (before.phase, before.run) != (phase, run)
        if is_new or time.monotonic() - self._saved > _SAVE_SECONDS:
            self._save()
        elif self._late is None:
            self._late = threading.Timer(_SAVE_SECONDS, self._save)
            self._late.start()

    def _fail(self, reason: str, **changes: Any) -> None:
        self.receipt = failed(self.receipt, reason)
        self._update(duration_seconds=self._seconds(), **changes)
        self._save()

    def _update(self, **changes: Any) -> None:
        self.receipt = self.receipt.model_copy(update=changes)

    def _save(self) -> None:
        with self._saving:  # what is late must not write over what is newer
            if self._late is not None:
                self._late.cancel()
                self._late = None
            self._store.save(self.receipt, os.getpid())
            self._saved = time.monotonic()

    def _seconds(self) -> float:
        return round(time.monotonic() - self._started, 3)


def _said(missing: list[LeftOut]) -> str:
    first = next((one for one in missing if one.erased), missing[0])
    head = "It cannot be reproduced, because data was erased" if first.erased else "Data is missing"
    more = f" And {len(missing) - 1} more." if len(missing) > 1 else ""
    return f"{head}: {first.path}. {first.reason} {first.advice}{more}"


def _stopped(receipt: Receipt) -> Receipt:
    changes = {"state": "stopped", "summary": "It was stopped."}
    return failed(receipt, "").model_copy(update=changes)
