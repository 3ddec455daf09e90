"""What can be done with experiments and runs."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from ..core import filters
from ..core.clock import now_ms
from ..core.errors import InvalidStateError
from . import search, store, tables
from .entities import (
    ERROR_TAG,
    KERNEL_TAG,
    NOTEBOOK_TAG,
    PARENT_TAG,
    SNAPSHOT_TAG,
    Point,
)
from .experiments import experiment_number
from .rows import as_experiment, as_runs
from .runs import required, search_rows
from .schemas import (
    ExperimentPage,
    Run,
    RunColumns,
    RunCount,
    RunError,
    RunPage,
    RunStatus,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from ..core.database import Database

_COLUMN_TABLES = {
    "params": tables.params,
    "metrics": tables.latest_metrics,
    "tags": tables.tags,
}
OPEN = frozenset({"RUNNING", "SCHEDULED"})
# whose columns are offered; older runs may have others, but a list of all takes seconds
_COLUMN_RUNS = 2000
DEFAULT_EXPERIMENT = "Default"
# the runs of snapshots that nobody asked for; lists of all runs leave them out
AUTOMATIC_EXPERIMENT = "Automatic snapshots"


def new_run_id() -> str:
    """Return an id for a run, 32 hex digits as MLflow's."""
    return uuid.uuid4().hex


