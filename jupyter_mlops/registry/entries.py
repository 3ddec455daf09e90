"""Models and versions as MLflow describes them, put together from rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import store
from .store import model_version_tags, registered_model_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version as MLflow describes it; times in milliseconds."""

    name: str
    version: int
    creation_time: int
    last_update_time: int
    author: str
    description: str
    stage: str
    source: str | None
    object_id: str | None
    run_id: str | None
    run_link: str | None
    model_id: str | None
    tags: dict[str, str]
    aliases: list[str]


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A registered model as MLflow describes it; ``latest`` has the newest version of a stage."""

    name: str
    description: str
    creation_time: int
    last_update_time: int
    tags: dict[str, str]
    aliases: dict[str, int]
    latest: list[VersionEntry]


def model_entries(connection: Connection, rows: Sequence[RowMapping]) -> list[ModelEntry]:
    """Return registered models of ``store.get_model``'s rows, in their order."""
    names = [row["name"] for row in rows]
    aliases = store.get_aliases(connection, names)
    table = registered_model_tags
    tags: dict[str, dict[str, str]] = {name: {} for name in names}
    for name, key, value in connection.execute(
        sa.select(table).where(table.c.name.in_(names)).order_by(table.c.key)
    ):
        tags[name][key] = value
    return [
        ModelEntry(
            name=row["name"],
            description=row["description"],
            creation_time=row["created_at"],
            last_update_time=row["updated_at"],
            tags=tags[row["name"]],
            aliases=aliases[row["name"]],
            latest=_newest(
                version_entries(connection, store.get_versions(connection, row["name"]))
            ),
        )
        for row in rows
    ]


def _newest(entries: Sequence[VersionEntry]) -> list[VersionEntry]:
    """Return the first of each stage; ``entries`` are newest first."""
    by_stage: dict[str, VersionEntry] = {}
    for entry in entries:
        by_stage.setdefault(entry.stage, entry)
    return list(by_stage.values())


def version_entries(connection: Connection, rows: Sequence[RowMapping]) -> list[VersionEntry]:
    """Return versions of their rows, in their order."""
    names = list({row["name"] for row in rows})
    pointing: dict[tuple[str, int], list[str]] = {}
    for name, aliases in store.get_aliases(connection, names).items():
        for alias, version in aliases.items():
            pointing.setdefault((name, version), []).append(alias)
    table = model_version_tags
    tags: dict[tuple[str, int], dict[str, str]] = {}
    for name, version, key, value in connection.execute(
        sa.select(table).where(table.c.name.in_(names)).order_by(table.c.key)
    ):
        tags.setdefault((name, version), {})[key] = value
    return [
        VersionEntry(
            name=row["name"],
            version=row["version"],
            creation_time=row["created_at"],
            last_update_time=row["updated_at"] or row["created_at"],
            author=row["author"],
            description=row["description"],
            stage=row["stage"] or "None",
            source=row["source"],
            object_id=row["object_id"],
            run_id=row["run_id"],
            run_link=row["run_link"],
            model_id=row["model_id"],
            tags=tags.get((row["name"], row["version"]), {}),
            aliases=pointing.get((row["name"], row["version"]), []),
        )
        for row in rows
    ]
