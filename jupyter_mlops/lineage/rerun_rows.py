"""Rows of reruns, and the lock by which one shows that what runs it lives."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.clock import from_ms, now_ms, to_ms
from ..core.database import metadata
from ..core.errors import ConflictError, NotFoundError
from ..core.locks import is_free, locked, make_locked
from ..snapshots.dating import moment, recency
from .schemas import Rerun, RerunStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Row

    from ..core.database import Database
    from ..core.project import Project

# ``store_id`` is of the store whose notebooks they are, where several share the rows
reruns = sa.Table(
    "reruns",
    metadata,
    sa.Column("rerun_id", sa.String(32), primary_key=True),
    sa.Column("store_id", sa.String(32), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Index("ix_reruns_newest", "store_id", "created_at"),
)

_KEPT = 20
_CUT = "the server or command that ran it ended"


class RerunStore:
    """The reruns of one store; as with reproductions, a lock tells which of them live.

    Args:
        project: whose store it is.
        database: has the rows.
        cut_off: called with each rerun that is found to have been killed, of several processes
            that look by one alone.
    """

    def __init__(
        self, project: Project, database: Database, cut_off: Callable[[Rerun], None] | None = None
    ) -> None:
        self._database = database
        self._cut_off = cut_off
        self._folder = project.store / "reruns"
        self._store_id = project.store_id()

    @contextmanager
    def living(self, rerun_id: str) -> Iterator[None]:
        """Show for as long as the block lasts that a rerun lives; begin before it has a row."""
        file = self._folder / rerun_id
        self._folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = make_locked(file)
        try:
            yield
        finally:
            with suppress(OSError):  # of a store that went away nothing is left
                file.unlink()
            os.close(descriptor)

    def add(self, rerun: Rerun) -> None:
        """Add a rerun that begins; the oldest are forgotten.

        Raises:
            ConflictError: another one lives.
        """
        kept = self.newest()[: _KEPT - 1]
        before = to_ms(kept[0].created_at) if kept else None
        others = reruns.c.rerun_id.not_in([one.rerun_id for one in kept])
        mine = reruns.c.store_id == self._store_id
        with self._database.write() as connection:
            running = sa.select(reruns.c.rerun_id).where(mine, reruns.c.state == "running")
            other = connection.scalar(running)
            if other is not None:
                raise ConflictError(
                    "Stale notebooks are being run already. Wait, or stop that.", rerun_id=other
                )
            connection.execute(sa.delete(reruns).where(mine, others))
            connection.execute(
                sa.insert(reruns).values(
                    rerun_id=rerun.rerun_id,
                    store_id=self._store_id,
                    created_at=moment(to_ms(rerun.created_at), before),
                    author=rerun.author,
                    **_changing(rerun),
                )
            )

    def save(self, rerun: Rerun) -> bool:
        """Write a rerun as it stands, and tell whether it was running."""
        this = (reruns.c.rerun_id == rerun.rerun_id) & (reruns.c.state == "running")
        with self._database.write() as connection:
            change = sa.update(reruns).where(this).values(**_changing(rerun))
            return connection.execute(change).rowcount > 0

    def close_vanished(self) -> None:
        """Stop all reruns that nobody runs any more, and remove what they left."""
        self.newest()
        for file in self._folder.glob("*"):
            _remove(file)

    def newest(self) -> list[Rerun]:
        """Return the reruns, newest first."""
        now = now_ms()
        rows = sorted(
            self._rows(), key=lambda row: recency(row.created_at, row.rerun_id, now), reverse=True
        )
        return [self._settled(_rerun(row)) for row in rows]

    def get(self, rerun_id: str) -> Rerun:
        """Return a rerun.

        Raises:
            NotFoundError: there is none.
        """
        return self._settled(self._get(rerun_id))

    def of_run(self, run_id: str | None) -> str | None:
        """Return the rerun of which a run is a step; None if it is of none that is known."""
        for rerun in self._rows():
            if run_id is not None and any(step["run_id"] == run_id for step in rerun.steps):
                return str(rerun.rerun_id)
        return None

    def _rows(self) -> Sequence[Row[Any]]:
        query = sa.select(reruns).where(reruns.c.store_id == self._store_id)
        with self._database.read() as connection:
            return connection.execute(query).all()

    def _get(self, rerun_id: str) -> Rerun:
        query = sa.select(reruns).where(
            reruns.c.rerun_id == rerun_id, reruns.c.store_id == self._store_id
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError("There is no such rerun.", rerun_id=rerun_id)
        return _rerun(row)

    def _settled(self, rerun: Rerun) -> Rerun:
        """Return a rerun; one that nobody runs any more is stopped first."""
        file = self._folder / rerun.rerun_id
        if rerun.state != "running" or not is_free(file):
            return rerun
        rerun = self._get(rerun.rerun_id)  # it may just have ended in order
        if rerun.state == "running":
            rerun = _cut(rerun)
            was_killed = file.exists()  # one that ended in order has taken it away
            if self.save(rerun) and was_killed and self._cut_off is not None:
                self._cut_off(rerun)
        _remove(file)
        return rerun


def _remove(file: Path) -> None:
    """Take away the file of a rerun, unless that lives."""
    if is_free(file):
        with suppress(OSError), locked(file, wait=False):
            file.unlink()


def _cut(rerun: Rerun) -> Rerun:
    """Return a rerun as it was when what ran it ended: what was not done is stopped."""
    stopped = {
        "running": {"state": "stopped", "message": _CUT},
        "waiting": {"state": "stopped"},
    }
    steps = [step.model_copy(update=stopped.get(step.state, {})) for step in rerun.steps]
    return rerun.model_copy(update={"state": "stopped", "steps": steps})


def _changing(rerun: Rerun) -> dict[str, Any]:
    steps = [step.model_dump(mode="json") for step in rerun.steps]
    return {"state": rerun.state, "steps": steps}


def _rerun(row: Row[Any]) -> Rerun:
    return Rerun(
        rerun_id=row.rerun_id,
        state=row.state,
        created_at=from_ms(row.created_at),
        author=row.author,
        steps=[RerunStep.model_validate(step) for step in row.steps],
    )
