"""The rows of the model registry. It checks nothing; the manager does."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    update,
)

from ..core.database import insert, metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

registered_models = Table(
    "registered_models",
    metadata,
    Column("name", String(256), primary_key=True),
    Column("description", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("latest_version", Integer, nullable=False),  # the last number given
    Column("deleted_at", BigInteger, nullable=True),
)
registered_model_tags = Table(
    "registered_model_tags",
    metadata,
    Column("name", String(256), ForeignKey("registered_models.name"), primary_key=True),
    Column("key", String(250), primary_key=True),
    Column("value", Text, nullable=False),
)
model_versions = Table(
    "model_versions",
    metadata,
    Column("name", String(256), ForeignKey("registered_models.name"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("created_at", BigInteger, nullable=False),
    Column("author", String(256), nullable=False),
    Column("description", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("framework", String(64), nullable=False),
    Column("flavor", String(64), nullable=False),
    Column("class_name", String(256), nullable=False),
    Column("serialization", String(64), nullable=False),
    Column("run_id", String(32), nullable=True),
    Column("snapshot_id", String(64), nullable=True),
    Column("notebook_path", Text, nullable=True),
    Column("variable", Text, nullable=True),
    Column("object_id", String(64), nullable=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("signature", JSON(none_as_null=True), nullable=True),
    Column("input_example", JSON(none_as_null=True), nullable=True),
    Column("requirements", JSON, nullable=False),
    Column("executable", Text, nullable=True),
    Column("updated_at", BigInteger, nullable=True),
    Column("deleted_at", BigInteger, nullable=True),
    Column("source", Text, nullable=True),
    Column("run_link", Text, nullable=True),
    Column("model_id", String(34), nullable=True),
    Column("stage", String(16), nullable=True),
)
model_version_tags = Table(
    "model_version_tags",
    metadata,
    Column("name", String(256), ForeignKey("registered_models.name"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("key", String(250), primary_key=True),
    Column("value", Text, nullable=False),
)
model_aliases = Table(
    "model_aliases",
    metadata,
    Column("name", String(256), ForeignKey("registered_models.name"), primary_key=True),
    Column("alias", String(256), primary_key=True),
    Column("version", Integer, nullable=False),
)
alias_changes = Table(
    "alias_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(256), ForeignKey("registered_models.name"), nullable=False),
    Column("alias", String(256), nullable=False),
    Column("version", Integer, nullable=True),
    Column("changed_at", BigInteger, nullable=False),
    Column("author", String(256), nullable=False),
    Index("ix_alias_changes_history", "name", "alias", "changed_at"),
)


def add_version(connection: Connection, name: str, values: Mapping[str, Any]) -> int:
    """Insert the next version of ``name``, making the model if needed, and return its number.

    The write transaction that the connection is in keeps others from taking the same number.
    """
    now = values["created_at"]
    model = insert(connection, registered_models).values(
        name=name, description="", created_at=now, updated_at=now, latest_version=1
    )
    grown = model.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "latest_version": registered_models.c.latest_version + 1,
            "updated_at": now,
            "deleted_at": None,
        },
    ).returning(registered_models.c.latest_version)
    version = int(connection.execute(grown).scalar_one())
    row = {**values, "name": name, "version": version, "updated_at": now}
    connection.execute(sa.insert(model_versions), row)
    return version


def put_model(connection: Connection, name: str, description: str, now: int) -> None:
    """Insert a model without versions, or bring a deleted one back; its numbers go on."""
    values = {"description": description, "created_at": now, "updated_at": now, "deleted_at": None}
    model = insert(connection, registered_models).values(name=name, latest_version=0, **values)
    connection.execute(model.on_conflict_do_update(index_elements=["name"], set_=values))


def get_models(connection: Connection, *, after: str | None, limit: int) -> Sequence[RowMapping]:
    """Return up to ``limit`` models by name, those after the name ``after``."""
    query = _models().order_by(registered_models.c.name).limit(limit)
    if after is not None:
        query = query.where(registered_models.c.name > after)
    return connection.execute(query).mappings().all()


def get_model(connection: Connection, name: str) -> RowMapping | None:
    """Return a model's row."""
    query = _models().where(registered_models.c.name == name)
    return connection.execute(query).mappings().first()


def _models() -> Select[Any]:
    newest = (
        select(func.coalesce(func.max(model_versions.c.version), 0))
        .where(
            model_versions.c.name == registered_models.c.name,
            model_versions.c.deleted_at.is_(None),
        )
        .scalar_subquery()
    )
    columns = [
        column
        for column in registered_models.c
        if column.name not in {"latest_version", "deleted_at"}
    ]
    return select(*columns, newest.label("latest_version")).where(
        registered_models.c.deleted_at.is_(None)
    )


def get_versions(
    connection: Connection, name: str, version: int | None = None, *, deleted: bool = False
) -> Sequence[RowMapping]:
    """Return a model's versions, newest first, or one of them; deleted ones only if asked for."""
    query = select(model_versions).where(model_versions.c.name == name)
    if not deleted:
        query = query.where(model_versions.c.deleted_at.is_(None))
    if version is not None:
        query = query.where(model_versions.c.version == version)
    newest_first = query.order_by(model_versions.c.version.desc())
    return connection.execute(newest_first).mappings().all()


def get_aliases(connection: Connection, names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the versions of the aliases of each model in ``names``."""
    query = select(model_aliases).where(model_aliases.c.name.in_(names))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(query.order_by(model_aliases.c.alias)):
        found[row.name][row.alias] = row.version
    return found


def change_alias(
    connection: Connection, name: str, alias: str, version: int | None, *, author: str, now: int
) -> None:
    """Point an alias at a version, or remove it where ``version`` is None; keep the history."""
    if version is None:
        connection.execute(
            delete(model_aliases).where(
                model_aliases.c.name == name, model_aliases.c.alias == alias
            )
        )
    else:
        row = insert(connection, model_aliases).values(name=name, alias=alias, version=version)
        connection.execute(
            row.on_conflict_do_update(index_elements=["name", "alias"], set_={"version": version})
        )
    connection.execute(
        sa.insert(alias_changes).values(
            name=name, alias=alias, version=version, changed_at=now, author=author
        )
    )
    connection.execute(
        update(registered_models).where(registered_models.c.name == name).values(updated_at=now)
    )


def get_alias_changes(connection: Connection, name: str, alias: str | None) -> Sequence[RowMapping]:
    """Return the changes of a model's aliases, or of one of them, newest first."""
    query = select(
        alias_changes.c.alias,
        alias_changes.c.version,
        alias_changes.c.changed_at,
        alias_changes.c.author,
    ).where(alias_changes.c.name == name)
    if alias is not None:
        query = query.where(alias_changes.c.alias == alias)
    return connection.execute(query.order_by(alias_changes.c.id.desc())).mappings().all()


def contents(connection: Connection) -> list[tuple[str, int, str]]:
    """Return name, number and object of all versions whose files are kept, deleted ones too."""
    table = model_versions.c
    query = sa.select(table.name, table.version, table.object_id)
    rows = connection.execute(query.where(table.object_id.is_not(None)))
    return [(row.name, row.version, row.object_id) for row in rows]


def snapshots(connection: Connection) -> list[tuple[str, str, int]]:
    """Return snapshot, name and number of all versions that were made from one."""
    table = model_versions.c
    query = sa.select(table.snapshot_id, table.name, table.version)
    query = query.where(table.snapshot_id.is_not(None), table.deleted_at.is_(None))
    rows = connection.execute(query.order_by(table.name, table.version))
    return [(row.snapshot_id, row.name, row.version) for row in rows]
