"""Wire types of data versions: what notebooks read and wrote, by path and by content."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from ..core.schema import Page, Schema, Timestamp
from ..kernels.schemas import DataKind
from ..snapshots.schemas import Grade

Change = Literal["added", "removed", "changed"]


class Data(Schema):
    """A path or URL that snapshots name; ``size`` (bytes) and ``digest`` are of its newest version.

    ``versions`` counts its different contents, ``snapshots`` those that name it.
    """

    path: str
    kind: DataKind
    size: int | None
    digest: str | None
    versions: int
    snapshots: int
    first_seen: Timestamp
    last_seen: Timestamp


class DataPage(Page[Data]):
    """A page of data, by path."""


class DataVersion(Schema):
    """One content that a path had; ``kept`` tells whether the store has it.

    ``note`` says why it has not, where it had once.
    """

    digest: str
    kind: DataKind
    size: int | None
    snapshots: int
    first_seen: Timestamp
    last_seen: Timestamp
    kept: bool
    note: str | None = None


class PresentData(Schema):
    """What is at a path now; ``digest`` is None where it was not read: folders, large files."""

    exists: bool
    digest: str | None


class DataVersionList(Schema):
    """The versions of a path, the newest first.

    ``present`` is None where nobody looked, and where a path names nothing on a disk.
    """

    path: str
    items: list[DataVersion]
    present: PresentData | None = None


class DataUse(Schema):
    """A snapshot that used a content.

    ``path`` is how the snapshot names it: as it was asked for, or the folder that it is in.
    """

    snapshot_id: str
    run_id: str
    notebook_path: str
    created_at: Timestamp
    grade: Grade
    path: str
    modes: list[Literal["read", "write"]]


class DataUsePage(Page[DataUse]):
    """A page of uses, the newest first."""


class DataCheckout(Schema):
    """Asks for a version to be written to a new path in the project, or in place.

    ``version`` is a digest, a snapshot's id or the start of one, or a tag; the newest if None.
    """

    path: str = Field(min_length=1)
    version: str | None = None
    target: str | None = Field(
        default=None, min_length=1, description="relative to the project; new. None: in place."
    )
    in_place: bool = False

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.target is not None) == self.in_place:
            raise ValueError("give a target, or say that it is to be in place")
        return self


class DataCopy(Schema):
    """Where a version was written to.

    Of one in place ``replaced`` is the digest of what was there, None where nothing was or it is
    as it was; ``safety_snapshot_id`` the snapshot that was taken to keep that.
    """

    path: str
    digest: str
    size: int | None
    target: str
    replaced: str | None = None
    safety_snapshot_id: str | None = None


class FileChange(Schema):
    """A file that is not the same; sizes are in bytes, None where there is no such file."""

    path: str
    change: Change
    old_size: int | None
    new_size: int | None


class TableChange(Schema):
    """How the rows of two tables differ, in no order.

    ``rows_added`` and ``rows_removed`` are None for tables that are no text or too long to be
    compared row by row.
    """

    old_rows: int
    new_rows: int
    columns_added: list[str]
    columns_removed: list[str]
    rows_added: int | None
    rows_removed: int | None


class DataDiff(Schema):
    """What is different between two versions of a file or folder, or two snapshots' data.

    ``files`` are the first that differ; the counts are of all. ``table`` is there for two versions
    of a table.
    """

    old: str
    new: str
    added: int
    removed: int
    changed: int
    files: list[FileChange]
    table: TableChange | None = None


class CategoryCount(Schema):
    """A value of a column, and how often it is there."""

    value: str
    count: int


class ColumnProfile(Schema):
    """What a column holds.

    ``quantiles`` are minimum, lower quartile, median, upper quartile and maximum; ``top`` the most
    frequent values of a column that has no numbers; ``min`` and ``max`` the ends of one of times.
    """

    name: str
    type: str
    missing: int
    distinct: int | None = None
    quantiles: list[float | None] | None = None
    mean: float | None = None
    min: str | None = None
    max: str | None = None
    top: list[CategoryCount] = Field(default_factory=list)


class DataProfile(Schema):
    """What a table holds: ``columns`` by its first ``looked_at`` rows of ``rows``.

    Of a wide table the first columns are there; ``column_count`` counts all. ``note`` says which
    table of a file it is, and what else is in there, if there is more.
    """

    digest: str
    rows: int | None
    looked_at: int
    column_count: int
    columns: list[ColumnProfile]
    note: str | None = None
