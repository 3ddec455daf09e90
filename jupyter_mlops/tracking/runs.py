"""Runs as MLflow's protocol knows them: make, find, change, delete, restore."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ..core import paging
from ..core.clock import now_ms
from ..core.errors import InvalidInputError, InvalidStateError, NotFoundError
from . import experiments, inputs, limits, search, store
from .conditions import RUN_NAME_TAG
from .entities import STAGES, RunInfo, RunRecord, ViewType
from .tables import params, tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from ..core.database import Database

STATUSES = frozenset({"RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"})


class RunManager:
    """The runs of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        experiment_id: str,
        *,
        user_id: str = "",
        start_time: int | None = None,
        run_tags: Mapping[str, str] | None = None,
        run_name: str | None = None,
    ) -> RunRecord:
        """Create a run in state ``RUNNING``.

        Args:
            experiment_id: of an active experiment.
            user_id: who made it.
            start_time: milliseconds; now by default.
            run_tags: ``mlflow.runName`` among them names the run.
            run_name: the name; one is made up if none is given.

        Raises:
            InvalidInputError: two different names, or a tag that is not allowed.
            InvalidStateError: the experiment is deleted.
        """
        pairs = limits.tags(run_tags or {})
        name = _name(run_name, pairs.pop(RUN_NAME_TAG, None))
        run_id = uuid.uuid4().hex
        with self._database.write() as connection:
            _add(
                connection,
                run_id,
                experiments.active(connection, experiment_id),
                name=name or f"run-{run_id[:8]}",
                author=user_id,
                started_at=start_time or now_ms(),
            )
            store.put_pairs(connection, tags, run_id, pairs)
            return _records(connection, [required(connection, run_id)])[0]

    def begin_copy(
        self, experiment_id: str, info: RunInfo, run_tags: Mapping[str, str]
    ) -> RunRecord:
        """Return the run of ``info``'s id, made as it was elsewhere if there is none."""
        limits.key(info.run_id, "Run")
        with self._database.write() as connection:
            if store.get_run(connection, info.run_id) is None:
                _add(
                    connection,
                    limits.length(info.run_id, 32, "The run's id"),
                    experiments.required(connection, experiment_id),
                    name=info.run_name,
                    author=info.user_id,
                    started_at=info.start_time,
                )
                store.put_pairs(connection, tags, info.run_id, limits.tags(run_tags))
            return _records(connection, [required(connection, info.run_id)])[0]

    def complete_copy(
        self, run_id: str, run_params: Mapping[str, str], run_tags: Mapping[str, str]
    ) -> None:
        """Write all params and tags of a copy at once, however many there are."""
        with self._database.write() as connection:
            active(connection, run_id)
            store.put_pairs(connection, params, run_id, limits.params(run_params))
            store.put_pairs(connection, tags, run_id, limits.tags(run_tags))

    def get(self, run_id: str) -> RunRecord:
        """Return a run, deleted ones included.

        Raises:
            NotFoundError: there is none.
        """
        with self._database.read() as connection:
            return _records(connection, [required(connection, run_id)])[0]

    def update(
        self,
        run_id: str,
        *,
        status: str | None = None,
        end_time: int | None = None,
        run_name: str | None = None,
    ) -> RunInfo:
        """Change what is given of an active run."""
        values: dict[str, Any] = {}
        if status is not None:
            if status not in STATUSES:
                raise InvalidInputError(f"A status is one of {', '.join(sorted(STATUSES))}.")
            values["status"] = status
        if end_time is not None:
            values["ended_at"] = limits.moment(end_time, "end_time")
        if run_name:
            values["name"] = run_name[:250]
        with self._database.write() as connection:
            active(connection, run_id)
            if values:
                store.update_run(connection, run_id, **values)
            return _records(connection, [required(connection, run_id)])[0].info

    def delete(self, run_id: str) -> None:
        """Hide a run; ``restore`` brings it back."""
        self._set_stage(run_id, "deleted")

    def restore(self, run_id: str) -> None:
        """Bring a deleted run back."""
        self._set_stage(run_id, "active")

    def search(
        self,
        experiment_ids: Sequence[str] | None,
        filter_string: str | None = None,
        view_type: ViewType = "ACTIVE_ONLY",
        max_results: int = 1000,
        order_by: Sequence[str] = (),
        page_token: str | None = None,
    ) -> tuple[list[RunRecord], str | None]:
        """Return a page of runs and the token of the next one.

        Args:
            experiment_ids: where to look; None for all active experiments.
            filter_string: MLflow's grammar.
            view_type: which lifecycle stages.
            max_results: 1 to 50,000.
            order_by: MLflow's grammar; then newest first, then by id.
            page_token: of the page before.
        """
        numbers = (
            None
            if experiment_ids is None
            else [experiments.experiment_number(text) for text in dict.fromkeys(experiment_ids)]
        )
        conditions, orders = search.parse(filter_string, order_by)
        with self._database.read() as connection:
            if numbers is None:
                numbers = store.active_experiments(connection)
            wanted = search.Search(tuple(numbers), STAGES[view_type], conditions, orders)
            rows, token = search_rows(connection, wanted, max_results, page_token)
            return _records(connection, rows), token

    def _set_stage(self, run_id: str, stage: str) -> None:
        with self._database.write() as connection:
            required(connection, run_id)
            store.update_run(connection, run_id, lifecycle_stage=stage)


