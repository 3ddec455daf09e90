"""The registry as MLflow's protocol knows it: models without versions, tags, stages, searches.

Deleted versions leave lists and searches but stay in the store, for what is deployed of them;
the numbers of a model that is made again go on where they ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core import filters, paging
from ..core.clock import now_ms
from ..core.database import insert
from ..core.errors import ConflictError, InvalidInputError, NotFoundError
from . import store
from .entries import ModelEntry, VersionEntry, model_entries, version_entries
from .names import check_model_name
from .search import (
    MODEL_COLUMNS,
    MODEL_FIELDS,
    UPDATED,
    VERSION_COLUMNS,
    VERSION_FIELDS,
    model_condition,
    orders_of,
    version_condition,
)
from .store import (
    alias_changes,
    model_aliases,
    model_version_tags,
    model_versions,
    registered_model_tags,
    registered_models,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Table

    from ..core.database import Database

STAGES = ("None", "Staging", "Production", "Archived")
_MOST_MODELS = 1000
_MOST_VERSIONS = 200_000
_TAG_LENGTH = 100_000
_LAST = 2**31


class ModelCatalog:
    """The registered models of one store, for MLflow's clients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, name: str, tags: Mapping[str, str] | None = None, description: str = ""
    ) -> ModelEntry:
        """Create a model without versions.

        Raises:
            ConflictError: there is one of this name.
            InvalidInputError: the name or a tag cannot be.
        """
        check_model_name(name)
        tags = _checked(tags or {})
        with self._database.write() as connection:
            if store.get_model(connection, name) is not None:
                raise ConflictError(f"Registered model {name!r} already exists.")
            store.put_model(connection, name, description, now_ms())
            _put_tags(connection, registered_model_tags, {"name": name}, tags)
            return model_entries(connection, [_model(connection, name)])[0]

    def get(self, name: str) -> ModelEntry:
        """Return a model.

        Raises:
            NotFoundError: there is none.
        """
        with self._database.read() as connection:
            return model_entries(connection, [_model(connection, name)])[0]

    def describe(self, name: str, description: str) -> ModelEntry:
        """Change a model's description."""
        with self._database.write() as connection:
            _model(connection, name)
            _touch(connection, name, description=description)
            return model_entries(connection, [_model(connection, name)])[0]

    def rename(self, connection: Connection, name: str, new_name: str) -> None:
        """Give a model another name, in the caller's transaction.

        Raises:
            ConflictError: there is or was one of the new name.
        """
        check_model_name(new_name)
        _model(connection, name)
        table = registered_models
        if connection.execute(sa.select(table.c.name).where(table.c.name == new_name)).first():
            raise ConflictError(f"Registered model {new_name!r} already exists.")
        row = connection.execute(sa.select(table).where(table.c.name == name)).mappings().one()
        connection.execute(sa.insert(table), {**row, "name": new_name, "updated_at": now_ms()})
        for child in (
            model_versions,
            model_version_tags,
            registered_model_tags,
            model_aliases,
            alias_changes,
        ):
            moved = sa.update(child).where(child.c.name == name).values(name=new_name)
            connection.execute(moved)
        connection.execute(sa.delete(table).where(table.c.name == name))

    def delete(self, name: str, *, author: str) -> None:
        """Delete a model with its versions; their files stay while they are needed."""
        now = now_ms()
        with self._database.write() as connection:
            _model(connection, name)
            for alias in store.get_aliases(connection, [name])[name]:
                store.change_alias(connection, name, alias, None, author=author, now=now)
            connection.execute(
                sa.update(model_versions)
                .where(model_versions.c.name == name, model_versions.c.deleted_at.is_(None))
                .values(deleted_at=now)
            )
            for table in (registered_model_tags, model_version_tags):
                connection.execute(sa.delete(table).where(table.c.name == name))
            _touch(connection, name, deleted_at=now)

    def search(
        self,
        filter_string: str | None = None,
        max_results: int = 100,
        order_by: Sequence[str] = (),
        page_token: str | None = None,
    ) -> tuple[list[ModelEntry], str | None]:
        """Return a page of models, by name unless ``order_by`` says otherwise, and the token."""
        _limited(max_results, _MOST_MODELS)
        conditions = filters.parse_filter(filter_string, MODEL_FIELDS)
        query = sa.select(registered_models.c.name).where(
            registered_models.c.deleted_at.is_(None),
            *(model_condition(comparison) for comparison in conditions),
        )
        query = query.order_by(
            *orders_of(order_by, MODEL_FIELDS, MODEL_COLUMNS), registered_models.c.name
        )
        start = _start(page_token)
        with self._database.read() as connection:
            names = connection.execute(query.offset(start).limit(max_results + 1)).scalars().all()
            rows = [_model(connection, name) for name in names[:max_results]]
            found = model_entries(connection, rows)
        return found, paging.encode(start + max_results) if len(names) > max_results else None

    def latest(self, name: str, stages: Sequence[str] = ()) -> list[VersionEntry]:
        """Return the newest version of each stage, or of the stages given."""
        wanted = {_stage(stage) for stage in stages}
        newest = self.get(name).latest
        return [entry for entry in newest if not wanted or entry.stage in wanted]

    def skip_to(self, name: str, version: int) -> None:
        """Have the next version be ``version`` if it would be an earlier one: for copies."""
        table = registered_models
        with self._database.write() as connection:
            connection.execute(
                sa.update(table)
                .where(table.c.name == name, table.c.latest_version < version - 1)
                .values(latest_version=version - 1)
            )

    def set_tag(self, name: str, key: str, value: str, version: int | None = None) -> None:
        """Set a tag of a model, or of one of its versions."""
        tags = _checked({key: value})
        with self._database.write() as connection:
            table, owner = _owner(connection, name, version)
            _put_tags(connection, table, owner, tags)

    def delete_tag(self, name: str, key: str, version: int | None = None) -> None:
        """Remove a tag of a model, or of one of its versions; none is no error, as in MLflow."""
        with self._database.write() as connection:
            table, owner = _owner(connection, name, version)
            same = [table.c[column] == value for column, value in owner.items()]
            connection.execute(sa.delete(table).where(*same, table.c.key == key))

    def version(self, name: str, version: int) -> VersionEntry:
        """Return a version.

        Raises:
            NotFoundError: there is none.
        """
        with self._database.read() as connection:
            return version_entries(connection, [_version(connection, name, version)])[0]

    def change_version(
        self,
        name: str,
        version: int,
        *,
        description: str | None = None,
        stage: str | None = None,
        archive_others: bool = False,
    ) -> VersionEntry:
        """Change a version's description or stage; the others of that stage may be archived."""
        now = now_ms()
        values: dict[str, Any] = {"updated_at": now}
        if description is not None:
            values["description"] = description
        with self._database.write() as connection:
            _version(connection, name, version)
            if stage is not None:
                values["stage"] = _stage(stage)
                if archive_others and values["stage"] in {"Staging", "Production"}:
                    others = sa.update(model_versions).where(
                        model_versions.c.name == name, model_versions.c.stage == values["stage"]
                    )
                    connection.execute(others.values(stage="Archived", updated_at=now))
            connection.execute(_one(name, version).values(**values))
            _touch(connection, name)
            return version_entries(connection, [_version(connection, name, version)])[0]

    def delete_version(self, name: str, version: int, *, author: str) -> None:
        """Delete a version and the aliases that point at it; its number is not given again."""
        now = now_ms()
        with self._database.write() as connection:
            _version(connection, name, version)
            for alias, target in store.get_aliases(connection, [name])[name].items():
                if target == version:
                    store.change_alias(connection, name, alias, None, author=author, now=now)
            connection.execute(_one(name, version).values(deleted_at=now))
            table = model_version_tags
            connection.execute(
                sa.delete(table).where(table.c.name == name, table.c.version == version)
            )
            _touch(connection, name)

    def search_versions(
        self,
        filter_string: str | None = None,
        max_results: int = 10_000,
        order_by: Sequence[str] = (),
        page_token: str | None = None,
    ) -> tuple[list[VersionEntry], str | None]:
        """Return a page of versions, last changed first by default, and the next page's token."""
        _limited(max_results, _MOST_VERSIONS)
        conditions = filters.parse_filter(filter_string, VERSION_FIELDS)
        query = sa.select(model_versions).where(
            model_versions.c.deleted_at.is_(None),
            *(version_condition(comparison) for comparison in conditions),
        )
        query = query.order_by(
            *orders_of(order_by, VERSION_FIELDS, VERSION_COLUMNS),
            *(() if order_by else (UPDATED.desc(),)),
            model_versions.c.name,
            model_versions.c.version.desc(),
        )
        start = _start(page_token)
        with self._database.read() as connection:
            rows = connection.execute(query.offset(start).limit(max_results + 1)).mappings().all()
            found = version_entries(connection, rows[:max_results])
        return found, paging.encode(start + max_results) if len(rows) > max_results else None


