"""Wire types of deployments."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ..core.schema import Page, Schema, Timestamp

DeploymentState = Literal["pending", "running", "failed", "stopped"]


class Revision(Schema):
    """One model version that a deployment serves or served."""

    revision: int
    model_name: str
    version: int
    created_at: Timestamp
    author: str


class Deployment(Schema):
    """A model version behind a fixed URL.

    ``url`` is the Open Inference Protocol v2 model URL; ``invocations_url`` speaks MLflow's
    protocol. ``proxy_path`` is the same under the Jupyter server's base URL.
    """

    name: str
    target: Literal["local"]
    state: DeploymentState
    message: str | None
    model_name: str
    version: int
    revision: int
    previous_version: int | None
    url: str | None
    invocations_url: str | None
    proxy_path: str
    created_at: Timestamp
    updated_at: Timestamp
    author: str
    revisions: list[Revision]
    requests: int
    errors: int


class DeploymentCreated(Deployment):
    """A deployment with its bearer token, shown once; None when the URL already had one."""

    token: str | None


class DeploymentCreate(Schema):
    """Asks to serve a model version; an existing name gets a new revision."""

    model_name: str = Field(min_length=1)
    version: int | None = Field(default=None, ge=1)
    alias: str | None = None
    name: str | None = Field(default=None, description="default: made from the model's name")
    target: Literal["local"] = "local"

    @model_validator(mode="after")
    def _one_version(self) -> Self:
        if self.version is not None and self.alias is not None:
            raise ValueError("give a version or an alias, not both")
        return self


class PredictRequest(Schema):
    """A prediction request: a body of MLflow's or of the Open Inference Protocol."""

    payload: Any


class Prediction(Schema):
    """What the model answered, and how long it took."""

    response: Any
    status_code: int
    duration_ms: float


class DeploymentLog(Schema):
    """The newest lines that the deployment's worker printed."""

    lines: list[str]


class DeploymentToken(Schema):
    """A new bearer token, shown once; the old one stops working."""

    token: str


class DeploymentPage(Page[Deployment]):
    """A page of deployments, by name."""


class DeploymentExample(Schema):
    """The model's input example as a request payload; None where the model has none."""

    payload: Any | None
