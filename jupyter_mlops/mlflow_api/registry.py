"""The operations on registered models and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from ..registration import register_uri, rename_model
from ..tracking.artifacts import SCHEME
from ..tracking.files import REGISTERED
from . import wire
from .errors import NotServedError
from .masking import MaskedText, MaskedValue  # noqa: TC001 - pydantic reads them
from .operation import Message, Operation, Pair, Request, Version, Whole

if TYPE_CHECKING:
    from ..registry.entries import ModelEntry, VersionEntry


PROMPT_TAG = "mlflow.prompt.is_prompt"


class ModelName(Message):
    """Which registered model."""

    name: str


class CreateModel(ModelName):
    """A new registered model."""

    tags: list[Pair] = Field(default_factory=list)
    description: MaskedText = ""


class RenameModel(ModelName):
    """The model's new name."""

    new_name: str


class DescribeModel(ModelName):
    """The model's new description."""

    description: MaskedText = ""


class Search(Message):
    """What to look for."""

    filter: str | None = None
    max_results: Whole | None = None
    order_by: list[str] = Field(default_factory=list)
    page_token: str | None = None


class LatestVersions(ModelName):
    """Of which stages."""

    stages: list[str] = Field(default_factory=list)


class ModelTag(ModelName):
    """A tag, of a version if one is given."""

    key: str
    value: MaskedValue = ""
    version: Version | None = None


class Alias(ModelName):
    """An alias, and the version that it is to name."""

    alias: str
    version: Version | None = None


class SetAlias(Alias):
    """An alias and the version that it is to name."""

    version: Version


class CreateVersion(ModelName):
    """A new version."""

    source: str = Field(min_length=1)
    run_id: str | None = None
    run_link: MaskedText | None = None
    tags: list[Pair] = Field(default_factory=list)
    description: MaskedText = ""
    model_id: str | None = None


class VersionName(ModelName):
    """Which version."""

    version: Version


class DescribeVersion(VersionName):
    """The version's new description."""

    description: MaskedText = ""


class MoveVersion(VersionName):
    """The version's new stage."""

    stage: str
    archive_existing_versions: bool = False


def create(request: Request[CreateModel]) -> dict[str, Any]:
    """Create a registered model."""
    message = request.message
    tags = {tag.key: tag.value for tag in message.tags}
    if PROMPT_TAG in tags:
        raise NotServedError("Prompts are not kept here.")
    made = request.services.catalog.create(message.name, tags, message.description)
    return {"registered_model": _model(made)}


def rename(request: Request[RenameModel]) -> dict[str, Any]:
    """Rename a registered model."""
    message = request.message
    rename_model(request.services, message.name, message.new_name)
    return {"registered_model": _model(request.services.catalog.get(message.new_name))}


def describe(request: Request[DescribeModel]) -> dict[str, Any]:
    """Change a registered model's description."""
    message = request.message
    changed = request.services.catalog.describe(message.name, message.description)
    return {"registered_model": _model(changed)}


def delete(request: Request[ModelName]) -> None:
    """Delete a registered model."""
    request.services.catalog.delete(request.message.name, author=request.user)


def get(request: Request[ModelName]) -> dict[str, Any]:
    """Get a registered model."""
    return {"registered_model": _model(request.services.catalog.get(request.message.name))}


def search(request: Request[Search]) -> dict[str, Any]:
    """Search registered models."""
    message = request.message
    found, token = request.services.catalog.search(
        message.filter, message.max_results or 100, message.order_by, message.page_token or None
    )
    return wire.filled(registered_models=[_model(item) for item in found], next_page_token=token)


def latest_versions(request: Request[LatestVersions]) -> dict[str, Any]:
    """Get the newest version of each stage."""
    found = request.services.catalog.latest(request.message.name, request.message.stages)
    return wire.filled(model_versions=[_version(item) for item in found])


def set_tag(request: Request[ModelTag]) -> None:
    """Set a tag of a model or a version."""
    message = request.message
    request.services.catalog.set_tag(message.name, message.key, message.value, message.version)


def delete_tag(request: Request[ModelTag]) -> None:
    """Remove a tag of a model or a version."""
    message = request.message
    request.services.catalog.delete_tag(message.name, message.key, message.version)


def set_alias(request: Request[SetAlias]) -> None:
    """Have an alias name a version."""
    message = request.message
    registry = request.services.registry
    registry.set_alias(message.name, message.alias, message.version, author=request.user)


def delete_alias(request: Request[Alias]) -> None:
    """Remove an alias; none is no error, as in MLflow."""
    message = request.message
    services = request.services
    if message.alias in services.catalog.get(message.name).aliases:
        services.registry.delete_alias(message.name, message.alias, author=request.user)


def get_by_alias(request: Request[Alias]) -> dict[str, Any]:
    """Get the version that an alias names."""
    message = request.message
    found = request.services.registry.resolve(message.name, alias=message.alias)
    return {"model_version": _version(request.services.catalog.version(found.name, found.version))}


