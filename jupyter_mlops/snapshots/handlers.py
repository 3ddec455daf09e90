"""Routes of snapshots, and of the models alive in a notebook's kernel."""

from __future__ import annotations

import asyncio

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from ..kernels.schemas import LiveModelList
from .comparison_schemas import CellComparison, Comparison, StoredCell, StoredModule
from .restore_schemas import Restored, RestoreRequest
from .schemas import (
    AutomaticSnapshot,
    AutomaticSnapshotCreate,
    GradeRequest,
    LockFile,
    NotebookContent,
    NotebookGrade,
    ObjectContent,
    Snapshot,
    SnapshotCreate,
    SnapshotDetail,
    SnapshotMarks,
    SnapshotPage,
)


class SnapshotQuery(Schema):
    """Which snapshots to list, newest first."""

    limit: int = Field(default=100, ge=1, le=1000)
    page_token: str | None = None
    notebook_path: str | None = None
    tag: str | None = None
    pinned: bool | None = None
    automatic: bool | None = Field(
        default=None, description="those that a save or a whole run took, or the others"
    )


class NotebookQuery(Schema):
    """Names a notebook, relative to the Jupyter root."""

    notebook_path: str = Field(min_length=1)


class ComparisonQuery(Schema):
    """What to compare."""

    ids: str = Field(max_length=10_000, description="of runs or snapshots, commas between")


class CellsQuery(Schema):
    """Two snapshots whose notebooks to compare."""

    base: str
    other: str


async def create_snapshot(call: Call[NoQuery, SnapshotCreate]) -> Snapshot:
    """Take a snapshot of a notebook, of its live kernel if one runs."""
    made = await call.services.notebooks.capture(call.body, author=call.user)
    await asyncio.to_thread(lambda: call.services.profiles.prepare(made.id))
    return made


def list_snapshots(call: Call[SnapshotQuery, NoBody]) -> SnapshotPage:
    """List snapshots, newest first."""
    query = call.query
    return call.services.snapshots.snapshots(
        limit=query.limit,
        page_token=query.page_token,
        notebook_path=query.notebook_path,
        tag=query.tag,
        pinned=query.pinned,
        automatic=query.automatic,
    )


async def create_automatic_snapshot(
    call: Call[NoQuery, AutomaticSnapshotCreate],
) -> AutomaticSnapshot:
    """Take a snapshot if anything has happened since the last one."""
    return await call.services.notebooks.capture_changed(call.body, author=call.user)


def mark_snapshot(call: Call[NoQuery, SnapshotMarks]) -> Snapshot:
    """Write a note, tags or a pin."""
    return call.services.history.mark(call.path["snapshot_id"], call.body, author=call.user)


def delete_snapshot(call: Call[NoQuery, NoBody]) -> Snapshot:
    """Delete a snapshot; it can be brought back for a day."""
    return call.services.history.delete(call.path["snapshot_id"])


def undelete_snapshot(call: Call[NoQuery, NoBody]) -> Snapshot:
    """Bring a deleted snapshot back."""
    return call.services.history.undelete(call.path["snapshot_id"])


def get_snapshot(call: Call[NoQuery, NoBody]) -> SnapshotDetail:
    """Get a snapshot with its manifest."""
    return call.services.snapshots.snapshot(call.path["snapshot_id"])


def get_snapshot_notebook(call: Call[NoQuery, NoBody]) -> NotebookContent:
    """Get the notebook of a snapshot, with its outputs."""
    return call.services.snapshots.notebook(call.path["snapshot_id"])


def get_snapshot_lock(call: Call[NoQuery, NoBody]) -> LockFile:
    """Get the lock of a snapshot's environment."""
    return call.services.snapshots.lock(call.path["snapshot_id"])


def get_snapshot_figure(call: Call[NoQuery, NoBody]) -> ObjectContent:
    """Get one figure of a snapshot, base64-encoded."""
    return call.services.snapshots.figure(call.path["snapshot_id"], call.number("index"))


def get_snapshot_cell(call: Call[NoQuery, NoBody]) -> StoredCell:
    """Get one cell of a snapshot's notebook, with its outputs."""
    return call.services.comparisons.cell(call.path["snapshot_id"], call.number("index"))


