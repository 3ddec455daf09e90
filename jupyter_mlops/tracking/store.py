"""Rows of experiments and runs. Every function works on the caller's transaction."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.database import chunked, fetch, id_starts, insert, insert_in
from ..core.errors import NotFoundError
from .entities import Point
from .tables import (
    DEFAULT_EXPERIMENT_ID,
    experiments,
    latest_metrics,
    logged_model_metrics,
    logged_models,
    metrics,
    runs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from .entities import ModelPoint


def ensure_experiment(connection: Connection, name: str, now: int) -> int:
    """Return the id of the experiment ``name``, made if it is new."""
    connection.execute(
        insert(connection, experiments)
        .values(name=name, lifecycle_stage="active", created_at=now, updated_at=now)
        .on_conflict_do_nothing(index_elements=["name"])
    )
    query = sa.select(experiments.c.experiment_id).where(experiments.c.name == name)
    return int(connection.execute(query).scalar_one())


def list_experiments(connection: Connection) -> list[Row[Any]]:
    """Return all experiments, oldest first."""
    return list(connection.execute(sa.select(experiments).order_by(experiments.c.experiment_id)))


def active_experiments(connection: Connection, hidden: Sequence[str] = ()) -> list[int]:
    """Return the ids of the experiments that are not deleted, but of those named ``hidden``."""
    query = sa.select(experiments.c.experiment_id).where(experiments.c.lifecycle_stage == "active")
    if hidden:
        query = query.where(experiments.c.name.not_in(hidden))
    return list(connection.execute(query).scalars()) or [DEFAULT_EXPERIMENT_ID]


def insert_run(connection: Connection, **values: Any) -> None:
    """Add a run."""
    connection.execute(sa.insert(runs).values(**values))


def update_run(
    connection: Connection, run_id: str, *, was: str | None = None, **values: Any
) -> bool:
    """Change a run, if its status is ``was`` where that is given; tell whether it was changed."""
    statement = sa.update(runs).where(runs.c.run_id == run_id)
    if was is not None:
        statement = statement.where(runs.c.status == was)
    return connection.execute(statement.values(**values)).rowcount > 0


def get_run(connection: Connection, run_id: str) -> Row[Any] | None:
    """Return a run's row."""
    return connection.execute(sa.select(runs).where(runs.c.run_id == run_id)).first()


def run_ids(connection: Connection, prefix: str) -> list[str]:
    """Return at most two ids of runs that start with ``prefix``."""
    query = sa.select(runs.c.run_id).where(id_starts(runs.c.run_id, prefix))
    return list(connection.execute(query.limit(2)).scalars())


def is_active(run_id: sa.ColumnElement[str]) -> sa.Exists:
    """Return the condition that a run is there and not deleted."""
    return sa.exists().where(runs.c.run_id == run_id, runs.c.lifecycle_stage == "active")


def put_pairs(
    connection: Connection, table: sa.Table, owner: str, pairs: Mapping[str, str]
) -> None:
    """Write params or tags of a run, experiment or model; a key that is there gets the new value.

    ``owner`` is the value of the table's first column.
    """
    if not pairs:
        return
    column = table.c[0].name
    statement = insert(connection, table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[column, "key"], set_={"value": statement.excluded.value}
        ),
        [{column: owner, "key": key, "value": value} for key, value in pairs.items()],
    )


def get_pairs(
    connection: Connection, table: sa.Table, owners: Sequence[Any]
) -> defaultdict[Any, dict[str, str]]:
    """Return the params or tags of many owners, by owner, sorted by key."""
    found: defaultdict[Any, dict[str, str]] = defaultdict(dict)
    for chunk in chunked(owners):
        for owner, key, value in fetch(connection, _pairs_of(table), {"owners": chunk}):
            found[owner][key] = value
    return found


@cache
def _pairs_of(table: sa.Table) -> sa.Select[Any]:
    owner = table.c[0]
    query = sa.select(owner, table.c.key, table.c.value)
    return query.where(owner.in_(sa.bindparam("owners", expanding=True))).order_by(
        owner, table.c.key
    )


def put_metrics(connection: Connection, logged: Mapping[tuple[str, int], Sequence[Point]]) -> None:
    """Append points and keep the latest of each key.

    The latest is the point with the greatest (step, timestamp, value), NaN counting as 0; a point
    that is there already is not added again. Both as in MLflow.

    Args:
        connection: in a transaction.
        logged: the points by run and experiment.
    """
    latest: dict[tuple[str, str], tuple[int, Point]] = {}
    for (run_id, experiment_id), points in logged.items():
        for point in points:
            known = latest.get((run_id, point.key))
            if known is None or _age(point) > _age(known[1]):
                latest[run_id, point.key] = experiment_id, point
    if not latest:
        return
    series = _put_latest(connection, latest)
    rows = [
        {
            "series_id": series[run_id, point.key],
            "timestamp": point.timestamp,
            "step": point.step,
            "value": 0.0 if math.isnan(point.value) else point.value,
            "is_nan": math.isnan(point.value),
        }
        for (run_id, _), points in logged.items()
        for point in points
    ]
    connection.execute(_insert_points(connection.dialect.name), rows)


