"""The data plane: Open Inference Protocol v2 and MLflow's scoring protocol.

Bodies go to the worker as they come: it alone knows what fits the model.
https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from .access import RefusalError, authorized_deployment, refusal, require_any
from .model_format import outputs, platform, tensors
from .revision import ServedRevision, UnavailableError

if TYPE_CHECKING:
    from starlette.requests import Request

    from .deployment import ServedDeployment

_RETRY = {"Retry-After": "1"}
_CONTENT_TYPES = ("application/json", "text/csv")
_FIRST_ERROR = 400


async def server_metadata(request: Request) -> Response:
    """Return the server's name, version and extensions."""
    require_any(request)
    version = request.app.state.version
    return JSONResponse({"name": "jupyter-mlops", "version": version, "extensions": []})


async def server_live(_: Request) -> Response:
    """Say that the gateway runs."""
    return JSONResponse({"live": True})


async def server_ready(_: Request) -> Response:
    """Say that the gateway takes requests; each model has its own readiness."""
    return JSONResponse({"ready": True})


async def model_metadata(request: Request) -> Response:
    """Return the model's tensors, from its signature."""
    deployment = authorized_deployment(request)
    revision = _revision(request, deployment)
    return JSONResponse(
        {
            "name": deployment.name,
            "versions": [revision.spec.model_version],
            "platform": platform(revision.mlmodel),
            "inputs": tensors(revision.mlmodel, "inputs"),
            "outputs": outputs(revision.mlmodel, revision.methods),
        }
    )


async def model_ready(request: Request) -> Response:
    """Say whether the model takes requests; 503 if not."""
    deployment = authorized_deployment(request)
    ready = not deployment.stopped and _revision(request, deployment).state == "running"
    return JSONResponse(
        {"name": deployment.name, "ready": ready},
        status_code=200 if ready else 503,
        headers=None if ready else _RETRY,
    )


async def infer(request: Request) -> Response:
    """Predict, Open Inference Protocol v2."""
    deployment = authorized_deployment(request)
    revision = _revision(request, deployment)
    model = {"model_name": deployment.name, "model_version": revision.spec.model_version}
    return await _counted(request, deployment, "infer", model=model)


async def invocations(request: Request) -> Response:
    """Predict, MLflow's scoring protocol."""
    deployment = authorized_deployment(request)
    content_type = request.headers.get("content-type", _CONTENT_TYPES[0]).partition(";")[0].strip()
    if content_type not in _CONTENT_TYPES:
        raise RefusalError(415, f"Send {' or '.join(_CONTENT_TYPES)}, not {content_type}.")
    return await _counted(request, deployment, "invocations", content_type=content_type)


async def ping(request: Request) -> Response:
    """Answer 200 where the model takes requests, as MLflow's ``/ping`` and ``/health`` do."""
    deployment = authorized_deployment(request)
    _check_running(deployment, deployment.active)
    return PlainTextResponse("\n")


async def version(request: Request) -> Response:
    """Return the gateway's version, as MLflow's ``/version`` does its own."""
    authorized_deployment(request)
    return PlainTextResponse(request.app.state.version)


_V2 = (
    ("/v2", server_metadata, "GET"),
    ("/v2/health/live", server_live, "GET"),
    ("/v2/health/ready", server_ready, "GET"),
    ("/v2/models/{model}", model_metadata, "GET"),
    ("/v2/models/{model}/ready", model_ready, "GET"),
    ("/v2/models/{model}/infer", infer, "POST"),
    ("/v2/models/{model}/versions/{version}", model_metadata, "GET"),
    ("/v2/models/{model}/versions/{version}/ready", model_ready, "GET"),
    ("/v2/models/{model}/versions/{version}/infer", infer, "POST"),
)
_MLFLOW = (
    ("/serve/{name}/invocations", invocations, "POST"),
    ("/serve/{name}/ping", ping, "GET"),
    ("/serve/{name}/health", ping, "GET"),
    ("/serve/{name}/version", version, "GET"),
)
ROUTES = tuple(
    Route(prefix + path, endpoint, methods=[method])
    for prefix, routes in (("", _V2), ("/serve/{name}", _V2), ("", _MLFLOW))
    for path, endpoint, method in routes
)


async def _counted(
    request: Request, deployment: ServedDeployment, op: str, **header: object
) -> Response:
    try:
        response = await _predict(request, deployment, op, **header)
    except RefusalError as error:
        response = refusal(request, error.status, error.message, error.headers)
    deployment.requests += 1
    deployment.errors += response.status_code >= _FIRST_ERROR
    return response


async def _predict(
    request: Request, deployment: ServedDeployment, op: str, **header: object
) -> Response:
    body = await _body(request)
    revision = _check_running(deployment, deployment.active)
    try:
        reply = await revision.ask(op, body, **header)
    except UnavailableError as error:
        raise RefusalError(503, str(error), _RETRY) from error
    except TimeoutError as error:
        raise RefusalError(504, "The model took too long to answer.") from error
    if reply.status >= _FIRST_ERROR:
        raise RefusalError(reply.status, reply.body.decode(errors="replace"))
    return Response(reply.body, media_type="application/json")


def _check_running(deployment: ServedDeployment, revision: ServedRevision | None) -> ServedRevision:
    if deployment.stopped or revision is None:
        raise RefusalError(503, f"The deployment {deployment.name} is stopped.", _RETRY)
    if revision.state != "running":
        reason = revision.message or "The model is not running."
        raise RefusalError(503, reason, _RETRY)
    return revision


def _revision(request: Request, deployment: ServedDeployment) -> ServedRevision:
    wanted = request.path_params.get("version")
    revision = deployment.active
    if revision is None or wanted not in (None, revision.spec.model_version):
        raise RefusalError(404, f"The deployment {deployment.name} serves no version {wanted}.")
    return revision


async def _body(request: Request) -> bytes:
    limit: int = request.app.state.max_request_bytes
    too_large = RefusalError(413, f"The request is larger than {limit} bytes.")
    if int(request.headers.get("content-length", "0")) > limit:
        raise too_large
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large
        chunks.append(chunk)
    return b"".join(chunks)
