"""What the rows of other rooms say of snapshots and notebooks.

Every function reads in the caller's transaction, and is quick at 100,000 snapshots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from ..core.clock import now_ms
from ..core.database import chunked, fetch
from ..snapshots.dating import latest_credible, recency
from ..snapshots.tables import notebooks, snapshots
from ..tracking.entities import PARENT_TAG, SNAPSHOT_TAG
from ..tracking.tables import runs, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection, Row, Select

_T = TypeVar("_T")

# where a notebook is now, whatever it was called when the snapshot was taken
PATH = sa.func.coalesce(notebooks.c.path, snapshots.c.notebook_path).label("notebook_path")
_NEWEST = (snapshots.c.created_at.desc(), snapshots.c.id.desc())
# a snapshot that is shown: neither it nor its run was deleted
IS_THERE = sa.and_(runs.c.lifecycle_stage == "active", snapshots.c.deleted_at.is_(None))


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
        if found := newest_first(connection.execute, _snapshots().where(condition), limit + 1):
            return found
    return []


def path_now(connection: Connection, path: str) -> str:
    """Return where the notebook is now that was at a path, the same if nothing is known of it."""
    if connection.scalar(sa.select(notebooks.c.path).where(notebooks.c.path == path)):
        return path
    query = _snapshots().where(snapshots.c.notebook_path == path)
    found = newest_first(connection.execute, query, 1)
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


def newest_first(
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


def _snapshots() -> Select[Any]:
    return (
        sa.select(
            snapshots.c.id,
            snapshots.c.run_id,
            PATH,
            snapshots.c.created_at,
            snapshots.c.grade,
            snapshots.c.status,
        )
        .join(runs, runs.c.run_id == snapshots.c.run_id)
        .outerjoin(notebooks, notebooks.c.notebook_id == snapshots.c.notebook_id)
        .where(IS_THERE)
    )
