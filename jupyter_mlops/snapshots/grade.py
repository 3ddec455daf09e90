"""The honesty grade: do the outputs follow from the code, as far as can be proved?

``clean``: every cell ran once, top to bottom, unedited. ``valid``: the cells ran in another
order or several times, yet a run from top to bottom would read the same values in each. ``stale``:
it might not. ``unknown``: it cannot be told.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from ..analysis.namespace import SHARING
from ..analysis.seen import GONE
from .languages import Python, R
from .matching import Live, match
from .reasons import called, depends, left, reason, shown, together, used
from .schemas import Grade, GradeReason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ..analysis.namespace import Execution, Namespace
    from ..analysis.values import Token
    from ..kernels.schemas import CellRun, RCode
    from .languages import Language
    from .notebook import CodeCell

Verdict = tuple[Grade, list[GradeReason]]
_MOST_RUNS = 3000  # of longer histories the proof would take seconds


def grade(
    cells: Sequence[CodeCell],
    history: Sequence[CellRun] | None,
    local: Collection[str] = (),
    r_code: RCode | None = None,
    live: Live | None = None,
) -> Verdict:
    """Return the grade of a notebook whose kernel ran ``history``, and why it is not better.

    Args:
        cells: its code cells as they stand.
        history: what its kernel ran; None without a kernel.
        local: names of the modules that belong to the project.
        r_code: the code of the history where that is R.
        live: what is known where a front end runs the cells of this notebook.
    """
    language: Language = Python(local) if r_code is None else R(r_code)
    cells = [cell for cell in cells if not language.is_empty(cell.source)]
    if not history:
        return "unknown", [_why_not(history)]
    matched = match(cells, history, live)
    reasons = _edits(cells, history, matched, language, live)
    running = _running(history, matched)
    if running and not reasons:
        return "unknown", running
    if not reasons and matched == cells:
        return "clean", _cleared(cells)
    return _proved(_Proof(cells, history, matched, language), reasons)


def _proved(proof: _Proof, edits: list[GradeReason]) -> Verdict:
    if edits:
        return "stale", edits + proof.deleted()
    if proof.obstacles:
        return "unknown", proof.obstacles
    found = proof.reasons()
    if found:
        return "stale", found
    return "valid", [
        reason("order", "Cells ran in another order or more than once, with the same result"),
        *_cleared(proof.cells),
    ]


def top_level(modules: Iterable[str]) -> set[str]:
    """Return the first parts of the names of modules."""
    return {name.partition(".")[0] for name in modules}


def _why_not(history: Sequence[CellRun] | None) -> GradeReason:
    if history is None:
        return reason(
            "no-kernel", "No running kernel can tell how the outputs came about: run all cells"
        )
    return reason("no-history", "The kernel has run no cell since it started: run all cells")


def _edits(
    cells: Sequence[CodeCell],
    history: Sequence[CellRun],
    matched: Sequence[CodeCell | None],
    language: Language,
    live: Live | None,
) -> list[GradeReason]:
    """What is wrong with a cell whatever the others did."""
    last = {id(cell): run for cell, run in zip(matched, history, strict=True) if cell}
    reasons = []
    for cell in cells:
        run = last.get(id(cell))
        name = f"Cell {cell.index + 1}"
        if run is None:
            reasons.append(
                reason("not-run", f"{name} has not been run since the kernel started", cell)
            )
        elif not language.is_same(run.source, cell.source):
            reasons.append(reason("edited", f"{name} was edited after it ran", cell))
        elif run.status == "error" and cell is not cells[-1] and not _may_fail(cell):
            line = f" at line {run.failed_line}" if run.failed_line else ""
            message = f"{name} failed{line}: a run from top to bottom would stop there"
            reasons.append(reason("failed", message, cell))
        elif None not in {cell.execution_count, run.execution_count} and (
            cell.execution_count != run.execution_count
        ):
            message = f"{name} shows outputs of an earlier run, and not of its last: run it again"
            reasons.append(reason("outputs", message, cell))
        elif live is not None and cell.execution_count is not None and live.lacks(run):
            message = f"{name} ran after the notebook was saved: save it with its outputs"
            reasons.append(reason("outputs", message, cell))
    return reasons


def _running(history: Sequence[CellRun], matched: Sequence[CodeCell | None]) -> list[GradeReason]:
    """The cell that has not ended; of runs from before the kernel was watched no time is known."""
    run, cell = history[-1], matched[-1]
    if run.status != "unknown" or run.started_at is None or run.duration_seconds is not None:
        return []
    message = f"{called(cell).capitalize()} is still running: wait for its end"
    return [reason("running", message, cell)]


def _may_fail(cell: CodeCell) -> bool:
    return "raises-exception" in cell.tags


def _cleared(cells: Sequence[CodeCell]) -> list[GradeReason]:
    """Cells whose outputs are gone, where the others still have theirs."""
    if all(cell.execution_count is None for cell in cells):
        return []
    return [
        reason("cleared", f"The outputs of cell {cell.index + 1} were cleared", cell)
        for cell in cells
        if cell.execution_count is None
    ]


class _Proof:
    """Runs the cells as the kernel did, then from top to bottom, and compares what they read."""

    def __init__(
        self,
        cells: Sequence[CodeCell],
        history: Sequence[CellRun],
        matched: Sequence[CodeCell | None],
        language: Language,
    ) -> None:
        self.cells = cells
        self._history = history
        self._matched = matched
        self._language = language
        self._real = language.follower()
        self._read: list[dict[str, Token]] = []
        self._writers: list[dict[str, int | None]] = []
        self.obstacles = _too_long(history)
        if not self.obstacles:
            self._follow()

    def _follow(self) -> None:
        follower, names = self._real, self._real.names
        hidden: dict[tuple[int, str], GradeReason] = {}
        for number, run in enumerate(self._history):
            execution = follower.begin(run, number)
            if follower.hidden is not None:
                cell = self._matched[number]
                who = called(cell).capitalize()
                hiding = reason("hidden", f"{who} {follower.hidden}", cell)
                hidden.setdefault((id(cell), follower.hidden), hiding)
            names.seen.take(number, run.values)
            # before the execution, which may have bound them to something else
            writers = {name: node.writer for name, node in execution.read.items()}
            names.commit(execution, run.source, number, number)
            self._read.append(execution.inputs)
            self._writers.append(writers)
        self.obstacles = list(hidden.values())

    def reasons(self) -> list[GradeReason]:
        """Return where a run from top to bottom would read another value, or leave one."""
        last = {id(cell): number for number, cell in enumerate(self._matched) if cell}
        ideal = self._language.follower()
        ideal.names.seen = self._real.names.seen
        ideal.names.seen.stop()
        found: list[GradeReason] = []
        wrong = False
        for cell in self.cells:
            number = last[id(cell)]
            run = self._history[number]
            execution = ideal.begin(run, number)
            names_ = {*execution.inputs, *self._read[number]}
            other = [
                name
                for name in sorted(names_)
                if execution.inputs.get(name) != self._read[number].get(name)
            ]
            alike = self._alike(number, execution) if other else number
            found += [
                self._difference(cell, number, name, execution, ideal.names) for name in other
            ]
            wrong |= alike is None
            salt = ("anew", number) if alike is None else alike
            ideal.names.commit(execution, run.source, salt, number if alike is None else alike)
        left = [] if wrong else self._left(ideal.names)
        return (found or left) if wrong or left else []

    def _alike(self, number: int, execution: Execution) -> int | None:
        """Return an earlier run of a cell that showed nothing, and read what it would read now.

        So it does not matter that its last run read something else.
        """
        run = self._history[number]
        if execution.speaks or not self._language.tells_what_shows or run.status != "ok":
            return None
        for earlier in range(number - 1, -1, -1):
            other = self._history[earlier]
            if (
                self._matched[earlier] is self._matched[number]
                and other.status == "ok"
                and self._language.is_same(other.source, run.source)
                and self._read[earlier] == execution.inputs
            ):
                return earlier
        return None

    def _left(self, ideal: Namespace) -> list[GradeReason]:
        """Values that outlive the run, as metrics and models do."""
        loops = {name for cell in self.cells for name in self._language.loops(cell.source)}
        reasons = []
        real = self._real.names.results()
        for name, token in sorted(ideal.results().items(), key=itemgetter(0)):
            if name not in loops and not name.startswith("_") and token != real.get(name):
                writer = self._real.names.writer(name)
                cell = self._matched[writer] if writer is not None else None
                reasons.append(left(name, cell))
        return reasons + self._shown(ideal)

    def _shown(self, ideal: Namespace) -> list[GradeReason]:
        """Outputs that one cell shows and others change."""
        reasons = []
        for output, node in ideal.displays.items():
            real = self._real.names.displays.get(output)
            if real is None or real.token != node.token:
                cell = self._matched[node.writer] if node.writer is not None else None
                reasons.append(shown(cell))
        return reasons

    def _difference(
        self, cell: CodeCell, number: int, name: str, found: Execution, ideal: Namespace
    ) -> GradeReason:
        """Say what was another: a value, or what a cell depends on beside values."""
        if name == SHARING:
            return together(cell, self._read[number].get(name), found.inputs.get(name))
        special = depends(cell, name)
        if special is not None:
            return special
        name = name.removesuffix(" unfitted").strip("[]'")
        is_there = name in ideal.names and ideal.names[name].token != GONE
        return self._used(cell, number, name, is_there=is_there)

    def _used(self, cell: CodeCell, number: int, name: str, *, is_there: bool) -> GradeReason:
        run = self._writers[number].get(name)
        writer = None if run is None else self._matched[run]
        return used(cell, name, writer, is_known=run is not None, is_there=is_there)

    def deleted(self) -> list[GradeReason]:
        """Return the names that cells have from executions whose cell is gone."""
        if self.obstacles:
            return []
        last = {id(cell): number for number, cell in enumerate(self._matched) if cell}
        return [
            self._used(cell, number, name, is_there=True)
            for cell in self.cells
            if (number := last.get(id(cell))) is not None
            for name, writer in self._writers[number].items()
            if writer is not None and self._matched[writer] is None
        ]


def _too_long(history: Sequence[CellRun]) -> list[GradeReason]:
    if len(history) <= _MOST_RUNS:
        return []
    return [
        reason("too-long", f"The kernel ran {len(history)} cells, too many to follow: restart it")
    ]
