"""Who may do what at the gateway, and how it refuses in each protocol's own form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from .supervisor import Supervisor, UnknownDeploymentError

if TYPE_CHECKING:
    from starlette.requests import Request

    from .deployment import ServedDeployment

_MLFLOW_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "RESOURCE_DOES_NOT_EXIST",
    413: "BAD_REQUEST",
    415: "BAD_REQUEST",
    503: "TEMPORARILY_UNAVAILABLE",
}


class RefusalError(Exception):
    """A request that is answered with an error status."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


def refusal(request: Request, status: int, message: str, headers: object = None) -> JSONResponse:
    """Return an error as the protocol of the request's path has it."""
    parts = request.url.path.split("/")
    body = {"error": message}
    if parts[1] == "serve" and parts[3:4] != ["v2"]:
        body = {"error_code": _MLFLOW_CODES.get(status, "INTERNAL_ERROR"), "message": message}
    extra = dict(headers) if isinstance(headers, dict) else None
    return JSONResponse(body, status_code=status, headers=extra)


def supervisor(request: Request) -> Supervisor:
    """Return the gateway's supervisor."""
    found: Supervisor = request.app.state.supervisor
    return found


def require_control(request: Request) -> None:
    """Let only the holder of the control token pass.

    Raises:
        RefusalError: 401 without a token, 403 with another one.
    """
    if not supervisor(request).is_control_token(bearer_token(request)):
        raise RefusalError(403, "This takes the gateway's control token.")


def require_any(request: Request) -> None:
    """Let the holder of any token of this gateway pass.

    Raises:
        RefusalError: 401.
    """
    token = bearer_token(request)
    if not supervisor(request).is_control_token(token) and not supervisor(request).opened_by(token):
        raise unauthorized("The bearer token is none of this gateway.")


def authorized_deployment(request: Request) -> ServedDeployment:
    """Return the deployment of the request's path.

    Raises:
        RefusalError: 401 for an unknown token, 403 for another deployment's, 404 for a deployment
            that does not exist or does not fit the path.
    """
    require_any(request)
    outer, inner = request.path_params.get("name"), request.path_params.get("model")
    name = inner or outer or ""
    try:
        deployment = supervisor(request).deployment(name)
    except UnknownDeploymentError as error:
        raise RefusalError(404, f"There is no deployment {name}.") from error
    if name not in supervisor(request).opened_by(bearer_token(request)):
        raise RefusalError(403, f"The bearer token is not the one of {name}.")
    if outer is not None and outer != name:
        raise RefusalError(404, f"The deployment {outer} serves no model {name}.")
    return deployment


def bearer_token(request: Request) -> str:
    """Return the request's bearer token.

    Raises:
        RefusalError: 401, there is none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthorized("Send the bearer token of the deployment.")
    return token.strip()


def unauthorized(message: str) -> RefusalError:
    """Return a refusal that asks for a token."""
    return RefusalError(401, message, {"WWW-Authenticate": "Bearer"})
