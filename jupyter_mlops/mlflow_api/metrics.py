"""The operations on the history of metrics."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ..core.errors import InvalidInputError
from ..tracking.limits import BULK_RESULTS
from . import wire
from .operation import Message, Operation, Request, Whole
from .runs import RunId

_MOST_RUNS = 100
_MOST_POINTS = 2500


class GetHistory(RunId):
    """Which metric of a run."""

    metric_key: str
    max_results: Whole | None = None
    page_token: str | None = None


class GetBulk(Message):
    """Which metric of several runs."""

    run_id: list[str] = Field(min_length=1, max_length=_MOST_RUNS)
    metric_key: str
    max_results: Whole = Field(default=BULK_RESULTS, ge=1)


class GetInterval(Message):
    """Which metric of several runs, in which steps."""

    run_ids: list[str] = Field(min_length=1, max_length=_MOST_RUNS)
    metric_key: str
    start_step: Whole | None = None
    end_step: Whole | None = None
    max_results: Whole = Field(default=_MOST_POINTS, ge=1, le=_MOST_POINTS)


def get_history(request: Request[GetHistory]) -> dict[str, Any]:
    """Get all points of a metric, or a page of them."""
    message = request.message
    points, token = request.services.metrics.page(
        message.run, message.metric_key, message.max_results, message.page_token or None
    )
    return wire.filled(metrics=wire.points(points), next_page_token=token)


def get_bulk(request: Request[GetBulk]) -> dict[str, Any]:
    """Get the points of a metric of several runs."""
    message = request.message
    most = min(message.max_results, BULK_RESULTS)
    found = request.services.metrics.bulk(message.run_id, message.metric_key, most)
    return {"metrics": [wire.point(item, run_id) for run_id, item in found]}


def get_interval(request: Request[GetInterval]) -> dict[str, Any]:
    """Get samples of a metric of several runs."""
    message = request.message
    if (message.start_step is None) != (message.end_step is None):
        raise InvalidInputError("Give both start_step and end_step, or neither.")
    if (message.start_step or 0) > (message.end_step or 0):
        raise InvalidInputError("end_step must not be less than start_step.")
    metrics = []
    for run_id in message.run_ids:
        points = request.services.metrics.sample(
            run_id, message.metric_key, message.max_results, message.start_step, message.end_step
        )
        metrics += [wire.point(item, run_id) for item in points]
    return wire.filled(metrics=metrics)


OPERATIONS = (
    Operation("GET", "metrics/get-history", get_history, GetHistory),
    Operation("GET", "metrics/get-history-bulk", get_bulk, GetBulk),
    Operation("GET", "metrics/get-history-bulk-interval", get_interval, GetInterval),
)
