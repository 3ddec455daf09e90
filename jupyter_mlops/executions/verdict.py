"""The verdict on a rerun: cells by what they show, metrics within their tolerance.

What differs between two reruns, too, is random by nature: such a cell is told and does not count,
and a metric that comes from it is judged by its tolerance as all are.
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
from .receipt_schemas import CellResult, MetricResult, Tolerance, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..snapshots.notebook import CodeCell, Notebook
    from .outputs import Piece

_NUMBER = re.compile(r"[-+]?\d+(?:\.(\d+))?(?:[eE][-+]?\d+)?")
_TIME = re.compile(
    r"(?i)(?:^|_)(?:time|times|elapsed|duration|seconds|secs?|minutes|ms|took|timestamp|now)(?:_|$)"
)


@dataclass(frozen=True)
class Outcome:
    """What one run of a notebook left: its cells, and its metrics.

    ``rename`` replaces names of folders that are not the same in every run.
    """

    notebook: Notebook
    metrics: Mapping[str, float | None]
    rename: Callable[[str], str] = field(default=lambda text: text)


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
    allowed = _Tolerances(tolerances, recorded.metrics, first.metrics)
    cells = _cells(recorded, first, second, allowed)
    metrics = _metrics(recorded, first, second, allowed)
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
    told = f"; {random} random by nature" if random else ""
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


def _cells(
    recorded: Outcome, first: Outcome, second: Outcome | None, allowed: _Tolerances
) -> list[CellResult]:
    # papermill gives ids to the cells of old notebooks, which have none, anew in each run
    by_id = all(cell.cell_id for cell in recorded.notebook.code_cells)
    after = dict(_keyed(first.notebook, by_id=by_id))
    again = dict(_keyed(second.notebook, by_id=by_id)) if second else {}
    results = []
    for key, cell in _keyed(recorded.notebook, by_id=by_id):
        before = outputs.pieces(cell.outputs, recorded.rename)
        now = outputs.pieces(after[key].outputs, first.rename) if key in after else []
        said = outputs.difference(before, now)
        noise = None
        if second is not None and key in again:
            noise = outputs.difference(now, outputs.pieces(again[key].outputs, second.rename))
        if noise is not None:
            results.append(_result(cell, "random", noise))
        elif said is None:
            results.append(_result(cell, "same"))
        elif not cell.outputs and not _has_run(cell, recorded.notebook):
            results.append(_result(cell, "not run then", said))
        else:
            near = allowed.explain(before, now)
            results.append(_result(cell, "within tolerance" if near else "differs", said))
    return results


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
    recorded: Outcome, first: Outcome, second: Outcome | None, allowed: _Tolerances
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


class _Tolerances:
    """What metrics may be off by; knows the values that cells may show of them."""

    def __init__(
        self,
        tolerances: Mapping[str, Tolerance],
        recorded: Mapping[str, float | None],
        found: Mapping[str, float | None],
    ) -> None:
        self._tolerances = tolerances
        self._pairs = [
            (old, new)
            for name, old in recorded.items()
            if old is not None
            and (new := found.get(name)) is not None
            and old != new
            and self.allow(name, old, new)
        ]

    def allow(self, name: str, old: float | None, new: float | None) -> bool:
        """Tell whether a metric is near enough to what it was."""
        tolerance = self._tolerances.get(name, self._tolerances.get("*"))
        if tolerance is None or old is None or new is None:
            return False
        return math.isclose(
            old, new, rel_tol=0.0, abs_tol=max(tolerance.absolute, tolerance.relative * abs(old))
        )

    def explain(self, before: Sequence[Piece], after: Sequence[Piece]) -> bool:
        """Tell whether cells differ in nothing but metrics that are near enough."""
        if not self._pairs or [p.kind for p in before] != [p.kind for p in after]:
            return False
        return all(
            ours.content == theirs.content
            or (
                isinstance(ours.content, str)
                and isinstance(theirs.content, str)
                and self._explain_text(ours.content, theirs.content)
            )
            for ours, theirs in zip(before, after, strict=True)
        )

    def _explain_text(self, before: str, after: str) -> bool:
        if _NUMBER.sub("#", before) != _NUMBER.sub("#", after):
            return False
        numbers = zip(_NUMBER.finditer(before), _NUMBER.finditer(after), strict=True)
        return all(old[0] == new[0] or self._is_metric(old, new) for old, new in numbers)

    def _is_metric(self, old: re.Match[str], new: re.Match[str]) -> bool:
        return any(_is_shown(value, old) and _is_shown(other, new) for value, other in self._pairs)


def _is_shown(value: float, shown: re.Match[str]) -> bool:
    """Tell whether a number is ``value``, rounded to the digits that it has, or in percent."""
    digits = len(shown[1] or "")
    half = 0.5000001 * 10.0**-digits
    number = float(shown[0])
    relative = abs(value) * 1e-6 if "e" in shown[0].lower() else 0.0
    return any(abs(scale * value - number) <= half + relative for scale in (1, 100))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
