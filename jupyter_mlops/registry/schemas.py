"""Wire types of registered models, in MLflow's terms."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ..core.schema import Page, Schema, Timestamp


class ModelVersion(Schema):
    """One immutable version of a registered model.

    ``source`` is where a client of MLflow's says that the model is. ``object_id`` is None where
    that is out of our reach: such a version is a reference only.
    """

    name: str
    version: int
    created_at: Timestamp
    author: str
    description: str
    status: Literal["READY"]
    framework: str
    flavor: str
    class_name: str
    serialization: str
    run_id: str | None
    snapshot_id: str | None
    notebook_path: str | None
    variable: str | None
    object_id: str | None
    size_bytes: int
    aliases: list[str]
    signature: dict[str, Any] | None
    input_example: Any | None
    requirements: list[str]
    executable: str | None
    source: str | None = None


class VersionSource(Schema):
    """Where a version comes from, and what the process that saved it knew; no wire type.

    What is None is unknown, or is read from the model's folder.
    """

    run_id: str | None = None
    snapshot_id: str | None = None
    notebook_path: str | None = None
    variable: str | None = None
    framework: str | None = None
    class_name: str | None = None
    serialization: str | None = None
    executable: str | None = None
    source: str | None = None
    run_link: str | None = None
    model_id: str | None = None


class RegisteredModel(Schema):
    """A named model with the number of its newest version, 0 if it has none, and its aliases."""

    name: str
    description: str
    created_at: Timestamp
    updated_at: Timestamp
    latest_version: int
    aliases: dict[str, int]


class RegisteredModelDetail(RegisteredModel):
    """A registered model with all its versions, newest first."""

    versions: list[ModelVersion]


class ModelVersionCreate(Schema):
    """Names the model to register, in one of three ways.

    ``notebook_path`` + ``variable``: alive in the notebook's kernel. ``snapshot_id`` +
    ``variable``: kept by a headless run. ``path``: a folder in MLflow's model format.
    """

    notebook_path: str | None = None
    snapshot_id: str | None = None
    variable: str | None = None
    path: str | None = None
    description: str = Field(default="", max_length=10_000)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        sources = [self.notebook_path, self.snapshot_id, self.path]
        if sum(source is not None for source in sources) != 1:
            raise ValueError("give exactly one of notebook_path, snapshot_id and path")
        if self.path is None and not self.variable:
            raise ValueError("give the variable that holds the model")
        return self


class AliasSet(Schema):
    """Points an alias at a version."""

    version: int = Field(ge=1)


class AliasChange(Schema):
    """One entry of an alias's history; ``version`` is None where it was removed."""

    alias: str
    version: int | None
    changed_at: Timestamp
    author: str


class RegisteredModelPage(Page[RegisteredModel]):
    """A page of registered models, by name."""


class AliasHistory(Page[AliasChange]):
    """The changes of a model's aliases, newest first."""
