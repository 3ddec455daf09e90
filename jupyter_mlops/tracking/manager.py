"""What can be done with experiments and runs."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, cast

from ..core import paging
from ..core.clock import from_ms, now_ms
from ..core.errors import InvalidInputError, NotFoundError
from . import store
from .schemas import Experiment, ExperimentPage, Run, RunError, RunPage, RunStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row, Select

    from ..core.database import Database

DEFAULT_EXPERIMENT = "Default"
NOTEBOOK_TAG = "mlops.notebook_path"
SNAPSHOT_TAG = "mlops.snapshot_id"
GRADE_TAG = "mlops.grade"
ERROR_TAG = "mlops.error"


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
        return ExperimentPage(items=[_experiment(row) for row in rows])

    def start_run(
        self,
        name: str,
        *,
        author: str,
        run_id: str | None = None,
        experiment: str = DEFAULT_EXPERIMENT,
        tags: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Run:
        """Create a run in state ``RUNNING``; the experiment is made if it is new."""
        with self._database.write() as connection:
            run_id = self.add_run(
                connection,
                name,
                author=author,
                status="RUNNING",
                run_id=run_id,
                experiment=experiment,
            )
            store.put_pairs(connection, store.tags, run_id, tags or {})
            store.put_pairs(connection, store.params, run_id, _texts(params or {}))
            return _runs(connection, [_required(connection, run_id)])[0]

    def add_run(
        self,
        connection: Connection,
        name: str,
        *,
        author: str,
        status: RunStatus,
        run_id: str | None = None,
        experiment: str = DEFAULT_EXPERIMENT,
    ) -> str:
        """Add a run in the caller's transaction and return its id, made if not given."""
        run_id, now = run_id or new_run_id(), now_ms()
        store.insert_run(
            connection,
            run_id=run_id,
            experiment_id=store.ensure_experiment(connection, experiment, now),
            name=name[:250],
            status=status,
            lifecycle_stage="active",
            author=author,
            started_at=now,
            ended_at=None if status == "RUNNING" else now,
        )
        return run_id

    def finish_run(
        self, run_id: str, status: RunStatus = "FINISHED", error: RunError | None = None
    ) -> Run:
        """Record how a run ended."""
        with self._database.write() as connection:
            _required(connection, run_id)
            store.update_run(connection, run_id, status=status, ended_at=now_ms())
            if error is not None:
                store.put_pairs(
                    connection, store.tags, run_id, {ERROR_TAG: error.model_dump_json()}
                )
            return _runs(connection, [_required(connection, run_id)])[0]

    def describe(
        self,
        connection: Connection,
        run_id: str,
        *,
        params: Mapping[str, Any],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
    ) -> None:
        """Write a run's params, metrics and tags in the caller's transaction."""
        row = _required(connection, run_id)
        now = now_ms()
        store.put_pairs(connection, store.params, run_id, _texts(params))
        store.put_pairs(connection, store.tags, run_id, tags)
        points = [(key, float(value), 0, now) for key, value in metrics.items()]
        store.put_metrics(connection, run_id, row.experiment_id, points)

    def runs(
        self,
        *,
        limit: int = 100,
        page_token: str | None = None,
        notebook_path: str | None = None,
        experiment_id: str | None = None,
    ) -> RunPage:
        """List active runs, newest first."""
        if experiment_id is not None and not experiment_id.isdecimal():
            raise InvalidInputError(f"An experiment id is a number, not {experiment_id!r}.")
        after = paging.decode(page_token, int, str) if page_token else None
        with self._database.read() as connection:
            rows = store.list_runs(
                connection,
                limit + 1,
                cast("tuple[int, str]", tuple(after)) if after else None,
                notebook_path,
                int(experiment_id) if experiment_id else None,
            )
            page, token = paging.cut(
                rows, limit, lambda row: paging.encode(row.started_at, row.run_id)
            )
            return RunPage(items=_runs(connection, page), next_token=token)

    def run(self, run_id: str) -> Run:
        """Return a run, deleted ones included."""
        with self._database.read() as connection:
            return _runs(connection, [_required(connection, run_id)])[0]

    def active(self) -> Select[tuple[str]]:
        """Return a query of the ids of all runs that are not deleted, to join with."""
        return store.active_runs()

    def delete_run(self, run_id: str) -> Run:
        """Hide a run from lists; ``restore_run`` brings it back."""
        return self._set_stage(run_id, "deleted")

    def restore_run(self, run_id: str) -> Run:
        """Bring a deleted run back."""
        return self._set_stage(run_id, "active")

    def _set_stage(self, run_id: str, stage: str) -> Run:
        with self._database.write() as connection:
            _required(connection, run_id)
            store.update_run(connection, run_id, lifecycle_stage=stage)
            return _runs(connection, [_required(connection, run_id)])[0]


def _required(connection: Connection, run_id: str) -> Row[Any]:
    row = store.get_run(connection, run_id)
    if row is None:
        raise NotFoundError(f"There is no run {run_id}.", run_id=run_id)
    return row


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in values.items()
    }


def _experiment(row: Row[Any]) -> Experiment:
    return Experiment(
        experiment_id=str(row.experiment_id),
        name=row.name,
        lifecycle_stage=row.lifecycle_stage,
        created_at=from_ms(row.created_at),
        updated_at=from_ms(row.updated_at),
    )


def _runs(connection: Connection, rows: list[Row[Any]]) -> list[Run]:
    params, tags, metrics = store.facts(connection, [row.run_id for row in rows])
    return [_run(row, params[row.run_id], tags[row.run_id], metrics[row.run_id]) for row in rows]


def _run(
    row: Row[Any],
    params: dict[str, str],
    tags: dict[str, str],
    metrics: dict[str, float | None],
) -> Run:
    error = tags.get(ERROR_TAG)
    return Run(
        run_id=row.run_id,
        experiment_id=str(row.experiment_id),
        name=row.name,
        status=row.status,
        lifecycle_stage=row.lifecycle_stage,
        author=row.author,
        started_at=from_ms(row.started_at),
        ended_at=None if row.ended_at is None else from_ms(row.ended_at),
        params=params,
        metrics=metrics,
        tags=tags,
        notebook_path=tags.get(NOTEBOOK_TAG),
        snapshot_id=tags.get(SNAPSHOT_TAG),
        grade=cast("Any", tags.get(GRADE_TAG)),
        error=RunError.model_validate_json(error) if error else None,
    )
