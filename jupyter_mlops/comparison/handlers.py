"""Routes of comparisons, and of what they show: cells, figures, modules, diffs.

Each takes the id of a notebook as it stands now where it takes a snapshot's.
"""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, NoBody, NoQuery, Route, Streamed
from ..snapshots.schemas import ObjectContent
from .schemas import CellComparison, Comparison, StoredCell, StoredDiff, StoredModule


class ComparisonQuery(Schema):
    """What to compare."""

    ids: str = Field(
        max_length=10_000,
        description="of runs, snapshots or notebooks as they stand now, commas between",
    )


class CellsQuery(Schema):
    """Two snapshots whose notebooks to compare."""

    base: str
    other: str


def get_comparison(call: Call[ComparisonQuery, NoBody]) -> Comparison:
    """Compare two to fifty runs or snapshots; the first is the baseline."""
    return call.services.comparisons.compare(call.query.ids.split(","))


def get_cell_comparison(call: Call[CellsQuery, NoBody]) -> Streamed:
    """Match the cells of two snapshots' notebooks."""
    return Streamed(call.services.comparisons.cells(call.query.base, call.query.other))


def get_snapshot_cell(call: Call[NoQuery, NoBody]) -> Streamed:
    """Get one cell of a snapshot's notebook, with its outputs."""
    return Streamed(call.services.comparisons.cell(call.path["snapshot_id"], call.number("index")))


def get_snapshot_module(call: Call[NoQuery, NoBody]) -> StoredModule:
    """Get the text of a local module that a snapshot keeps."""
    return call.services.comparisons.module(call.path["snapshot_id"], call.number("index"))


def get_snapshot_figure(call: Call[NoQuery, NoBody]) -> Streamed:
    """Get one figure of a snapshot, base64-encoded."""
    found = call.services.comparisons.figure(call.path["snapshot_id"], call.number("index"))
    return Streamed(found)


def get_snapshot_diff(call: Call[NoQuery, NoBody]) -> StoredDiff:
    """Get what differed from the git commit at a snapshot."""
    return call.services.comparisons.diff(call.path["snapshot_id"])


ROUTES = (
    Route(
        "GET",
        "comparisons",
        get_comparison,
        "Compare two to fifty runs or snapshots",
        Comparison,
        query=ComparisonQuery,
    ),
    Route(
        "GET",
        "comparisons/cells",
        get_cell_comparison,
        "Match the cells of two snapshots",
        CellComparison,
        query=CellsQuery,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/cells/{index}",
        get_snapshot_cell,
        "Get a cell of a snapshot's notebook",
        StoredCell,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/modules/{index}",
        get_snapshot_module,
        "Get a local module of a snapshot",
        StoredModule,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/figures/{index}",
        get_snapshot_figure,
        "Get a figure of a snapshot",
        ObjectContent,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/diff",
        get_snapshot_diff,
        "Get what differed from the commit at a snapshot",
        StoredDiff,
    ),
)
