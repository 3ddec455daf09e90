"""Finds things of the graph by what people call them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.database import id_starts
from ..core.errors import ConflictError, InvalidInputError, NotFoundError
from ..registry.store import model_versions
from ..snapshots import store as snapshot_store
from ..snapshots.tables import data_uses, notebooks, snapshots
from ..tracking.tables import runs
from . import data_store, registered, store
from .names import node_id, parse, parse_version
from .schemas import LineageMatch, LineageMatches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Connection, Select

    from .schemas import NodeKind

_SHORTEST_PREFIX = 6
_SUGGESTED = 3

# of the data whose names hold a text, so many are looked at more closely, the shortest first
_MOST_DATA = 1_000


def matching(connection: Connection, text: str, limit: int) -> LineageMatches:
    """Return at most ``limit`` things whose names hold a text, the best first.

    Upper and lower case are the same. Of a snapshot, the id has to begin with it.
    """
    text = text.strip()
    found = sorted(_matches(connection, text, limit + 1), key=lambda match: _rank(match, text))
    return LineageMatches(items=found[:limit], cut=len(found) > limit)


def meant(connection: Connection, name: str, paths: Iterable[str]) -> str:
    """Return the id of the node that a person means by a name; see ``LineageManager.find``.

    Args:
        connection: of a read transaction.
        name: it.
        paths: what it is in the project, if it is a path.
    """
    for found in (
        _named(connection, name),
        _path(connection, paths),
        _run(connection, name),
        _model(connection, name),
    ):
        if found is not None:
            return found
    similar = [match.id for match in matching(connection, name, _SUGGESTED).items]
    hint = (
        f"Did you mean {' or '.join(similar)}?"
        if similar
        else ("A file is known once a snapshot has used it.")
    )
    raise NotFoundError(
        f"No file, notebook, snapshot, run, model or deployment {name!r} is known. {hint}"
    )


def _matches(connection: Connection, text: str, most: int) -> Iterator[LineageMatch]:
    def names(query: Select[Any]) -> Iterable[str]:
        return connection.scalars(query.limit(most))

    yield from (_match("data", path) for path in names(_data(text)))
    yield from (_match("notebook", path) for path in names(_notebooks(text)))
    for model, version in connection.execute(_versions(text).limit(most)):
        yield _match("version", model, version)
    for row in registered.get_serving(connection, None):
        if text.lower() in row.name.lower():
            yield _match("deployment", row.name)
    prefix = text.lower()
    if len(prefix) >= _SHORTEST_PREFIX and re.fullmatch("[0-9a-f]+", prefix):
        yield from (_match("snapshot", found) for found in names(_snapshots(prefix)))


def _match(kind: NodeKind, name: str, version: int | None = None) -> LineageMatch:
    key = name if version is None else (name, version)
    return LineageMatch(id=node_id(kind, key), kind=kind, name=name, version=version)


def _rank(match: LineageMatch, text: str) -> tuple[bool, bool, int, str, int]:
    """Return a key that is least for what is called exactly so, then for what begins so."""
    wanted, last = text.lower(), match.name.rpartition("/")[2].lower()
    begins = last.startswith(wanted)
    return last != wanted, not begins, len(match.name), match.name, -(match.version or 0)


def _data(text: str) -> Select[Any]:
    # one walk over an index finds the names; only these are looked for among the snapshots
    path = data_uses.c.path
    found = _shortest(sa.select(path).where(_holds(path, text)).group_by(path), path)
    named = found.limit(_MOST_DATA).subquery()
    used = (
        sa.select(data_uses.c.path)
        .join(snapshots, snapshots.c.id == data_uses.c.snapshot_id)
        .join(runs, runs.c.run_id == snapshots.c.run_id)
        .where(path == named.c.path, store.IS_THERE)
    )
    return _shortest(sa.select(named.c.path).where(used.exists()), named.c.path)


def _notebooks(text: str) -> Select[Any]:
    path = notebooks.c.path
    taken = (
        sa.select(snapshots.c.id)
        .join(runs, runs.c.run_id == snapshots.c.run_id)
        .where(snapshots.c.notebook_id == notebooks.c.notebook_id, store.IS_THERE)
    )
    return _shortest(sa.select(path).where(_holds(path, text), taken.exists()), path)


def _versions(text: str) -> Select[Any]:
    name, version = model_versions.c.name, model_versions.c.version
    shown = name + " v" + sa.cast(version, sa.String)
    query = sa.select(name, version).where(model_versions.c.deleted_at.is_(None))
    return query.where(_holds(shown, text)).order_by(sa.func.length(name), name, version.desc())


def _snapshots(prefix: str) -> Select[Any]:
    query = sa.select(snapshots.c.id).join(runs, runs.c.run_id == snapshots.c.run_id)
    return query.where(id_starts(snapshots.c.id, prefix), store.IS_THERE)


def _holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.icontains(text, autoescape=True)


def _shortest(query: Select[Any], column: ColumnElement[str]) -> Select[Any]:
    return query.order_by(sa.func.length(column), column)


def _named(connection: Connection, name: str) -> str | None:
    if registered.get_serving(connection, None, names=[name]):
        return node_id("deployment", name)
    try:
        kind, key = parse(name)
        if kind == "version":
            parse_version(key)
    except InvalidInputError:
        return None
    return name


def _path(connection: Connection, paths: Iterable[str]) -> str | None:
    for path in paths:
        now = store.path_now(connection, path)
        if store.get_newest(connection, now, 1):
            return node_id("notebook", now)
        if data_store.is_known_path(connection, path):
            return node_id("data", path)
    return None


def _run(connection: Connection, name: str) -> str | None:
    if len(name) < _SHORTEST_PREFIX:
        return None
    rows = snapshot_store.get(connection, name)
    if len(rows) > 1:
        raise ConflictError(f"Several snapshots start with {name}. Give more digits.")
    if rows:
        return node_id("snapshot", rows[0].id)
    found = store.get_of_runs(connection, [name]).get(name)
    return node_id("snapshot", found) if found else None


def _model(connection: Connection, name: str) -> str | None:
    newest = [(row.name, row.version) for row in registered.get_live_versions(connection)]
    versions = [version for model, version in newest if model == name]
    if versions:
        return node_id("version", (name, max(versions)))
    model, slash, number = name.rpartition("/")
    if slash and number.isdigit() and registered.get_versions(connection, [parse_version(name)]):
        return node_id("version", (model, int(number)))
    return None
