"""Routes of experiments and runs."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from .schemas import ExperimentPage, Run, RunPage


class RunQuery(Schema):
    """Which runs to list, newest first."""

    limit: int = Field(default=100, ge=1, le=1000)
    page_token: str | None = None
    notebook_path: str | None = None
    experiment_id: str | None = None


def list_experiments(call: Call[NoQuery, NoBody]) -> ExperimentPage:
    """List the experiments."""
    return call.services.tracking.experiments()


def list_runs(call: Call[RunQuery, NoBody]) -> RunPage:
    """List runs, newest first."""
    query = call.query
    return call.services.tracking.runs(
        limit=query.limit,
        page_token=query.page_token,
        notebook_path=query.notebook_path,
        experiment_id=query.experiment_id,
    )


def get_run(call: Call[NoQuery, NoBody]) -> Run:
    """Get a run."""
    return call.services.tracking.run(call.path["run_id"])


def delete_run(call: Call[NoQuery, NoBody]) -> Run:
    """Delete a run; it can be restored."""
    return call.services.tracking.delete_run(call.path["run_id"])


def restore_run(call: Call[NoQuery, NoBody]) -> Run:
    """Restore a deleted run."""
    return call.services.tracking.restore_run(call.path["run_id"])


ROUTES = (
    Route("GET", "experiments", list_experiments, "List experiments", ExperimentPage),
    Route("GET", "runs", list_runs, "List runs, newest first", RunPage, query=RunQuery),
    Route("GET", "runs/{run_id}", get_run, "Get a run", Run),
    Route(
        "DELETE",
        "runs/{run_id}",
        delete_run,
        "Delete a run; it can be restored",
        Run,
        emits=(Emit("tracking", "deleted", "run_id"),),
    ),
    Route(
        "POST",
        "runs/{run_id}/restore",
        restore_run,
        "Restore a deleted run",
        Run,
        emits=(Emit("tracking", "created", "run_id"),),
    ),
)
