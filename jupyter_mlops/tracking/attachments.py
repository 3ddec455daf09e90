"""What becomes of a run when the snapshot attached to it is renamed, deleted or brought back.

Every function works on the caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..core.database import chunked
from . import store
from .entities import GRADE_TAG, KERNEL_TAG, NOTEBOOK_TAG, PARENT_TAG, SNAPSHOT_TAG
from .tables import (
    latest_metrics,
    logged_model_metrics,
    metrics,
    pair_is,
    params,
    run_input_tags,
    run_inputs,
    run_models,
    runs,
    tags,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

# what a run has, before the run itself
_ROWS = (
    latest_metrics,
    params,
    tags,
    run_input_tags,
    run_inputs,
    run_models,
    logged_model_metrics,
    runs,
)


def rename(connection: Connection, run_ids: sa.Select[tuple[str]], path: str) -> None:
    """Tell runs where their notebook is now."""
    of_them = tags.c.run_id.in_(run_ids) & (tags.c.key == NOTEBOOK_TAG)
    connection.execute(sa.update(tags).where(of_them).values(value=path))


def follow(connection: Connection, old: str, new: str) -> None:
    """Tell what runs or waits where its notebook is now: at ``new``, or below it as it was."""
    running = sa.select(runs.c.run_id).where(runs.c.status.in_(("RUNNING", "SCHEDULED")))
    inside = sa.or_(tags.c.value == old, tags.c.value.startswith(f"{old}/", autoescape=True))
    of_them = (tags.c.key == NOTEBOOK_TAG) & tags.c.run_id.in_(running)
    query = sa.select(tags.c.run_id, tags.c.value).where(of_them, inside)
    for run_id, path in connection.execute(query).all():
        store.put_pairs(connection, tags, run_id, {NOTEBOOK_TAG: new + path[len(old) :]})


def attach(connection: Connection, run_id: str, snapshot_id: str, grade: str) -> None:
    """Make a snapshot the one that a run shows, and the run an active one."""
    store.put_pairs(connection, tags, run_id, {SNAPSHOT_TAG: snapshot_id, GRADE_TAG: grade})
    store.update_run(connection, run_id, lifecycle_stage="active")


def detach(connection: Connection, run_id: str) -> None:
    """Take a run's snapshot away; a run that MLflow's clients logged to stays for itself."""
    if _is_logged_to(connection, run_id):
        gone = tags.c.key.in_((SNAPSHOT_TAG, GRADE_TAG))
        connection.execute(sa.delete(tags).where(tags.c.run_id == run_id, gone))
    else:
        store.update_run(connection, run_id, lifecycle_stage="deleted")


def hide(connection: Connection, run_ids: Sequence[str]) -> None:
    """Delete runs that had nothing but their snapshots; ``attach`` brings one back."""
    for chunk in chunked(run_ids):
        change = sa.update(runs).where(runs.c.run_id.in_(chunk))
        connection.execute(change.values(lifecycle_stage="deleted"))


def purge(connection: Connection, run_ids: Sequence[str]) -> None:
    """Remove the rows of runs that nobody can bring back."""
    for chunk in chunked(run_ids):
        series = sa.select(latest_metrics.c.series_id).where(latest_metrics.c.run_id.in_(chunk))
        connection.execute(sa.delete(metrics).where(metrics.c.series_id.in_(series)))
        for table in _ROWS:
            connection.execute(sa.delete(table).where(table.c.run_id.in_(chunk)))


def _is_logged_to(connection: Connection, run_id: str) -> bool:
    own = (tags.c.run_id == run_id) & (
        (tags.c.key == KERNEL_TAG) | tags.c.key.startswith("mlflow.", autoescape=True)
    )
    inside = pair_is(tags, PARENT_TAG, run_id)
    return (
        connection.execute(sa.select(tags.c.run_id).where(own | inside).limit(1)).first()
        is not None
    )
