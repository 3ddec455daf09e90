"""The one table from error classes to MLflow's error codes and their HTTP statuses.

``INVALID_STATE`` is answered as MLflow answers it for runs and experiments that are deleted, as
an invalid parameter: its own status for it, 500, would have clients try again for minutes.
"""

from __future__ import annotations

from typing import NamedTuple

from pydantic import ValidationError

from ..core import errors
from ..core.installed import explained


class ErrorCode(NamedTuple):
    """An error code of MLflow's and the HTTP status that it is sent with."""

    name: str
    status: int


INTERNAL_ERROR = ErrorCode("INTERNAL_ERROR", 500)
NOT_IMPLEMENTED = ErrorCode("NOT_IMPLEMENTED", 501)
ENDPOINT_NOT_FOUND = ErrorCode("ENDPOINT_NOT_FOUND", 404)
INVALID_PARAMETER_VALUE = ErrorCode("INVALID_PARAMETER_VALUE", 400)
PERMISSION_DENIED = ErrorCode("PERMISSION_DENIED", 403)

CODES: dict[type[BaseException], ErrorCode] = {
    errors.MLOpsError: INTERNAL_ERROR,
    errors.InvalidInputError: INVALID_PARAMETER_VALUE,
    errors.InvalidStateError: INVALID_PARAMETER_VALUE,
    errors.NotFoundError: ErrorCode("RESOURCE_DOES_NOT_EXIST", 404),
    errors.ConflictError: ErrorCode("RESOURCE_ALREADY_EXISTS", 400),
    errors.ForbiddenPathError: INVALID_PARAMETER_VALUE,
    errors.StoreUnavailableError: ErrorCode("TEMPORARILY_UNAVAILABLE", 503),
    errors.OutdatedError: ErrorCode("TEMPORARILY_UNAVAILABLE", 503),
    errors.ModelUnsupportedError: INVALID_PARAMETER_VALUE,
    ValidationError: INVALID_PARAMETER_VALUE,
}
STATUS_CODES = {
    400: ErrorCode("BAD_REQUEST", 400),
    401: ErrorCode("UNAUTHENTICATED", 401),
    403: PERMISSION_DENIED,
    404: ENDPOINT_NOT_FOUND,
    405: ErrorCode("ENDPOINT_NOT_FOUND", 405),
    413: ErrorCode("INVALID_PARAMETER_VALUE", 413),
}


class NotServedError(errors.MLOpsError):
    """A part of MLflow's protocol that this server does not have."""

    code = "not_implemented"


def reply(error: BaseException) -> tuple[ErrorCode, str]:
    """Return the code and the sentence for an error, looked up along its class order."""
    if isinstance(error, NotServedError):
        return NOT_IMPLEMENTED, error.message
    if not isinstance(error, (errors.MLOpsError, ValidationError)):
        error = explained(error)
    for kind in type(error).__mro__:
        if kind in CODES:
            return CODES[kind], _sentence(error)
    return INTERNAL_ERROR, "The server failed unexpectedly. Its log has the details."


def _sentence(error: BaseException) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    wrong = [
        f"{'.'.join(map(str, item['loc'])) or 'body'}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return f"Invalid value for parameter {'; '.join(wrong)}."
