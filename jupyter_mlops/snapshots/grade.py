"""The honesty grade: do the outputs follow from the code, as far as can be proved?

``clean``: every cell ran once, top to bottom, unedited. ``valid``: the cells ran in another
order or several times, yet a run from top to bottom would use the same values. ``stale``: it
would not. ``unknown``: it cannot be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import names
from .schemas import Grade, GradeReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..kernels.schemas import CellRun
    from .notebook import CodeCell

Verdict = tuple[Grade, list[GradeReason]]


def grade(cells: Sequence[CodeCell], history: Sequence[CellRun] | None) -> Verdict:
    """Return the grade of a notebook whose kernel ran ``history``, and why it is not better."""
    cells = [cell for cell in cells if cell.source.strip()]
    if history is None:
        return "unknown", [_reason("no-kernel", "No kernel was running, so its history is unknown")]
    if not history:
        return "unknown", [_reason("no-history", "The kernel has run no cell since it started")]
    matched = [_cell_of(run, cells) for run in history]
    reasons = _stale(cells, history, matched)
    if reasons:
        return "stale", reasons
    if matched == cells:
        return "clean", []
    return _order(cells, history, matched)


def _cell_of(run: CellRun, cells: Sequence[CodeCell]) -> CodeCell | None:
    for cell in cells:
        if cell.cell_id == run.cell_id if run.cell_id else cell.source == run.source:
            return cell
    return None


def _stale(
    cells: Sequence[CodeCell], history: Sequence[CellRun], matched: Sequence[CodeCell | None]
) -> list[GradeReason]:
    last = {id(cell): run for cell, run in zip(matched, history, strict=True) if cell}
    reasons = []
    for cell in cells:
        run = last.get(id(cell))
        if run is None:
            reasons.append(_reason("not-run", f"Cell {cell.index + 1} has not been run", cell))
        elif run.source.strip() != cell.source.strip():
            reasons.append(
                _reason("edited", f"Cell {cell.index + 1} was edited after it ran", cell)
            )
    return reasons + _deleted(cells, history, matched)


def _deleted(
    cells: Sequence[CodeCell], history: Sequence[CellRun], matched: Sequence[CodeCell | None]
) -> list[GradeReason]:
    """Names that only a deleted cell defined, and that a cell still uses."""
    known = [names.of(cell.source) or names.Names() for cell in cells]
    defined = {name for cell in known for name in cell.defines}
    used = {name for cell in known for name in cell.uses}
    lost = {
        name
        for run, cell in zip(history, matched, strict=True)
        if cell is None and (found := names.of(run.source))
        for name in found.defines
    }
    return [
        _reason("deleted", f"{name} comes from a cell that was deleted or edited")
        for name in sorted((lost & used) - defined)
    ]


def _order(
    cells: Sequence[CodeCell], history: Sequence[CellRun], matched: Sequence[CodeCell | None]
) -> Verdict:
    known = {id(cell): names.of(cell.source) for cell in cells}
    if any(found is None for found in known.values()):
        return "unknown", [_reason("not-python", "Cells ran out of order and cannot be analysed")]
    final = {id(cell): position for position, cell in enumerate(matched) if cell}
    reasons = []
    for place, cell in enumerate(cells):
        for name in sorted(_names(known, cell).uses):
            above = _provider(cells[:place], name, known)
            ran = _last_run(history[: final[id(cell)]], matched, name)
            if ran is None and above is None:
                continue
            same = above is not None and ran == final[id(above)]
            if not same:
                reasons.append(
                    _reason(
                        "order",
                        f"Cell {cell.index + 1} used a value of {name} that a run from top to "
                        "bottom would not give it",
                        cell,
                    )
                )
    return (
        ("stale", reasons)
        if reasons
        else (
            "valid",
            [
                _reason(
                    "order", "Cells ran in another order or more than once, with the same result"
                )
            ],
        )
    )


def _provider(
    above: Sequence[CodeCell], name: str, known: dict[int, names.Names | None]
) -> CodeCell | None:
    return next((cell for cell in reversed(above) if name in _names(known, cell).defines), None)


def _names(known: dict[int, names.Names | None], cell: CodeCell) -> names.Names:
    return known[id(cell)] or names.Names()


def _last_run(
    before: Sequence[CellRun], matched: Sequence[CodeCell | None], name: str
) -> int | None:
    """Position of the last earlier execution that bound ``name``."""
    for position in range(len(before) - 1, -1, -1):
        found = names.of(before[position].source)
        if found and name in found.defines:
            return position
    return None


def _reason(code: str, message: str, cell: CodeCell | None = None) -> GradeReason:
    return GradeReason(code=code, message=message, cell_id=cell.cell_id if cell else None)
