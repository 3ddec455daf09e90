"""What the rows of snapshots say of who used which data.

Every function reads in the caller's transaction, and is quick at 100,000 snapshots.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.clock import now_ms
from ..core.database import chunked, fetch
from ..snapshots.dating import recency
from ..snapshots.tables import data_uses, notebooks, snapshots
from ..tracking.tables import runs
from .store import IS_THERE, PATH, newest_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Row, Select

# of a datum that more snapshots used, the newest of these are looked at
_FEW = 1_000
_ESCAPE = "\\"


@dataclass(frozen=True)
class Use:
    """A use of a datum by a snapshot; ``total`` counts the notebook's snapshots that have one."""

    snapshot_id: str
    notebook_path: str
    created_at: int
    path: str
    kind: str
    digest: str | None
    whole: bool | None
    total: int = 0


def get_uses(connection: Connection, ids: Iterable[str]) -> list[Row[Any]]:
    """Return what the snapshots read and wrote, in their order."""
    found: list[Row[Any]] = []
    for chunk in chunked(ids):
        query = sa.select(data_uses).where(data_uses.c.snapshot_id.in_(chunk))
        found += connection.execute(query.order_by(data_uses.c.snapshot_id, data_uses.c.position))
    return found


def of_paths(
    connection: Connection,
    paths: Iterable[str],
    mode: str,
    per_notebook: int,
    registered: set[str],
) -> dict[str, list[Use]]:
    """Return who used each path: each notebook's newest snapshots, and the ``registered``."""
    return _users(connection, data_uses.c.path, paths, mode, per_notebook, registered)


def of_digests(
    connection: Connection,
    digests: Iterable[str],
    mode: str,
    per_notebook: int,
    registered: set[str],
) -> dict[str, list[Use]]:
    """Return who used each content, under whatever path."""
    return _users(connection, data_uses.c.digest, digests, mode, per_notebook, registered)


def below(
    connection: Connection, folder: str, mode: str, per_notebook: int, registered: set[str]
) -> list[Use]:
    """Return who used something in a folder."""
    pattern = f"{_escaped(folder)}/%"
    path, of_mode = data_uses.c.path, data_uses.c.mode == mode
    used, inside = _uses(path).where(of_mode), path.like(pattern, escape=_ESCAPE)
    count = sa.select(sa.func.count()).select_from(data_uses).where(inside, of_mode)
    if (connection.scalar(count) or 0) <= _FEW:
        rows = fetch(connection, used.where(inside))
    else:
        unindexed = path.concat("").like(pattern, escape=_ESCAPE)
        rows = _newest(connection, used.where(unindexed), registered)
    return [use for uses in _ranked(rows, per_notebook, registered).values() for use in uses]


def first_use(connection: Connection, path: str, digest: str) -> int | None:
    """Return when a path was first seen with a content."""
    query = (
        sa.select(sa.func.min(snapshots.c.created_at))
        .join(data_uses, data_uses.c.snapshot_id == snapshots.c.id)
        .where(data_uses.c.path == path, data_uses.c.digest == digest)
    )
    found: int | None = connection.scalar(query)
    return found


def count_contents(connection: Connection, paths: Iterable[str]) -> dict[str, int]:
    """Return how many different contents of each path are known."""
    distinct = sa.func.count(sa.distinct(data_uses.c.digest))
    found: dict[str, int] = {}
    for chunk in chunked(paths):
        query = sa.select(data_uses.c.path, distinct).where(data_uses.c.path.in_(chunk))
        found |= dict(fetch(connection, query.group_by(data_uses.c.path)))
    return found


def is_known_path(connection: Connection, path: str) -> bool:
    """Tell whether some snapshot used the path."""
    query = sa.select(data_uses.c.path).where(data_uses.c.path == path).limit(1)
    return connection.scalar(query) is not None


def other_paths(connection: Connection, digest: str, limit: int) -> list[str]:
    """Return paths that had a content."""
    query = sa.select(data_uses.c.path).where(data_uses.c.digest == digest).distinct()
    return list(connection.scalars(query.limit(limit)))


def _escaped(text: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        text = text.replace(special, _ESCAPE + special)
    return text


def _users(
    connection: Connection,
    column: ColumnElement[str],
    wanted: Iterable[str],
    mode: str,
    per_notebook: int,
    registered: set[str],
) -> dict[str, list[Use]]:
    used, of_mode = _uses(column).where(data_uses.c.mode == mode), data_uses.c.mode == mode
    found: dict[str, list[Use]] = {}
    for chunk in chunked(wanted):
        counts = sa.select(column, sa.func.count()).where(column.in_(chunk), of_mode)
        few: list[str] = []
        for value, count in fetch(connection, counts.group_by(column)):
            if count <= _FEW:
                few.append(value)
                continue
            rows = _newest(connection, used.where(column.concat("") == value), registered)
            found |= _ranked(rows, per_notebook, registered)
        rows = fetch(connection, used.where(column.in_(few))) if few else []
        found |= _ranked(rows, per_notebook, registered)
    return found


def _newest(
    connection: Connection, query: Select[Any], registered: set[str]
) -> list[tuple[Any, ...]]:
    """Return the newest uses, and those by ``registered``, of what nearly all snapshots use.

    These are soon found among the newest snapshots, unless the planner takes the index by which
    it would find all of them: the query adds an empty text to the column, which keeps it from that.
    """
    rows = newest_first(partial(fetch, connection), query, _FEW)
    for ids in chunked(sorted(registered)):
        rows += fetch(connection, query.where(data_uses.c.snapshot_id.in_(ids)))
    return rows


def _uses(column: ColumnElement[str]) -> Select[Any]:
    return (
        sa.select(
            column.label("value"),
            data_uses.c.snapshot_id,
            PATH,
            snapshots.c.created_at,
            data_uses.c.path,
            data_uses.c.kind,
            data_uses.c.digest,
            data_uses.c.whole,
        )
        .select_from(snapshots)
        .join(data_uses, data_uses.c.snapshot_id == snapshots.c.id)
        .join(runs, runs.c.run_id == snapshots.c.run_id)
        .outerjoin(notebooks, notebooks.c.notebook_id == snapshots.c.notebook_id)
        .where(IS_THERE)
    )


def _ranked(
    rows: Iterable[tuple[Any, ...]], per_notebook: int, registered: set[str]
) -> dict[str, list[Use]]:
    """Return by value each notebook's newest uses and as many registered ones, newest first."""
    by_notebook: defaultdict[tuple[str, str], dict[str, Use]] = defaultdict(dict)
    for value, *columns, whole in rows:
        facts = (*columns, None if whole is None else bool(whole))
        use = Use(*facts)
        by_notebook[value, use.notebook_path][use.snapshot_id] = use
    now = now_ms()
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for (value, _), uses in by_notebook.items():
        newest = sorted(
            uses.values(),
            key=lambda use: recency(use.created_at, use.snapshot_id, now),
            reverse=True,
        )
        known = [use for use in newest if use.snapshot_id in registered]
        kept = dict.fromkeys([*newest[:per_notebook], *known[:per_notebook]])
        found[value] += [replace(use, total=len(newest)) for use in kept]
    return found
