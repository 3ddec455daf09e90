"""Routes of snapshots, and of the models alive in a notebook's kernel."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, NoBody, NoQuery, Route, Streamed
from .schemas import (
    Grade,
    LockFile,
    NotebookContent,
    SnapshotDetail,
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
    grade: Grade | None = None
    text: str | None = Field(
        default=None,
        max_length=200,
        description="words that are in the note, a tag or the author's name, or start the id",
    )


class ContentQuery(Schema):
    """How much of a notebook to send."""

    outputs_limit: int | None = Field(
        default=None,
        ge=0,
        description="bytes of outputs, all cells together; the outputs of a cell that has more "
        "than is left of them are left out, and mlops_left_out in its metadata says how many",
    )


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
        grade=query.grade,
        text=query.text,
    )


def get_snapshot(call: Call[NoQuery, NoBody]) -> SnapshotDetail:
    """Get a snapshot with its manifest."""
    snapshots = call.services.snapshots
    detail = snapshots.snapshot(call.path["snapshot_id"])
    return detail.model_copy(update={"others": snapshots.found_by_others(detail.id)})


def get_snapshot_notebook(call: Call[ContentQuery, NoBody]) -> Streamed:
    """Get the notebook of a snapshot, with its outputs or as many as are asked for."""
    limit = call.query.outputs_limit
    return Streamed(call.services.snapshots.notebook_json(call.path["snapshot_id"], limit))


def get_snapshot_lock(call: Call[NoQuery, NoBody]) -> LockFile:
    """Get the lock of a snapshot's environment."""
    return call.services.snapshots.lock(call.path["snapshot_id"])


ROUTES = (
    Route("GET", "snapshots", list_snapshots, "List snapshots", SnapshotPage, query=SnapshotQuery),
    Route("GET", "snapshots/{snapshot_id}", get_snapshot, "Get a snapshot", SnapshotDetail),
    Route(
        "GET",
        "snapshots/{snapshot_id}/notebook",
        get_snapshot_notebook,
        "Get the notebook of a snapshot",
        NotebookContent,
        query=ContentQuery,
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/lock",
        get_snapshot_lock,
        "Get the lock of a snapshot's environment",
        LockFile,
    ),
)
