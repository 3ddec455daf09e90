"""The seeds that the code sets, as it ran: what a run of the same experiment has to set too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..analysis.seeding import Finder
from ..analysis.source import parse
from .schemas import SeedUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..kernels.schemas import CellRun
    from .notebook import CodeCell

_FEW = 10
"""So many values of one setter are listed; of more, the first and the last."""


def seeds(
    history: Sequence[CellRun], scalars: Mapping[str, Any], cells: Iterable[CodeCell] = ()
) -> list[SeedUse]:
    """Return the seeds that were set, by what set them and by cell, in the order they ran.

    Args:
        history: the executions, in the order they ran.
        scalars: numbers in the namespace at the end: ``random.seed(SEED)``.
        cells: as they stand, for their numbers.
    """
    finder = Finder(scalars)
    for run in history:
        tree = parse(run.source)
        if tree is not None:
            finder.cell(tree, run.cell_id, failed=run.status == "error")
    numbers = {cell.cell_id: cell.index + 1 for cell in cells if cell.cell_id}
    return [
        SeedUse(
            name=name,
            cell_id=cell_id,
            cell_number=numbers.get(cell_id or ""),
            values=values[:_FEW],
            count=len(values),
            last=values[-1],
        )
        for (cell_id, name), values in finder.found().items()
    ]


def by_setter(uses: Iterable[SeedUse]) -> dict[str, Any]:
    """Return the seeds of all cells by what set them: a value, several, or in words many."""
    found: dict[str, list[SeedUse]] = {}
    for use in uses:
        found.setdefault(use.name, []).append(use)
    return {name: _summary(same) for name, same in found.items()}


def _summary(uses: Sequence[SeedUse]) -> Any:
    values = list(dict.fromkeys(value for use in uses for value in use.values))
    if any(use.count > len(use.values) for use in uses) or len(values) > _FEW:
        count, last = sum(use.count for use in uses), uses[-1].last
        return f"{', '.join(map(str, values[:3]))} … {last} ({count} values)"
    return values[0] if len(values) == 1 else values
