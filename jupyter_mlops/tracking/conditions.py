"""The fields of MLflow's search grammar for runs, and their conditions in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core import filters
from .store import artifact_location
from .tables import (
    datasets,
    experiments,
    latest_metrics,
    pair_is,
    params,
    run_input_tags,
    run_inputs,
    runs,
    tags,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

RUN_NAME_TAG = "mlflow.runName"
CONTEXT_TAG = "mlflow.data.context"

VOCABULARY = filters.Vocabulary(
    kinds={
        **dict.fromkeys(("attribute", "attributes", "attr", "run"), "attribute"),
        **dict.fromkeys(("metric", "metrics"), "metric"),
        **dict.fromkeys(("param", "params", "parameter", "parameters"), "param"),
        **dict.fromkeys(("tag", "tags"), "tag"),
        **dict.fromkeys(("dataset", "datasets"), "dataset"),
    },
    text={
        "run_id": filters.LISTED,
        **dict.fromkeys(("run_name", "status", "user_id", "artifact_uri"), filters.TEXT),
    },
    numbers=frozenset({"start_time", "end_time"}),
    aliases={
        "created": "start_time",
        "Created": "start_time",
        "run name": "run_name",
        "Run name": "run_name",
        "Run Name": "run_name",
    },
    any_key={
        "metric": filters.NUMERIC,
        "param": filters.OPTIONAL,
        "tag": filters.OPTIONAL,
        "dataset": filters.LISTED,
    },
)
DATASET_KEYS = ("name", "digest", "context")
_TABLES = {"metric": latest_metrics, "param": params, "tag": tags}


def attribute(key: str) -> ColumnElement[Any]:
    """Return what an attribute of runs is in SQL."""
    if key == "artifact_uri":
        location = (
            sa.select(artifact_location())
            .where(experiments.c.experiment_id == runs.c.experiment_id)
            .scalar_subquery()
        )
        return location + "/" + runs.c.run_id + "/artifacts"
    columns: dict[str, ColumnElement[Any]] = {
        "run_id": runs.c.run_id,
        "run_name": runs.c.name,
        "status": runs.c.status,
        "user_id": runs.c.author,
        "start_time": runs.c.started_at,
        "end_time": runs.c.ended_at,
    }
    return columns[key]


def condition(comparison: filters.Comparison) -> ColumnElement[bool]:
    """Return what a comparison of runs is in SQL."""
    column = _own(comparison)
    if column is not None:
        return filters.compare(column, comparison)
    if comparison.operator == "IS NULL":
        table, key = _TABLES[comparison.kind], comparison.key
        rows = sa.select(table.c.run_id).where(table.c.key == key)
        return ~rows.where(table.c.run_id == runs.c.run_id).exists()
    rows = _rows(comparison)
    if comparison.kind == "metric" or comparison.operator == "!=":
        # mostly holds for some of the newest runs, where it is soon found
        return rows.where(rows.selected_columns.run_id == runs.c.run_id).exists()
    # all for which it holds are gathered first: a walk over an index, even with LIKE
    return runs.c.run_id.in_(rows)


def candidates(comparison: filters.Comparison, experiment_ids: Sequence[int]) -> Select[Any] | None:
    """Return the runs for which a comparison may hold, as they are found without a look at others.

    None where those are nearly all, or cannot be found so.
    """
    if comparison.operator in {"!=", "NOT IN", "IS NULL"}:
        return None
    column = _own(comparison)
    if column is not None:
        inside = runs.c.experiment_id.in_(experiment_ids)
        return sa.select(runs.c.run_id).where(inside, filters.compare(column, comparison))
    rows = _rows(comparison)
    if comparison.kind == "metric":
        return rows.where(latest_metrics.c.experiment_id.in_(experiment_ids))
    return rows


def _own(comparison: filters.Comparison) -> ColumnElement[Any] | None:
    """Return what is compared, if that is a run's own."""
    kind, key = comparison.kind, comparison.key
    if kind == "tag" and key == RUN_NAME_TAG:
        return runs.c.name
    return attribute(key) if kind == "attribute" else None


def _rows(comparison: filters.Comparison) -> Select[Any]:
    """Return the runs of the rows for which a comparison holds."""
    kind, key, operator = comparison.kind, comparison.key, comparison.operator
    if kind == "dataset":
        return _of_datasets(comparison)
    table = _TABLES[kind]
    rows = sa.select(table.c.run_id)
    if kind != "metric" and operator == "=":
        return rows.where(pair_is(table, key, str(comparison.value)))
    rows = rows.where(table.c.key == key)
    if operator == "IS NOT NULL":
        return rows
    holds = filters.compare(table.c.value, comparison)
    if kind == "metric" and operator == "!=":
        holds = sa.or_(holds, table.c.value.is_(None))  # NaN differs from every number
    return rows.where(holds)


def _of_datasets(comparison: filters.Comparison) -> Select[Any]:
    if comparison.key == "context":
        return sa.select(run_input_tags.c.run_id).where(
            run_input_tags.c.key == CONTEXT_TAG,
            filters.compare(run_input_tags.c.value, comparison),
        )
    return (
        sa.select(run_inputs.c.run_id)
        .join(datasets, datasets.c.dataset_id == run_inputs.c.dataset_id)
        .where(filters.compare(datasets.c[comparison.key], comparison))
    )
