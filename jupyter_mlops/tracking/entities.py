"""What the protocol's managers give and take: plain values, times in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

NOTEBOOK_TAG = "mlops.notebook_path"
OUTPUT_TAG = "mlops.output_path"
KERNEL_TAG = "mlops.kernel_id"
PARENT_TAG = "mlflow.parentRunId"
INTERPRETER_TAG = "mlops.interpreter"
SNAPSHOT_TAG = "mlops.snapshot_id"
GRADE_TAG = "mlops.grade"
ERROR_TAG = "mlops.error"

ViewType = Literal["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]
STAGES: dict[ViewType, tuple[str, ...]] = {
    "ACTIVE_ONLY": ("active",),
    "DELETED_ONLY": ("deleted",),
    "ALL": ("active", "deleted"),
}


class Point(NamedTuple):
    """One value of a metric; ``value`` may be NaN."""

    key: str
    value: float
    timestamp: int
    step: int = 0


class ModelPoint(NamedTuple):
    """A value that a run measured of a logged model, on a dataset if one is named."""

    model_id: str
    point: Point
    dataset_name: str | None = None
    dataset_digest: str | None = None


class ModelLink(NamedTuple):
    """A logged model that a run used or made; ``step`` is of the making."""

    model_id: str
    step: int = 0


class LogEntry(NamedTuple):
    """What one call logs to an active run, all or nothing.

    Args:
        run_id: the run's.
        metrics: at most 1,000.
        params: at most 100, each key once; a logged value cannot be changed.
        tags: at most 100; the last of a key counts.
        model_metrics: what of ``metrics`` was measured of logged models.
    """

    run_id: str
    metrics: Sequence[Point] = ()
    params: Sequence[tuple[str, str]] = ()
    tags: Sequence[tuple[str, str]] = ()
    model_metrics: Sequence[ModelPoint] = ()


@dataclass(frozen=True, slots=True)
class ExperimentInfo:
    """An experiment as MLflow describes it."""

    experiment_id: str
    name: str
    artifact_location: str
    lifecycle_stage: str
    creation_time: int
    last_update_time: int
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class DatasetInput:
    """A dataset that a run read; ``tags`` say in which role."""

    name: str
    digest: str
    source_type: str
    source: str
    schema: str | None = None
    profile: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


class RunInfo(NamedTuple):
    """A run without what was logged to it."""

    run_id: str
    experiment_id: str
    run_name: str
    user_id: str
    status: str
    start_time: int
    end_time: int | None
    artifact_uri: str
    lifecycle_stage: str


class RunRecord(NamedTuple):
    """A run with the latest point of each metric, and what it used and made."""

    info: RunInfo
    metrics: list[Point]
    params: dict[str, str]
    tags: dict[str, str]
    datasets: list[DatasetInput]
    model_inputs: list[ModelLink]
    model_outputs: list[ModelLink]


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A logged model; ``metrics`` are what runs measured of it, by run."""

    model_id: str
    experiment_id: str
    name: str
    artifact_uri: str
    source_run_id: str | None
    model_type: str | None
    status: str
    lifecycle_stage: str
    creation_time: int
    last_update_time: int
    params: dict[str, str]
    tags: dict[str, str]
    metrics: list[tuple[str, ModelPoint]]


@dataclass(frozen=True)
class DatasetFilter:
    """Limits metrics to those measured on a dataset; ``digest`` None means any."""

    name: str
    digest: str | None = None


@dataclass(frozen=True)
class ModelOrder:
    """One key to sort by: an attribute, or ``metrics.<key>``, on a dataset if one is named."""

    field: str
    ascending: bool = True
    dataset: DatasetFilter | None = None
