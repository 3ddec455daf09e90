"""The protocol's JSON as entities: what ``mlflow_api.wire`` writes, and MLflow's own server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..registry.entries import ModelEntry, VersionEntry
from ..tracking.entities import (
    DatasetInput,
    ExperimentInfo,
    LoggedModel,
    ModelLink,
    Point,
    RunInfo,
    RunRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]


def pairs(items: Iterable[Json] | None) -> dict[str, str]:
    """Return params or tags."""
    return {item["key"]: item.get("value", "") for item in items or ()}


def experiment(item: Json) -> ExperimentInfo:
    """Return an experiment."""
    return ExperimentInfo(
        experiment_id=str(item["experiment_id"]),
        name=item["name"],
        artifact_location=item.get("artifact_location", ""),
        lifecycle_stage=item.get("lifecycle_stage", "active"),
        creation_time=int(item.get("creation_time", 0)),
        last_update_time=int(item.get("last_update_time", 0)),
        tags=pairs(item.get("tags")),
    )


def point(item: Json) -> Point:
    """Return one value of a metric."""
    value = float(item.get("value", 0.0))
    return Point(item["key"], value, int(item.get("timestamp", 0)), int(item.get("step", 0)))


def run(item: Json) -> RunRecord:
    """Return a run."""
    info, data, inputs = item["info"], item.get("data", {}), item.get("inputs", {})
    end_time = info.get("end_time")
    return RunRecord(
        info=RunInfo(
            run_id=info.get("run_id") or info["run_uuid"],
            experiment_id=str(info["experiment_id"]),
            run_name=info.get("run_name", ""),
            user_id=info.get("user_id", ""),
            status=info.get("status", "FINISHED"),
            start_time=int(info.get("start_time", 0)),
            end_time=int(end_time) if end_time else None,
            artifact_uri=info.get("artifact_uri", ""),
            lifecycle_stage=info.get("lifecycle_stage", "active"),
        ),
        metrics=[point(metric) for metric in data.get("metrics", [])],
        params=pairs(data.get("params")),
        tags=pairs(data.get("tags")),
        datasets=[dataset(found) for found in inputs.get("dataset_inputs", [])],
        model_inputs=[ModelLink(found["model_id"]) for found in inputs.get("model_inputs", [])],
        model_outputs=[
            ModelLink(found["model_id"], int(found.get("step", 0)))
            for found in item.get("outputs", {}).get("model_outputs", [])
        ],
    )


def dataset(item: Json) -> DatasetInput:
    """Return a dataset that a run read."""
    data = item["dataset"]
    return DatasetInput(
        data["name"],
        data["digest"],
        data.get("source_type", ""),
        data.get("source", ""),
        data.get("schema"),
        data.get("profile"),
        pairs(item.get("tags")),
    )


def dataset_body(item: DatasetInput) -> Json:
    """Return a dataset as a request has it."""
    names = ("name", "digest", "source_type", "source", "schema", "profile")
    given = {name: getattr(item, name) for name in names}
    tags = [{"key": key, "value": value} for key, value in item.tags.items()]
    return {
        "dataset": {name: value for name, value in given.items() if value is not None},
        "tags": tags,
    }


def logged_model(item: Json) -> LoggedModel:
    """Return a logged model, without its metrics."""
    info = item["info"]
    return LoggedModel(
        model_id=info["model_id"],
        experiment_id=str(info["experiment_id"]),
        name=info.get("name", ""),
        artifact_uri=info.get("artifact_uri", ""),
        source_run_id=info.get("source_run_id") or None,
        model_type=info.get("model_type") or None,
        status=info.get("status", "LOGGED_MODEL_READY"),
        lifecycle_stage="active",
        creation_time=int(info.get("creation_timestamp_ms", 0)),
        last_update_time=int(info.get("last_updated_timestamp_ms", 0)),
        params=pairs(item.get("data", {}).get("params")),
        tags=pairs(info.get("tags")),
        metrics=[],
    )


def model(item: Json) -> ModelEntry:
    """Return a registered model, without its versions."""
    return ModelEntry(
        name=item["name"],
        description=item.get("description", ""),
        creation_time=int(item.get("creation_timestamp", 0)),
        last_update_time=int(item.get("last_updated_timestamp", 0)),
        tags=pairs(item.get("tags")),
        aliases={found["alias"]: int(found["version"]) for found in item.get("aliases", [])},
        latest=[],
    )


def version(item: Json) -> VersionEntry:
    """Return a version."""
    return VersionEntry(
        name=item["name"],
        version=int(item["version"]),
        creation_time=int(item.get("creation_timestamp", 0)),
        last_update_time=int(item.get("last_updated_timestamp", 0)),
        author=item.get("user_id", ""),
        description=item.get("description", ""),
        stage=item.get("current_stage", "None"),
        source=item.get("source"),
        object_id=None,
        run_id=item.get("run_id") or None,
        run_link=item.get("run_link") or None,
        model_id=item.get("model_id") or _model_id(item.get("source") or ""),
        tags=pairs(item.get("tags")),
        aliases=list(item.get("aliases", [])),
    )


def _model_id(source: str) -> str | None:
    name = source.removeprefix("models:/")
    return name if source.startswith("models:/m-") else None
