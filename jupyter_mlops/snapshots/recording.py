"""Writes what the rows say of a snapshot: its own, and those of the run that it is attached to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..core.clock import to_ms
from ..tracking.entities import ERROR_TAG, GRADE_TAG, NOTEBOOK_TAG, SNAPSHOT_TAG
from . import rows, store

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..tracking.manager import TrackingManager
    from .schemas import Manifest


def add_run(connection: Connection, tracking: TrackingManager, manifest: Manifest) -> None:
    """Add the run of a snapshot that was taken of no run: one that has ended."""
    tracking.add_run(
        connection,
        Path(manifest.notebook.path).name,
        author=manifest.author,
        status=manifest.status,
        run_id=manifest.run_id,
        experiment=rows.experiment_of(manifest.origin),
        at=to_ms(manifest.created_at),
    )


def attach(
    connection: Connection, tracking: TrackingManager, snapshot_id: str, manifest: Manifest
) -> None:
    """Let the run of a snapshot say what the snapshot knows of it."""
    tags = {
        NOTEBOOK_TAG: manifest.notebook.path,
        SNAPSHOT_TAG: snapshot_id,
        GRADE_TAG: manifest.grade,
    }
    if manifest.error is not None:
        tags[ERROR_TAG] = manifest.error.model_dump_json()
    tracking.describe(
        connection,
        manifest.run_id,
        params=manifest.parameters,
        metrics=manifest.metrics,
        tags=tags,
    )


def add_snapshot(
    connection: Connection, snapshot_id: str, manifest: Manifest, state_now: str | None
) -> None:
    """Add the row of a snapshot, and the data that it names.

    ``state_now`` tells later whether anything has happened since; None where nobody knows.
    """
    store.insert(
        connection,
        manifest.files,
        id=snapshot_id,
        run_id=manifest.run_id,
        notebook_path=manifest.notebook.path,
        created_at=to_ms(manifest.created_at),
        author=manifest.author,
        grade=manifest.grade,
        reasons=[reason.model_dump() for reason in manifest.reasons],
        status=manifest.status,
        parameters=manifest.parameters,
        metrics=manifest.metrics,
        message=manifest.message,
        parent_id=manifest.parent_id,
        origin=manifest.origin,
        figure_id=manifest.figures[0].object_id if manifest.figures else None,
        state_digest=state_now,
    )
