"""Rows of experiments and runs as wire types."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from ..core.clock import from_ms
from . import store, tables
from .entities import ERROR_TAG, GRADE_TAG, NOTEBOOK_TAG, SNAPSHOT_TAG
from .schemas import Experiment, Run, RunError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


def as_experiment(row: Row[Any]) -> Experiment:
    """Return an experiment."""
    return Experiment(
        experiment_id=str(row.experiment_id),
        name=row.name,
        lifecycle_stage=row.lifecycle_stage,
        created_at=from_ms(row.created_at),
        updated_at=from_ms(row.updated_at),
    )


def as_runs(connection: Connection, rows: list[Row[Any]]) -> list[Run]:
    """Return runs with their params, tags and latest metrics."""
    run_ids = [row.run_id for row in rows]
    run_params = store.get_pairs(connection, tables.params, run_ids)
    run_tags = store.get_pairs(connection, tables.tags, run_ids)
    points = store.get_latest(connection, run_ids)
    return [
        _run(
            row,
            run_params[row.run_id],
            run_tags[row.run_id],
            {point.key: _finite(point.value) for point in points[row.run_id]},
        )
        for row in rows
    ]


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else value


def _run(
    row: Row[Any],
    run_params: dict[str, str],
    run_tags: dict[str, str],
    metrics: dict[str, float | None],
) -> Run:
    error = run_tags.get(ERROR_TAG)
    return Run(
        run_id=row.run_id,
        experiment_id=str(row.experiment_id),
        name=row.name,
        status=row.status,
        lifecycle_stage=row.lifecycle_stage,
        author=row.author,
        started_at=from_ms(row.started_at),
        ended_at=None if row.ended_at is None else from_ms(row.ended_at),
        params=run_params,
        metrics=metrics,
        tags=run_tags,
        notebook_path=run_tags.get(NOTEBOOK_TAG),
        snapshot_id=run_tags.get(SNAPSHOT_TAG),
        grade=cast("Any", run_tags.get(GRADE_TAG)),
        error=RunError.model_validate_json(error) if error else None,
    )
