"""What the rows of data uses tell of paths and their contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.clock import from_ms, now_ms
from ..core.database import chunked
from ..snapshots.dating import latest_credible
from ..snapshots.tables import data_uses, snapshot_tags, snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row

_USES = data_uses.join(snapshots, snapshots.c.id == data_uses.c.snapshot_id)
_THERE = snapshots.c.deleted_at.is_(None)
_SEEN = (
    sa.func.count(data_uses.c.snapshot_id.distinct()).label("snapshots"),
    sa.func.min(snapshots.c.created_at).label("first_seen"),
    sa.func.max(snapshots.c.created_at).label("last_seen"),
)


def _newest_first() -> tuple[ColumnElement[Any], ...]:
    """Return the order of histories; of what one snapshot read and wrote, as it was written."""
    return (
        *_newest_snapshots_first(),
        data_uses.c.mode.desc(),  # write before read
        data_uses.c.position.desc(),
    )


def _newest_snapshots_first() -> tuple[ColumnElement[Any], ...]:
    moment = snapshots.c.created_at
    return moment > latest_credible(now_ms()), moment.desc(), snapshots.c.id.desc()


def paths(
    connection: Connection, limit: int, after: str | None, prefix: str | None
) -> list[Row[Any]]:
    """Return at most ``limit`` paths behind ``after`` with what they have in common."""
    query = sa.select(
        data_uses.c.path, sa.func.count(data_uses.c.digest.distinct()).label("versions"), *_SEEN
    )
    query = query.select_from(_USES).where(_THERE)
    if after is not None:
        query = query.where(data_uses.c.path > after)
    if prefix:
        query = query.where(data_uses.c.path.startswith(prefix, autoescape=True))
    query = query.group_by(data_uses.c.path).order_by(data_uses.c.path).limit(limit)
    return list(connection.execute(query))


def newest(connection: Connection, names: Sequence[str]) -> dict[str, Row[Any]]:
    """Return the newest use of each path."""
    place = sa.func.row_number().over(partition_by=data_uses.c.path, order_by=_newest_first())
    columns = (data_uses.c.path, data_uses.c.kind, data_uses.c.size, data_uses.c.digest)
    ranked = sa.select(*columns, place.label("place")).select_from(_USES)
    ranked = ranked.where(_THERE, data_uses.c.path.in_(names))
    inner = ranked.subquery()
    query = sa.select(inner).where(inner.c.place == 1)
    return {row.path: row for row in connection.execute(query)}


def versions(connection: Connection, path: str) -> list[Row[Any]]:
    """Return the contents of a path, the newest first."""
    place = sa.func.row_number().over(order_by=_newest_first()).label("place")
    uses = sa.select(data_uses, snapshots.c.created_at, place).select_from(_USES)
    uses = uses.where(_THERE, data_uses.c.path == path, data_uses.c.digest.is_not(None))
    use = uses.subquery().c
    query = sa.select(
        use.digest,
        sa.func.max(use.kind).label("kind"),
        sa.func.max(use.size).label("size"),
        sa.func.count(use.snapshot_id.distinct()).label("snapshots"),
        sa.func.min(use.created_at).label("first_seen"),
        sa.func.max(use.created_at).label("last_seen"),
    )
    query = query.group_by(use.digest).order_by(sa.func.min(use.place))
    return list(connection.execute(query))


def seen(row: Row[Any]) -> dict[str, Any]:
    """Return how often a path or a content was seen, and when, for a wire type."""
    return {
        "snapshots": row.snapshots,
        "first_seen": from_ms(row.first_seen),
        "last_seen": from_ms(row.last_seen),
    }


def uses(
    connection: Connection,
    contents: Sequence[tuple[str, str]],
    limit: int,
    after: tuple[int, str] | None,
) -> list[Row[Any]]:
    """Return at most ``limit`` snapshots behind ``after`` that used one of some contents.

    ``contents`` are paths with digests, as snapshots name them.
    """
    shown = (snapshots.c.id, snapshots.c.run_id, snapshots.c.notebook_path, snapshots.c.grade)
    query = sa.select(
        *(*shown, snapshots.c.created_at),
        sa.func.min(data_uses.c.path).label("path"),
        sa.func.min(data_uses.c.mode).label("first_mode"),
        sa.func.max(data_uses.c.mode).label("last_mode"),
    )
    pairs = sa.tuple_(data_uses.c.path, data_uses.c.digest).in_(contents)
    query = query.select_from(_USES).where(_THERE, pairs).group_by(*shown, snapshots.c.created_at)
    key = sa.tuple_(snapshots.c.created_at, snapshots.c.id)
    if after is not None:
        query = query.where(key < sa.tuple_(*map(sa.literal, after)))
    query = query.order_by(snapshots.c.created_at.desc(), snapshots.c.id.desc()).limit(limit)
    return list(connection.execute(query))


def one_use(connection: Connection, path: str, digest: str) -> tuple[str, int] | None:
    """Return a snapshot that names a content at a path, and at which place of its data."""
    query = sa.select(data_uses.c.snapshot_id, data_uses.c.position)
    query = query.where(data_uses.c.path == path, data_uses.c.digest == digest).limit(1)
    found = connection.execute(query).first()
    return (found.snapshot_id, found.position) if found else None


def named(connection: Connection, tag: str, prefix: str | None, limit: int) -> list[str]:
    """Return the newest snapshots that have a tag, or an id that starts with ``prefix``."""
    tagged = sa.select(snapshot_tags.c.snapshot_id).where(snapshot_tags.c.tag == tag)
    begun = snapshots.c.id.startswith(prefix, autoescape=True) if prefix else sa.false()
    query = sa.select(snapshots.c.id).where(_THERE, snapshots.c.id.in_(tagged) | begun)
    query = query.order_by(*_newest_snapshots_first()).limit(limit)
    return list(connection.execute(query).scalars())


def in_snapshot(connection: Connection, snapshot_id: str) -> dict[str, Row[Any]]:
    """Return what a snapshot names, by path; of what it read and wrote, as it was written."""
    query = sa.select(data_uses).where(data_uses.c.snapshot_id == snapshot_id)
    query = query.order_by(data_uses.c.mode, data_uses.c.position)  # read before write
    return {row.path: row for row in connection.execute(query)}


def notebooks(connection: Connection, names: Sequence[str]) -> list[str]:
    """Return the notebooks whose snapshots name one of some paths."""
    query = sa.select(snapshots.c.notebook_path).select_from(_USES).distinct()
    query = query.where(data_uses.c.path.in_(names)).order_by(snapshots.c.notebook_path)
    return list(connection.execute(query).scalars())


def names_of(connection: Connection, digests: Sequence[str]) -> dict[str, list[str]]:
    """Return the paths that had the contents ``digests``, by digest."""
    query = sa.select(data_uses.c.digest, data_uses.c.path).distinct()
    found: dict[str, list[str]] = {}
    for chunk in chunked(digests):
        for row in connection.execute(query.where(data_uses.c.digest.in_(chunk))):
            found.setdefault(row.digest, []).append(row.path)
    return found
