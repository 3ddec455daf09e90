"""Wire types of experiments and runs, in MLflow's terms."""

from __future__ import annotations

from typing import Literal

from ..core.schema import Page, Schema, Timestamp

RunStatus = Literal["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]
LifecycleStage = Literal["active", "deleted"]


class Experiment(Schema):
    """A named group of runs; its name is unique in the store."""

    experiment_id: str
    name: str
    lifecycle_stage: LifecycleStage
    created_at: Timestamp
    updated_at: Timestamp


class RunError(Schema):
    """Why a run failed, and in which cell."""

    name: str
    message: str
    cell_index: int | None = None
    cell_id: str | None = None


class Run(Schema):
    """One run, with the latest value of each metric.

    ``notebook_path``, ``snapshot_id``, ``grade`` and ``error`` are the typed view of the run's
    ``mlops.*`` tags; a run logged by an MLflow client may have none of them.
    """

    run_id: str
    experiment_id: str
    name: str
    status: RunStatus
    lifecycle_stage: LifecycleStage
    author: str
    started_at: Timestamp
    ended_at: Timestamp | None
    params: dict[str, str]
    metrics: dict[str, float | None]
    tags: dict[str, str]
    notebook_path: str | None = None
    snapshot_id: str | None = None
    grade: Literal["clean", "valid", "stale", "unknown"] | None = None
    error: RunError | None = None


class RunColumns(Schema):
    """The names that runs use, sorted; tags of MLflow's and ours left out."""

    params: list[str]
    metrics: list[str]
    tags: list[str]


class RunCount(Schema):
    """How many runs a search finds."""

    count: int


class CurveList(Schema):
    """Names of metrics that have a course, sorted."""

    keys: list[str]


class MetricPoint(Schema):
    """One value of a metric; None for a NaN."""

    step: int
    timestamp: Timestamp
    value: float | None


class MetricSeries(Schema):
    """Points of a metric by step, sampled if there are more than asked for.

    ``total`` is how many there are in the steps that were looked at.
    """

    run_id: str
    key: str
    total: int
    points: list[MetricPoint]


class ExperimentPage(Page[Experiment]):
    """A page of experiments."""


class RunPage(Page[Run]):
    """A page of runs, newest first."""