def get_snapshot_module(call: Call[NoQuery, NoBody]) -> StoredModule:
    """Get the text of a local module that a snapshot keeps."""
    return call.services.comparisons.module(call.path["snapshot_id"], call.number("index"))


def get_comparison(call: Call[ComparisonQuery, NoBody]) -> Comparison:
    """Compare two to fifty runs or snapshots; the first is the baseline."""
    return call.services.comparisons.compare(call.query.ids.split(","))


def get_cell_comparison(call: Call[CellsQuery, NoBody]) -> CellComparison:
    """Match the cells of two snapshots' notebooks."""
    return call.services.comparisons.cells(call.query.base, call.query.other)


async def grade_notebook(call: Call[NoQuery, GradeRequest]) -> NotebookGrade:
    """Grade a notebook and its live kernel, without a snapshot."""
    return await call.services.notebooks.grade(call.body)


def restore_snapshot(call: Call[NoQuery, RestoreRequest]) -> Restored:
    """Restore a snapshot to a new folder, or in place after a safety snapshot."""
    folder = None if call.body.in_place else call.services.notebook(call.body.folder or "")
    return call.services.restorer.restore(
        call.path["snapshot_id"], call.body, folder, author=call.user
    )


async def list_live_models(call: Call[NotebookQuery, NoBody]) -> LiveModelList:
    """List the models alive in the kernel of a notebook."""
    return await call.services.notebooks.live_models(call.query.notebook_path)


ROUTES = (
    Route("GET", "snapshots", list_snapshots, "List snapshots", SnapshotPage, query=SnapshotQuery),
    Route(
        "POST",
        "snapshots",
        create_snapshot,
        "Snapshot a notebook, of its live kernel if one runs",
        Snapshot,
        body=SnapshotCreate,
        status=201,
        emits=(Emit("snapshots", "created", "id"), Emit("tracking", "created", "run_id")),
    ),
    Route(
        "POST",
        "automatic-snapshots",
        create_automatic_snapshot,
        "Snapshot a notebook if anything has happened since its last snapshot",
        AutomaticSnapshot,
        body=AutomaticSnapshotCreate,
        emits=(Emit("snapshots", "created", "id"), Emit("tracking", "created", "run_id")),
    ),
    Route("GET", "snapshots/{snapshot_id}", get_snapshot, "Get a snapshot", SnapshotDetail),
    Route(
        "PATCH",
        "snapshots/{snapshot_id}",
        mark_snapshot,
        "Write a snapshot's note, tags or pin",
        Snapshot,
        body=SnapshotMarks,
        emits=(Emit("snapshots", "changed", "id"),),
    ),
    Route(
        "DELETE",
        "snapshots/{snapshot_id}",
        delete_snapshot,
        "Delete a snapshot; it can be brought back for a day",
        Snapshot,
        emits=(Emit("snapshots", "deleted", "id"), Emit("tracking", "deleted", "run_id")),
    ),
    Route(
        "POST",
        "snapshots/{snapshot_id}/undelete",
        undelete_snapshot,
        "Bring a deleted snapshot back",
        Snapshot,
        emits=(Emit("snapshots", "created", "id"), Emit("tracking", "created", "run_id")),
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/notebook",
        get_snapshot_notebook,
        "Get the notebook of a snapshot",
        NotebookContent,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/lock",
        get_snapshot_lock,
        "Get the lock of a snapshot's environment",
        LockFile,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/figures/{index}",
        get_snapshot_figure,
        "Get a figure of a snapshot",
        ObjectContent,
    ),
    Route(
        "POST",
        "notebook-grade",
        grade_notebook,
        "Grade a notebook and its live kernel",
        NotebookGrade,
        body=GradeRequest,
        action="execute",
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
        "POST",
        "snapshots/{snapshot_id}/restore",
        restore_snapshot,
        "Restore a snapshot",
        Restored,
        body=RestoreRequest,
        emits=(Emit("snapshots", "changed", "snapshot_id"),),
    ),
    Route(
        "GET",
        "live-models",
        list_live_models,
        "List the models alive in a notebook's kernel",
        LiveModelList,
        query=NotebookQuery,
        action="execute",
    ),
)
