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
    params,
    run_input_tags,
    run_inputs,
    runs,
    tag_is,
    tags,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

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
    kind, key = comparison.kind, comparison.key
    if kind == "attribute":
        return filters.compare(attribute(key), comparison)
    if kind == "dataset":
        return _dataset_condition(comparison)
    if kind == "tag" and key == RUN_NAME_TAG:
        return filters.compare(runs.c.name, comparison)
    if kind == "tag" and comparison.operator == "=":
        return runs.c.run_id.in_(sa.select(tags.c.run_id).where(tag_is(key, str(comparison.value))))
    table = {"metric": latest_metrics, "param": params, "tag": tags}[kind]
    rows = sa.select(sa.literal(1)).where(table.c.run_id == runs.c.run_id, table.c.key == key)
    if comparison.operator == "IS NULL":
        return ~rows.exists()
    if comparison.operator != "IS NOT NULL":
        holds = filters.compare(table.c.value, comparison)
        if kind == "metric" and comparison.operator == "!=":
            holds = sa.or_(holds, table.c.value.is_(None))  # NaN differs from every number
        rows = rows.where(holds)
    return rows.exists()


def _dataset_condition(comparison: filters.Comparison) -> ColumnElement[bool]:
    rows = sa.select(sa.literal(1)).where(run_inputs.c.run_id == runs.c.run_id)
    if comparison.key == "context":
        rows = rows.where(
            run_input_tags.c.run_id == run_inputs.c.run_id,
            run_input_tags.c.dataset_id == run_inputs.c.dataset_id,
            run_input_tags.c.key == CONTEXT_TAG,
            filters.compare(run_input_tags.c.value, comparison),
        )
    else:
        rows = rows.where(
            datasets.c.dataset_id == run_inputs.c.dataset_id,
            filters.compare(datasets.c[comparison.key], comparison),
        )
    return rows.exists()