class TrackingManager:
    """Experiments and runs of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def experiments(self) -> ExperimentPage:
        """List all experiments, oldest first."""
        with self._database.read() as connection:
            rows = store.list_experiments(connection)
        return ExperimentPage(items=[as_experiment(row) for row in rows])

    def start_run(
        self,
        name: str,
        *,
        author: str,
        run_id: str | None = None,
        experiment: str = DEFAULT_EXPERIMENT,
        status: RunStatus = "RUNNING",
        tags: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Run:
        """Create a run, or begin the one that waits; the experiment is made if it is new.

        Raises:
            InvalidStateError: a run of that id has begun already, or was ended.
        """
        with self._database.write() as connection:
            if run_id and store.get_run(connection, run_id) is not None:
                _begin(connection, run_id)
            else:
                run_id = self.add_run(
                    connection,
                    name,
                    author=author,
                    status=status,
                    run_id=run_id,
                    experiment=experiment,
                )
            store.put_pairs(connection, tables.tags, run_id, tags or {})
            store.put_pairs(connection, tables.params, run_id, _texts(params or {}))
            return as_runs(connection, [required(connection, run_id)])[0]

    def add_run(
        self,
        connection: Connection,
        name: str,
        *,
        author: str,
        status: RunStatus,
        run_id: str | None = None,
        experiment: str = DEFAULT_EXPERIMENT,
        at: int | None = None,
    ) -> str:
        """Add a run in the caller's transaction and return its id, made if not given.

        ``at`` is when it was, in milliseconds, if not now.
        """
        run_id, now = run_id or new_run_id(), now_ms() if at is None else at
        store.insert_run(
            connection,
            run_id=run_id,
            experiment_id=store.ensure_experiment(connection, experiment, now),
            name=name[:250],
            status=status,
            lifecycle_stage="active",
            author=author,
            started_at=now,
            ended_at=None if status in OPEN else now,
        )
        return run_id

    def has_run(self, connection: Connection, run_id: str) -> bool:
        """Tell whether there is a run, also a deleted one."""
        return store.get_run(connection, run_id) is not None

    def finish_run(
        self,
        run_id: str,
        status: RunStatus = "FINISHED",
        error: RunError | None = None,
        *,
        at: int | None = None,
    ) -> Run:
        """Record how a run ended, and when, in milliseconds, if not now."""
        with self._database.write() as connection:
            required(connection, run_id)
            store.update_run(connection, run_id, status=status, ended_at=at or now_ms())
            _put_error(connection, run_id, error)
            return as_runs(connection, [required(connection, run_id)])[0]

    def close_run(
        self,
        run_id: str,
        status: RunStatus,
        error: RunError | None,
        *,
        was: RunStatus = "RUNNING",
        at: int | None = None,
    ) -> Run | None:
        """Record how a run ended, as ``finish_run`` does, if nobody else has.

        Returns:
            the run, or None if there is none that is in the state ``was``: of several who find it
            so, one is told that it has ended it.
        """
        with self._database.write() as connection:
            ended = {"status": status, "ended_at": at or now_ms()}
            if not store.update_run(connection, run_id, was=was, **ended):
                return None
            _put_error(connection, run_id, error)
            return as_runs(connection, [required(connection, run_id)])[0]

    def describe(
        self,
        connection: Connection,
        run_id: str,
        *,
        params: Mapping[str, Any],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
    ) -> None:
        """Write a run's params, metrics and tags in the caller's transaction.

        Params and metrics that were logged to the run stay as they are.
        """
        row = required(connection, run_id)
        now = now_ms()
        logged = store.get_pairs(connection, tables.params, [run_id])[run_id]
        new = {key: value for key, value in _texts(params).items() if key not in logged}
        store.put_pairs(connection, tables.params, run_id, new)
        store.put_pairs(connection, tables.tags, run_id, tags)
        measured = {point.key for point in store.get_latest(connection, [run_id])[run_id]}
        points = [
            Point(key, float(value), now) for key, value in metrics.items() if key not in measured
        ]
        store.put_metrics(connection, {(run_id, row.experiment_id): points})

    def unattached(self, kernel_id: str) -> str | None:
        """Return the newest run that a kernel logged and that no snapshot is attached to yet.

        Runs inside another one are left to that one.
        """
        conditions = (
            filters.Comparison("tag", KERNEL_TAG, "=", kernel_id),
            filters.Comparison("tag", SNAPSHOT_TAG, "IS NULL", None),
            filters.Comparison("tag", PARENT_TAG, "IS NULL", None),
        )
        with self._database.read() as connection:
            wanted = search.Search(
                tuple(store.active_experiments(connection)), conditions=conditions
            )
            rows, _ = search_rows(connection, wanted, 1, None)
        return rows[0].run_id if rows else None

    def runs(
        self,
        *,
        limit: int = 100,
        page_token: str | None = None,
        notebook_path: str | None = None,
        experiment_id: str | None = None,
        filter_string: str | None = None,
        order_by: Sequence[str] = (),
        automatic: bool = False,
    ) -> RunPage:
        """List active runs, newest first unless ``order_by`` says otherwise.

        Args:
            limit: of a page.
            page_token: of the page before.
            notebook_path: only runs of this notebook.
            experiment_id: only runs of this experiment.
            filter_string: only runs for which this holds, in MLflow's grammar.
            order_by: clauses of MLflow's grammar.
            automatic: those of automatic snapshots too, which else are found by their ids only.

        Raises:
            InvalidInputError: an id, a filter, an order or a token that cannot be read.
        """
        conditions, orders = search.parse(filter_string, order_by)
        if notebook_path is not None:
            conditions += (filters.Comparison("tag", NOTEBOOK_TAG, "=", notebook_path),)
        with self._database.read() as connection:
            numbers = _experiments(connection, experiment_id, conditions, automatic=automatic)
            wanted = search.Search(numbers, ("active",), conditions, orders)
            rows, token = search_rows(connection, wanted, limit, page_token)
            return RunPage(items=as_runs(connection, rows), next_token=token)

    def count(
        self,
        *,
        experiment_id: str | None = None,
        filter_string: str | None = None,
        automatic: bool = False,
    ) -> RunCount:
        """Count the active runs that ``runs`` lists with the same arguments."""
        conditions, _ = search.parse(filter_string, ())
        with self._database.read() as connection:
            numbers = _experiments(connection, experiment_id, conditions, automatic=automatic)
            wanted = search.Search(numbers, ("active",), conditions)
            return RunCount(count=search.count(connection, wanted))

    def columns(self, experiment_id: str | None = None) -> RunColumns:
        """Return the names of params, metrics and tags that the newest active runs have."""
        number = None if experiment_id is None else experiment_number(experiment_id)
        with self._database.read() as connection:
            found = {
                name: store.keys(connection, table, number, _COLUMN_RUNS)
                for name, table in _COLUMN_TABLES.items()
            }
        found["tags"] = [tag for tag in found["tags"] if not tag.startswith(("mlflow.", "mlops."))]
        return RunColumns(**found)

    def run(self, run_id: str) -> Run:
        """Return a run, deleted ones included."""
        with self._database.read() as connection:
            return as_runs(connection, [required(connection, run_id)])[0]

    def run_ids(self, prefix: str) -> list[str]:
        """Return at most two ids of runs that start with ``prefix``, deleted ones included."""
        with self._database.read() as connection:
            return store.run_ids(connection, prefix)

    def delete_run(self, run_id: str) -> Run:
        """Hide a run from lists; ``restore_run`` brings it back."""
        return self._set_stage(run_id, "deleted")

    def restore_run(self, run_id: str) -> Run:
        """Bring a deleted run back."""
        return self._set_stage(run_id, "active")

    def _set_stage(self, run_id: str, stage: str) -> Run:
        with self._database.write() as connection:
            required(connection, run_id)
            store.update_run(connection, run_id, lifecycle_stage=stage)
            return as_runs(connection, [required(connection, run_id)])[0]


def _begin(connection: Connection, run_id: str) -> None:
    begun = {"status": "RUNNING", "started_at": now_ms()}
    if not store.update_run(connection, run_id, was="SCHEDULED", **begun):
        raise InvalidStateError(f"Run {run_id} does not wait to be begun: it was, or was ended.")


def _put_error(connection: Connection, run_id: str, error: RunError | None) -> None:
    if error is not None:
        store.put_pairs(connection, tables.tags, run_id, {ERROR_TAG: error.model_dump_json()})


def _experiments(
    connection: Connection,
    experiment_id: str | None,
    conditions: Sequence[filters.Comparison],
    *,
    automatic: bool,
) -> tuple[int, ...]:
    if experiment_id is not None:
        return (experiment_number(experiment_id),)
    by_id = any((one.kind, one.key) == ("attribute", "run_id") for one in conditions)
    hidden = () if automatic or by_id else (AUTOMATIC_EXPERIMENT,)
    return tuple(store.active_experiments(connection, hidden))


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in values.items()
    }
