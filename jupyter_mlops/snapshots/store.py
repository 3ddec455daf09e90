"""Rows that describe snapshots; the manifests themselves are objects."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from ..core.database import metadata

snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), nullable=False),
    sa.Column("notebook_path", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
    sa.Column("grade", sa.String(16), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("metrics", sa.JSON, nullable=False),
    sa.Column("message", sa.Text, nullable=True),
    sa.Column("parent_id", sa.String(64), nullable=True),
    sa.Index("ix_snapshots_newest", "created_at", "id"),
    sa.Index("ix_snapshots_notebook", "notebook_path", "created_at", "id"),
)


def insert(connection: Connection, **values: Any) -> None:
    """Add a snapshot."""
    connection.execute(sa.insert(snapshots).values(**values))


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
