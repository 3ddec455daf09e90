"""The clocks that the cells of a notebook read in its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis.clocks import readers
from .clock import Clock
from .clock_faces import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..kernels.schemas import CellRun
    from ..snapshots.notebook import CodeCell
    from .outputs import Piece

    Key = str | int
    Spans = Mapping[Key, Sequence[Span]]


def spans(cells: Mapping[Key, CodeCell], runs: Sequence[CellRun]) -> Spans:
    """Return when each cell ran; those without an id are known by their source."""
    found: dict[str, list[Span]] = {}
    for run in runs:
        if run.started_at is not None:
            start = run.started_at.timestamp()
            span = Span(start, start + (run.duration_seconds or 0.0))
            for name in {run.cell_id or run.source, run.source}:
                found.setdefault(name, []).append(span)
    return {key: found.get(cell.cell_id or cell.source, []) for key, cell in cells.items()}


class Clocks:
    """Knows which cells show the time, and what that was in each run.

    Args:
        cells: of the notebook, by what they are known by in all runs.
        language: of its kernel.
    """

    def __init__(self, cells: Mapping[Key, CodeCell], language: str | None) -> None:
        self._sources = {key: cell.source for key, cell in cells.items()}
        self._readers = readers(self._sources.items(), language)

    def turn_back(
        self, key: Key, shown: tuple[Sequence[Piece], Sequence[Piece]], when: tuple[Spans, Spans]
    ) -> Sequence[Piece]:
        """Return what a cell shows in the second of two runs, as at the time of the first."""
        clock = self._clock(key, when)
        return clock.turn_back(*shown) if clock else shown[1]

    def explains(
        self, key: Key, values: tuple[float | None, float | None], when: tuple[Spans, Spans]
    ) -> bool:
        """Tell whether the values that a cell left in two runs are times."""
        clock = self._clock(key, when)
        return clock is not None and clock.explains(*values)

    def _clock(self, key: Key, when: tuple[Spans, Spans]) -> Clock | None:
        readers = self._readers.get(key)
        if readers is None:
            return None
        before, after = ([span for one in readers for span in run.get(one, ())] for run in when)
        return Clock(before, after, "\n".join(self._sources[one] for one in readers))
