"""Routes of what is done with a notebook and its live kernel."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from ..kernels.schemas import LiveModelList
from ..snapshots.schemas import Snapshot
from .schemas import (
    AutomaticSnapshot,
    AutomaticSnapshotCreate,
    ExperimentRequest,
    GradeRequest,
    LiveData,
    LiveExperiment,
    NotebookGrade,
    PresentNotebook,
    PresentNotebookCreate,
    SnapshotCreate,
)

if TYPE_CHECKING:
    from ..services import Services


class NotebookQuery(Schema):
    """Names a notebook, relative to the Jupyter root."""

    notebook_path: str = Field(min_length=1)


async def create_snapshot(call: Call[NoQuery, SnapshotCreate]) -> Snapshot:
    """Take a snapshot of a notebook, of its live kernel if one runs."""
    made = await call.services.notebooks.capture(call.body, author=call.user)
    await _profile(call.services, made.id)
    return made


async def create_automatic_snapshot(
    call: Call[NoQuery, AutomaticSnapshotCreate],
) -> AutomaticSnapshot:
    """Take a snapshot if anything has happened since the last one."""
    made = await call.services.notebooks.capture_changed(call.body, author=call.user)
    if made.id is not None:
        await _profile(call.services, made.id)
    return made


async def _profile(services: Services, snapshot_id: str) -> None:
    await asyncio.to_thread(lambda: services.profiles.prepare(snapshot_id))


async def grade_notebook(call: Call[NoQuery, GradeRequest]) -> NotebookGrade:
    """Grade a notebook and its live kernel, without a snapshot."""
    return await call.services.notebooks.grade(call.body)


async def look_at_notebook(call: Call[NoQuery, PresentNotebookCreate]) -> PresentNotebook:
    """Look at a notebook as it stands now, to compare it; nothing is stored."""
    return await call.services.notebooks.present(call.body, author=call.user)


async def find_live_experiment(call: Call[NoQuery, ExperimentRequest]) -> LiveExperiment:
    """Find the parameters, results and models of a notebook, without a snapshot."""
    return await call.services.notebooks.experiment(call.body)


async def list_live_models(call: Call[NotebookQuery, NoBody]) -> LiveModelList:
    """List the models alive in the kernel of a notebook."""
    return await call.services.notebooks.live_models(call.query.notebook_path)


async def list_live_data(call: Call[NotebookQuery, NoBody]) -> LiveData:
    """List the data that the cells of a notebook have used, without a snapshot."""
    return await call.services.notebooks.data(call.query.notebook_path)


ROUTES = (
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
        "POST",
        "present-notebooks",
        look_at_notebook,
        "Look at a notebook as it stands now, to compare it",
        PresentNotebook,
        body=PresentNotebookCreate,
        action="execute",
    ),
    Route(
        "POST",
        "live-experiment",
        find_live_experiment,
        "Find the parameters, results and models of a notebook",
        LiveExperiment,
        body=ExperimentRequest,
        action="execute",
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
    Route(
        "GET",
        "live-data",
        list_live_data,
        "List the data that a notebook's cells have used",
        LiveData,
        query=NotebookQuery,
        action="execute",
    ),
)
