"""The route that restores a snapshot."""

from __future__ import annotations

from ..core.project import Project
from ..http.route import Call, Emit, NoQuery, Route
from .schemas import Restored, RestoreRequest


def restore_snapshot(call: Call[NoQuery, RestoreRequest]) -> Restored:
    """Restore a snapshot to a new folder, or in place after a safety snapshot."""
    root = Project(call.services.root)
    folder = None if call.body.in_place else root.new_place(call.body.folder or "")
    return call.services.restorer.restore(
        call.path["snapshot_id"], call.body, folder, author=call.user
    )


ROUTES = (
    Route(
        "POST",
        "snapshots/{snapshot_id}/restore",
        restore_snapshot,
        "Restore a snapshot",
        Restored,
        body=RestoreRequest,
        executes=lambda call: call.body.environment,  # what is installed may run code
        emits=(Emit("snapshots", "changed", "snapshot_id"),),
    ),
)
