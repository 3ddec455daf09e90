"""Routes of what becomes of snapshots."""

from __future__ import annotations

from ..http.route import Call, Emit, NoBody, NoQuery, Route
from ..snapshots.schemas import Snapshot, SnapshotMarks


def mark_snapshot(call: Call[NoQuery, SnapshotMarks]) -> Snapshot:
    """Write a note, tags or a pin."""
    return call.services.history.mark(call.path["snapshot_id"], call.body, author=call.user)


def delete_snapshot(call: Call[NoQuery, NoBody]) -> Snapshot:
    """Delete a snapshot; it can be brought back for a day."""
    return call.services.history.delete(call.path["snapshot_id"])


def undelete_snapshot(call: Call[NoQuery, NoBody]) -> Snapshot:
    """Bring a deleted snapshot back."""
    return call.services.history.undelete(call.path["snapshot_id"])


ROUTES = (
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
)
