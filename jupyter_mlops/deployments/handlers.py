"""Routes of deployments."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from .schemas import (
    Deployment,
    DeploymentCreate,
    DeploymentCreated,
    DeploymentExample,
    DeploymentLog,
    DeploymentPage,
    DeploymentToken,
    Prediction,
    PredictRequest,
)


class LogQuery(Schema):
    """How many of the newest lines."""

    tail: int = Field(default=200, ge=1, le=10_000)


def list_deployments(call: Call[NoQuery, NoBody]) -> DeploymentPage:
    """List deployments, by name."""
    return call.services.deployments.deployments()


def create_deployment(call: Call[NoQuery, DeploymentCreate]) -> DeploymentCreated:
    """Deploy a model version; answers at once, while it starts."""
    return call.services.deployments.create(call.body, author=call.user)


def get_deployment(call: Call[NoQuery, NoBody]) -> Deployment:
    """Get a deployment with its state."""
    return call.services.deployments.deployment(call.path["name"])


def delete_deployment(call: Call[NoQuery, NoBody]) -> None:
    """Stop and delete a deployment."""
    call.services.deployments.delete(call.path["name"])


def stop_deployment(call: Call[NoQuery, NoBody]) -> Deployment:
    """Stop a deployment; its URL and token stay."""
    return call.services.deployments.stop(call.path["name"])


def start_deployment(call: Call[NoQuery, NoBody]) -> Deployment:
    """Start a stopped or failed deployment."""
    return call.services.deployments.start(call.path["name"])


def roll_back_deployment(call: Call[NoQuery, NoBody]) -> Deployment:
    """Return to the previous version."""
    return call.services.deployments.roll_back(call.path["name"], author=call.user)


def renew_deployment_token(call: Call[NoQuery, NoBody]) -> DeploymentToken:
    """Make a new bearer token; the old one stops working."""
    return call.services.deployments.renew_token(call.path["name"])


def predict(call: Call[NoQuery, PredictRequest]) -> Prediction:
    """Send a prediction request to a deployment."""
    return call.services.deployments.predict(call.path["name"], call.body.payload)


def get_deployment_example(call: Call[NoQuery, NoBody]) -> DeploymentExample:
    """Get the model's input example as a request payload."""
    return DeploymentExample(payload=call.services.deployments.example(call.path["name"]))


def get_deployment_log(call: Call[LogQuery, NoBody]) -> DeploymentLog:
    """Get the newest lines of the worker's log."""
    return call.services.deployments.logs(call.path["name"], call.query.tail)


_CHANGED = (Emit("deployments", "changed", "name"),)
_ITEM = "deployments/{name}"

ROUTES = (
    Route("GET", "deployments", list_deployments, "List deployments", DeploymentPage),
    Route(
        "POST",
        "deployments",
        create_deployment,
        "Deploy a model version",
        DeploymentCreated,
        body=DeploymentCreate,
        status=201,
        action="execute",
        emits=(Emit("deployments", "created", "name"),),
    ),
    Route("GET", _ITEM, get_deployment, "Get a deployment", Deployment),
    Route(
        "DELETE",
        _ITEM,
        delete_deployment,
        "Stop and delete a deployment",
        emits=(Emit("deployments", "deleted", "name"),),
    ),
    Route(
        "POST", f"{_ITEM}/stop", stop_deployment, "Stop a deployment", Deployment, emits=_CHANGED
    ),
    Route(
        "POST",
        f"{_ITEM}/start",
        start_deployment,
        "Start a deployment",
        Deployment,
        action="execute",
        emits=_CHANGED,
    ),
    Route(
        "POST",
        f"{_ITEM}/rollback",
        roll_back_deployment,
        "Return to the previous version",
        Deployment,
        action="execute",
        emits=_CHANGED,
    ),
    Route(
        "POST",
        f"{_ITEM}/token",
        renew_deployment_token,
        "Make a new bearer token",
        DeploymentToken,
        status=201,
        action="execute",  # whoever has it can ask the model
        emits=_CHANGED,
    ),
    Route(
        "POST",
        f"{_ITEM}/predict",
        predict,
        "Ask for a prediction",
        Prediction,
        body=PredictRequest,
        action="execute",
    ),
    Route("GET", f"{_ITEM}/example", get_deployment_example, "Get an example", DeploymentExample),
    Route("GET", f"{_ITEM}/log", get_deployment_log, "Get the log", DeploymentLog, query=LogQuery),
)