def create_version(request: Request[CreateVersion]) -> dict[str, Any]:
    """Register a new version."""
    message = request.message
    made = register_uri(
        request.services,
        message.name,
        message.source,
        author=request.user,
        run_id=message.run_id or None,
        run_link=message.run_link,
        model_id=message.model_id or None,
        description=message.description,
    )
    catalog = request.services.catalog
    for tag in message.tags:
        catalog.set_tag(made.name, tag.key, tag.value, made.version)
    return {"model_version": _version(catalog.version(made.name, made.version))}


def get_version(request: Request[VersionName]) -> dict[str, Any]:
    """Get a version."""
    message = request.message
    found = request.services.catalog.version(message.name, message.version)
    return {"model_version": _version(found)}


def describe_version(request: Request[DescribeVersion]) -> dict[str, Any]:
    """Change a version's description."""
    message = request.message
    changed = request.services.catalog.change_version(
        message.name, message.version, description=message.description
    )
    return {"model_version": _version(changed)}


def move_version(request: Request[MoveVersion]) -> dict[str, Any]:
    """Change a version's stage."""
    message = request.message
    changed = request.services.catalog.change_version(
        message.name,
        message.version,
        stage=message.stage,
        archive_others=message.archive_existing_versions,
    )
    return {"model_version": _version(changed)}


def delete_version(request: Request[VersionName]) -> None:
    """Delete a version."""
    message = request.message
    request.services.catalog.delete_version(message.name, message.version, author=request.user)


def search_versions(request: Request[Search]) -> dict[str, Any]:
    """Search versions."""
    message = request.message
    found, token = request.services.catalog.search_versions(
        message.filter, message.max_results or 10_000, message.order_by, message.page_token or None
    )
    return wire.filled(model_versions=[_version(item) for item in found], next_page_token=token)


def download_uri(request: Request[VersionName]) -> dict[str, Any]:
    """Get where a version's files are."""
    message = request.message
    found = request.services.catalog.version(message.name, message.version)
    return {"artifact_uri": _place(found)}


def _place(item: VersionEntry) -> str:
    if item.object_id is not None:
        return f"{SCHEME}/{REGISTERED}/{item.object_id}"
    return item.source or ""


def _model(item: ModelEntry) -> dict[str, Any]:
    return wire.filled(
        name=item.name,
        creation_timestamp=item.creation_time,
        last_updated_timestamp=item.last_update_time,
        description=item.description or None,
        latest_versions=[_version(version) for version in item.latest],
        tags=wire.pairs(item.tags),
        aliases=[
            {"alias": alias, "version": str(version)} for alias, version in item.aliases.items()
        ],
    )


def _version(item: VersionEntry) -> dict[str, Any]:
    return wire.filled(
        name=item.name,
        version=str(item.version),
        creation_timestamp=item.creation_time,
        last_updated_timestamp=item.last_update_time,
        user_id=item.author,
        current_stage=item.stage,
        description=item.description,
        source=item.source or _place(item),
        run_id=item.run_id or "",
        status="READY",
        run_link=item.run_link or "",
        tags=wire.pairs(item.tags),
        aliases=item.aliases,
        model_id=item.model_id,
    )


OPERATIONS = (
    Operation("POST", "registered-models/create", create, CreateModel, "registry"),
    Operation("POST", "registered-models/rename", rename, RenameModel, "registry"),
    Operation("PATCH", "registered-models/update", describe, DescribeModel, "registry"),
    Operation("DELETE", "registered-models/delete", delete, ModelName, "registry"),
    Operation("GET", "registered-models/get", get, ModelName),
    Operation("GET", "registered-models/search", search, Search),
    Operation("POST", "registered-models/get-latest-versions", latest_versions, LatestVersions),
    Operation("GET", "registered-models/get-latest-versions", latest_versions, LatestVersions),
    Operation("POST", "registered-models/set-tag", set_tag, ModelTag, "registry"),
    Operation("DELETE", "registered-models/delete-tag", delete_tag, ModelTag, "registry"),
    Operation("POST", "registered-models/alias", set_alias, SetAlias, "registry"),
    Operation("DELETE", "registered-models/alias", delete_alias, Alias, "registry"),
    Operation("GET", "registered-models/alias", get_by_alias, Alias),
    Operation("POST", "model-versions/create", create_version, CreateVersion, "registry"),
    Operation("GET", "model-versions/get", get_version, VersionName),
    Operation("PATCH", "model-versions/update", describe_version, DescribeVersion, "registry"),
    Operation("POST", "model-versions/transition-stage", move_version, MoveVersion, "registry"),
    Operation("DELETE", "model-versions/delete", delete_version, VersionName, "registry"),
    Operation("GET", "model-versions/search", search_versions, Search),
    Operation("GET", "model-versions/get-download-uri", download_uri, VersionName),
    Operation("POST", "model-versions/set-tag", set_tag, ModelTag, "registry"),
    Operation("DELETE", "model-versions/delete-tag", delete_tag, ModelTag, "registry"),
)