def _model(connection: Connection, name: str) -> RowMapping:
    row = store.get_model(connection, name)
    if row is None:
        raise NotFoundError(f"Registered model {name!r} does not exist.", name=name)
    return row


def _version(connection: Connection, name: str, version: int) -> RowMapping:
    rows = store.get_versions(connection, name, version)
    if not rows:
        raise NotFoundError(f"Model version {name!r} {version} does not exist.", name=name)
    return rows[0]


def _one(name: str, version: int) -> sa.Update:
    return sa.update(model_versions).where(
        model_versions.c.name == name, model_versions.c.version == version
    )


def _touch(connection: Connection, name: str, **values: Any) -> None:
    connection.execute(
        sa.update(registered_models)
        .where(registered_models.c.name == name)
        .values(updated_at=now_ms(), **values)
    )


def _owner(
    connection: Connection, name: str, version: int | None
) -> tuple[Table, dict[str, str | int]]:
    if version is None:
        _model(connection, name)
        return registered_model_tags, {"name": name}
    _version(connection, name, version)
    return model_version_tags, {"name": name, "version": version}


def _checked(tags: Mapping[str, str]) -> dict[str, str]:
    for key, value in tags.items():
        if not key or len(key) > 250:  # noqa: PLR2004 - the column's length
            raise InvalidInputError("A tag's key has 1 to 250 characters.")
        if len(value) > _TAG_LENGTH:
            raise InvalidInputError(f"A tag's value has at most {_TAG_LENGTH} characters.")
    return dict(tags)


def _put_tags(
    connection: Connection, table: Table, owner: Mapping[str, str | int], tags: Mapping[str, str]
) -> None:
    if tags:
        statement = insert(connection, table)
        upsert = statement.on_conflict_do_update(
            index_elements=[*owner, "key"], set_={"value": statement.excluded.value}
        )
        rows = [{**owner, "key": key, "value": value} for key, value in tags.items()]
        connection.execute(upsert, rows)


def _stage(stage: str) -> str:
    known = {name.lower(): name for name in STAGES}
    if stage.lower() not in known:
        raise InvalidInputError(f"A stage is one of {', '.join(STAGES)}.")
    return known[stage.lower()]


def _limited(count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise InvalidInputError(f"max_results is a number from 1 to {most}, not {count}.")


def _start(page_token: str | None) -> int:
    return max(0, min(paging.decode(page_token, int)[0], _LAST)) if page_token else 0
