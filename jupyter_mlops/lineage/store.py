"""What the rows of other rooms say of who uses what.

Every function reads in the caller's transaction, and is quick at 100,000 snapshots.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from ..core.clock import now_ms
from ..core.database import chunked, fetch
from ..snapshots.dating import latest_credible, recency
from ..snapshots.tables import data_uses, notebooks, snapshots
from ..tracking.entities import PARENT_TAG, SNAPSHOT_TAG
from ..tracking.tables import runs, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select

_T = TypeVar("_T")

# of a datum that more snapshots used, the newest of these are looked at
_FEW = 1_000
_ESCAPE = "\\"

# where a notebook is now, whatever it was called when the snapshot was taken
_PATH = sa.func.coalesce(notebooks.c.path, snapshots.c.notebook_path).label("notebook_path")
_NEWEST = (snapshots.c.created_at.desc(), snapshots.c.id.desc())
# a snapshot that is shown: neither it nor its run was deleted
IS_THERE = sa.and_(runs.c.lifecycle_stage == "active", snapshots.c.deleted_at.is_(None))


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


def get_snapshots(connection: Connection, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Return those of the snapshots that are of active runs, by id."""
    return {
        row.id: row
        for chunk in chunked(ids)
        for row in connection.execute(_snapshots().where(snapshots.c.id.in_(chunk)))
    }


def get_newest(connection: Connection, path: str, limit: int) -> list[Row[Any]]:
    """Return the newest snapshots of the notebook at a path, one more than ``limit`` if there are.

    Where another notebook was put in its place, those of the one that was there.
    """
    here = sa.select(notebooks.c.notebook_id).where(notebooks.c.path == path).scalar_subquery()
    replaced = sa.and_(notebooks.c.path.is_(None), snapshots.c.notebook_path == path)
    for condition in (snapshots.c.notebook_id == here, replaced):
        if found := _newest_first(connection.execute, _snapshots().where(condition), limit + 1):
            return found
    return []


def path_now(connection: Connection, path: str) -> str:
    """Return where the notebook is now that was at a path, the same if nothing is known of it."""
    if connection.scalar(sa.select(notebooks.c.path).where(notebooks.c.path == path)):
        return path
    query = _snapshots().where(snapshots.c.notebook_path == path)
    found = _newest_first(connection.execute, query, 1)
    return found[0].notebook_path if found else path


def get_heads(connection: Connection) -> list[Row[Any]]:
    """Return what each notebook's results are, newest first.

    That is its newest snapshot, but not one of a failure, of a restore or of a reproduction.
    """
    now = now_ms()
    results = (
        sa.select(snapshots.c.id)
        .join(runs, runs.c.run_id == snapshots.c.run_id)
        .where(
            snapshots.c.notebook_id == notebooks.c.notebook_id,
            snapshots.c.status == "FINISHED",
            snapshots.c.origin.not_in(("safety", "reproduction")),
            IS_THERE,
        )
        .order_by(*_NEWEST)
        .limit(1)
        .correlate(notebooks)
    )
    credible = results.where(snapshots.c.created_at <= latest_credible(now))
    newest = sa.func.coalesce(credible.scalar_subquery(), results.scalar_subquery())
    query = sa.select(newest).select_from(notebooks).where(notebooks.c.path.is_not(None))
    ids = [row[0] for row in fetch(connection, query) if row[0]]
    rows = get_snapshots(connection, ids).values()
    return sorted(rows, key=lambda row: recency(row.created_at, row.id, now), reverse=True)


def get_of_runs(connection: Connection, run_ids: Iterable[str]) -> dict[str, str]:
    """Return the newest snapshot of each run, by run."""
    found: dict[str, str] = {}
    for chunk in chunked(run_ids):
        query = sa.select(tags.c.run_id, tags.c.value).where(
            tags.c.run_id.in_(chunk), tags.c.key == SNAPSHOT_TAG
        )
        found |= dict(fetch(connection, query))
    return found


def get_nested(connection: Connection, run_ids: Iterable[str]) -> set[str]:
    """Return the runs that are part of others, by what MLflow's clients say of them."""
    found: set[str] = set()
    for chunk in chunked(run_ids):
        query = sa.select(tags.c.run_id).where(tags.c.key == PARENT_TAG, tags.c.value.in_(chunk))
        found |= set(connection.scalars(query))
    return found


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
    rows = _newest_first(partial(fetch, connection), query, _FEW)
    for ids in chunked(sorted(registered)):
        rows += fetch(connection, query.where(data_uses.c.snapshot_id.in_(ids)))
    return rows


def _newest_first(
    look: Callable[[Select[Any]], Iterable[_T]], query: Select[Any], limit: int
) -> list[_T]:
    """Return at most so many rows, the newest first, and last what is dated as it cannot be.

    To order by both would sort all there are; each of the two queries walks over an index.
    """
    is_credible = snapshots.c.created_at <= latest_credible(now_ms())
    ordered = query.order_by(*_NEWEST)
    found = list(look(ordered.where(is_credible).limit(limit)))
    if len(found) < limit:
        found += look(ordered.where(~is_credible).limit(limit - len(found)))
    return found


def _uses(column: ColumnElement[str]) -> Select[Any]:
    return (
        sa.select(
            column.label("value"),
            data_uses.c.snapshot_id,
            _PATH,
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


def other_paths(connection: Connection, digest: str, limit: int) -> Sequence[str]:
    """Return paths that had a content."""
    query = sa.select(data_uses.c.path).where(data_uses.c.digest == digest).distinct()
    return connection.scalars(query.limit(limit)).all()


def _snapshots() -> Select[Any]:
    return (
        sa.select(
            snapshots.c.id,
            snapshots.c.run_id,
            _PATH,
            snapshots.c.created_at,
            snapshots.c.grade,
            snapshots.c.status,
        )
        .join(runs, runs.c.run_id == snapshots.c.run_id)
        .outerjoin(notebooks, notebooks.c.notebook_id == snapshots.c.notebook_id)
        .where(IS_THERE)
    )
