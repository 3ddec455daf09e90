"""Rows of what is said of snapshots, and of what is left of them when they are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.database import chunked, fetch, insert
from ..snapshots.store import AUTOMATIC
from ..snapshots.tables import data_uses, receipts, snapshot_marks, snapshot_tags, snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from ..snapshots.schemas import SnapshotMarks

DELETED = "deleted"


def put_marks(
    connection: Connection, snapshot_id: str, marks: SnapshotMarks, *, author: str, now: int
) -> None:
    """Write those marks that are given; the others stay as they are."""
    given = marks.model_dump(include={"note", "pinned"}, exclude_none=True)
    given |= {"updated_at": now, "updated_by": author}
    row = insert(connection, snapshot_marks).values(
        {"snapshot_id": snapshot_id, "note": None, "pinned": False, **given}
    )
    connection.execute(row.on_conflict_do_update(index_elements=["snapshot_id"], set_=given))
    if marks.tags is None:
        return
    connection.execute(sa.delete(snapshot_tags).where(snapshot_tags.c.snapshot_id == snapshot_id))
    tags = [{"snapshot_id": snapshot_id, "tag": tag} for tag in sorted(set(marks.tags))]
    if tags:
        connection.execute(sa.insert(snapshot_tags), tags)


def runs_of(notebook_id: int) -> sa.Select[tuple[str]]:
    """Return a query of the runs of a notebook's snapshots."""
    return sa.select(snapshots.c.run_id).where(snapshots.c.notebook_id == notebook_id)


def set_deleted(connection: Connection, snapshot_ids: Sequence[str], moment: int | None) -> None:
    """Mark snapshots as deleted at a moment, or as there again if it is None."""
    for chunk in chunked(snapshot_ids):
        change = sa.update(snapshots).where(snapshots.c.id.in_(chunk))
        connection.execute(change.values(deleted_at=moment))


def newest_of_run(connection: Connection, run_id: str, until: int) -> Row[Any] | None:
    """Return id and grade of the newest snapshot of a run that is not deleted.

    One that is younger than ``until`` only if there is no other.
    """
    query: sa.Select[Any] = sa.select(snapshots.c.id, snapshots.c.grade).where(
        snapshots.c.run_id == run_id, snapshots.c.deleted_at.is_(None)
    )
    taken = snapshots.c.created_at
    order = ((taken <= until).desc(), taken.desc(), snapshots.c.id.desc())
    return connection.execute(query.order_by(*order)).first()


def unmarked(connection: Connection, safe_since: int) -> list[tuple[int | None, tuple[int, str]]]:
    """Return notebook, moment and id of the snapshots that nobody asked for or spoke of.

    Those that restores in place took for safety are among them unless they are younger than
    ``safe_since``; with these, those that they follow stay.
    """
    table = snapshots.c
    marked = sa.select(snapshot_marks.c.snapshot_id).where(
        snapshot_marks.c.pinned | (sa.func.coalesce(snapshot_marks.c.note, "") != "")
    )
    is_safety = table.origin == "safety"
    young = sa.select(table.parent_id).where(
        is_safety, table.created_at >= safe_since, table.parent_id.is_not(None)
    )
    query = sa.select(table.notebook_id, table.created_at, table.id).where(
        table.origin.in_(AUTOMATIC) | (is_safety & (table.created_at < safe_since)),
        table.deleted_at.is_(None),
        is_safety | (sa.func.coalesce(table.message, "") == ""),  # theirs is not somebody's
        table.id.not_in(marked),
        table.id.not_in(sa.select(snapshot_tags.c.snapshot_id)),
        table.id.not_in(sa.select(receipts.c.snapshot_id)),
        table.id.not_in(young),
    )
    found = connection.execute(query)
    return [(row.notebook_id, (row.created_at, row.id)) for row in found]


def lonely_runs(connection: Connection, snapshot_ids: Sequence[str]) -> list[str]:
    """Return the runs of deleted snapshots that have no other one left."""
    others = snapshots.alias()
    left = sa.select(others.c.run_id).where(others.c.deleted_at.is_(None))
    query = sa.select(snapshots.c.run_id).where(snapshots.c.run_id.not_in(left))
    return _values(connection, query, snapshots.c.id, snapshot_ids)


def redate_deleted(connection: Connection, until: int, now: int) -> None:
    """Have those be deleted now that were said to be deleted later than ``until``."""
    change = sa.update(snapshots).where(snapshots.c.deleted_at > until)
    connection.execute(change.values(deleted_at=now))


def deleted_before(connection: Connection, moment: int) -> list[str]:
    """Return the snapshots that were deleted before a moment."""
    query = sa.select(snapshots.c.id).where(snapshots.c.deleted_at < moment)
    return list(connection.execute(query.order_by(snapshots.c.id)).scalars())


def automatic_runs(connection: Connection, snapshot_ids: Sequence[str]) -> list[str]:
    """Return the runs that were made for the automatic ones among snapshots."""
    query = sa.select(snapshots.c.run_id).where(snapshots.c.origin.in_(AUTOMATIC))
    return _values(connection, query, snapshots.c.id, snapshot_ids)


def without_snapshots(connection: Connection, run_ids: Sequence[str]) -> list[str]:
    """Return those of some runs that no snapshot is attached to, deleted ones included."""
    query = sa.select(snapshots.c.run_id)
    return sorted(set(run_ids) - set(_values(connection, query, snapshots.c.run_id, run_ids)))


def remove(connection: Connection, snapshot_ids: Sequence[str]) -> None:
    """Remove snapshots and all rows about them."""
    for chunk in chunked(snapshot_ids):
        for table in (data_uses, snapshot_marks, snapshot_tags, receipts):
            connection.execute(sa.delete(table).where(table.c.snapshot_id.in_(chunk)))
        children = sa.update(snapshots).where(snapshots.c.parent_id.in_(chunk))
        connection.execute(children.values(parent_id=DELETED))
        connection.execute(sa.delete(snapshots).where(snapshots.c.id.in_(chunk)))


def moments(connection: Connection) -> list[int]:
    """Return when all snapshots were taken, deleted ones too."""
    return [moment for (moment,) in fetch(connection, sa.select(snapshots.c.created_at))]


def _values(
    connection: Connection,
    query: sa.Select[Any],
    column: sa.ColumnElement[str],
    values: Sequence[str],
) -> list[str]:
    found: list[str] = []
    for chunk in chunked(values):
        found += connection.execute(query.where(column.in_(chunk))).scalars()
    return found
