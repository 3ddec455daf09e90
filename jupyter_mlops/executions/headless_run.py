"""One headless run, in the process of its own that ``child`` is."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import papermill
from jupyter_client.kernelspec import KernelSpecManager

from ..core.errors import InvalidInputError, MLOpsError, StoreUnavailableError
from ..core.project import Project
from ..core.schema import ErrorBody
from . import source
from .parameters import literal, resolve
from .recorder import RunRecorder
from .schemas import ExecutionRequest, ExecutionResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from .ahead import KernelAhead


def answer(
    line: str, kernel: KernelAhead | None, tell: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Run what a request in JSON asks for, and return what is to be told of it.

    Args:
        line: the request.
        kernel: the notebook's own, if it was started already.
        tell: called with the number of each cell that begins, and that of all.
    """
    request = ExecutionRequest.model_validate_json(line)
    # only now: with a relative PYTHONPATH, a papermill.py beside the notebook would be imported
    os.chdir(Path(request.notebook_path).parent)
    try:
        return {"result": _execute(request, kernel, tell).model_dump(mode="json")}
    except MLOpsError as error:
        body = ErrorBody(message=error.message, code=error.code, details=error.details)
        return {"error": body.model_dump(mode="json")}


def _execute(
    request: ExecutionRequest, kernel: KernelAhead | None, tell: Callable[[dict[str, Any]], None]
) -> ExecutionResult:
    started = time.monotonic()
    project = Project(Path(request.project))

    def on_cell(index: int) -> None:
        with suppress(OSError):  # who asked is gone, and about to have this stopped
            tell({"cell": index + 1, "cells": recorder.cells})

    recorder = RunRecorder(
        project,
        Path(request.notebook_path),
        author=request.author,
        run_id=request.run_id,
        on_cell=on_cell,
        rescue=Path(request.rescue_path) if request.rescue_path else None,
    )
    try:
        _run(request, recorder, kernel)
    except MLOpsError:
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, SystemExit) and recorder.status == "RUNNING":
            raise InvalidInputError("The run was stopped before it began.") from error
        # what ended the run is in its result; else it never began, or could not be written
        if recorder.status in {"RUNNING", "FINISHED"}:
            raise InvalidInputError(
                f"The notebook cannot be run: {type(error).__name__}: {error}"
            ) from error
    return _result(request, recorder, time.monotonic() - started)


def _run(request: ExecutionRequest, recorder: RunRecorder, kernel: KernelAhead | None) -> None:
    notebook = source.read(request.notebook_path)
    _check_kernel(request, notebook)
    papermill.execute_notebook(
        literal(request.notebook_path),
        literal(request.output_path) if request.output_path else None,
        resolve(notebook, request.parameters, request.arguments),
        engine_name="mlops",
        kernel_name=request.kernel_name,
        execution_timeout=request.timeout,
        progress_bar=sys.stderr.isatty(),
        recorder=recorder,
        kernel=kernel,
    )
    if request.copy_path and recorder.executed:
        _write(request.copy_path, recorder.executed)


def _write(path: str, executed: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(executed)
            file.flush()
            os.fsync(file.fileno())  # it is about to take the place of the notebook
    except OSError as error:
        raise StoreUnavailableError(
            f"The executed notebook cannot be written to {path}: {error.strerror}."
        ) from error


def _check_kernel(request: ExecutionRequest, notebook: Any) -> None:
    """Refuse a kernel that is not installed; papermill would begin, and fail."""
    name = request.kernel_name or notebook.metadata.get("kernelspec", {}).get("name")
    installed = KernelSpecManager().find_kernel_specs()
    if name not in installed:
        raise InvalidInputError(
            f"The kernel {name} is not installed. Installed: {', '.join(sorted(installed))}."
            if name
            else "The notebook names no kernel. Say which one is to run it.",
            installed=sorted(installed),
        )


def _result(request: ExecutionRequest, recorder: RunRecorder, seconds: float) -> ExecutionResult:
    snapshot = recorder.snapshot
    output = request.output_path or recorder.rescued
    return ExecutionResult(
        run_id=request.run_id,
        status=recorder.status,
        notebook_path=recorder.notebook_path,
        output_path=recorder.project.relative(Path(output)) if output else None,
        snapshot_id=snapshot.id if snapshot else None,
        parameters=snapshot.parameters if snapshot else {},
        metrics=snapshot.metrics if snapshot else {},
        models=list(recorder.models.kept) if snapshot else [],
        error=recorder.error,
        problem=recorder.problem,
        duration_seconds=round(seconds, 3),
    )
