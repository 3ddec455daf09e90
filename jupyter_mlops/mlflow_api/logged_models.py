"""The operations on logged models."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ..tracking.entities import DatasetFilter, ModelOrder
from . import wire
from .operation import Message, Operation, Pair, Request, Whole


class CreateModel(Message):
    """A new logged model."""

    experiment_id: str
    name: str | None = None
    model_type: str | None = None
    source_run_id: str | None = None
    params: list[Pair] = Field(default_factory=list)
    tags: list[Pair] = Field(default_factory=list)


class GetModel(Message):
    """Whether a deleted one will do."""

    allow_deleted: bool = False


class FinishModel(Message):
    """Whether the model's files are there."""

    status: str


class ModelPairs(Message):
    """Params or tags."""

    params: list[Pair] = Field(default_factory=list)
    tags: list[Pair] = Field(default_factory=list)


class DatasetChoice(Message):
    """A dataset that metrics were measured on."""

    dataset_name: str = Field(min_length=1)
    dataset_digest: str | None = None

    def filter(self) -> DatasetFilter:
        """Return it as tracking takes it."""
        return DatasetFilter(self.dataset_name, self.dataset_digest or None)


class OrderChoice(Message):
    """A key to sort by."""

    field_name: str
    ascending: bool = True
    dataset_name: str | None = None
    dataset_digest: str | None = None


class SearchModels(Message):
    """What to look for."""

    experiment_ids: list[str]
    filter: str | None = None
    datasets: list[DatasetChoice] = Field(default_factory=list)
    max_results: Whole | None = None
    order_by: list[OrderChoice] = Field(default_factory=list)
    page_token: str | None = None


def create(request: Request[CreateModel]) -> dict[str, Any]:
    """Create a logged model."""
    message = request.message
    made = request.services.logged_models.create(
        message.experiment_id,
        name=message.name,
        model_type=message.model_type,
        source_run_id=message.source_run_id,
        params={pair.key: pair.value for pair in message.params},
        tags={pair.key: pair.value for pair in message.tags},
    )
    return {"model": wire.logged_model(made)}


def get(request: Request[GetModel]) -> dict[str, Any]:
    """Get a logged model."""
    found = request.services.logged_models.get(
        request.path["model_id"], allow_deleted=request.message.allow_deleted
    )
    return {"model": wire.logged_model(found)}


def finish(request: Request[FinishModel]) -> dict[str, Any]:
    """Record whether a logged model is complete."""
    found = request.services.logged_models.finish(request.path["model_id"], request.message.status)
    return {"model": wire.logged_model(found)}


def delete(request: Request[Message]) -> None:
    """Delete a logged model."""
    request.services.logged_models.delete(request.path["model_id"])


def log_params(request: Request[ModelPairs]) -> None:
    """Add params to a logged model."""
    params = {pair.key: pair.value for pair in request.message.params}
    request.services.logged_models.log_params(request.path["model_id"], params)


def set_tags(request: Request[ModelPairs]) -> dict[str, Any]:
    """Set tags of a logged model."""
    tags = {pair.key: pair.value for pair in request.message.tags}
    found = request.services.logged_models.set_tags(request.path["model_id"], tags)
    return {"model": wire.logged_model(found)}


def delete_tag(request: Request[Message]) -> None:
    """Remove a tag of a logged model."""
    request.services.logged_models.delete_tag(request.path["model_id"], request.path["key"])


def search(request: Request[SearchModels]) -> dict[str, Any]:
    """Search logged models."""
    message = request.message
    found, token = request.services.logged_models.search(
        message.experiment_ids,
        message.filter,
        [item.filter() for item in message.datasets],
        message.max_results or 100,
        [
            ModelOrder(
                item.field_name,
                item.ascending,
                DatasetFilter(item.dataset_name, item.dataset_digest or None)
                if item.dataset_name
                else None,
            )
            for item in message.order_by
        ],
        message.page_token or None,
    )
    models = [wire.logged_model(item) for item in found]
    return wire.filled(models=models, next_page_token=token)


_ONE = "logged-models/{model_id}"
OPERATIONS = (
    Operation("POST", "logged-models", create, CreateModel, "tracking"),
    Operation("POST", "logged-models/search", search, SearchModels),
    Operation("GET", _ONE, get, GetModel),
    Operation("PATCH", _ONE, finish, FinishModel, "tracking"),
    Operation("DELETE", _ONE, delete, Message, "tracking"),
    Operation("POST", f"{_ONE}/params", log_params, ModelPairs, "tracking"),
    Operation("PATCH", f"{_ONE}/tags", set_tags, ModelPairs, "tracking"),
    Operation("DELETE", f"{_ONE}/tags/{{key}}", delete_tag, Message, "tracking"),
)
