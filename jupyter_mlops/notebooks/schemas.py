"""Wire types of what is asked of a notebook and its kernel, and of what they use right now."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.schema import Schema
from ..kernels.schemas import DataKind
from ..snapshots.schemas import Grade, GradeReason

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
    """What the cells of a notebook's kernel have used; ``live`` tells whether one runs."""

    live: bool
    items: list[LiveDatum]
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


class SnapshotCreate(Schema):
    """Asks for a snapshot of a notebook, of its live kernel if one runs."""

    notebook_path: str = Field(min_length=1, description="relative to the Jupyter root")
    message: str | None = Field(default=None, max_length=10_000)


class AutomaticSnapshotCreate(Schema):
    """Asks for a snapshot of a notebook that was saved, or run as a whole."""

    notebook_path: str = Field(min_length=1, description="relative to the Jupyter root")
    origin: Literal["save", "run-all"]


class AutomaticSnapshot(Schema):
    """The snapshot that was taken, and its run; None where nothing has happened since the last."""

    id: str | None
    run_id: str | None
