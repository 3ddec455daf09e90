"""Rows that describe snapshots; the manifests themselves are objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from .tables import data_uses, snapshots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .schemas import FileUse


def insert(connection: Connection, uses: Sequence[FileUse], **values: Any) -> None:
    """Add a snapshot, and the data that it names."""
    connection.execute(sa.insert(snapshots).values(**values))
    rows = [
        {
            "snapshot_id": values["id"],
            "position": position,
            **use.model_dump(include={"path", "kind", "mode", "size", "digest", "object_id"}),
        }
        for position, use in enumerate(uses)
    ]
    if rows:
        connection.execute(sa.insert(data_uses), rows)


def get(connection: Connection, prefix: str) -> list[Row[Any]]:
    """Return at most two snapshots whose id starts with ``prefix``."""
    query = sa.select(snapshots).where(snapshots.c.id.startswith(prefix, autoescape=True)).limit(2)
    return list(connection.execute(query))


def listing(
    connection: Connection,
    runs: sa.Select[tuple[str]],
    limit: int,
    after: tuple[int, str] | None,
    notebook_path: str | None,
) -> list[Row[Any]]:
    """Return at most ``limit`` snapshots of ``runs`` older than ``after``, newest first."""
    query = sa.select(snapshots).where(snapshots.c.run_id.in_(runs))
    if notebook_path is not None:
        query = query.where(snapshots.c.notebook_path == notebook_path)
    if after is not None:
        query = query.where(sa.tuple_(snapshots.c.created_at, snapshots.c.id) < sa.tuple_(*after))
    order = (snapshots.c.created_at.desc(), snapshots.c.id.desc())
    return list(connection.execute(query.order_by(*order).limit(limit)))


def names(connection: Connection) -> list[tuple[str, str]]:
    """Return the ids of all snapshots, and the paths of their notebooks."""
    rows = connection.execute(sa.select(snapshots.c.id, snapshots.c.notebook_path))
    return [(row.id, row.notebook_path) for row in rows]
