"""What a kernel answers when it is asked about itself."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ..core.schema import Schema, Timestamp

# the files that are loaded into a kernel before its first cell, in the order they build on
# each other
WATCHERS = (
    "probe",
    "kinds",
    "tables",
    "estimators",
    "ways",
    "walk",
    "fingerprints",
    "places",
    "lineage",
    "record",
    "telling",
    "children",
    "programs",
    "commands",
    "readers",
    "deferred",
    "compiled",
    "threads",
    "statements",
    "databases",
    "libraries",
    "formats",
    "remotes",
)

DataKind = Literal["file", "folder", "table", "url"]


class CellRun(Schema):
    """One execution of a cell, with the source as it ran.

    ``failed_line`` is the line, counted from 1, at which it raised an error; None where that is
    not known. ``unnamed``: its client could have said which cell it was, and did not.
    """

    execution_count: int | None
    cell_id: str | None
    source: str
    status: Literal["ok", "error", "unknown"]
    failed_line: int | None = None
    started_at: Timestamp | None = None
    duration_seconds: float | None = None
    # by digests which values it has changed, see ``fingerprints.py``
    values: dict[str, str | None] | None = Field(default=None, exclude=True, repr=False)
    unnamed: bool = Field(default=False, exclude=True, repr=False)


class FileAccess(Schema):
    """Data that user code read or wrote.

    ``path`` is absolute; for a URL it is the URL without secrets, for a table
    ``<database>#<table>``, where the database is a path or a URL. ``files`` are the files of a
    folder that were used, relative to it; all of them if it is empty.
    """

    path: str
    kind: DataKind = "file"
    mode: Literal["read", "write"]
    reader: str | None = None
    cell_ids: list[str] = Field(default_factory=list)
    files: list[str] = Field(default_factory=list)


class Unseen(Schema):
    """A program or process that cells started, and of which not all that it opened is known.

    A ``program`` may have opened more than its command names; a ``silent`` process has ended
    without having told anything; of one that ``failed`` ``detail`` says what could not be seen.
    """

    name: str
    reason: Literal["program", "silent", "failed"]
    detail: str | None = None
    cell_ids: list[str]


class LiveModel(Schema):
    """A model alive in a kernel's namespace."""

    variable: str
    class_name: str
    module: str
    framework: str
    fitted: bool | None
    size_bytes: int | None
    example_variable: str | None
    supported: bool
    reason: str | None = None


class Package(Schema):
    """An installed distribution.

    ``source`` is PEP 610's URL of what came from no index, ``commit`` the git commit there,
    ``sha256`` the archive's hash.
    """

    name: str
    version: str
    source: str | None = None
    commit: str | None = None
    editable: bool = False
    sha256: str | None = None


class Hardware(Schema):
    """The machine as the kernel sees it."""

    machine: str
    cpu_count: int | None
    memory_bytes: int | None
    cpu_model: str | None = None
    gpus: list[str] = Field(default_factory=list)


class Environment(Schema):
    """Interpreter, platform and packages of a kernel; ``session_info`` is R's own description."""

    language: str
    language_version: str
    implementation: str
    executable: str
    prefix: str
    platform: str
    conda: bool
    packages: list[Package]
    hardware: Hardware
    session_info: str | None = None


class LocalModule(Schema):
    """A module imported from outside site-packages and the standard library.

    ``changed``: its file is not any more what was loaded.
    """

    name: str
    path: str
    changed: bool = False


class RCode(Schema):
    """The code that an R kernel ran, as R's parser took it apart; see ``analysis.r_tree.Code``."""

    sources: list[str]
    texts: list[str]
    trees: list[str]
    functions: dict[str, list[str]]
    rich: list[str]
    drew: list[bool]


class KernelHistory(Schema):
    """The cells that a kernel ran, in the order they ran, and the project's modules among them."""

    complete: bool
    cells: list[CellRun]
    modules: list[str] = Field(default_factory=list)
    r_code: RCode | None = None


class KernelResults(Schema):
    """What a kernel has found out: numbers and models, and the cells that it ran for them.

    A kernel that is not watched, R's say, tells no cells and no models.
    """

    watched: bool
    cells: list[CellRun]
    scalars: dict[str, int | float]
    models: list[LiveModel]


class DataRecord(Schema):
    """The data that a kernel's cells have used, and what of it could not be seen.

    ``watched`` is False of a kernel, R's say, whose packages may open files that it does not tell.
    """

    watched: bool = True
    files: list[FileAccess]
    unseen: list[Unseen] = Field(default_factory=list)
    notes: list[str]


class KernelState(Schema):
    """All that a snapshot asks of a kernel, in one answer.

    ``complete`` is False when the probe came after the first cell had run, so that earlier
    file accesses are unknown. ``unseen`` is what of subprocesses could not be seen, ``notes`` are
    sentences about what else could not.
    """

    complete: bool
    cells: list[CellRun]
    scalars: dict[str, int | float]
    variables: dict[str, str]
    models: list[LiveModel]
    files: list[FileAccess]
    environment: Environment
    modules: list[LocalModule]
    working_directory: str
    secrets: list[str] = Field(default_factory=list, exclude=True, repr=False)
    seeds: dict[str, Any]
    unseen: list[Unseen] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    r_code: RCode | None = Field(default=None, exclude=True, repr=False)


class SavedModel(Schema):
    """A model that the kernel wrote to a folder in MLflow's model format."""

    variable: str
    class_name: str
    module: str
    framework: str
    flavor: str
    serialization: str
    signature: dict[str, Any] | None
    has_input_example: bool
    requirements: list[str]
    executable: str


class LiveModelList(Schema):
    """The models alive in the kernel of a notebook."""

    items: list[LiveModel]
