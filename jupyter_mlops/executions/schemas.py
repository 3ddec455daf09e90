"""Wire types of headless runs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ..core.schema import Schema
from ..tracking.schemas import RunError, RunStatus


class ExecutionRequest(Schema):
    """A notebook to run; paths are absolute. What a run's parent tells its child.

    ``arguments`` are parameters as typed on a command line, not yet of the right type. Without an
    ``output_path`` the executed notebook is in the run's snapshot only, and at ``rescue_path`` if
    there can be none; ``copy_path`` is where it goes too if it finishes, with its secrets.
    """

    project: str
    run_id: str
    author: str
    notebook_path: str
    output_path: str | None
    rescue_path: str | None = None
    copy_path: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    arguments: dict[str, str] = Field(default_factory=dict)
    kernel_name: str | None = None
    timeout: int | None = Field(default=None, ge=1, description="seconds a cell may take")


class ExecutionResult(Schema):
    """How a headless run ended.

    ``problem`` says why there is no snapshot, where there is none; ``models`` are the variables
    that the snapshot keeps a model of. ``output_path`` is None where the executed notebook is in
    the snapshot only. Paths are relative to the project, or absolute outside it.
    """

    run_id: str
    status: RunStatus
    notebook_path: str
    output_path: str | None
    snapshot_id: str | None
    parameters: dict[str, Any]
    metrics: dict[str, float]
    models: list[str]
    error: RunError | None
    problem: str | None
    duration_seconds: float

    def trouble(self) -> str | None:
        """Return why the run is not finished, or is and left no snapshot; None if all is well."""
        if self.status == "FINISHED":
            return self.problem
        if self.error is None:
            return self.problem or f"The run ended as {self.status}, and nothing says why."
        index = self.error.cell_index
        cell = "" if index is None else f"Cell {index + 1}: "
        return f"{cell}{self.error.name}: {self.error.message}"


ParameterKind = Literal["text", "number", "flag", "other"]
"""What a parameter's default is: ``flag`` is True or False, ``other`` a list, a map or None."""


class NotebookParameter(Schema):
    """A parameter of a notebook, and its default as it is typed."""

    name: str
    text: str
    kind: ParameterKind


class NotebookParameters(Schema):
    """What a headless run of a notebook can be given; ``kernel_name`` is the notebook's own."""

    kernel_name: str | None
    parameters: list[NotebookParameter]


class HeadlessRunCreate(Schema):
    """Asks for a headless run of a notebook.

    ``parameters`` are texts as somebody types them: each gets the type of its default, or the one
    that it looks like. Those that are not named keep their defaults.
    """

    notebook_path: str = Field(min_length=1, description="relative to the Jupyter root")
    parameters: dict[str, str] = Field(default_factory=dict)
    kernel_name: str | None = Field(default=None, min_length=1)
    timeout: int | None = Field(default=None, ge=1, description="seconds a cell may take")


class HeadlessRun(Schema):
    """A headless run that the server began, or will when others have ended (``queued``).

    What is ``queued`` is a run with the status ``SCHEDULED``.
    ``place`` is its place among those that wait, and ``cell`` of ``cells`` the one that runs, both
    counted from 1. ``message`` says why it did not
    finish. ``result`` is there when it has ended, and had begun.
    """

    run_id: str
    notebook_path: str
    state: Literal["queued", "running", "finished", "failed", "stopped"]
    place: int | None = None
    cell: int | None = None
    cells: int | None = None
    message: str | None = None
    result: ExecutionResult | None = None


class HeadlessRunList(Schema):
    """The headless runs that a server began since it was started, newest first."""

    items: list[HeadlessRun]
