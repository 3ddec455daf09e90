"""Runs snapshots again, each in a process of its own that outlives the server."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from ..core.clock import from_ms, now_ms
from ..core.errors import InvalidInputError, InvalidStateError, MLOpsError, StoreUnavailableError
from ..core.locks import make_locked
from ..objects.disk import writing
from ..restoring.plan import notebook_place
from .kernel_choice import expected_kernel, run_folder
from .receipt_schemas import Receipt, ReceiptList, ReproductionRequest
from .receipts import UNFINISHED, ReceiptStore, failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..core.database import Database
    from ..core.project import Project
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import Manifest

ALL_METRICS = "*"
_ENDING_SECONDS = 10
_STOPPING_SECONDS = 300


@dataclass
class _Child:
    """A process, and a pipe that ends when it has told its verdict, or has ended without."""

    process: subprocess.Popen[bytes]
    told: BinaryIO


class ReproductionManager:
    """The reproductions of one store."""

    def __init__(self, project: Project, database: Database, snapshots: SnapshotManager) -> None:
        self._project = project
        self._snapshots = snapshots
        self._store = ReceiptStore(project, database)
        self._children: dict[str, _Child] = {}

    def start(self, snapshot_id: str, request: ReproductionRequest, *, author: str) -> Receipt:
        """Begin to run a snapshot again, and return its receipt, which tells how it goes.

        Raises:
            ConflictError: it is being reproduced already.
            InvalidInputError: there is a tolerance for a metric that it does not have.
            NotFoundError: there is no such snapshot.
            StoreUnavailableError: no process can be started.
        """
        snapshot = self._snapshots.snapshot(snapshot_id)
        _check_tolerances(request, snapshot.metrics)
        self.receipts(snapshot.id)  # one whose process is gone is not in the way
        receipt = Receipt(
            receipt_id=uuid.uuid4().hex,
            snapshot_id=snapshot.id,
            notebook_path=snapshot.notebook_path,
            created_at=from_ms(now_ms()),
            author=author,
            request=request,
            cells=[],
            metrics=[],
            missing=[],
            notes=[],
            run_ids=[],
        )
        with self._locked(receipt.receipt_id) as lock:
            self._store.add(receipt)
            try:
                self._spawn(receipt, snapshot.manifest, lock)
            except OSError as error:
                self._store.save(failed(receipt, f"No process could be started: {error.strerror}."))
                raise StoreUnavailableError(
                    f"The reproduction could not be started: {error.strerror or error}."
                ) from error
        return receipt

    def receipts(self, snapshot_id: str) -> ReceiptList:
        """Return the receipts of a snapshot, newest first.

        Raises:
            NotFoundError: there is no such snapshot.
        """
        return ReceiptList(items=self._store.of(self._snapshots.snapshot(snapshot_id).id))

    def receipt(self, receipt_id: str) -> Receipt:
        """Return a receipt.

        Raises:
            NotFoundError: there is none.
        """
        return self._store.get(receipt_id)

    def stop(self, receipt_id: str) -> Receipt:
        """Have a reproduction stop, in order; one that has ended is left as it is.

        One that does not is killed in the end.
        """
        if self._signal(receipt_id, signal.SIGTERM):
            killing = threading.Timer(_STOPPING_SECONDS, self._signal, (receipt_id, signal.SIGKILL))
            killing.daemon = True
            killing.start()
        elif self._store.get(receipt_id).state in UNFINISHED:
            raise InvalidStateError(
                "It has only just begun, or runs on another machine. Try again in a moment."
            )
        return self._store.get(receipt_id)

    def _signal(self, receipt_id: str, number: signal.Signals) -> bool:
        """Send a signal to the process of a reproduction; false if it is not to be found."""
        child = self._children.get(receipt_id)
        alive = child is not None and child.process.poll() is None
        pid = child.process.pid if child and alive else self._store.process(receipt_id)
        with suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, number)
        return pid is not None

    def wait(self, receipt_id: str, seconds: float) -> bool:
        """Wait for the verdict of a reproduction that this process started; return whether it came.

        Its process goes on for as long as its kernel takes to end.
        """
        child = self._children[receipt_id]
        if not select.select([child.told], [], [], seconds)[0]:
            return False
        if self._store.get(receipt_id).state in UNFINISHED:
            try:
                child.process.wait(seconds)  # it was killed, and is about to be gone
            except subprocess.TimeoutExpired:
                return False
        return True

    def close_vanished(self) -> None:
        """Fail the receipts whose process is gone, and remove what such processes left."""
        self._store.close_vanished()

    def remove_logs(self, before_ms: int) -> None:
        """Remove what is left of reproductions that ended unexpectedly before a moment."""
        self._store.remove_logs(before_ms)

    def close(self) -> None:
        """Wait for what has told its verdict and is about to end; all else goes on."""
        for receipt_id, child in list(self._children.items()):
            # a store that does not answer must not keep a server from ending
            with suppress(MLOpsError, subprocess.TimeoutExpired):
                if self._store.get(receipt_id).state not in UNFINISHED:
                    child.process.wait(_ENDING_SECONDS)
            child.told.close()

    @contextmanager
    def _locked(self, receipt_id: str) -> Iterator[int]:
        """Give the lock that a process of its own will hold, of which there is nothing on an error.

        It is there before the row: whoever sees one without a lock takes its process for dead.
        """
        file = self._store.lock_file(receipt_id)
        with writing(self._project.store):
            self._store.folder.mkdir(mode=0o700, exist_ok=True)
            lock = make_locked(file)
        try:
            yield lock
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        finally:
            os.close(lock)  # the child still holds it

    def _spawn(self, receipt: Receipt, manifest: Manifest, lock: int) -> None:
        self._reap()
        told, telling = os.pipe()
        try:
            with self._store.log_file(receipt.receipt_id).open("wb") as said:
                # -P: modules in the working folder are not the child's business
                process = subprocess.Popen(
                    [
                        *(sys.executable, "-P", "-m", "jupyter_mlops.executions.reproducing"),
                        *(str(self._project.root), receipt.receipt_id, str(lock), str(telling)),
                        *self._kernel(receipt, manifest),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    pass_fds=(lock, telling),
                    start_new_session=True,
                )
            self._children[receipt.receipt_id] = _Child(process, os.fdopen(told, "rb"))
        except BaseException:
            os.close(told)
            self._store.log_file(receipt.receipt_id).unlink(missing_ok=True)
            raise
        finally:
            os.close(telling)

    def _kernel(self, receipt: Receipt, manifest: Manifest) -> tuple[str, ...]:
        """Name the kernel of the first run, which then starts at once; see ``reproducing``."""
        if receipt.request.environment == "rebuild":
            return ()
        choice = expected_kernel(manifest)
        scratch = run_folder(self._store.scratch(receipt.receipt_id), 1)
        return choice.python or "", choice.name or "", str(scratch), notebook_place(manifest)

    def _reap(self) -> None:
        for receipt_id, child in list(self._children.items()):
            if child.process.poll() is not None:
                child.told.close()
                self._children.pop(receipt_id, None)  # another thread may reap at the same time


def _check_tolerances(request: ReproductionRequest, metrics: Iterable[str]) -> None:
    known = {*metrics, ALL_METRICS}
    unknown = sorted(set(request.tolerances) - known)
    if unknown:
        raise InvalidInputError(
            f"The snapshot has no metric {', '.join(unknown)}. "
            f"It has: {', '.join(sorted(known - {ALL_METRICS})) or 'none'}.",
            unknown=unknown,
        )
