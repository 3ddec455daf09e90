"""The verdict on a rerun: cells by what they show, metrics within their tolerance.

What differs between two reruns, too, is random by nature: such a cell is told and does not count,
and a metric that comes from it is judged by its tolerance as all are. What shows the time at which
it ran does not count either, also where two reruns fall into one minute or day.
"""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.schema import Schema
from ..snapshots.cells import INJECTED
from . import outputs
from .clocks import Clocks, spans
from .receipt_schemas import CellResult, MetricResult, Tolerance, Verdict
from .tolerances import Tolerances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..kernels.schemas import CellRun
    from ..snapshots.notebook import CodeCell, Notebook
    from .clocks import Spans
    from .outputs import Piece

_TIME = re.compile(
    r"(?i)(?:^|_)(?:time|times|elapsed|duration|seconds|secs?|minutes|ms|took|timestamp|now)(?:_|$)"
)


@dataclass(frozen=True)
class Outcome:
    """What one run of a notebook left: its cells, its metrics, and when each cell ran.

    ``rename`` replaces names of folders that are not the same in every run.
    """

    notebook: Notebook
    metrics: Mapping[str, float | None]
    rename: Callable[[str], str] = field(default=lambda text: text)
    runs: Sequence[CellRun] = ()


class Judgement(Schema):
    """What a comparison came to."""

    verdict: Verdict
    summary: str
    cells: list[CellResult]
    metrics: list[MetricResult]


def judge(
    recorded: Outcome,
    first: Outcome,
    second: Outcome | None,
    tolerances: Mapping[str, Tolerance],
) -> Judgement:
    """Compare a rerun with what was recorded.

    Args:
        recorded: what the snapshot holds.
        first: the rerun.
        second: another rerun, which tells what is random.
        tolerances: by metric, ``*`` for all others.
    """
    allowed = Tolerances(tolerances, recorded.metrics, first.metrics)
    compared = _Comparison(recorded, first, second, allowed)
    cells = compared.cells()
    metrics = _metrics(recorded, first, second, allowed, compared.shows_time)
    off_cell = next((cell for cell in cells if cell.verdict == "differs"), None)
    off_metric = next((metric for metric in metrics if metric.verdict == "differs"), None)
    if off_cell is not None:
        summary = f"differs at cell {off_cell.index + 1}: it {off_cell.difference}"
        return Judgement(verdict="differs", summary=summary, cells=cells, metrics=metrics)
    if off_metric is not None:
        summary = _metric_summary(off_metric, cells, first.metrics)
        return Judgement(verdict="differs", summary=summary, cells=cells, metrics=metrics)
    found = [*(cell.verdict for cell in cells), *(metric.verdict for metric in metrics)]
    verdict: Verdict = "within tolerance" if "within tolerance" in found else "reproduced"
    random = sum(cell.verdict == "random" for cell in cells)
    timed = sum(cell.verdict == "shows the time" for cell in cells)
    told = f"; {random} random by nature" if random else ""
    told += f"; {_count(timed, 'cell')} showing the time" if timed else ""
    told += _failure(recorded.notebook)
    summary = f"{verdict}: {_count(len(cells), 'cell')}, {_count(len(metrics), 'metric')}{told}"
    return Judgement(verdict=verdict, summary=summary, cells=cells, metrics=metrics)


def _failure(notebook: Notebook) -> str:
    """Say that a notebook fails, which is reproduced too."""
    error = notebook.error()
    cell = next(
        (one for one in notebook.code_cells if error and one.index == error.cell_index), None
    )
    if error is None or cell is None or "raises-exception" in cell.tags:
        return ""
    return f"; it fails at cell {cell.index + 1} as it did then: {error.name}"


def _metric_summary(
    metric: MetricResult, cells: Sequence[CellResult], left: Mapping[str, float | None]
) -> str:
    cell = next((cell for cell in cells if metric.cell_id and cell.cell_id == metric.cell_id), None)
    where = f" at cell {cell.index + 1}" if cell else ""
    recorded, found = _told_apart(metric.recorded, metric.found)
    found = found if metric.name in left else "missing"
    random = (
        ", and random by nature: give it a tolerance" if cell and cell.verdict == "random" else ""
    )
    return f"differs{where}: {metric.name} is {found}, it was {recorded}{random}"


def _told_apart(recorded: float | None, found: float | None) -> tuple[str, str]:
    """Write two numbers that differ with as many digits as that takes, and two more."""
    for digits in (6, 9, 12):
        if _number(recorded, digits - 2) != _number(found, digits - 2):
            return _number(recorded, digits), _number(found, digits)
    return _number(recorded, 17), _number(found, 17)


def _number(value: float | None, digits: int) -> str:
    return "not a number" if value is None else f"{value:.{digits}g}"


