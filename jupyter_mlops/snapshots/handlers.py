"""Routes of snapshots, and of the models alive in a notebook's kernel."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from ..kernels.schemas import LiveModelList
from .schemas import (
    NotebookContent,
    ObjectContent,
    Snapshot,
    SnapshotCreate,
    SnapshotDetail,
    SnapshotPage,
)


class SnapshotQuery(Schema):
    """Which snapshots to list, newest first."""

    limit: int = Field(default=100, ge=1, le=1000)
    page_token: str | None = None
    notebook_path: str | None = None


class NotebookQuery(Schema):
    """Names a notebook, relative to the Jupyter root."""

    notebook_path: str = Field(min_length=1)


async def create_snapshot(call: Call[NoQuery, SnapshotCreate]) -> Snapshot:
    """Take a snapshot of a notebook, of its live kernel if one runs."""
    return await call.services.notebooks.capture(call.body, author=call.user)


def list_snapshots(call: Call[SnapshotQuery, NoBody]) -> SnapshotPage:
    """List snapshots, newest first."""
    query = call.query
    return call.services.snapshots.snapshots(
        limit=query.limit, page_token=query.page_token, notebook_path=query.notebook_path
    )


def get_snapshot(call: Call[NoQuery, NoBody]) -> SnapshotDetail:
    """Get a snapshot with its manifest."""
    return call.services.snapshots.snapshot(call.path["snapshot_id"])


def get_snapshot_notebook(call: Call[NoQuery, NoBody]) -> NotebookContent:
    """Get the notebook of a snapshot, with its outputs."""
    return call.services.snapshots.notebook(call.path["snapshot_id"])


def get_snapshot_figure(call: Call[NoQuery, NoBody]) -> ObjectContent:
    """Get one figure of a snapshot, base64-encoded."""
    return call.services.snapshots.figure(call.path["snapshot_id"], call.number("index"))


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
    Route("GET", "snapshots/{snapshot_id}", get_snapshot, "Get a snapshot", SnapshotDetail),
    Route(
        "GET",
        "snapshots/{snapshot_id}/notebook",
        get_snapshot_notebook,
        "Get the notebook of a snapshot",
        NotebookContent,
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
        "live-models",
        list_live_models,
        "List the models alive in a notebook's kernel",
        LiveModelList,
        query=NotebookQuery,
        action="execute",
    ),
)
