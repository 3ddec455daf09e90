"""Wire types of what a notebook uses right now, and of what its tables hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.schema import Schema
from ..kernels.schemas import DataKind

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

    Of a wide table the first columns are there; ``column_count`` counts all.
    """

    digest: str
    rows: int | None
    looked_at: int
    column_count: int
    columns: list[ColumnProfile]
