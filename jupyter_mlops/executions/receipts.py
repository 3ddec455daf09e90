"""Rows of receipts, and the lock by which a reproduction shows that it lives."""

from __future__ import annotations

import shutil
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.clock import from_ms, now_ms, to_ms
from ..core.errors import ConflictError, NotFoundError
from ..core.locks import is_free, locked
from ..snapshots.masking import Masker, env_values, inherited_secrets
from ..snapshots.tables import receipts
from .alive import VANISHED
from .receipt_schemas import Receipt

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Row

    from ..core.database import Database
    from ..core.project import Project

UNFINISHED = ("pending", "running")


class ReceiptStore:
    """The receipts of one store.

    A reproduction holds a lock on a file for as long as its process lives, however that ends, so
    no heartbeat is needed, and neither a reused process id nor a clock that jumps can mislead. Who
    has the same folder can tell, under whatever name the machine has come up again.
    """

    def __init__(self, project: Project, database: Database) -> None:
        self._database = database
        self._project = project
        self.folder = project.store / "reproductions"

    def lock_file(self, receipt_id: str) -> Path:
        """Return the file that the process of a reproduction has locked."""
        return self.folder / f"{receipt_id}.lock"

    def scratch(self, receipt_id: str) -> Path:
        """Return the folder in which a reproduction runs the notebook."""
        return self.folder / receipt_id

    def log_file(self, receipt_id: str) -> Path:
        """Return the file that has what the process of a reproduction says."""
        return self.folder / f"{receipt_id}.log"

    def add(self, receipt: Receipt) -> None:
        """Add a receipt.

        Raises:
            ConflictError: its snapshot is being reproduced already.
        """
        with self._database.write() as connection:
            running = sa.select(receipts.c.receipt_id).where(
                receipts.c.snapshot_id == receipt.snapshot_id, receipts.c.state.in_(UNFINISHED)
            )
            other = connection.execute(running).scalar()
            if other is not None:
                raise ConflictError(
                    "This snapshot is being reproduced already. Wait until that has ended, or stop "
                    "it.",
                    receipt_id=other,
                )
            connection.execute(
                sa.insert(receipts).values(
                    receipt_id=receipt.receipt_id,
                    snapshot_id=receipt.snapshot_id,
                    created_at=to_ms(receipt.created_at),
                    author=receipt.author,
                    **self._changing(receipt, None),
                )
            )

    def save(self, receipt: Receipt, pid: int | None = None) -> None:
        """Write a receipt as it stands; ``pid`` is of the process that works on it."""
        with self._database.write() as connection:
            connection.execute(
                sa.update(receipts)
                .where(receipts.c.receipt_id == receipt.receipt_id)
                .values(**self._changing(receipt, pid))
            )

    def get(self, receipt_id: str) -> Receipt:
        """Return a receipt; one whose process is gone is failed first.

        Raises:
            NotFoundError: there is none.
        """
        return self._settled(self._row(receipt_id))

    def of(self, snapshot_id: str) -> list[Receipt]:
        """Return the receipts of a snapshot, newest first."""
        query = (
            sa.select(receipts)
            .where(receipts.c.snapshot_id == snapshot_id)
            .order_by(receipts.c.created_at.desc(), receipts.c.receipt_id)
        )
        with self._database.read() as connection:
            rows = list(connection.execute(query))
        return [self._settled(row) for row in rows]

    def close_vanished(self) -> None:
        """Fail the receipts whose process is gone, and remove what such processes left."""
        for file in self.folder.glob("*.lock"):
            self._close(file.stem)

    def remove_logs(self, before_ms: int) -> None:
        """Remove what processes said that ended unexpectedly, unless it is younger than this."""
        for file in self.folder.glob("*.log"):
            with suppress(OSError):
                is_old = file.stat().st_mtime_ns // 1_000_000 < before_ms
                if is_old and is_free(self.lock_file(file.stem)):
                    file.unlink()

    def mask_log(self, receipt_id: str) -> None:
        """Mask the secrets in what the process of a reproduction has said."""
        masker = Masker()
        masker.learn(env_values(self._project.root, self._project.root))
        masker.learn(inherited_secrets())
        file = self.log_file(receipt_id)
        with suppress(FileNotFoundError):
            said = file.read_text(encoding="utf-8", errors="replace")
            file.write_text(masker.text(said, "log"), encoding="utf-8")

    def process(self, receipt_id: str) -> int | None:
        """Return the id of the process that works on a receipt, if it lives on this machine."""
        row = self._row(receipt_id)
        process = row.document["process"]
        here = row.state in UNFINISHED and process["host"] == socket.gethostname()
        pid = process["pid"] if here and not is_free(self.lock_file(receipt_id)) else None
        return None if pid is None else int(pid)

    def _row(self, receipt_id: str) -> Row[Any]:
        query = sa.select(receipts).where(receipts.c.receipt_id == receipt_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"There is no receipt {receipt_id}.", receipt_id=receipt_id)
        return row

    def _settled(self, row: Row[Any]) -> Receipt:
        receipt = _receipt(row)
        if receipt.state not in UNFINISHED:
            return receipt
        if row.document["process"]["store"] != self._project.store_id():
            return receipt
        self._close(receipt.receipt_id)
        return _receipt(self._row(receipt.receipt_id))

    def _close(self, receipt_id: str) -> None:
        """Fail a receipt and remove what is there of its process, unless that lives."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        file = self.lock_file(receipt_id)
        with suppress(BlockingIOError), locked(file, wait=False):
            with suppress(NotFoundError):  # it was killed before it had a row
                receipt = _receipt(self._row(receipt_id))
                if receipt.state in UNFINISHED:
                    self.save(failed(receipt, VANISHED))
            shutil.rmtree(self.scratch(receipt_id), ignore_errors=True)
            self.mask_log(receipt_id)
            file.unlink(missing_ok=True)

    def _changing(self, receipt: Receipt, pid: int | None) -> dict[str, Any]:
        process = {"host": socket.gethostname(), "store": self._project.store_id(), "pid": pid}
        return {
            "state": receipt.state,
            "verdict": receipt.verdict,
            "document": {"receipt": receipt.model_dump(mode="json"), "process": process},
        }


def failed(receipt: Receipt, reason: str) -> Receipt:
    """Return a receipt that says why there is no verdict."""
    return receipt.model_copy(
        update={
            "state": "failed",
            "verdict": None,
            "summary": reason,
            "progress": None,
            "ended_at": from_ms(now_ms()),
        }
    )


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt.model_validate(row.document["receipt"])
