"""Routes of experiments and runs."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from .schemas import CurveList, ExperimentPage, MetricSeries, Run, RunColumns, RunCount, RunPage


class RunQuery(Schema):
    """Which runs to list, newest first."""

    limit: int = Field(default=100, ge=1, le=1000)
    page_token: str | None = None
    notebook_path: str | None = None
    experiment_id: str | None = None
    filter: str | None = Field(default=None, description="MLflow's grammar")
    order_by: str | None = Field(default=None, description="MLflow's grammar, commas between")
    automatic: bool = Field(default=False, description="those of automatic snapshots too")


class ColumnQuery(Schema):
    """Whose names to list."""

    experiment_id: str | None = None


class CountQuery(Schema):
    """Which runs to count."""

    experiment_id: str | None = None
    filter: str | None = Field(default=None, description="MLflow's grammar")
    automatic: bool = Field(default=False, description="those of automatic snapshots too")


class CurveQuery(Schema):
    """Whose metrics to look at."""

    run_ids: str = Field(max_length=10_000, description="commas between")


class SeriesQuery(Schema):
    """Which steps of a metric, and how many points at most."""

    max_points: int = Field(default=1000, ge=10, le=100_000)
    start_step: int | None = Field(default=None, ge=-(2**63), lt=2**63)
    end_step: int | None = Field(default=None, ge=-(2**63), lt=2**63)


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
        filter_string=query.filter,
        order_by=[query.order_by] if query.order_by else [],
        automatic=query.automatic,
    )


def count_runs(call: Call[CountQuery, NoBody]) -> RunCount:
    """Count the runs that a search finds."""
    query = call.query
    return call.services.tracking.count(
        experiment_id=query.experiment_id, filter_string=query.filter, automatic=query.automatic
    )


def list_run_columns(call: Call[ColumnQuery, NoBody]) -> RunColumns:
    """List the names that runs use."""
    return call.services.tracking.columns(call.query.experiment_id)


def list_curves(call: Call[CurveQuery, NoBody]) -> CurveList:
    """List the metrics of which some run has more than one point."""
    return CurveList(keys=call.services.metrics.curves(call.query.run_ids.split(",")))


def get_metric_series(call: Call[SeriesQuery, NoBody]) -> MetricSeries:
    """Get the points of a metric, sampled."""
    query = call.query
    return call.services.metrics.series(
        call.path["run_id"], call.path["key"], query.max_points, query.start_step, query.end_step
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
    Route("GET", "run-count", count_runs, "Count runs", RunCount, query=CountQuery),
    Route(
        "GET",
        "run-columns",
        list_run_columns,
        "List the names that runs use",
        RunColumns,
        query=ColumnQuery,
    ),
    Route(
        "GET",
        "run-curves",
        list_curves,
        "List the metrics of which some run has more than one point",
        CurveList,
        query=CurveQuery,
    ),
    Route(
        "GET",
        "runs/{run_id}/metrics/{key}",
        get_metric_series,
        "Get the points of a metric, sampled",
        MetricSeries,
        query=SeriesQuery,
    ),
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
