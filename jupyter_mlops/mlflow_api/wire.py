"""Entities as the protocol's JSON. What is empty is left out, as protobuf's JSON does."""

from __future__ import annotations

from itertools import islice
from math import isnan
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..tracking.entities import (
        DatasetInput,
        ExperimentInfo,
        LoggedModel,
        Point,
        RunInfo,
        RunRecord,
    )


_PIECE = 1000


def filled(**fields: Any) -> dict[str, Any]:
    """Return the fields that are neither None nor an empty list."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Return params or tags."""
    return [{"key": key, "value": value} for key, value in values.items()]


def number(value: float) -> float | str:
    """Return a metric's value; JSON has no NaN."""
    return "NaN" if isnan(value) else value


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


def points(items: Iterable[Point]) -> orjson.Fragment | None:
    """Return the values of a metric as JSON, None if there are none.

    It is made in pieces: 100,000 dictionaries at a time would keep the garbage collector busy.
    """
    iterator = iter(items)
    pieces = []
    while piece := [point(item) for item in islice(iterator, _PIECE)]:
        pieces.append(orjson.dumps(piece)[1:-1])
    return orjson.Fragment(b"[" + b",".join(pieces) + b"]") if pieces else None


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
    # a page has hundreds of runs with thousands of metrics: no call for each
    data: dict[str, Any] = {}
    if item.metrics:
        data["metrics"] = [
            {"key": key, "value": "NaN" if isnan(value) else value, "timestamp": time, "step": step}
            for key, value, time, step in item.metrics
        ]
    if item.params:
        data["params"] = pairs(item.params)
    if item.tags:
        data["tags"] = pairs(item.tags)
    found = {"info": run_info(item.info), "data": data}
    found["inputs"] = filled(
        dataset_inputs=[dataset(data) for data in item.datasets],
        model_inputs=[{"model_id": link.model_id} for link in item.model_inputs],
    )
    if item.model_outputs:
        made = [{"model_id": link.model_id, "step": link.step} for link in item.model_outputs]
        found["outputs"] = {"model_outputs": made}
    return found


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
