"""Routes of registered models."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from .schemas import (
    AliasHistory,
    AliasSet,
    ModelVersion,
    ModelVersionCreate,
    RegisteredModel,
    RegisteredModelDetail,
    RegisteredModelPage,
)


class PageQuery(Schema):
    """One page of a list."""

    limit: int = Field(default=100, ge=1, le=1000)
    page_token: str | None = None


def list_models(call: Call[PageQuery, NoBody]) -> RegisteredModelPage:
    """List registered models, by name."""
    return call.services.registry.models(limit=call.query.limit, page_token=call.query.page_token)


def get_model(call: Call[NoQuery, NoBody]) -> RegisteredModelDetail:
    """Get a registered model with its versions."""
    return call.services.registry.model(call.path["name"])


async def create_model_version(call: Call[NoQuery, ModelVersionCreate]) -> ModelVersion:
    """Register a model as the next version of a name."""
    return await call.services.notebooks.register(call.path["name"], call.body, author=call.user)


def get_model_version(call: Call[NoQuery, NoBody]) -> ModelVersion:
    """Get one version of a registered model."""
    return call.services.registry.version(call.path["name"], call.number("version"))


def set_model_alias(call: Call[NoQuery, AliasSet]) -> RegisteredModel:
    """Point an alias at a version."""
    return call.services.registry.set_alias(
        call.path["name"], call.path["alias"], call.body.version, author=call.user
    )


def delete_model_alias(call: Call[NoQuery, NoBody]) -> RegisteredModel:
    """Remove an alias."""
    return call.services.registry.delete_alias(
        call.path["name"], call.path["alias"], author=call.user
    )


def list_alias_changes(call: Call[NoQuery, NoBody]) -> AliasHistory:
    """List the changes of a model's aliases, newest first."""
    return call.services.registry.alias_history(call.path["name"])


_CHANGED = (Emit("registry", "changed", "name"),)

ROUTES = (
    Route("GET", "models", list_models, "List models", RegisteredModelPage, query=PageQuery),
    Route("GET", "models/{name}", get_model, "Get a model", RegisteredModelDetail),
    Route(
        "POST",
        "models/{name}/versions",
        create_model_version,
        "Register a model as the next version",
        ModelVersion,
        body=ModelVersionCreate,
        status=201,
        action="execute",
        emits=(Emit("registry", "created", "name"),),
    ),
    Route(
        "GET", "models/{name}/versions/{version}", get_model_version, "Get a version", ModelVersion
    ),
    Route(
        "PUT",
        "models/{name}/aliases/{alias}",
        set_model_alias,
        "Point an alias at a version",
        RegisteredModel,
        body=AliasSet,
        emits=_CHANGED,
    ),
    Route(
        "DELETE",
        "models/{name}/aliases/{alias}",
        delete_model_alias,
        "Remove an alias",
        RegisteredModel,
        emits=_CHANGED,
    ),
    Route(
        "GET", "models/{name}/alias-changes", list_alias_changes, "List alias changes", AliasHistory
    ),
)