def _age(point: Point) -> tuple[int, int, float]:
    return point.step, point.timestamp, 0.0 if math.isnan(point.value) else point.value


def _put_latest(
    connection: Connection, latest: Mapping[tuple[str, str], tuple[int, Point]]
) -> dict[tuple[str, str], int]:
    """Write the latest values where they are newer, and return the series' ids by run and key."""
    rows = [
        {
            "run_id": run_id,
            "key": key,
            "experiment_id": experiment_id,
            "value": None if math.isnan(point.value) else point.value,
            "step": point.step,
            "timestamp": point.timestamp,
        }
        # every writer locks in the same order
        for (run_id, key), (experiment_id, point) in sorted(latest.items())
    ]
    statement = _upsert_latest(connection.dialect.name)
    found = connection.execute(statement, rows if len(rows) > 1 else rows[0])
    return {(row.run_id, row.key): row.series_id for row in found}


@cache
def _insert_points(dialect: str) -> Any:
    return insert_in(dialect, metrics).on_conflict_do_nothing()


@cache
def _upsert_latest(dialect: str) -> Any:
    statement = insert_in(dialect, latest_metrics)
    new, old = statement.excluded, latest_metrics.c
    newer = sa.tuple_(new.step, new.timestamp, sa.func.coalesce(new.value, 0)) > sa.tuple_(
        old.step, old.timestamp, sa.func.coalesce(old.value, 0)
    )
    # not WHERE: the id is wanted of a row that stays as it is too
    return statement.on_conflict_do_update(
        index_elements=["run_id", "key"],
        set_={
            name: sa.case((newer, new[name]), else_=old[name])
            for name in ("value", "step", "timestamp")
        },
    ).returning(old.run_id, old.key, old.series_id)


def get_latest(connection: Connection, run_ids: Sequence[str]) -> defaultdict[str, list[Point]]:
    """Return the latest points of many runs, by run, sorted by key."""
    found: defaultdict[str, list[Point]] = defaultdict(list)
    new = tuple.__new__
    for chunk in chunked(run_ids):
        rows = fetch(connection, _LATEST, {"run_ids": chunk})
        for run_id, key, value, timestamp, step in rows:
            number = math.nan if value is None else value
            # a third of the time of Point(…)
            found[run_id].append(new(Point, (key, number, timestamp, step)))
    return found


_LATEST = (
    sa.select(
        latest_metrics.c.run_id,
        latest_metrics.c.key,
        latest_metrics.c.value,
        latest_metrics.c.timestamp,
        latest_metrics.c.step,
    )
    .where(latest_metrics.c.run_id.in_(sa.bindparam("run_ids", expanding=True)))
    .order_by(latest_metrics.c.run_id, latest_metrics.c.key)
)


def put_model_metrics(connection: Connection, run_id: str, points: Sequence[ModelPoint]) -> None:
    """Append what a run measured of logged models; a point that is there already stays.

    Raises:
        NotFoundError: there is no such model.
    """
    if not points:
        return
    wanted = {item.model_id for item in points}
    query = sa.select(logged_models.c.model_id).where(logged_models.c.model_id.in_(wanted))
    unknown = wanted - set(connection.execute(query).scalars())
    if unknown:
        raise NotFoundError(f"There is no logged model {', '.join(sorted(unknown))}.")
    rows = [
        {
            "model_id": item.model_id,
            "run_id": run_id,
            "dataset_name": item.dataset_name,
            "dataset_digest": item.dataset_digest,
            "key": item.point.key,
            "timestamp": item.point.timestamp,
            "step": item.point.step,
            "value": None if math.isnan(item.point.value) else item.point.value,
        }
        for item in points
    ]
    connection.execute(insert(connection, logged_model_metrics).on_conflict_do_nothing(), rows)


def artifact_locations(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return the artifact locations of experiments by id."""
    query = sa.select(experiments.c.experiment_id, artifact_location())
    rows = connection.execute(query.where(experiments.c.experiment_id.in_(numbers)))
    return {row[0]: row[1] for row in rows}


def artifact_location() -> sa.ColumnElement[str]:
    """Return an experiment's artifact location: its own, or one that this server serves."""
    number = sa.cast(experiments.c.experiment_id, sa.String)
    return sa.func.coalesce(experiments.c.artifact_location, "mlflow-artifacts:/" + number)


def keys(
    connection: Connection, table: sa.Table, experiment_id: int | None, newest: int
) -> list[str]:
    """Return the distinct keys of ``table`` that the newest active runs have, sorted."""
    recent = sa.select(runs.c.run_id).where(runs.c.lifecycle_stage == "active")
    if experiment_id is not None:
        recent = recent.where(runs.c.experiment_id == experiment_id)
    recent = recent.order_by(runs.c.started_at.desc()).limit(newest)
    query = sa.select(table.c.key).distinct().where(table.c.run_id.in_(recent))
    return list(connection.execute(query.order_by(table.c.key)).scalars())
