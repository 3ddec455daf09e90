"""Wire types of snapshots; ``Manifest`` is also the stored, immutable document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from ..core.schema import Page, Schema, Timestamp
from ..kernels.schemas import CellRun, DataKind, Environment, LiveModel
from ..tracking.schemas import RunError, RunStatus
from .locks import LockFormat

Grade = Literal["clean", "valid", "stale", "unknown"]
Origin = Literal["user", "run", "save", "run-all", "safety", "reproduction"]
"""What took a snapshot: someone, a headless run, a save or a whole run in JupyterLab, a restore in
place before it changed anything, a reproduction."""


Tag = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=50, pattern=r"^[^,\x00-\x1f\x7f]*$"
    ),
]


class GradeReason(Schema):
    """Why a grade is not better, and where."""

    code: str
    message: str
    cell_id: str | None = None


class FileUse(Schema):
    """A file, folder, table or URL that the notebook read or wrote.

    ``path`` is relative to the project where the file lies in it, absolute where it does not, and
    a URL without secrets for what is no file. ``digest`` is BLAKE3 over the full content (of a
    folder: of the document that lists its files); ``object_id`` is set when the bytes are kept in
    the object store. ``size`` is in bytes, ``count`` the number of files in a folder, ``whole``
    says whether these were all that it had, or only those that were opened. ``reader`` names the
    library that opened it, where that is known.
    """

    path: str
    kind: DataKind = "file"
    mode: Literal["read", "write"]
    size: int | None
    count: int | None = None
    whole: bool | None = None
    digest: str | None
    object_id: str | None
    reader: str | None = None
    cell_ids: list[str] = Field(default_factory=list)
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_cell(cls, values: Any) -> Any:
        """Take what the first version wrote: only the first cell."""
        if isinstance(values, dict) and "cell_id" in values:
            cell_id = values["cell_id"]
            kept = {key: value for key, value in values.items() if key != "cell_id"}
            return {"cell_ids": [cell_id] if cell_id else [], **kept}
        return values


class CodeState(Schema):
    """The git state of the project, where there is one."""

    commit: str | None
    branch: str | None
    dirty: bool
    diff: str | None
    note: str | None = None


class ModuleUse(Schema):
    """A local module that the notebook imported, kept in the object store."""

    name: str
    path: str
    object_id: str | None


class Figure(Schema):
    """An image among the outputs; ``object_id`` names its bytes."""

    cell_id: str | None
    mime_type: str
    object_id: str


class SnapshotModel(LiveModel):
    """A model alive at the snapshot; ``object_id`` names its saved folder, if it was kept."""

    object_id: str | None = None
    saved: dict[str, Any] | None = None


class NotebookRef(Schema):
    """The notebook with its outputs, as it stood on disk."""

    path: str
    object_id: str
    size: int
    kernel_name: str | None
    language: str | None


class SeedUse(Schema):
    """The seeds that one cell set by one function or keyword, in their order.

    ``values`` are the first of the ``count`` different ones, ``unknown`` where the code does not
    tell it. ``cell_number`` is where the cell stood, from 1; None where it is gone.
    """

    name: str
    cell_id: str | None
    cell_number: int | None = None
    values: list[int | str]
    count: int
    last: int | str


class Masking(Schema):
    """A secret that was found and masked in what is stored."""

    kind: str
    where: str
    count: int


class LockRef(Schema):
    """The stored lock of an environment, in the form that its installer reads."""

    format: LockFormat
    object_id: str


class SnapshotEnvironment(Environment):
    """The environment of a snapshot, with its lock."""

    lock: LockRef | None = None


class Manifest(Schema):
    """All that is needed to restore an experiment; its BLAKE3 is the snapshot's id."""

    schema_version: Literal[1] = 1
    run_id: str
    created_at: Timestamp
    author: str
    message: str | None
    parent_id: str | None
    origin: Origin = "user"
    notebook: NotebookRef
    status: RunStatus
    error: RunError | None
    grade: Grade
    reasons: list[GradeReason]
    cells: list[CellRun]
    parameters: dict[str, Any]
    metrics: dict[str, float]
    variables: dict[str, str]
    models: list[SnapshotModel]
    environment: SnapshotEnvironment | None
    code: CodeState
    modules: list[ModuleUse]
    files: list[FileUse]
    figures: list[Figure]
    seeds: dict[str, Any]
    seed_uses: list[SeedUse] = Field(default_factory=list)
    masked: list[Masking]
    notes: list[str]


class SeenMarks(Schema):
    """What was said of a snapshot when somebody began to write; None where they did not look."""

    note: str | None = None
    tags: list[str] | None = None


class SnapshotMarks(Schema):
    """What is said of a snapshot; what is not given stays as it is.

    An empty note is none. Tags are words without commas, at most 20. With ``seen`` nothing is lost
    that others write meanwhile: their tags stay, and another note than the one seen is a conflict.
    """

    note: str | None = Field(default=None, max_length=10_000)
    tags: list[Tag] | None = Field(default=None, max_length=20)
    pinned: bool | None = None
    seen: SeenMarks | None = None


class Snapshot(Schema):
    """A snapshot as lists show it.

    ``notebook_path`` is where the notebook was. ``message`` was said when it was taken; ``note`` is
    what is said of it now. ``parent_id`` is ``deleted`` where that snapshot is no more.
    ``figure_id`` names the first figure's object. A deleted one can be brought back for a day.
    """

    id: str
    run_id: str
    notebook_path: str
    created_at: Timestamp
    author: str
    grade: Grade
    reasons: list[GradeReason]
    status: RunStatus
    parameters: dict[str, Any]
    metrics: dict[str, float]
    message: str | None
    parent_id: str | None
    origin: Origin = "user"
    note: str | None = None
    tags: list[str] = Field(default=[])
    pinned: bool = False
    figure_id: str | None = None
    deleted: bool = False


class Found(Schema):
    """What a snapshot found of its run by itself."""

    parameters: dict[str, Any]
    metrics: dict[str, float]


class SnapshotDetail(Snapshot):
    """A snapshot with its whole manifest.

    ``others`` tells of the other snapshots of its run, whose values the run may have.
    """

    manifest: Manifest
    others: list[Found] = Field(default=[])


class SnapshotPage(Page[Snapshot]):
    """A page of snapshots, newest first."""


class NotebookContent(Schema):
    """A stored notebook in nbformat's JSON form."""

    path: str
    content: dict[str, Any]


class LockFile(Schema):
    """The lock of a snapshot's environment, to be written to a file of this name."""

    format: LockFormat
    file_name: str
    text: str


class ObjectContent(Schema):
    """A small stored object; ``data`` is base64."""

    mime_type: str
    data: str
