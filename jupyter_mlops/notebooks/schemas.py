"""Wire types of what is asked of a notebook and its kernel, and of what they use right now."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ..core.schema import Schema
from ..kernels.schemas import DataKind, LiveModel, Unseen
from ..snapshots.cells import MOST_TEXT
from ..snapshots.schemas import Grade, GradeReason

MOST_CONTENT = 8 * 1024 * 1024 // 3 * 4 + 4
"""Characters of a notebook that a browser sends, which are four for three bytes."""

DataState = Literal["new", "changed", "unchanged", "missing", "unknown"]
"""Against the newest snapshot: ``new`` is not in it, ``missing`` is gone from the disk, ``unknown``
cannot be told without reading too much."""


class LiveDatum(Schema):
    """A file, folder, table or URL that the cells of a live kernel have used.

    ``path`` is as in ``FileUse``, ``size`` in bytes, ``count`` the number of files of a folder.
    ``state`` is None while there is no snapshot of the notebook.
    """

    path: str
    kind: DataKind
    mode: Literal["read", "write"]
    reader: str | None
    cell_ids: list[str]
    size: int | None = None
    count: int | None = None
    state: DataState | None = None


class LiveData(Schema):
    """What the cells of a notebook's kernel have used; ``live`` tells whether one runs.

    ``unseen`` are programs and processes that may have used more.
    """

    live: bool
    items: list[LiveDatum]
    unseen: list[Unseen]
    notes: list[str]


class CellContent(Schema):
    """A code cell as it stands in the browser; ``index`` counts all cells from 0."""

    index: int = Field(ge=0)
    cell_id: str | None
    source: str
    execution_count: int | None
    tags: list[str] = Field(default_factory=list)


class GradeRequest(Schema):
    """Asks how far a notebook's results can be trusted, as it stands now.

    ``cells`` are its code cells with what is not saved yet; without them the file is taken.
    """

    notebook_path: str = Field(min_length=1, description="relative to the Jupyter root")
    cells: list[CellContent] | None = None


class NotebookGrade(Schema):
    """How far the results of a notebook can be trusted, and why not further."""

    grade: Grade
    reasons: list[GradeReason]


class CellText(CellContent):
    """A code cell as it stands in the browser, with the end of its outputs' text.

    ``printed`` is what it wrote to the standard output, ``returned`` the text of its value.
    """

    printed: str = Field(default="", max_length=MOST_TEXT)
    returned: str = Field(default="", max_length=MOST_TEXT)


class ExperimentRequest(Schema):
    """Asks what a notebook has found out so far.

    ``cells`` are its code cells with what is not saved yet, ``pinned`` the names of the numbers
    that someone made metrics; where ``cells`` is not given, the file is taken.
    """

    notebook_path: str = Field(min_length=1, description="relative to the Jupyter root")
    cells: list[CellText] | None = None
    pinned: list[str] = Field(default_factory=list, max_length=1000)
    language: str | None = Field(default=None, description="of the notebook, such as python")


class LiveParameter(Schema):
    """A parameter as the next snapshot keeps it: secrets masked, the kernel's value if it has one.

    ``cell_id`` is the cell that gives it.
    """

    name: str
    value: Any
    cell_id: str | None


class LiveResult(Schema):
    """A number that was found, and whether the next snapshot keeps it as a metric.

    ``source`` tells where: among the variables of the kernel, or in what ``cell_id`` printed.
    """

    name: str
    value: float
    source: Literal["variable", "output"]
    cell_id: str | None
    metric: bool
    pinned: bool


class LiveExperiment(Schema):
    """What a notebook has found out so far.

    ``live`` tells whether a kernel runs, ``experiment_id`` and ``experiment_name`` where the
    newest run of the notebook is; one that has none yet will have it in the default experiment.
    """

    live: bool
    parameters: list[LiveParameter]
    results: list[LiveResult]
    models: list[LiveModel]
    experiment_id: str
    experiment_name: str


class SnapshotCreate(Schema):
    """Asks for a snapshot of a notebook, of its live kernel if one runs."""

    notebook_path: str = Field(min_length=1, description="relative to the Jupyter root")
    message: str | None = Field(default=None, max_length=10_000)


class PresentNotebookCreate(Schema):
    """Asks to look at the notebook of a run or a snapshot as it stands now.

    ``content`` is the notebook as it stands in an editor, with what is not saved: the base64 of
    its JSON, which is read in no time, where JSON within JSON would hold the server's loop up.
    Without it the file is taken.
    """

    id: str = Field(min_length=6, description="of a run or a snapshot, or the start of it")
    content: str | None = Field(default=None, max_length=MOST_CONTENT)


class PresentNotebook(Schema):
    """A notebook as it stands now, and its kernel if one runs.

    ``id`` names it in comparisons, for as long as somebody looks at one. ``notebook_path`` is
    relative to the Jupyter root. ``unsaved`` tells whether it was taken from an editor and not
    from the disk, ``live`` whether a kernel was asked, ``note`` why one that runs did not answer.
    """

    id: str
    notebook_path: str
    unsaved: bool
    live: bool
    note: str | None


class AutomaticSnapshotCreate(Schema):
    """Asks for a snapshot of a notebook that was saved, or run as a whole."""

    notebook_path: str = Field(min_length=1, description="relative to the Jupyter root")
    origin: Literal["save", "run-all"]


class AutomaticSnapshot(Schema):
    """The snapshot that was taken, and its run; None where nothing has happened since the last."""

    id: str | None
    run_id: str | None
