"""The one table from error classes to HTTP statuses."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from ..core import errors
from ..core.installed import explained
from ..core.schema import ErrorBody

STATUS: dict[type[errors.MLOpsError], int] = {
    errors.MLOpsError: 500,
    errors.InvalidInputError: 422,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.InvalidStateError: 409,
    errors.ForbiddenPathError: 403,
    errors.StoreUnavailableError: 507,
    errors.KernelUnavailableError: 409,
    errors.KernelBusyError: 409,
    errors.EnvironmentUnavailableError: 409,
    errors.ModelUnsupportedError: 422,
    errors.NotebookFailedError: 422,
    errors.NotReproducedError: 422,
    errors.ServingError: 502,
    errors.OutdatedError: 503,
}


def reply(error: BaseException) -> tuple[int, ErrorBody]:
    """Return the status and body for an error, looked up along its class order."""
    if isinstance(error, ValidationError):
        return 422, _invalid(error)
    if not isinstance(error, errors.MLOpsError):
        error = explained(error)
    for kind in type(error).__mro__:
        if kind in STATUS and isinstance(error, errors.MLOpsError):
            return STATUS[kind], ErrorBody(
                message=error.message, code=error.code, details=error.details
            )
    return 500, ErrorBody(
        message="The server failed unexpectedly. Its log has the details.",
        code=errors.MLOpsError.code,
    )


def _invalid(error: ValidationError) -> ErrorBody:
    fields: list[dict[str, Any]] = [
        {"path": [str(part) for part in item["loc"]], "message": item["msg"]}
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    sentence = "; ".join(
        f"{'.'.join(item['path']) or 'body'}: {item['message']}" for item in fields
    )
    return ErrorBody(
        message=f"The request is not valid: {sentence}.",
        code=errors.InvalidInputError.code,
        details={"fields": fields},
    )
