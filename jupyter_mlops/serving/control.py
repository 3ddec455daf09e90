"""The control API: what to serve. For the holder of the control token only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .access import RefusalError, require_control, supervisor
from .files import tail
from .revision import ModelSpec
from .supervisor import UnknownDeploymentError

if TYPE_CHECKING:
    from starlette.requests import Request

    from .deployment import ServedDeployment

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEXTS = ("model_path", "python", "model_name", "model_version")
_MAX_TAIL = 10_000


async def list_deployments(request: Request) -> Response:
    """Return all deployments with their states."""
    require_control(request)
    deployments = [deployment.status() for deployment in supervisor(request).deployments()]
    return JSONResponse({"deployments": deployments})


async def put_deployment(request: Request) -> Response:
    """Make a revision the active one. Idempotent."""
    require_control(request)
    name = request.path_params["name"]
    fields = _checked(name, await _json(request))
    spec = ModelSpec(**{field: fields[field] for field in _TEXTS})
    deployment = supervisor(request).activate(name, fields["revision"], spec, fields["token_hash"])
    return JSONResponse(deployment.status())


async def stop_deployment(request: Request) -> Response:
    """End the deployment's workers."""
    deployment = _deployment(request)
    deployment.stop()
    return JSONResponse(deployment.status())


async def delete_deployment(request: Request) -> Response:
    """End the deployment's workers and forget it."""
    supervisor(request).delete(_deployment(request).name)
    return Response(status_code=204)


async def get_logs(request: Request) -> Response:
    """Return the newest lines that the wanted revision's worker printed."""
    revision = _deployment(request).wanted
    count = request.query_params.get("tail", "200")
    if not count.isdecimal():
        raise RefusalError(400, "tail takes a number of lines.")
    lines = tail(revision.log, min(int(count), _MAX_TAIL)) if revision else []
    return JSONResponse({"lines": lines})


async def shut_down(request: Request) -> Response:
    """End the gateway."""
    require_control(request)
    request.app.state.end()
    return JSONResponse({}, status_code=202)


ROUTES = (
    Route("/control/deployments", list_deployments),
    Route("/control/deployments/{name}", put_deployment, methods=["PUT"]),
    Route("/control/deployments/{name}", delete_deployment, methods=["DELETE"]),
    Route("/control/deployments/{name}/stop", stop_deployment, methods=["POST"]),
    Route("/control/deployments/{name}/logs", get_logs),
    Route("/control/shutdown", shut_down, methods=["POST"]),
)


def _deployment(request: Request) -> ServedDeployment:
    require_control(request)
    name = request.path_params["name"]
    try:
        return supervisor(request).deployment(name)
    except UnknownDeploymentError as error:
        raise RefusalError(404, f"There is no deployment {name}.") from error


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:
        raise RefusalError(400, "The body is not JSON.") from error


def _checked(name: str, fields: Any) -> dict[str, Any]:
    expected = {"revision", "token_hash", *_TEXTS}
    if not _NAME.fullmatch(name):
        raise RefusalError(400, f"{name} is no name for a deployment.")
    if not isinstance(fields, dict) or set(fields) != expected:
        raise RefusalError(400, f"The body takes exactly {', '.join(sorted(expected))}.")
    if type(fields["revision"]) is not int or fields["revision"] < 1:
        raise RefusalError(400, "revision takes a number from 1.")
    if not all(isinstance(fields[field], str) and fields[field] for field in _TEXTS):
        raise RefusalError(400, f"{', '.join(_TEXTS)} take texts.")
    if not isinstance(fields["token_hash"], str) or not _SHA256.fullmatch(fields["token_hash"]):
        raise RefusalError(400, "token_hash takes a SHA-256 in hexadecimal digits.")
    return fields