class _Comparison:
    """A notebook's runs beside each other, cell by cell."""

    def __init__(
        self, recorded: Outcome, first: Outcome, second: Outcome | None, allowed: Tolerances
    ) -> None:
        self._recorded, self._first, self._second = recorded, first, second
        self._allowed = allowed
        # papermill gives ids to cells that have none, or one that others have, anew in each run
        ids = [cell.cell_id for cell in recorded.notebook.code_cells]
        by_id = all(ids) and len(set(ids)) == len(ids)
        self._before = dict(_keyed(recorded.notebook, by_id=by_id))
        self._after = dict(_keyed(first.notebook, by_id=by_id))
        self._again = dict(_keyed(second.notebook, by_id=by_id)) if second else {}
        self._clocks = Clocks(self._before, recorded.notebook.language)
        self._when = (spans(self._before, recorded.runs), spans(self._after, first.runs))

    def cells(self) -> list[CellResult]:
        """Tell what became of each cell."""
        return [self._cell(key, cell) for key, cell in self._before.items()]

    def shows_time(self, cell_id: str | None, old: float | None, new: float | None) -> bool:
        """Tell whether what a cell left in the recorded run and in the rerun are times."""
        return cell_id is not None and self._clocks.explains(cell_id, (old, new), self._when)

    def _cell(self, key: str | int, cell: CodeCell) -> CellResult:
        before = outputs.pieces(cell.outputs, self._recorded.rename)
        now = self._shown(key, self._after, self._first)
        said, left, turned = self._difference(key, before, now, self._when)
        noise = shift = None
        if self._second is not None and key in self._again:
            again = self._shown(key, self._again, self._second)
            when = (self._when[1], spans(self._again, self._second.runs))
            shift, noise, _ = self._difference(key, now, again, when)
        if noise is not None:
            return _result(cell, "random", noise)
        if left is None:
            return _result(cell, "shows the time" if said or shift else "same", said or shift)
        if not cell.outputs and not _has_run(cell, self._recorded.notebook):
            return _result(cell, "not run then", said)
        near = self._allowed.explain(before, turned)
        return _result(cell, "within tolerance" if near else "differs", left)

    @staticmethod
    def _shown(key: str | int, cells: Mapping[str | int, CodeCell], run: Outcome) -> list[Piece]:
        return outputs.pieces(cells[key].outputs, run.rename) if key in cells else []

    def _difference(
        self, key: str | int, old: list[Piece], new: list[Piece], when: tuple[Spans, Spans]
    ) -> tuple[str | None, str | None, Sequence[Piece]]:
        """Say what differs, what of that is not the time, and what would be shown at the first."""
        turned = self._clocks.turn_back(key, (old, new), when)
        return outputs.difference(old, new), outputs.difference(old, turned), turned


def _result(cell: CodeCell, verdict: str, said: str | None = None) -> CellResult:
    return CellResult.model_validate(
        {"index": cell.index, "cell_id": cell.cell_id, "verdict": verdict, "difference": said}
    )


def _keyed(notebook: Notebook, *, by_id: bool) -> Iterator[tuple[str | int, CodeCell]]:
    """Give the cells with what they are known by in other runs.

    Papermill's own is passed over: its values were injected anew.
    """
    cells = [cell for cell in notebook.code_cells if INJECTED not in cell.tags]
    for place, cell in enumerate(cells):
        yield cell.cell_id if by_id and cell.cell_id else place, cell


def _has_run(cell: CodeCell, notebook: Notebook) -> bool:
    return notebook.content["cells"][cell.index].get("execution_count") is not None


def _metrics(
    recorded: Outcome,
    first: Outcome,
    second: Outcome | None,
    allowed: Tolerances,
    shows_time: Callable[[str | None, float | None, float | None], bool],
) -> list[MetricResult]:
    makers = _makers(recorded.notebook)
    results = []
    for name in sorted({*recorded.metrics, *first.metrics}):
        old, new = recorded.metrics.get(name), first.metrics.get(name)
        if name not in recorded.metrics:
            verdict = "new"
        elif name in first.metrics and _equal(old, new):
            verdict = "same"
        elif name in first.metrics and allowed.allow(name, old, new):
            verdict = "within tolerance"
        elif second and _TIME.search(name) and not _equal(new, second.metrics.get(name)):
            verdict = "volatile"
        elif name in first.metrics and shows_time(makers.get(name), old, new):
            verdict = "shows the time"
        else:
            verdict = "differs"
        results.append(
            MetricResult.model_validate(
                {
                    "name": name,
                    "recorded": old,
                    "found": new,
                    "verdict": verdict,
                    "cell_id": makers.get(name),
                }
            )
        )
    return results


def _makers(notebook: Notebook) -> dict[str, str | None]:
    """Tell which cell binds each name last."""
    found: dict[str, str | None] = {}
    for cell in notebook.code_cells:
        try:
            tree = ast.parse(cell.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # a magic
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = cell.cell_id
    return found


def _equal(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is new
    return old == new or (math.isnan(old) and math.isnan(new))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
