"""How a headless run ended, told from what was raised, never from papermill's marks in the file.

After a dead kernel or a timeout those say ``completed``, even of cells that never ran.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from ..tracking.schemas import RunError, RunStatus

_MESSAGE_LIMIT = 2000


@dataclass(frozen=True)
class CellFailure:
    """What a cell raised; ``index`` counts all cells of the executed notebook from 0."""

    index: int
    cell_id: str | None
    error: BaseException


def outcome(
    notebook: Any,
    failure: CellFailure | None,
    raised: BaseException | None,
    obituary: str | None = None,
) -> tuple[RunStatus, RunError | None]:
    """Return a run's status and error.

    Args:
        notebook: the executed notebook.
        failure: the cell that raised, if one did.
        raised: what ended the engine before the end, if anything did.
        obituary: of what the kernel died, if it did.
    """
    cause = raised if raised is not None else failure.error if failure else None
    if cause is None:
        return _marked(notebook)
    if _is_clean_exit(cause):
        return "FINISHED", None
    name, message = _describe(cause, obituary)
    error = RunError(
        name=name,
        message=message[:_MESSAGE_LIMIT],
        cell_index=failure.index if failure else None,
        cell_id=failure.cell_id if failure else None,
    )
    return ("KILLED" if isinstance(cause, KeyboardInterrupt | SystemExit) else "FAILED"), error


def _marked(notebook: Any) -> tuple[RunStatus, RunError | None]:
    """Papermill fails a notebook for any error output, be it tagged ``raises-exception``."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and not _exits(output.ename, output.evalue):
                return "FAILED", RunError(
                    name=output.ename,
                    message=output.evalue[:_MESSAGE_LIMIT],
                    cell_index=index,
                    cell_id=cell.get("id"),
                )
    return "FINISHED", None


def _is_clean_exit(cause: BaseException) -> bool:
    return isinstance(cause, CellExecutionError) and _exits(cause.ename, cause.evalue)


def _exits(name: str, value: str) -> bool:
    return name == "SystemExit" and value in {"", "0"}


def _describe(cause: BaseException, obituary: str | None) -> tuple[str, str]:
    if isinstance(cause, CellExecutionError):
        return cause.ename, cause.evalue
    name = type(cause).__name__
    if isinstance(cause, DeadKernelError):
        return name, obituary or str(cause)
    if isinstance(cause, CellTimeoutError):
        return name, "The cell took longer than the timeout allows."
    if isinstance(cause, KeyboardInterrupt | SystemExit):
        return name, "The run was stopped."
    return name, str(cause)
