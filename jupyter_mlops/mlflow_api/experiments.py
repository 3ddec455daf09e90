"""The operations on experiments."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ..tracking.entities import ViewType  # noqa: TC001 - pydantic reads it
from . import wire
from .masking import MaskedValue  # noqa: TC001 - pydantic reads it
from .operation import Message, Operation, Pair, Request, Whole


class CreateExperiment(Message):
    """A new experiment."""

    name: str
    artifact_location: str | None = None
    tags: list[Pair] = Field(default_factory=list)


class ExperimentId(Message):
    """Which experiment."""

    experiment_id: str


class ExperimentName(Message):
    """Which experiment, by its name."""

    experiment_name: str


class RenameExperiment(ExperimentId):
    """The experiment's new name."""

    new_name: str


class SetExperimentTag(ExperimentId):
    """A tag to set."""

    key: str
    value: MaskedValue


class DeleteExperimentTag(ExperimentId):
    """A tag to remove."""

    key: str


class SearchExperiments(Message):
    """What to look for."""

    max_results: Whole = 1000
    page_token: str | None = None
    filter: str | None = None
    order_by: list[str] = Field(default_factory=list)
    view_type: ViewType = "ACTIVE_ONLY"


def create(request: Request[CreateExperiment]) -> dict[str, Any]:
    """Create an experiment."""
    message = request.message
    tags = {tag.key: tag.value for tag in message.tags}
    made = request.services.experiments.create(message.name, message.artifact_location, tags)
    return {"experiment_id": made}


def get(request: Request[ExperimentId]) -> dict[str, Any]:
    """Get an experiment."""
    found = request.services.experiments.get(request.message.experiment_id)
    return {"experiment": wire.experiment(found)}


def get_by_name(request: Request[ExperimentName]) -> dict[str, Any]:
    """Get an experiment by its name."""
    found = request.services.experiments.get_by_name(request.message.experiment_name)
    return {"experiment": wire.experiment(found)}


def search(request: Request[SearchExperiments]) -> dict[str, Any]:
    """Search experiments."""
    message = request.message
    found, token = request.services.experiments.search(
        message.view_type,
        message.max_results,
        message.filter,
        message.order_by,
        message.page_token or None,
    )
    items = [wire.experiment(item) for item in found]
    return wire.filled(experiments=items, next_page_token=token)


def update(request: Request[RenameExperiment]) -> None:
    """Rename an experiment."""
    request.services.experiments.rename(request.message.experiment_id, request.message.new_name)


def delete(request: Request[ExperimentId]) -> None:
    """Delete an experiment; it can be restored."""
    request.services.experiments.delete(request.message.experiment_id)


def restore(request: Request[ExperimentId]) -> None:
    """Restore a deleted experiment."""
    request.services.experiments.restore(request.message.experiment_id)


def set_tag(request: Request[SetExperimentTag]) -> None:
    """Set a tag of an experiment."""
    message = request.message
    request.services.experiments.set_tag(message.experiment_id, message.key, message.value)


def delete_tag(request: Request[DeleteExperimentTag]) -> None:
    """Remove a tag of an experiment."""
    request.services.experiments.delete_tag(request.message.experiment_id, request.message.key)


OPERATIONS = (
    Operation("POST", "experiments/create", create, CreateExperiment, "tracking"),
    Operation("GET", "experiments/get", get, ExperimentId),
    Operation("GET", "experiments/get-by-name", get_by_name, ExperimentName),
    Operation("POST", "experiments/search", search, SearchExperiments),
    Operation("GET", "experiments/search", search, SearchExperiments),
    Operation("POST", "experiments/update", update, RenameExperiment, "tracking"),
    Operation("POST", "experiments/delete", delete, ExperimentId, "tracking"),
    Operation("POST", "experiments/restore", restore, ExperimentId, "tracking"),
    Operation("POST", "experiments/set-experiment-tag", set_tag, SetExperimentTag, "tracking"),
    Operation(
        "POST", "experiments/delete-experiment-tag", delete_tag, DeleteExperimentTag, "tracking"
    ),
)
