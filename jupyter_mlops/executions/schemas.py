"""Wire types of headless runs."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ..core.schema import Schema
from ..tracking.schemas import RunError, RunStatus


class ExecutionRequest(Schema):
    """A notebook to run; paths are absolute. What a run's parent tells its child.

    ``arguments`` are parameters as typed on a command line, not yet of the right type.
    """

    project: str
    run_id: str
    author: str
    notebook_path: str
    output_path: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    arguments: dict[str, str] = Field(default_factory=dict)
    kernel_name: str | None = None
    timeout: int | None = Field(default=None, ge=1, description="seconds a cell may take")


class ExecutionResult(Schema):
    """How a headless run ended.

    ``problem`` says why there is no snapshot, where there is none; ``models`` are the variables
    that the snapshot keeps a model of. Paths are relative to the project, or absolute outside it.
    """

    run_id: str
    status: RunStatus
    notebook_path: str
    output_path: str
    snapshot_id: str | None
    parameters: dict[str, Any]
    metrics: dict[str, float]
    models: list[str]
    error: RunError | None
    problem: str | None
    duration_seconds: float
