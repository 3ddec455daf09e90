"""Grades a notebook as it stands in the browser: cheap, nothing is stored or hashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..snapshots import notebook as notebooks
from ..snapshots.grade import Verdict, grade, top_level
from ..snapshots.matching import Live
from ..snapshots.notebook import CodeCell
from .schemas import NotebookGrade

if TYPE_CHECKING:
    from pathlib import Path

    from ..kernels.schemas import KernelHistory
    from .schemas import GradeRequest


def grade_notebook(
    path: Path, request: GradeRequest, history: KernelHistory | None
) -> NotebookGrade:
    """Return the grade of the cells that were sent, or of the file where none were.

    Raises:
        NotFoundError, InvalidInputError: the file cannot be read as a notebook.
    """
    if request.cells is None:
        cells = notebooks.read_code(path).code_cells
    else:
        cells = [
            CodeCell(
                cell.index,
                cell.cell_id,
                cell.source,
                tuple(cell.tags),
                [],
                cell.execution_count,
            )
            for cell in request.cells
        ]
    live = Live(notebooks.saved_at(path) if request.cells is None else None)
    verdict, reasons = _grade(cells, history, live)
    return NotebookGrade(grade=verdict, reasons=reasons)


def _grade(cells: list[CodeCell], history: KernelHistory | None, live: Live) -> Verdict:
    if history is None or (history.r_code and not history.complete):
        return grade(cells, None)
    return grade(cells, history.cells, top_level(history.modules), history.r_code, live)
