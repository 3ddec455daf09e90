"""Errors that reach a user, each with a stable code.

Every class says what happened and what to do in one sentence. ``http.errors`` maps classes to
HTTP statuses and ``cli`` maps them to exit codes; nothing else does.
"""

from __future__ import annotations

from typing import Any, ClassVar


class MLOpsError(Exception):
    """Something went wrong that the user can be told about.

    Args:
        message: one sentence that a data scientist can act on.
        details: facts for a program: paths, ids, limits. JSON types only.
    """

    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InvalidInputError(MLOpsError):
    """The request itself cannot be right."""

    code = "invalid_input"


class NotFoundError(MLOpsError):
    """What the request names does not exist."""

    code = "not_found"


class ConflictError(MLOpsError):
    """The request is right but clashes with how things stand."""

    code = "conflict"


class InvalidStateError(ConflictError):
    """The thing is there, but not in a state in which this can be done to it."""

    code = "invalid_state"


class ForbiddenPathError(MLOpsError):
    """A path leads out of the folder that it has to stay in."""

    code = "forbidden_path"


class StoreUnavailableError(MLOpsError):
    """The store cannot be read or written: read-only, full disk, damaged, locked."""

    code = "store_unavailable"


class KernelUnavailableError(MLOpsError):
    """The kernel is missing, dead, or does not answer."""

    code = "kernel_unavailable"


class KernelBusyError(MLOpsError):
    """The kernel runs a cell and cannot answer now."""

    code = "kernel_busy"


class EnvironmentUnavailableError(MLOpsError):
    """The environment of a snapshot cannot be had on this machine."""

    code = "environment_unavailable"


class ModelUnsupportedError(MLOpsError):
    """The object is no model that can be saved, or its environment lacks what saving needs."""

    code = "model_unsupported"


class NotebookFailedError(MLOpsError):
    """A headless notebook failed; the details name the cell and the error."""

    code = "notebook_failed"


class NotReproducedError(MLOpsError):
    """A snapshot that was run again did not give the same, or could not be run."""

    code = "not_reproduced"


class ServingError(MLOpsError):
    """The serving gateway or a model worker failed or does not answer."""

    code = "serving_failed"


class OutdatedError(MLOpsError):
    """The package was updated, or removed, under a process that goes on with the old one."""

    code = "outdated"


def read_only(what: str) -> StoreUnavailableError:
    """Return the error for a store, or its database, to which nothing can be added."""
    return StoreUnavailableError(
        f"The {what} is read-only: what it holds can be looked at, compared and exported, "
        "but nothing can be added or changed. Make it writable, or copy the project to where it "
        "is, and start again what has it open."
    )


def sentence(error: BaseException) -> str:
    """Return what to say of an error: our own sentence, or its class and what it says."""
    return error.message if isinstance(error, MLOpsError) else f"{type(error).__name__}: {error}"
