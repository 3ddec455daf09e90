"""The model registry: names, immutable versions, aliases and their history.

It reads models' folders and never loads a model; who may register what is not its business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core import paging
from ..core.clock import from_ms, now_ms
from ..core.errors import InvalidInputError, ModelUnsupportedError, NotFoundError
from . import store
from .mlmodel import ModelFacts, not_a_model, read_facts
from .names import check_alias, check_model_name
from .schemas import (
    AliasChange,
    AliasHistory,
    ModelVersion,
    RegisteredModel,
    RegisteredModelDetail,
    RegisteredModelPage,
    VersionSource,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, RowMapping

    from ..core.database import Database
    from ..objects.manager import ObjectManager

_MAX_LIMIT = 1000


class RegistryManager:
    """The registered models of one store.

    Args:
        database: where the rows are.
        objects: where the models' folders are kept.
        registered: told of each new version; it must not raise, nor wait.
    """

    def __init__(
        self,
        database: Database,
        objects: ObjectManager,
        *,
        registered: Callable[[ModelVersion], None] = lambda _: None,
    ) -> None:
        self._registered = registered
        self._database = database
        self._objects = objects

    def register_folder(
        self,
        name: str,
        folder: Path,
        *,
        author: str,
        source: VersionSource,
        description: str = "",
    ) -> ModelVersion:
        """Store a folder in MLflow's model format as the next version of ``name``.

        Raises:
            InvalidInputError: the name cannot be, or the folder is no model.
            NotFoundError: there is no such folder.
            ForbiddenPathError: a link in the folder leads out of it.
            ConflictError: a file kept changing while it was read.
            StoreUnavailableError: the store cannot be written.
        """
        check_model_name(name)
        if not folder.is_dir():
            raise NotFoundError(f"There is no folder {folder}.", path=str(folder))
        if not (folder / "MLmodel").is_file():
            raise not_a_model()
        tree = self._objects.put_tree(folder)
        return self.register_tree(
            name, tree.object_id, author=author, source=source, description=description
        )

    def register_tree(
        self,
        name: str,
        object_id: str,
        *,
        author: str,
        source: VersionSource,
        description: str = "",
    ) -> ModelVersion:
        """Register a folder that is in the object store as the next version of ``name``.

        Raises:
            InvalidInputError: the name cannot be, or the object is no model's folder.
            NotFoundError: there is no such object.
            StoreUnavailableError: the store cannot be read or written.
        """
        check_model_name(name)
        tree = self._objects.tree(object_id)
        ids = {entry.path: entry.object_id for entry in tree.entries}
        facts = read_facts(lambda path: self._objects.read(ids[path]) if path in ids else None)
        values = _row(facts, source) | {
            "created_at": now_ms(),
            "author": author,
            "description": description,
            "object_id": object_id,
            "size_bytes": tree.size_bytes,
        }
        return self._add(name, values)

    def register_reference(
        self, name: str, *, author: str, source: VersionSource, description: str = ""
    ) -> ModelVersion:
        """Register a model whose files are elsewhere, or not in MLflow's format.

        Raises:
            InvalidInputError: the name cannot be.
        """
        check_model_name(name)
        nothing = ModelFacts(
            flavor="", serialization="", signature=None, input_example=None, requirements=[]
        )
        values = _row(nothing, source) | {
            "created_at": now_ms(),
            "author": author,
            "description": description,
            "object_id": None,
            "size_bytes": 0,
        }
        return self._add(name, values)

    def _add(self, name: str, values: dict[str, Any]) -> ModelVersion:
        with self._database.write() as connection:
            version = store.add_version(connection, name, values)
            made = _version(connection, name, version)
        self._registered(made)
        return made

    def models(self, *, limit: int = 100, page_token: str | None = None) -> RegisteredModelPage:
        """List registered models, by name.

        Raises:
            InvalidInputError: the limit is not in 1..1000, or the token is not ours.
        """
        if not 1 <= limit <= _MAX_LIMIT:
            raise InvalidInputError(f"Ask for 1 to {_MAX_LIMIT} models.", limit=limit)
        after = paging.decode(page_token, str)[0] if page_token else None
        with self._database.read() as connection:
            rows = store.get_models(connection, after=after, limit=limit + 1)
            page, token = paging.cut(rows, limit, lambda row: paging.encode(row["name"]))
            aliases = store.get_aliases(connection, [row["name"] for row in page])
        items = [RegisteredModel(**_model_fields(row, aliases[row["name"]])) for row in page]
        return RegisteredModelPage(items=items, next_token=token)

    def model(self, name: str) -> RegisteredModelDetail:
        """Return a model with all its versions, newest first.

        Raises:
            NotFoundError: there is no such model.
        """
        with self._database.read() as connection:
            row, aliases = _model(connection, name)
            rows = store.get_versions(connection, name)
        versions = [_to_version(version, aliases) for version in rows]
        return RegisteredModelDetail(**_model_fields(row, aliases), versions=versions)

    def version(self, name: str, version: int, *, deleted: bool = False) -> ModelVersion:
        """Return one version, one that is deleted only if asked for: it may still be deployed.

        Raises:
            NotFoundError: there is no such model or version.
        """
        with self._database.read() as connection:
            if deleted and (rows := store.get_versions(connection, name, version, deleted=True)):
                return _to_version(rows[0], store.get_aliases(connection, [name])[name])
            return _version(connection, name, version)

    def references(self) -> Iterator[tuple[str, set[str]]]:
        """Give what each version is called, and the stored folder that it needs."""
        with self._database.read() as connection:
            rows = store.contents(connection)
        for name, version, object_id in rows:
            yield f"{name} version {version}", {object_id}

    def sources(self) -> set[str]:
        """Return the snapshots that versions were made from."""
        with self._database.read() as connection:
            return {snapshot_id for snapshot_id, _, _ in store.snapshots(connection)}

    def made_from(
        self, connection: Connection, snapshot_ids: Sequence[str]
    ) -> dict[str, list[str]]:
        """Return the versions that were made from each of some snapshots, for who has any."""
        wanted = set(snapshot_ids)
        found: dict[str, list[str]] = {}
        for snapshot_id, name, version in store.snapshots(connection):
            if snapshot_id in wanted:
                found.setdefault(snapshot_id, []).append(f"{name} version {version}")
        return found

    def resolve(
        self, name: str, *, version: int | None = None, alias: str | None = None
    ) -> ModelVersion:
        """Return the version that a number or an alias names, the newest when neither is given.

        Raises:
            InvalidInputError: both are given.
            NotFoundError: there is no such model, version or alias.
        """
        if version is not None and alias is not None:
            raise InvalidInputError("Give a version or an alias, not both.")
        with self._database.read() as connection:
            row, aliases = _model(connection, name)
            if alias is not None:
                version = _aliased(name, alias, aliases)
            newest = int(row["latest_version"])
            return _version(connection, name, newest if version is None else version)

    def set_alias(self, name: str, alias: str, version: int, *, author: str) -> RegisteredModel:
        """Point an alias at a version, wherever it pointed before.

        Raises:
            InvalidInputError: the alias cannot be.
            NotFoundError: there is no such model or version.
        """
        check_alias(alias)
        with self._database.write() as connection:
            current = _version(connection, name, version)
            if alias not in current.aliases:
                store.change_alias(connection, name, alias, version, author=author, now=now_ms())
            return _registered_model(connection, name)

    def delete_alias(self, name: str, alias: str, *, author: str) -> RegisteredModel:
        """Remove an alias; its history stays.

        Raises:
            NotFoundError: there is no such model or alias.
        """
        with self._database.write() as connection:
            _, aliases = _model(connection, name)
            _aliased(name, alias, aliases)
            store.change_alias(connection, name, alias, None, author=author, now=now_ms())
            return _registered_model(connection, name)

    def alias_history(self, name: str, *, alias: str | None = None) -> AliasHistory:
        """Return all changes of a model's aliases, or of one of them, newest first.

        Raises:
            NotFoundError: there is no such model.
        """
        with self._database.read() as connection:
            _model(connection, name)
            rows = store.get_alias_changes(connection, name, alias)
        return AliasHistory(
            items=[AliasChange(**{**row, "changed_at": from_ms(row["changed_at"])}) for row in rows]
        )

    def checkout(self, name: str, version: int, folder: Path) -> None:
        """Write a version's folder, in MLflow's model format, to ``folder``.

        Raises:
            ModelUnsupportedError: the version is a reference to files that are elsewhere.
            NotFoundError: there is no such model or version.
            StoreUnavailableError: the store cannot be read, or the folder not written.
        """
        object_id = self.version(name, version, deleted=True).object_id
        if object_id is None:
            raise out_of_reach(name, version)
        self._objects.checkout_tree(object_id, folder)


def out_of_reach(name: str, version: int) -> ModelUnsupportedError:
    """Return the error for a version whose files are not in the store."""
    return ModelUnsupportedError(
        f"The files of {name} version {version} are not in this store. "
        "Register the model from a run, a notebook or a folder here.",
        name=name,
        version=version,
    )


def _row(facts: ModelFacts, source: VersionSource) -> dict[str, Any]:
    return {
        "status": "READY",
        "framework": source.framework or facts.flavor,
        "flavor": facts.flavor,
        "class_name": source.class_name or "",
        "serialization": source.serialization or facts.serialization,
        "run_id": source.run_id,
        "snapshot_id": source.snapshot_id,
        "notebook_path": source.notebook_path,
        "variable": source.variable,
        "executable": source.executable,
        "signature": facts.signature,
        "input_example": facts.input_example,
        "requirements": facts.requirements,
        "source": source.source,
        "run_link": source.run_link,
        "model_id": source.model_id,
    }


def _model(connection: Connection, name: str) -> tuple[RowMapping, dict[str, int]]:
    row = store.get_model(connection, name)
    if row is None:
        raise NotFoundError(f"There is no registered model {name!r}.", name=name)
    return row, store.get_aliases(connection, [name])[name]


def _registered_model(connection: Connection, name: str) -> RegisteredModel:
    return RegisteredModel(**_model_fields(*_model(connection, name)))


def _model_fields(row: RowMapping, aliases: dict[str, int]) -> dict[str, Any]:
    moments = {key: from_ms(row[key]) for key in ("created_at", "updated_at")}
    return {**row, **moments, "aliases": aliases}


def _version(connection: Connection, name: str, version: int) -> ModelVersion:
    _, aliases = _model(connection, name)
    rows = store.get_versions(connection, name, version)
    if not rows:
        raise NotFoundError(
            f"The model {name!r} has no version {version}.", name=name, version=version
        )
    return _to_version(rows[0], aliases)


def _to_version(row: RowMapping, aliases: Mapping[str, int]) -> ModelVersion:
    pointing = [alias for alias, version in aliases.items() if version == row["version"]]
    fields = {key: row[key] for key in ModelVersion.model_fields if key in row}
    moment = from_ms(row["created_at"])
    return ModelVersion(**{**fields, "created_at": moment, "aliases": pointing})


def _aliased(name: str, alias: str, aliases: Mapping[str, int]) -> int:
    if alias not in aliases:
        known = ", ".join(aliases) or "none"
        raise NotFoundError(
            f"The model {name!r} has no alias {alias!r}; it has: {known}.", name=name, alias=alias
        )
    return aliases[alias]
