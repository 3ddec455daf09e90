"""Rows of deployments and their revisions. Every function works on the caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.database import metadata
from ..core.errors import NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import Connection

Row = dict[str, Any]

deployments = sa.Table(
    "deployments",
    metadata,
    sa.Column("name", sa.String(63), primary_key=True),
    sa.Column("target", sa.String(16), nullable=False),
    sa.Column("desired", sa.String(16), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
    # whose gateway serves it, where several stores share the database
    sa.Column("store_id", sa.String(32), nullable=True),
)
revisions = sa.Table(
    "deployment_revisions",
    metadata,
    sa.Column("name", sa.String(63), sa.ForeignKey("deployments.name"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("model_name", sa.String(256), nullable=False),
    sa.Column("model_version", sa.Integer, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
)


def get_deployments(connection: Connection, store_id: str | None) -> list[Row]:
    """Return all deployments of a store, by name; of the only one if it has no id."""
    query = sa.select(deployments).order_by(deployments.c.name)
    if store_id is not None:
        query = query.where(deployments.c.store_id == store_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def get_deployment(connection: Connection, name: str) -> Row | None:
    """Return one deployment."""
    query = sa.select(deployments).where(deployments.c.name == name)
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def get_revisions(connection: Connection, name: str) -> list[Row]:
    """Return all revisions of a deployment, oldest first."""
    query = sa.select(revisions).where(revisions.c.name == name).order_by(revisions.c.revision)
    return [dict(row) for row in connection.execute(query).mappings()]


def require_deployment(connection: Connection, name: str, store_id: str | None) -> Row:
    """Return one deployment of a store.

    Raises:
        NotFoundError: there is none of this name.
    """
    row = get_deployment(connection, name)
    if row is None or row["store_id"] != store_id:
        raise NotFoundError(f"There is no deployment {name!r}.", name=name)
    return row


def add_deployment(
    connection: Connection,
    name: str,
    *,
    target: str,
    token_hash: str,
    author: str,
    now: int,
    store_id: str | None,
) -> None:
    """Add a deployment that has no revision yet."""
    connection.execute(
        sa.insert(deployments).values(
            name=name,
            target=target,
            desired="running",
            revision=0,
            token_hash=token_hash,
            created_at=now,
            updated_at=now,
            author=author,
            store_id=store_id,
        )
    )


def add_revision(
    connection: Connection, name: str, model: tuple[str, int], *, author: str, now: int
) -> None:
    """Add a model version as the newest revision, which is then the one to run."""
    newest = sa.select(sa.func.max(revisions.c.revision)).where(revisions.c.name == name)
    number = int(connection.execute(newest).scalar() or 0) + 1
    connection.execute(
        sa.insert(revisions).values(
            name=name,
            revision=number,
            model_name=model[0],
            model_version=model[1],
            created_at=now,
            author=author,
        )
    )
    update(connection, name, revision=number, desired="running", updated_at=now)


def update(connection: Connection, name: str, **values: Any) -> None:
    """Change columns of a deployment."""
    connection.execute(sa.update(deployments).where(deployments.c.name == name).values(**values))


def delete(connection: Connection, name: str) -> None:
    """Delete a deployment with its revisions."""
    connection.execute(sa.delete(revisions).where(revisions.c.name == name))
    connection.execute(sa.delete(deployments).where(deployments.c.name == name))


def rename_model(connection: Connection, name: str, new_name: str) -> None:
    """Change the name of a model in all revisions."""
    connection.execute(
        sa.update(revisions).where(revisions.c.model_name == name).values(model_name=new_name)
    )
