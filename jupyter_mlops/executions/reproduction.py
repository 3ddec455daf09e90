"""Runs snapshots again, each in a process of its own that outlives the server."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from ..core.clock import from_ms, now_ms
from ..core.errors import InvalidInputError, InvalidStateError, MLOpsError, StoreUnavailableError
from .receipt_schemas import Receipt, ReceiptList, ReproductionRequest
from .receipts import UNFINISHED, ReceiptStore, failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.database import Database
    from ..core.project import Project
    from ..snapshots.manager import SnapshotManager

ALL_METRICS = "*"
_ENDING_SECONDS = 10


class ReproductionManager:
    """The reproductions of one store."""

    def __init__(self, project: Project, database: Database, snapshots: SnapshotManager) -> None:
        self._project = project
        self._snapshots = snapshots
        self._store = ReceiptStore(project, database)
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, snapshot_id: str, request: ReproductionRequest, *, author: str) -> Receipt:
        """Begin to run a snapshot again, and return its receipt, which tells how it goes.

        Raises:
            ConflictError: it is being reproduced already.
            InvalidInputError: there is a tolerance for a metric that it does not have.
            NotFoundError: there is no such snapshot.
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
        self._store.add(receipt)
        try:
            self._spawn(receipt)
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
        """Have a reproduction stop, in order; one that has ended is left as it is."""
        child = self._children.get(receipt_id)
        pid = child.pid if child and child.poll() is None else self._store.process(receipt_id)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        elif self._store.get(receipt_id).state in UNFINISHED:
            raise InvalidStateError(
                "It has only just begun, or runs on another machine. Try again in a moment."
            )
        return self._store.get(receipt_id)

    def wait(self, receipt_id: str, seconds: float) -> bool:
        """Wait for a reproduction that this process started; return whether it has ended."""
        try:
            self._children[receipt_id].wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """Wait for what has told its verdict and is about to end; all else goes on."""
        for receipt_id, child in self._children.items():
            # a store that does not answer must not keep a server from ending
            with suppress(MLOpsError, subprocess.TimeoutExpired):
                if self._store.get(receipt_id).state not in UNFINISHED:
                    child.wait(_ENDING_SECONDS)

    def _spawn(self, receipt: Receipt) -> None:
        self._reap()
        self._store.folder.mkdir(mode=0o700, exist_ok=True)
        lock = os.open(
            self._store.lock_file(receipt.receipt_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._store.log_file(receipt.receipt_id).open("wb") as said:
                # -P: modules in the working folder are not the child's business
                self._children[receipt.receipt_id] = subprocess.Popen(
                    [
                        *(sys.executable, "-P", "-m", "jupyter_mlops.executions.reproducing"),
                        *(str(self._project.root), receipt.receipt_id, str(lock)),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    pass_fds=(lock,),
                    start_new_session=True,
                )
        finally:
            os.close(lock)  # the child still holds it

    def _reap(self) -> None:
        for receipt_id, child in list(self._children.items()):
            if child.poll() is not None:
                del self._children[receipt_id]


def _check_tolerances(request: ReproductionRequest, metrics: Iterable[str]) -> None:
    known = {*metrics, ALL_METRICS}
    unknown = sorted(set(request.tolerances) - known)
    if unknown:
        raise InvalidInputError(
            f"The snapshot has no metric {', '.join(unknown)}. "
            f"It has: {', '.join(sorted(known - {ALL_METRICS})) or 'none'}.",
            unknown=unknown,
        )
