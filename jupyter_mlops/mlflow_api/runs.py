"""The operations on runs and what is logged to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from ..core.clock import now_ms
from ..tracking.entities import DatasetInput, LogEntry, ModelLink, ModelPoint, Point, ViewType
from . import wire
from .masking import MaskedText, MaskedValue  # noqa: TC001 - pydantic reads them
from .operation import Message, Operation, Pair, Request, Whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class CreateRun(Message):
    """A new run."""

    experiment_id: str = "0"
    user_id: str = ""
    run_name: MaskedText | None = None
    start_time: Whole | None = None
    tags: list[Pair] = Field(default_factory=list)


class RunId(Message):
    """Which run; ``run_uuid`` is its name in old clients."""

    run_id: str = ""
    run_uuid: str = ""

    @property
    def run(self) -> str:
        """The id, by whichever name it was sent."""
        return self.run_id or self.run_uuid


class UpdateRun(RunId):
    """What changes of a run."""

    status: str | None = None
    end_time: Whole | None = None
    run_name: MaskedText | None = None


class SearchRuns(Message):
    """What to look for."""

    experiment_ids: list[str] = Field(default_factory=list)
    filter: str | None = None
    run_view_type: ViewType = "ACTIVE_ONLY"
    max_results: Whole = 1000
    order_by: list[str] = Field(default_factory=list)
    page_token: str | None = None


class MetricMessage(Message):
    """One value of a metric, of a logged model too if one is named."""

    key: str
    value: float
    timestamp: Whole
    step: Whole = 0
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


class LogMetric(MetricMessage, RunId):
    """A value to log."""


class LogParam(RunId):
    """A param to log."""

    key: str
    value: MaskedValue = ""


class LogBatch(RunId):
    """Metrics, params and tags to log together."""

    metrics: list[MetricMessage] = Field(default_factory=list)
    params: list[Pair] = Field(default_factory=list)
    tags: list[Pair] = Field(default_factory=list)


class LogModel(RunId):
    """What a client before MLflow 3 says of a model that it logged."""

    model_json: MaskedText


class DeleteTag(RunId):
    """A tag to remove."""

    key: str


class Dataset(Message):
    """A dataset."""

    name: str = ""
    digest: str = ""
    source_type: str = ""
    source: MaskedText = ""
    schema_: str | None = Field(default=None, alias="schema")
    profile: MaskedText | None = None


class DatasetMessage(Message):
    """A dataset that a run read, and its role."""

    tags: list[Pair] = Field(default_factory=list)
    dataset: Dataset


class ModelMessage(Message):
    """A logged model that a run used or made."""

    model_id: str
    step: Whole = 0


class LogInputs(RunId):
    """What a run used."""

    datasets: list[DatasetMessage] = Field(default_factory=list)
    models: list[ModelMessage] = Field(default_factory=list)


class LogOutputs(RunId):
    """What a run made."""

    models: list[ModelMessage] = Field(default_factory=list)


def create(request: Request[CreateRun]) -> dict[str, Any]:
    """Create a run."""
    message = request.message
    tags = {tag.key: tag.value for tag in message.tags}
    made = request.services.runs.create(
        message.experiment_id,
        user_id=message.user_id or request.user,
        start_time=message.start_time or now_ms(),
        run_tags={**request.context, **tags},
        run_name=message.run_name,
    )
    return {"run": wire.run(made)}


def get(request: Request[RunId]) -> dict[str, Any]:
    """Get a run."""
    return {"run": wire.run(request.services.runs.get(request.message.run))}


def update(request: Request[UpdateRun]) -> dict[str, Any]:
    """Change a run."""
    message = request.message
    info = request.services.runs.update(
        message.run,
        status=message.status,
        end_time=message.end_time,
        run_name=message.run_name,
    )
    return {"run_info": wire.run_info(info)}


def delete(request: Request[RunId]) -> None:
    """Delete a run; it can be restored."""
    request.services.runs.delete(request.message.run)


def restore(request: Request[RunId]) -> None:
    """Restore a deleted run."""
    request.services.runs.restore(request.message.run)


def search(request: Request[SearchRuns]) -> dict[str, Any]:
    """Search runs."""
    message = request.message
    found, token = request.services.runs.search(
        message.experiment_ids,
        message.filter,
        message.run_view_type,
        message.max_results,
        message.order_by,
        message.page_token or None,
    )
    return wire.filled(runs=[wire.run(item) for item in found], next_page_token=token)


def log_metric(message: LogMetric) -> LogEntry:
    """Log a value of a metric."""
    return LogEntry(message.run, **_metrics([message]))


def log_param(message: LogParam) -> LogEntry:
    """Log a param."""
    return LogEntry(message.run, params=[(message.key, message.value)])


def set_tag(message: LogParam) -> LogEntry:
    """Set a tag."""
    return LogEntry(message.run, tags=[(message.key, message.value)])


def log_batch(message: LogBatch) -> LogEntry:
    """Log metrics, params and tags together."""
    return LogEntry(
        message.run,
        params=[(pair.key, pair.value) for pair in message.params],
        tags=[(pair.key, pair.value) for pair in message.tags],
        **_metrics(message.metrics),
    )


def _metrics(messages: Sequence[MetricMessage]) -> dict[str, Any]:
    points = [Point(item.key, item.value, item.timestamp, item.step) for item in messages]
    measured = [
        ModelPoint(item.model_id, point, item.dataset_name, item.dataset_digest)
        for item, point in zip(messages, points, strict=True)
        if item.model_id
    ]
    return {"metrics": points, "model_metrics": measured}


def delete_tag(request: Request[DeleteTag]) -> None:
    """Remove a tag."""
    request.services.run_logger.delete_tag(request.message.run, request.message.key)


def log_model(request: Request[LogModel]) -> None:
    """Add a model to the list that clients before MLflow 3 keep in a tag."""
    message = request.message
    request.services.run_logger.add_model(message.run, message.model_json)


def log_inputs(request: Request[LogInputs]) -> None:
    """Record what a run used."""
    message = request.message
    datasets = [
        DatasetInput(
            item.dataset.name,
            item.dataset.digest,
            item.dataset.source_type,
            item.dataset.source,
            item.dataset.schema_,
            item.dataset.profile,
            {tag.key: tag.value for tag in item.tags},
        )
        for item in message.datasets
    ]
    links = [ModelLink(item.model_id) for item in message.models]
    request.services.run_logger.log_inputs(message.run, datasets, links)


def log_outputs(request: Request[LogOutputs]) -> None:
    """Record what a run made."""
    links = [ModelLink(item.model_id, item.step) for item in request.message.models]
    request.services.run_logger.log_outputs(request.message.run, links)


def _logging(name: str, message: type[RunId], entry: Callable[[Any], LogEntry]) -> Operation:
    def run(request: Request[Any]) -> None:
        request.services.run_logger.log_entry(entry(request.message))

    return Operation("POST", f"runs/{name}", run, message, "tracking", entry=entry)


OPERATIONS = (
    Operation("POST", "runs/create", create, CreateRun, "tracking", located=True),
    Operation("GET", "runs/get", get, RunId),
    Operation("POST", "runs/update", update, UpdateRun, "tracking"),
    Operation("POST", "runs/delete", delete, RunId, "tracking"),
    Operation("POST", "runs/restore", restore, RunId, "tracking"),
    Operation("POST", "runs/search", search, SearchRuns),
    _logging("log-metric", LogMetric, log_metric),
    _logging("log-parameter", LogParam, log_param),
    _logging("log-batch", LogBatch, log_batch),
    Operation("POST", "runs/log-model", log_model, LogModel, "tracking"),
    Operation("POST", "runs/log-inputs", log_inputs, LogInputs, "tracking"),
    Operation("POST", "runs/outputs", log_outputs, LogOutputs, "tracking"),
    _logging("set-tag", LogParam, set_tag),
    Operation("POST", "runs/delete-tag", delete_tag, DeleteTag, "tracking"),
)