def search_rows(
    connection: Connection, wanted: search.Search, limit: int, page_token: str | None
) -> tuple[list[Row[Any]], str | None]:
    """Return a page of the rows of runs and the token of the next one."""
    limits.results(limit)
    after = None
    if page_token:
        parts = paging.decode(page_token)
        after = tuple(search.Key(*parts[at : at + 2]) for at in range(0, len(parts) - 1, 2))
    found = search.find(connection, wanted, limit + 1, after)
    return paging.cut(found, limit, lambda row: paging.encode(*search.keys(row)))


def _name(given: str | None, tagged: str | None) -> str | None:
    """Return the name that a run is given, as such or by its tag."""
    if given and tagged and given != tagged:
        raise InvalidInputError(
            f"The run is named {given!r} and by its tag {RUN_NAME_TAG} {tagged!r}. Give one name."
        )
    return given or tagged


def _add(
    connection: Connection,
    run_id: str,
    experiment: Row[Any],
    *,
    name: str,
    author: str,
    started_at: int,
) -> None:
    """Add a run in state ``RUNNING``; names that are too long are cut."""
    store.insert_run(
        connection,
        run_id=run_id,
        experiment_id=experiment.experiment_id,
        name=name[:250],
        status="RUNNING",
        lifecycle_stage="active",
        author=author[:256],
        started_at=limits.moment(started_at, "start_time"),
        ended_at=None,
    )


def required(connection: Connection, run_id: str) -> Row[Any]:
    """Return a run's row.

    Raises:
        NotFoundError: there is none.
    """
    row = store.get_run(connection, run_id)
    if row is None:
        raise NotFoundError(f"There is no run {run_id[:100]}.", run_id=run_id[:100])
    return row


def active(connection: Connection, run_id: str) -> Row[Any]:
    """Return the row of a run that can be logged to.

    Raises:
        InvalidStateError: it is deleted.
        NotFoundError: there is none.
    """
    row = required(connection, run_id)
    if row.lifecycle_stage != "active":
        raise InvalidStateError(f"Run {run_id} is deleted. Restore it first.")
    return row


def _records(connection: Connection, rows: Sequence[Row[Any]]) -> list[RunRecord]:
    run_ids = [row.run_id for row in rows]
    numbers = list({row.experiment_id for row in rows})
    locations = store.artifact_locations(connection, numbers)
    points = store.get_latest(connection, run_ids)
    run_params = store.get_pairs(connection, params, run_ids)
    run_tags = store.get_pairs(connection, tags, run_ids)
    read = inputs.get_datasets(connection, run_ids)
    models = inputs.get_models(connection, run_ids)
    return [
        RunRecord(
            info=_info(row, locations[row.experiment_id]),
            metrics=points[row.run_id],
            params=run_params[row.run_id],
            tags={RUN_NAME_TAG: row.name} | run_tags[row.run_id],
            datasets=read[row.run_id],
            model_inputs=models[row.run_id, "input"],
            model_outputs=models[row.run_id, "output"],
        )
        for row in rows
    ]


def _info(row: Row[Any], location: str) -> RunInfo:
    # by position: by name each takes as long as all of them
    run_id, experiment_id, name, status, stage, author, started_at, ended_at = tuple(row)[:8]
    return RunInfo(
        run_id=run_id,
        experiment_id=str(experiment_id),
        run_name=name,
        user_id=author,
        status=status,
        start_time=started_at,
        end_time=ended_at,
        artifact_uri=f"{location.rstrip('/')}/{run_id}/artifacts",
        lifecycle_stage=stage,
    )
