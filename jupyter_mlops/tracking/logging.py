"""Logging to runs as MLflow's protocol knows it: metrics, params, tags, inputs, outputs.

A call is all or nothing. Metrics are written without waiting for the disk: a power cut may
take the last ones, ``kill -9`` does not.
"""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..core.errors import InvalidInputError, MLOpsError, NotFoundError
from . import inputs, limits, store
from .conditions import RUN_NAME_TAG
from .entities import LogEntry, Point
from .runs import active
from .tables import params, tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from ..core.database import Database
    from .entities import DatasetInput, ModelLink, ModelPoint

_MODELS_TAG = "mlflow.log-model.history"


class RunLogger:
    """Writes to the active runs of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def log(
        self,
        run_id: str,
        *,
        metrics: Sequence[Point] = (),
        run_params: Sequence[tuple[str, str]] = (),
        run_tags: Sequence[tuple[str, str]] = (),
        model_metrics: Sequence[ModelPoint] = (),
    ) -> None:
        """Log all or nothing; see ``log_entry``."""
        self.log_entry(LogEntry(run_id, metrics, run_params, run_tags, model_metrics))

    def log_entry(self, entry: LogEntry) -> None:
        """Log all of an entry or nothing.

        Raises:
            InvalidInputError: too many, a name that is not allowed, a param that has another value.
            InvalidStateError: the run is deleted.
            NotFoundError: there is no such run.
        """
        (error,) = self.log_many([entry])
        if error is not None:
            raise error

    def log_many(self, entries: Sequence[LogEntry]) -> list[MLOpsError | None]:
        """Log what several calls bring, in their order and in one transaction.

        Returns:
            for each entry None, or why nothing of it was logged, as ``log_entry`` raises it.
        """
        outcomes: list[MLOpsError | None] = [None] * len(entries)
        checked = []
        for number, entry in enumerate(entries):
            try:
                checked.append((number, _checked_entry(entry)))
            except MLOpsError as error:
                outcomes[number] = error
        points: dict[tuple[str, int], list[Point]] = {}
        with self._database.write(durable=False) as connection:
            find = cache(partial(active, connection))
            for number, entry in checked:
                try:
                    run = find(entry.run_id)
                    _put_entry(connection, entry)
                except MLOpsError as error:
                    outcomes[number] = error
                else:
                    points.setdefault((entry.run_id, run.experiment_id), []).extend(entry.metrics)
            store.put_metrics(connection, points)
        return outcomes

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag of an active run."""
        with self._database.write() as connection:
            active(connection, run_id)
            gone = connection.execute(
                sa.delete(tags).where(tags.c.run_id == run_id, tags.c.key == key)
            )
            if not gone.rowcount:
                raise NotFoundError(f"Run {run_id} has no tag {key!r}.")

    def add_model(self, run_id: str, model_json: str) -> None:
        """Add a model, described as JSON, to the run's tag of logged models."""
        try:
            model = json.loads(model_json)
        except ValueError as error:
            raise InvalidInputError(f"The model is not described in JSON: {error}.") from error
        missing = {"artifact_path", "flavors", "utc_time_created", "run_id"}
        missing -= set(model) if isinstance(model, dict) else set()
        if missing:
            raise InvalidInputError(f"The model's description lacks {', '.join(sorted(missing))}.")
        with self._database.write() as connection:
            active(connection, run_id)
            before = store.get_pairs(connection, tags, [run_id])[run_id].get(_MODELS_TAG, "[]")
            models = json.dumps([*json.loads(before), model])
            store.put_pairs(connection, tags, run_id, {_MODELS_TAG: models})

    def log_inputs(
        self, run_id: str, datasets: Iterable[DatasetInput], models: Iterable[ModelLink] = ()
    ) -> None:
        """Record which datasets and logged models an active run used."""
        datasets = [_checked_dataset(item) for item in datasets]
        with self._database.write(durable=False) as connection:
            row = active(connection, run_id)
            inputs.put_datasets(connection, run_id, row.experiment_id, datasets)
            inputs.put_models(connection, run_id, "input", models)

    def log_outputs(self, run_id: str, models: Iterable[ModelLink]) -> None:
        """Record which logged models an active run made."""
        with self._database.write(durable=False) as connection:
            active(connection, run_id)
            inputs.put_models(connection, run_id, "output", models)


def _checked_entry(entry: LogEntry) -> LogEntry:
    limits.batch(len(entry.metrics), len(entry.params), len(entry.tags))
    return LogEntry(
        entry.run_id,
        [_checked(point) for point in entry.metrics],
        list(limits.params(_unique(entry.params)).items()),
        list(limits.tags(dict(entry.tags)).items()),
        [item._replace(point=_checked(item.point)) for item in entry.model_metrics],
    )


def _put_entry(connection: Connection, entry: LogEntry) -> None:
    """Write all but the metrics; whatever there is to refuse is refused before the first row."""
    new = _new_params(connection, entry.run_id, dict(entry.params))
    store.put_model_metrics(connection, entry.run_id, entry.model_metrics)
    store.put_pairs(connection, params, entry.run_id, new)
    _put_tags(connection, entry.run_id, dict(entry.tags))


def _checked(point: Point) -> Point:
    return Point(
        limits.key(point.key, "Metric"),
        limits.number(point.value),
        limits.moment(point.timestamp, "A metric's timestamp"),
        limits.step(point.step),
    )


def _checked_dataset(item: DatasetInput) -> DatasetInput:
    if not item.name or not item.digest:
        raise InvalidInputError("A dataset needs a name and a digest.")
    limits.length(item.name, 500, "The dataset's name")
    limits.length(item.digest, 36, "The dataset's digest")
    limits.length(item.source_type, 36, "The dataset's source type")
    limits.length(item.source, 65_535, "The dataset's source")
    limits.length(item.schema or "", 1_048_575, "The dataset's schema")
    limits.length(item.profile or "", 16_777_215, "The dataset's profile")
    for key, value in item.tags.items():
        limits.length(key, 255, "The dataset's tag")
        limits.length(value, 500, f"The value of the dataset's tag {key!r}:")
    return item


def _unique(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        twice = sorted({key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1})
        raise InvalidInputError(f"Each param can be given once; twice are: {', '.join(twice)}.")
    return unique


def _new_params(connection: Connection, run_id: str, pairs: dict[str, str]) -> dict[str, str]:
    if not pairs:
        return {}
    query = sa.select(params.c.key, params.c.value).where(
        params.c.run_id == run_id, params.c.key.in_(pairs)
    )
    known = {row.key: row.value for row in connection.execute(query)}
    for key, value in known.items():
        if pairs[key] != value:
            raise InvalidInputError(
                f"Param {key!r} of run {run_id} is {value!r} and cannot become {pairs[key]!r}. "
                "Params do not change; start another run, or log it as a metric or a tag."
            )
    return {key: value for key, value in pairs.items() if key not in known}


def _put_tags(connection: Connection, run_id: str, pairs: dict[str, str]) -> None:
    name = pairs.pop(RUN_NAME_TAG, None)
    if name:
        store.update_run(connection, run_id, name=name[:250])
    store.put_pairs(connection, tags, run_id, pairs)
