"""Which cell of a notebook a run of the kernel's was of, and whether its outputs are there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..kernels.schemas import CellRun
    from .notebook import CodeCell

_LEEWAY = 2.0  # seconds by which the clocks of a disk and a kernel may differ


@dataclass(frozen=True)
class Live:
    """A notebook that a front end shows and runs, which says of each run whose cell it was.

    ``saved_at`` is when its file was written, if its cells were read from there.
    """

    saved_at: float | None = None

    def lacks(self, run: CellRun) -> bool:
        """Tell whether the file is older than a run, so that it has no outputs of it."""
        if self.saved_at is None or run.started_at is None:
            return False
        return run.started_at.timestamp() > self.saved_at + _LEEWAY


def match(
    cells: Sequence[CodeCell], history: Sequence[CellRun], live: Live | None
) -> list[CodeCell | None]:
    """Return the cell of each run: by its id, or by its source where cells have no ids.

    Of several it is the one that shows the run's number, else the one that ran the fewest times.
    """
    by_id, by_source, times = defaultdict(list), defaultdict(list), Counter[int]()
    for cell in cells:
        by_id[cell.cell_id].append(cell)
        by_source[cell.source].append(cell)
    matched = []
    for run in history:
        found = by_id[run.cell_id] if run.cell_id else by_source[run.source]
        if live is not None and run.unnamed:  # a console's, say: no cell shows its outputs
            found = []
        if run.cell_id and not found:  # a client that numbers cells whose file has no ids
            found = [cell for cell in by_source[run.source] if cell.cell_id is None]
        if len(found) > 1:
            found = [cell for cell in found if cell.source == run.source] or found
            shown = [cell for cell in found if cell.execution_count == run.execution_count]
            found = shown or sorted(found, key=lambda cell: times[id(cell)])
        matched.append(found[0] if found else None)
        times[id(matched[-1])] += 1
    return matched
