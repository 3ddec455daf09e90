"""Rows that describe snapshots; the manifests themselves are objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from ..core.database import id_starts
from ..tracking.store import is_active
from . import renames
from .tables import data_uses, notebooks, snapshot_marks, snapshot_tags, snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .schemas import FileUse, Grade

AUTOMATIC = ("save", "run-all")

# how those who look at a snapshot see it; the rest of a row is for the store itself
_INTERNAL = {"notebook_id", "state_digest"}
_OF_USES = {"path", "kind", "mode", "size", "digest", "object_id", "whole"}
_SHOWN: sa.Select[Any] = sa.select(
    *(column for column in snapshots.c if column.name not in _INTERNAL),
    snapshot_marks.c.note,
    sa.func.coalesce(snapshot_marks.c.pinned, sa.false()).label("pinned"),
).outerjoin(snapshot_marks, snapshot_marks.c.snapshot_id == snapshots.c.id)


@dataclass(frozen=True)
class Wanted:
    """Which snapshots to list: those for which all that is given holds.

    ``automatic`` is True for those that were taken without being asked for, False for the others.
    Each word of ``text`` is in the note, a tag, the author's name or at the start of the id.
    """

    notebook_path: str | None = None
    tag: str | None = None
    pinned: bool | None = None
    automatic: bool | None = None
    grade: Grade | None = None
    text: str | None = None

    def restrict(self, connection: Connection, query: sa.Select[Any]) -> sa.Select[Any]:
        """Return ``query``, of ``_SHOWN``, with what is wanted as conditions."""
        if self.notebook_path is not None:
            notebook_id = renames.notebook_at(connection, self.notebook_path)
            query = query.where(snapshots.c.notebook_id == notebook_id)
        if self.tag is not None:
            tagged = sa.select(snapshot_tags.c.snapshot_id).where(snapshot_tags.c.tag == self.tag)
            query = query.where(snapshots.c.id.in_(tagged))
        if self.pinned is not None:
            pinned = sa.func.coalesce(snapshot_marks.c.pinned, sa.false())
            query = query.where(pinned if self.pinned else sa.not_(pinned))
        if self.automatic is not None:
            taken = snapshots.c.origin.in_(AUTOMATIC)
            query = query.where(taken if self.automatic else sa.not_(taken))
        if self.grade is not None:
            query = query.where(snapshots.c.grade == self.grade)
        return query.where(*(_said(word) for word in (self.text or "").split()))


def _said(word: str) -> sa.ColumnElement[bool]:
    """Return the condition that a word is in what is said of a snapshot."""
    note = sa.func.coalesce(snapshot_marks.c.note, snapshots.c.message)
    tagged = sa.select(snapshot_tags.c.snapshot_id).where(
        snapshot_tags.c.tag.icontains(word, autoescape=True)
    )
    return sa.or_(
        note.icontains(word, autoescape=True),
        snapshots.c.author.icontains(word, autoescape=True),
        snapshots.c.id.startswith(word, autoescape=True),
        snapshots.c.id.in_(tagged),
    )


def insert(connection: Connection, uses: Sequence[FileUse], **values: Any) -> None:
    """Add a snapshot, and the data that it names."""
    notebook_id = renames.ensure(connection, values["notebook_path"])
    connection.execute(sa.insert(snapshots).values(notebook_id=notebook_id, **values))
    insert_uses(connection, values["id"], uses)


def insert_uses(connection: Connection, snapshot_id: str, uses: Sequence[FileUse]) -> bool:
    """Add the data that a snapshot names, unless it is there; tell whether it was missing."""
    known = sa.select(data_uses.c.position).where(data_uses.c.snapshot_id == snapshot_id)
    if connection.execute(known.limit(1)).first() is not None:
        return False
    rows = [
        {
            "snapshot_id": snapshot_id,
            "position": position,
            **use.model_dump(include=_OF_USES),
        }
        for position, use in enumerate(uses)
    ]
    if rows:
        connection.execute(sa.insert(data_uses), rows)
    return bool(rows)


def get(connection: Connection, prefix: str) -> list[Row[Any]]:
    """Return at most two snapshots whose id starts with ``prefix``, deleted ones too."""
    return list(connection.execute(_SHOWN.where(id_starts(snapshots.c.id, prefix)).limit(2)))


def listing(
    connection: Connection,
    limit: int,
    after: tuple[int, str] | None,
    wanted: Wanted,
) -> list[Row[Any]]:
    """Return at most ``limit`` snapshots of active runs older than ``after``, newest first."""
    query = _SHOWN.where(is_active(snapshots.c.run_id), snapshots.c.deleted_at.is_(None))
    query = wanted.restrict(connection, query)
    if after is not None:
        query = query.where(sa.tuple_(snapshots.c.created_at, snapshots.c.id) < sa.tuple_(*after))
    order = (snapshots.c.created_at.desc(), snapshots.c.id.desc())
    return list(connection.execute(query.order_by(*order).limit(limit)))


def found_by_others(connection: Connection, snapshot_id: str) -> list[Row[Any]]:
    """Return parameters and metrics of the other snapshots of a snapshot's run, deleted ones too.

    Those of another notebook are not looked for: no index leads from a run to its snapshots.
    """
    one = snapshots.alias()
    query = (
        sa.select(snapshots.c.parameters, snapshots.c.metrics)
        .join(one, one.c.notebook_id == snapshots.c.notebook_id)
        .where(
            one.c.id == snapshot_id,
            snapshots.c.run_id == one.c.run_id,
            snapshots.c.id != one.c.id,
        )
    )
    return list(connection.execute(query))


def tags(connection: Connection, snapshot_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the tags of snapshots, sorted, by snapshot."""
    query = sa.select(snapshot_tags.c.snapshot_id, snapshot_tags.c.tag)
    query = query.where(snapshot_tags.c.snapshot_id.in_(snapshot_ids))
    found: dict[str, list[str]] = {snapshot_id: [] for snapshot_id in snapshot_ids}
    for row in connection.execute(query.order_by(snapshot_tags.c.tag)):
        found[row.snapshot_id].append(row.tag)
    return found


def state_of(connection: Connection, snapshot_id: str) -> str | None:
    """Return the digest of the state that a snapshot was taken of."""
    query = sa.select(snapshots.c.state_digest).where(snapshots.c.id == snapshot_id)
    return connection.execute(query).scalar()


def path_now(connection: Connection, snapshot_id: str) -> str:
    """Return where the notebook of a snapshot is now, where it was if that is not known."""
    path = sa.func.coalesce(notebooks.c.path, snapshots.c.notebook_path)
    joined = snapshots.outerjoin(notebooks, notebooks.c.notebook_id == snapshots.c.notebook_id)
    query = sa.select(path).select_from(joined).where(snapshots.c.id == snapshot_id)
    return str(connection.execute(query).scalar_one())
