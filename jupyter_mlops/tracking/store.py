"""Rows of experiments and runs. Every function works on the caller's transaction."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects.sqlite import insert

from ..core.database import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

experiments = sa.Table(
    "experiments",
    metadata,
    sa.Column("experiment_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(500), nullable=False, unique=True),
    sa.Column("lifecycle_stage", sa.String(16), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
)
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run_id", sa.String(32), primary_key=True),
    sa.Column(
        "experiment_id", sa.Integer, sa.ForeignKey("experiments.experiment_id"), nullable=False
    ),
    sa.Column("name", sa.String(250), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("lifecycle_stage", sa.String(16), nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger, nullable=True),
    sa.Index("ix_runs_newest", "lifecycle_stage", "started_at", "run_id"),
    sa.Index("ix_runs_experiment", "experiment_id", "lifecycle_stage", "started_at", "run_id"),
)
params, tags = (
    sa.Table(
        name,
        metadata,
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("key", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    for name in ("params", "tags")
)
metrics = sa.Table(
    "metrics",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), nullable=False),
    sa.Column("key", sa.String(250), nullable=False),
    sa.Column("value", sa.Float, nullable=True),
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("timestamp", sa.BigInteger, nullable=False),
    sa.Index("ix_metrics_history", "run_id", "key", "step", "timestamp"),
)
latest_metrics = sa.Table(
    "latest_metrics",
    metadata,
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("key", sa.String(250), primary_key=True),
    sa.Column("experiment_id", sa.Integer, nullable=False),
    sa.Column("value", sa.Float, nullable=True),
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("timestamp", sa.BigInteger, nullable=False),
    sa.Index("ix_latest_metrics_top", "experiment_id", "key", "value"),
)


def ensure_experiment(connection: Connection, name: str, now: int) -> int:
    """Return the id of the experiment ``name``, made if it is new."""
    connection.execute(
        insert(experiments)
        .values(name=name, lifecycle_stage="active", created_at=now, updated_at=now)
        .on_conflict_do_nothing(index_elements=["name"])
    )
    query = sa.select(experiments.c.experiment_id).where(experiments.c.name == name)
    return int(connection.execute(query).scalar_one())


def list_experiments(connection: Connection) -> list[Row[Any]]:
    """Return all experiments, oldest first."""
    return list(connection.execute(sa.select(experiments).order_by(experiments.c.experiment_id)))


def insert_run(connection: Connection, **values: Any) -> None:
    """Add a run."""
    connection.execute(sa.insert(runs).values(**values))


def update_run(connection: Connection, run_id: str, **values: Any) -> bool:
    """Change a run; False if there is none."""
    done = connection.execute(sa.update(runs).where(runs.c.run_id == run_id).values(**values))
    return done.rowcount == 1


def get_run(connection: Connection, run_id: str) -> Row[Any] | None:
    """Return a run's row."""
    return connection.execute(sa.select(runs).where(runs.c.run_id == run_id)).first()


def active_runs() -> sa.Select[tuple[str]]:
    """Return a query of the ids of all runs that are not deleted."""
    return sa.select(runs.c.run_id).where(runs.c.lifecycle_stage == "active")


def list_runs(
    connection: Connection,
    limit: int,
    after: tuple[int, str] | None,
    notebook_path: str | None,
    experiment_id: int | None,
) -> list[Row[Any]]:
    """Return at most ``limit`` active runs older than ``after``, newest first."""
    query = sa.select(runs).where(runs.c.lifecycle_stage == "active")
    if after is not None:
        query = query.where(sa.tuple_(runs.c.started_at, runs.c.run_id) < sa.tuple_(*after))
    if experiment_id is not None:
        query = query.where(runs.c.experiment_id == experiment_id)
    if notebook_path is not None:
        tag = sa.select(tags.c.run_id).where(
            tags.c.key == "mlops.notebook_path", tags.c.value == notebook_path
        )
        query = query.where(runs.c.run_id.in_(tag))
    order = (runs.c.started_at.desc(), runs.c.run_id.desc())
    return list(connection.execute(query.order_by(*order).limit(limit)))


def put_pairs(
    connection: Connection, table: sa.Table, run_id: str, pairs: Mapping[str, str]
) -> None:
    """Write a run's params or tags; a key that is there gets the new value."""
    if not pairs:
        return
    statement = insert(table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["run_id", "key"], set_={"value": statement.excluded.value}
        ),
        [{"run_id": run_id, "key": key, "value": value} for key, value in pairs.items()],
    )


def put_metrics(
    connection: Connection,
    run_id: str,
    experiment_id: int,
    points: Iterable[tuple[str, float, int, int]],
) -> None:
    """Append points (key, value, step, timestamp) and keep the latest of each key.

    The latest is the point with the greatest (step, timestamp, value), as in MLflow.
    """
    rows = [
        {
            "run_id": run_id,
            "key": key,
            "value": None if math.isnan(value) else value,
            "step": step,
            "timestamp": timestamp,
        }
        for key, value, step, timestamp in points
    ]
    if not rows:
        return
    connection.execute(sa.insert(metrics), rows)
    statement = insert(latest_metrics)
    new, old = statement.excluded, latest_metrics.c
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["run_id", "key"],
            set_={"value": new.value, "step": new.step, "timestamp": new.timestamp},
            where=sa.tuple_(new.step, new.timestamp) >= sa.tuple_(old.step, old.timestamp),
        ),
        [row | {"experiment_id": experiment_id} for row in rows],
    )


def facts(
    connection: Connection, run_ids: list[str]
) -> tuple[
    dict[str, dict[str, str]], dict[str, dict[str, str]], dict[str, dict[str, float | None]]
]:
    """Return the params, tags and latest metrics of many runs, in three queries."""
    return (
        _group(connection, params, run_ids),
        _group(connection, tags, run_ids),
        _group(connection, latest_metrics, run_ids),
    )


def _group(connection: Connection, table: sa.Table, run_ids: list[str]) -> dict[str, Any]:
    query = sa.select(table.c.run_id, table.c.key, table.c.value).where(table.c.run_id.in_(run_ids))
    grouped: dict[str, Any] = {run_id: {} for run_id in run_ids}
    for run_id, key, value in connection.execute(query.order_by(table.c.key)):
        grouped[run_id][key] = value
    return grouped
