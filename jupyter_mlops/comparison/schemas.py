"""Wire types of comparisons. Columns are runs, the first of them the baseline."""

from __future__ import annotations

from typing import Any, Literal

from ..core.schema import Schema
from ..kernels.schemas import DataKind
from ..snapshots.schemas import Grade, GradeReason
from ..tracking.schemas import Run

CellChange = Literal[
    "edited", "outputs", "tags", "attachments", "metadata", "moved", "added", "removed"
]
DataChange = Literal["baseline", "same", "changed", "added", "removed", "unknown"]


class ComparedRun(Schema):
    """A run that is compared, with its snapshot if it has one.

    Where the snapshot is not the run's newest, ``run`` has the snapshot's parameters and metrics.
    ``present``: it is a notebook as it stands now, and ``run`` what its next snapshot would record;
    ``snapshot_id`` then names what is kept of it for as long as somebody looks. ``note`` is what is
    said of the snapshot.
    """

    run: Run
    snapshot_id: str | None
    grade: Grade | None
    reasons: list[GradeReason]
    has_environment: bool
    present: bool = False
    note: str | None = None


class ValueRow(Schema):
    """Something with a name, in each run; None where a run lacks it."""

    name: str
    values: list[str | None]
    differs: bool


class MetricRow(Schema):
    """A metric in each run; None where a run lacks it or it is NaN.

    ``noise`` is the largest distance between two of the runs that differ in nothing but their
    seeds; None where no two runs do.
    """

    name: str
    values: list[float | None]
    differs: bool
    noise: float | None = None


class EnvironmentDifference(Schema):
    """Interpreter and machine of each run, and the packages that are not the same in all."""

    facts: list[ValueRow]
    packages: list[ValueRow]
    same_packages: int


class ColumnChange(Schema):
    """A column's types; None where there is no such column."""

    name: str
    before: str | None
    after: str | None


class DataState(Schema):
    """A file, folder, table or URL as one run saw it; deltas are against the baseline.

    ``change`` is ``unknown`` where a digest is missing. ``columns`` are those that changed, where
    both tables were profiled.
    """

    change: DataChange
    digest: str | None = None
    size: int | None = None
    count: int | None = None
    rows: int | None = None
    size_delta: int | None = None
    count_delta: int | None = None
    row_delta: int | None = None
    columns: list[ColumnChange]


class DataRow(Schema):
    """What was read or written under one path, by each run; None where a run did not use it."""

    path: str
    mode: Literal["read", "write"]
    kind: DataKind
    states: list[DataState | None]
    differs: bool


class FigureRow(Schema):
    """The figure at one place of the notebook; a number is its index in that run's snapshot."""

    cell_id: str | None
    indexes: list[int | None]
    differs: bool


class ModuleRow(Schema):
    """A local module; a number is its index in that run's snapshot, a digest its content's.

    The digest is None, too, where the module was not kept.
    """

    path: str
    indexes: list[int | None]
    digests: list[str | None]
    differs: bool


class CodeDifference(Schema):
    """The git state and the seeds of each run, and the modules beside the notebook.

    The value of a diff is its digest: the text is in the snapshot.
    """

    facts: list[ValueRow]
    modules: list[ModuleRow]


class Comparison(Schema):
    """Runs side by side, in the order that was asked for."""

    items: list[ComparedRun]
    missing: list[str]
    parameters: list[ValueRow]
    metrics: list[MetricRow]
    environment: EnvironmentDifference
    data: list[DataRow]
    data_left_out: int
    figures: list[FigureRow]
    code: CodeDifference


class CellPair(Schema):
    """A cell of two notebooks; the numbers count all cells of each from 0.

    ``title`` is the first line that is not empty.
    """

    base: int | None
    other: int | None
    cell_id: str | None
    cell_type: str
    title: str
    changes: list[CellChange]


class CellComparison(Schema):
    """The cells of two snapshots in the order of the second; a removed one stands where it was.

    ``left_out`` counts those at the end of the longer notebook that are too many to be compared.
    """

    base_id: str
    other_id: str
    left_out: int
    items: list[CellPair]


class StoredCell(Schema):
    """A cell of a stored notebook, with outputs and attachments in nbformat's form.

    ``metadata`` is what somebody meant, without the tags and without what passes: times, folding.
    ``outputs_size`` is set where the outputs are too large to be sent, in bytes, and so is
    ``about_size`` where metadata and attachments are.
    """

    cell_type: str
    source: str
    outputs: list[dict[str, Any]]
    outputs_size: int | None = None
    tags: list[str]
    metadata: dict[str, Any]
    attachments: dict[str, Any]
    about_size: int | None = None
    language: str | None


class StoredModule(Schema):
    """A local module as it was kept."""

    path: str
    text: str


class StoredDiff(Schema):
    """What differed from the git commit; None where nothing did, or there is no commit."""

    text: str | None
