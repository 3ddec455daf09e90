"""What the rows of other rooms say of models' versions and of what serves them.

Every function reads in the caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.clock import now_ms
from ..core.database import chunked, fetch
from ..deployments.store import deployments, revisions
from ..registry.store import model_aliases, model_versions
from ..snapshots.dating import recency
from ..tracking.entities import SNAPSHOT_TAG
from ..tracking.tables import tags
from .store import get_of_runs, get_snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row, Select

    from .names import Version


def get_versions(connection: Connection, wanted: Iterable[Version]) -> list[Row[Any]]:
    """Return those of the versions that are not deleted."""
    both = sa.tuple_(model_versions.c.name, model_versions.c.version)
    found: list[Row[Any]] = []
    for chunk in chunked(wanted):
        found += connection.execute(_versions().where(both.in_(chunk)))
    return found


def get_sources(connection: Connection, versions: Iterable[Row[Any]]) -> dict[Version, str]:
    """Return the snapshots that versions, or the runs behind them, come from; where known."""
    rows = list(versions)
    run_ids = [row.run_id for row in rows if row.run_id and not row.snapshot_id]
    of_runs = get_of_runs(connection, run_ids)
    sources = {
        (row.name, row.version): row.snapshot_id or of_runs.get(row.run_id or "") for row in rows
    }
    there = get_snapshots(connection, {source for source in sources.values() if source})
    return {version: source for version, source in sources.items() if source in there}


def get_registered(
    connection: Connection, ids: Sequence[str], run_ids: Sequence[str]
) -> list[Row[Any]]:
    """Return the versions that were registered from snapshots, or from their runs."""
    found: dict[Version, Row[Any]] = {}
    for column, wanted in ((model_versions.c.snapshot_id, ids), (model_versions.c.run_id, run_ids)):
        for chunk in chunked(wanted):
            for row in connection.execute(_versions().where(column.in_(chunk))):
                found[row.name, row.version] = row
    return list(found.values())


def get_registered_of(connection: Connection, notebook_path: str, limit: int) -> list[str]:
    """Return the snapshots of a notebook from which models were registered, newest first."""
    rows = get_snapshots(connection, sorted(get_registered_ids(connection))).values()
    now = now_ms()
    of_notebook = sorted(
        (row for row in rows if row.notebook_path == notebook_path),
        key=lambda row: recency(row.created_at, row.id, now),
        reverse=True,
    )
    return [row.id for row in of_notebook[:limit]]


def get_live_versions(connection: Connection) -> list[Row[Any]]:
    """Return the versions that matter now: the newest of each model, aliased and served ones."""
    newest = sa.select(model_versions.c.name, sa.func.max(model_versions.c.version)).where(
        model_versions.c.deleted_at.is_(None)
    )
    aliased = sa.select(model_aliases.c.name, model_aliases.c.version)
    wanted: set[Version] = {
        (name, version)
        for query in (newest.group_by(model_versions.c.name), aliased)
        for name, version in fetch(connection, query)
    }
    wanted |= {(row.model_name, row.model_version) for row in get_serving(connection, None)}
    return get_versions(connection, sorted(wanted))


def get_serving(
    connection: Connection,
    store_id: str | None,
    *,
    names: Sequence[str] | None = None,
    versions: Sequence[Version] | None = None,
) -> list[Row[Any]]:
    """Return deployments with the model version that each is to serve."""
    query = sa.select(deployments, revisions.c.model_name, revisions.c.model_version).join(
        revisions,
        sa.and_(
            revisions.c.name == deployments.c.name, revisions.c.revision == deployments.c.revision
        ),
    )
    if store_id is not None:
        query = query.where(deployments.c.store_id == store_id)
    if names is not None:
        query = query.where(deployments.c.name.in_(names))
    rows = connection.execute(query.order_by(deployments.c.name)).all()
    if versions is None:
        return list(rows)
    served = set(versions)
    return [row for row in rows if (row.model_name, row.model_version) in served]


def get_registered_ids(connection: Connection) -> set[str]:
    """Return the snapshots from which, or from whose runs, models were registered."""
    live = model_versions.c.deleted_at.is_(None)
    of_snapshots = sa.select(model_versions.c.snapshot_id).where(
        live, model_versions.c.snapshot_id.is_not(None)
    )
    of_runs = sa.select(tags.c.value).join(
        model_versions,
        sa.and_(model_versions.c.run_id == tags.c.run_id, live, tags.c.key == SNAPSHOT_TAG),
    )
    return {row[0] for query in (of_snapshots, of_runs) for row in fetch(connection, query)}


def _versions() -> Select[Any]:
    return sa.select(
        model_versions.c.name,
        model_versions.c.version,
        model_versions.c.created_at,
        model_versions.c.run_id,
        model_versions.c.snapshot_id,
    ).where(model_versions.c.deleted_at.is_(None))
