"""What a notebook has found out so far, as its next snapshot would keep it: nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..analysis import names
from ..snapshots import notebook as notebooks
from ..snapshots.masking import Masker
from ..snapshots.notebook import CodeCell, parameters
from ..snapshots.printed import numbers
from ..snapshots.results import metrics, with_pinned
from ..snapshots.unwatched import computed
from ..tracking.tables import DEFAULT_EXPERIMENT_ID
from .schemas import LiveParameter, LiveResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..kernels.schemas import KernelResults
    from ..snapshots.printed import PrintedNumber
    from ..tracking.manager import TrackingManager
    from ..tracking.schemas import Experiment
    from .schemas import CellText, ExperimentRequest


class Findings:
    """The parameters and results of a notebook, whose kernel may run.

    Args:
        path: the notebook file; it is read where the request has no cells.
        request: cells and pins as they stand in the browser.
        known: the kernel's answer; None where no kernel tells.

    Raises:
        NotFoundError, InvalidInputError: the file cannot be read as a notebook.
    """

    def __init__(self, path: Path, request: ExperimentRequest, known: KernelResults | None) -> None:
        if request.cells is None:
            notebook = notebooks.read_text(path)
            self._cells, language = notebook.code_cells, notebook.language
            self._pinned = notebook.pinned_metrics
        else:
            self._cells, language = [_cell(cell) for cell in request.cells], request.language
            self._pinned = request.pinned
        self._known = known
        self._scalars = dict(known.scalars) if known else {}
        if known and not known.watched:
            self._scalars = computed(self._scalars, self._cells)
        self._parameters = parameters(self._cells, language)

    def parameters(self) -> list[LiveParameter]:
        """Return the parameters, with the value that the kernel has where it has one."""
        masker = Masker()
        return [
            LiveParameter(
                name=name,
                value=masker.value(name, self._scalars.get(name, value), "parameters"),
                cell_id=cell_id,
            )
            for name, (value, cell_id) in self._parameters.items()
        ]

    def results(self) -> list[LiveResult]:
        """Return the numbers that were found, those first that the next snapshot keeps."""
        printed = numbers(self._cells)
        cells = self._known.cells if self._known else []
        found = metrics(self._scalars, cells, self._parameters)
        kept = with_pinned(found, self._pinned, self._scalars, printed)
        known = {_plain(name) for name in (*kept, *self._scalars, *self._parameters)}
        others = {
            name: number.value for name, number in printed.items() if _plain(name) not in known
        }
        return [
            *(self._result(name, value, printed, metric=True) for name, value in kept.items()),
            *(self._result(name, value, printed, metric=False) for name, value in others.items()),
        ]

    def _result(
        self, name: str, value: float, printed: Mapping[str, PrintedNumber], *, metric: bool
    ) -> LiveResult:
        is_variable = name in self._scalars
        return LiveResult(
            name=name,
            value=value,
            source="variable" if is_variable else "output",
            cell_id=self._writer(name) if is_variable else printed[name].cell_id,
            metric=metric,
            pinned=name in self._pinned,
        )

    def _writer(self, name: str) -> str | None:
        """Return the cell that set a variable last."""
        runs = reversed(self._known.cells if self._known else [])
        found = ((run.cell_id, names.of(run.source)) for run in runs)
        return next((cell_id for cell_id, seen in found if seen and name in seen.defines), None)


def place(tracking: TrackingManager, notebook_path: str) -> Experiment:
    """Return the experiment of a notebook's newest run; the default one before its first."""
    runs = tracking.runs(limit=1, notebook_path=notebook_path).items
    experiments = {one.experiment_id: one for one in tracking.experiments().items}
    return experiments[runs[0].experiment_id if runs else str(DEFAULT_EXPERIMENT_ID)]


def _plain(name: str) -> str:
    """Return a name as it is compared: Test Accuracy is what test_accuracy says again."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _cell(cell: CellText) -> CodeCell:
    outputs: list[dict[str, Any]] = [
        {"name": "stdout", "text": cell.printed},
        {"data": {"text/plain": cell.returned}},
    ]
    return CodeCell(
        cell.index, cell.cell_id, cell.source, tuple(cell.tags), outputs, cell.execution_count
    )
