"""Entities as the protocol's JSON. What is empty is left out, as protobuf's JSON does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..tracking.entities import (
        DatasetInput,
        ExperimentInfo,
        LoggedModel,
        Point,
        RunInfo,
        RunRecord,
    )


def filled(**fields: Any) -> dict[str, Any]:
    """Return the fields that are neither None nor an empty list."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Return params or tags."""
    return [{"key": key, "value": value} for key, value in values.items()]


def number(value: float) -> float | str:
    """Return a metric's value; JSON has no NaN."""
    return "NaN" if math.isnan(value) else value


def experiment(item: ExperimentInfo) -> dict[str, Any]:
    """Return an experiment."""
    return filled(
        experiment_id=item.experiment_id,
        name=item.name,
        artifact_location=item.artifact_location,
        lifecycle_stage=item.lifecycle_stage,
        last_update_time=item.last_update_time,
        creation_time=item.creation_time,
        tags=pairs(item.tags),
    )


def point(item: Point, run_id: str | None = None) -> dict[str, Any]:
    """Return one value of a metric, of a run if one is named."""
    key, value, timestamp, step = item
    found = {"key": key, "value": number(value), "timestamp": timestamp, "step": step}
    return found if run_id is None else found | {"run_id": run_id}


def run_info(item: RunInfo) -> dict[str, Any]:
    """Return a run without what was logged to it."""
    return filled(
        run_uuid=item.run_id,
        run_id=item.run_id,
        run_name=item.run_name,
        experiment_id=item.experiment_id,
        user_id=item.user_id,
        status=item.status,
        start_time=item.start_time,
        end_time=item.end_time,
        artifact_uri=item.artifact_uri,
        lifecycle_stage=item.lifecycle_stage,
    )


def run(item: RunRecord) -> dict[str, Any]:
    """Return a run."""
    datasets = [dataset(data) for data in item.datasets]
    models = [{"model_id": link.model_id} for link in item.model_inputs]
    made = [{"model_id": link.model_id, "step": link.step} for link in item.model_outputs]
    return filled(
        info=run_info(item.info),
        data=filled(
            metrics=[point(metric) for metric in item.metrics],
            params=pairs(item.params),
            tags=pairs(item.tags),
        ),
        inputs=filled(dataset_inputs=datasets, model_inputs=models),
        outputs={"model_outputs": made} if made else None,
    )


def logged_model(item: LoggedModel) -> dict[str, Any]:
    """Return a logged model."""
    info = filled(
        experiment_id=item.experiment_id,
        model_id=item.model_id,
        name=item.name,
        artifact_uri=item.artifact_uri,
        creation_timestamp_ms=item.creation_time,
        last_updated_timestamp_ms=item.last_update_time,
        model_type=item.model_type,
        source_run_id=item.source_run_id,
        status=item.status,
        tags=pairs(item.tags),
    )
    metrics = [
        point(measured.point, run_id)
        | filled(
            model_id=item.model_id,
            dataset_name=measured.dataset_name,
            dataset_digest=measured.dataset_digest,
        )
        for run_id, measured in item.metrics
    ]
    return {"info": info, "data": filled(params=pairs(item.params), metrics=metrics)}


def dataset(item: DatasetInput) -> dict[str, Any]:
    """Return a dataset that a run read."""
    described = filled(
        name=item.name,
        digest=item.digest,
        source_type=item.source_type,
        source=item.source,
        schema=item.schema,
        profile=item.profile,
    )
    return filled(tags=pairs(item.tags), dataset=described)
