"""Logged models of MLflow 3: what a run made, with params, tags and metrics of their own."""

from __future__ import annotations

import math
import re
import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core import filters, paging
from ..core.clock import now_ms
from ..core.database import chunked
from ..core.errors import InvalidInputError, NotFoundError
from . import experiments, limits, store
from .entities import DatasetFilter, LoggedModel, ModelOrder, ModelPoint, Point
from .tables import logged_model_metrics, logged_model_params, logged_model_tags, logged_models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from ..core.database import Database

STATUSES = frozenset(
    f"LOGGED_MODEL_{state}" for state in ("PENDING", "READY", "UPLOAD_FAILED", "STATUS_UNSPECIFIED")
)
_TIMES = {
    "creation_timestamp": logged_models.c.created_at,
    "last_updated_timestamp": logged_models.c.updated_at,
}
_COLUMNS: dict[str, Any] = {
    name: logged_models.c[name]
    for name in ("model_id", "name", "model_type", "status", "source_run_id", "experiment_id")
} | _TIMES
_VOCABULARY = filters.Vocabulary(
    kinds={
        "attributes": "attribute",
        "metrics": "metric",
        "params": "param",
        "tags": "tag",
    },
    text=dict.fromkeys(
        ("model_id", "name", "model_type", "status", "source_run_id"), filters.LISTED
    ),
    numbers=frozenset(_TIMES),
    aliases={
        "creation_time": "creation_timestamp",
        "creation_timestamp_ms": "creation_timestamp",
        "last_updated_timestamp_ms": "last_updated_timestamp",
    },
    any_key={"metric": filters.NUMERIC, "param": filters.LISTED, "tag": filters.LISTED},
)


class LoggedModelManager:
    """The logged models of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        experiment_id: str,
        *,
        name: str | None = None,
        model_type: str | None = None,
        source_run_id: str | None = None,
        params: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> LoggedModel:
        """Create a logged model in state ``LOGGED_MODEL_PENDING``.

        Raises:
            InvalidInputError: the name, a param or a tag is not allowed.
            InvalidStateError: the experiment is deleted.
        """
        model_id, now = f"m-{uuid.uuid4().hex}", now_ms()
        if name is not None and (not name or re.search(r"[/:.%\"']", name)):
            raise InvalidInputError(
                f"{name[:100]!r} is no name for a model: it must be filled, without / : . % ' \"."
            )
        with self._database.write() as connection:
            _add(
                connection,
                experiments.active(connection, experiment_id),
                params or {},
                tags or {},
                model_id=model_id,
                name=name or f"model-{model_id[2:10]}",
                source_run_id=source_run_id or None,
                model_type=model_type or None,
                created_at=now,
                updated_at=now,
            )
            return _entities(connection, [_required(connection, model_id)])[0]

    def begin_copy(
        self, experiment_id: str, model: LoggedModel, run_id: str | None, tags: Mapping[str, str]
    ) -> LoggedModel:
        """Return the logged model of ``model``'s id, made as it was elsewhere if there is none."""
        if not re.fullmatch(r"m-[0-9a-f]{32}", model.model_id):
            raise InvalidInputError(f"{model.model_id[:100]!r} is no id of a logged model.")
        known = sa.select(logged_models.c.model_id).where(
            logged_models.c.model_id == model.model_id
        )
        with self._database.write() as connection:
            if connection.execute(known).first() is None:
                _add(
                    connection,
                    experiments.required(connection, experiment_id),
                    model.params,
                    tags,
                    model_id=model.model_id,
                    name=model.name,
                    source_run_id=run_id,
                    model_type=model.model_type,
                    created_at=model.creation_time,
                    updated_at=model.last_update_time,
                )
            return _entities(connection, [_required(connection, model.model_id)])[0]

    def get(self, model_id: str, *, allow_deleted: bool = False) -> LoggedModel:
        """Return a logged model.

        Raises:
            NotFoundError: there is none, or it is deleted.
        """
        with self._database.read() as connection:
            row = _required(connection, model_id)
            if row.lifecycle_stage != "active" and not allow_deleted:
                raise NotFoundError(f"Logged model {model_id} is deleted.")
            return _entities(connection, [row])[0]

    def finish(self, model_id: str, status: str) -> LoggedModel:
        """Record whether the model's files are there."""
        if status not in STATUSES:
            raise InvalidInputError(f"A status is one of {', '.join(sorted(STATUSES))}.")
        return self._change(model_id, status=status)

    def delete(self, model_id: str) -> None:
        """Hide a logged model from searches."""
        self._change(model_id, lifecycle_stage="deleted")

    def log_params(self, model_id: str, params: Mapping[str, str]) -> None:
        """Add params."""
        with self._database.write() as connection:
            _required(connection, model_id)
            store.put_pairs(connection, logged_model_params, model_id, limits.params(params))

    def set_tags(self, model_id: str, tags: Mapping[str, str]) -> LoggedModel:
        """Set tags."""
        with self._database.write() as connection:
            row = _required(connection, model_id)
            store.put_pairs(connection, logged_model_tags, model_id, limits.tags(tags))
            return _entities(connection, [row])[0]

    def delete_tag(self, model_id: str, key: str) -> None:
        """Remove a tag."""
        table = logged_model_tags.c
        with self._database.write() as connection:
            _required(connection, model_id)
            gone = connection.execute(
                sa.delete(logged_model_tags).where(table.model_id == model_id, table.key == key)
            )
            if not gone.rowcount:
                raise NotFoundError(f"Logged model {model_id} has no tag {key!r}.")

    def search(
        self,
        experiment_ids: Sequence[str],
        filter_string: str | None = None,
        datasets: Sequence[DatasetFilter] = (),
        max_results: int = 100,
        order_by: Sequence[ModelOrder] = (),
        page_token: str | None = None,
    ) -> tuple[list[LoggedModel], str | None]:
        """Return a page of active logged models, newest first by default, and the next token."""
        limits.results(max_results)
        numbers = [experiments.experiment_number(text) for text in experiment_ids]
        conditions = filters.parse_filter(filter_string, _VOCABULARY)
        start = max(0, min(paging.decode(page_token, int)[0], 2**31)) if page_token else 0
        query = sa.select(logged_models).where(
            logged_models.c.experiment_id.in_(numbers),
            logged_models.c.lifecycle_stage == "active",
            *(_condition(comparison, datasets) for comparison in conditions),
        )
        if datasets and not any(comparison.kind == "metric" for comparison in conditions):
            query = query.where(_measured(datasets).exists())
        query = query.order_by(
            *(clause for order in order_by for clause in _clauses(order)),
            logged_models.c.created_at.desc(),
            logged_models.c.model_id,
        )
        with self._database.read() as connection:
            rows = connection.execute(query.offset(start).limit(max_results + 1)).all()
            found = _entities(connection, rows[:max_results])
        more = len(rows) > max_results
        return found, paging.encode(start + max_results) if more else None

    def _change(self, model_id: str, **values: Any) -> LoggedModel:
        with self._database.write() as connection:
            _required(connection, model_id)
            connection.execute(
                sa.update(logged_models)
                .where(logged_models.c.model_id == model_id)
                .values(updated_at=now_ms(), **values)
            )
            return _entities(connection, [_required(connection, model_id)])[0]


def _add(
    connection: Connection,
    experiment: Row[Any],
    params: Mapping[str, str],
    tags: Mapping[str, str],
    **values: Any,
) -> None:
    """Add a logged model in state ``LOGGED_MODEL_PENDING``."""
    limits.length(values["name"], 500, "The model's name")
    connection.execute(
        sa.insert(logged_models).values(
            experiment_id=experiment.experiment_id,
            status="LOGGED_MODEL_PENDING",
            lifecycle_stage="active",
            **values,
        )
    )
    model_id = values["model_id"]
    store.put_pairs(connection, logged_model_params, model_id, limits.params(params))
    store.put_pairs(connection, logged_model_tags, model_id, limits.tags(tags))


def _required(connection: Connection, model_id: str) -> Row[Any]:
    query = sa.select(logged_models).where(logged_models.c.model_id == model_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no logged model {model_id[:100]}.")
    return row


def _measured(datasets: Sequence[DatasetFilter]) -> sa.Select[Any]:
    table = logged_model_metrics.c
    rows = sa.select(sa.literal(1)).where(table.model_id == logged_models.c.model_id)
    return rows.where(_on(datasets)) if datasets else rows


def _on(datasets: Sequence[DatasetFilter]) -> ColumnElement[bool]:
    table = logged_model_metrics.c
    return sa.or_(
        *(
            sa.and_(
                table.dataset_name == item.name,
                sa.true() if item.digest is None else table.dataset_digest == item.digest,
            )
            for item in datasets
        )
    )


def _condition(
    comparison: filters.Comparison, datasets: Sequence[DatasetFilter]
) -> ColumnElement[bool]:
    if comparison.kind == "attribute":
        return filters.compare(_COLUMNS[comparison.key], comparison)
    if comparison.kind == "metric":
        table = logged_model_metrics
        rows = _measured(datasets)
    else:
        table = logged_model_params if comparison.kind == "param" else logged_model_tags
        rows = sa.select(sa.literal(1)).where(table.c.model_id == logged_models.c.model_id)
    return rows.where(
        table.c.key == comparison.key, filters.compare(table.c.value, comparison)
    ).exists()


def _clauses(order: ModelOrder) -> list[ColumnElement[Any]]:
    ((kind, key),) = {
        (parsed.kind, parsed.key) for parsed in filters.parse_orders(order.field, _VOCABULARY)
    }
    if kind == "attribute":
        value: ColumnElement[Any] = _COLUMNS[key]
    elif kind == "metric":
        table = logged_model_metrics.c
        query = _measured([order.dataset] if order.dataset else []).where(table.key == key)
        latest = query.with_only_columns(table.value).order_by(
            table.timestamp.desc(), table.step.desc(), table.run_id
        )
        value = latest.limit(1).scalar_subquery()
    else:
        raise InvalidInputError("Logged models are ordered by attributes or metrics.")
    missing = sa.case((value.is_(None), 1), else_=0)
    return [missing, value.asc() if order.ascending else value.desc()]


def _entities(connection: Connection, rows: Sequence[Row[Any]]) -> list[LoggedModel]:
    model_ids = [row.model_id for row in rows]
    locations = store.artifact_locations(connection, list({row.experiment_id for row in rows}))
    params = store.get_pairs(connection, logged_model_params, model_ids)
    tags = store.get_pairs(connection, logged_model_tags, model_ids)
    points = _points(connection, model_ids)
    return [
        LoggedModel(
            model_id=row.model_id,
            experiment_id=str(row.experiment_id),
            name=row.name,
            artifact_uri=(
                f"{locations[row.experiment_id].rstrip('/')}/models/{row.model_id}/artifacts"
            ),
            source_run_id=row.source_run_id,
            model_type=row.model_type,
            status=row.status,
            lifecycle_stage=row.lifecycle_stage,
            creation_time=row.created_at,
            last_update_time=row.updated_at,
            params=params[row.model_id],
            tags=tags[row.model_id],
            metrics=points[row.model_id],
        )
        for row in rows
    ]


def _points(
    connection: Connection, model_ids: Sequence[str]
) -> defaultdict[str, list[tuple[str, ModelPoint]]]:
    found: defaultdict[str, list[tuple[str, ModelPoint]]] = defaultdict(list)
    table = logged_model_metrics.c
    for chunk in chunked(model_ids):
        query = sa.select(logged_model_metrics).where(table.model_id.in_(chunk))
        for row in connection.execute(query.order_by(table.key, table.timestamp, table.step)):
            value = math.nan if row.value is None else row.value
            point = Point(row.key, value, row.timestamp, row.step)
            measured = ModelPoint(row.model_id, point, row.dataset_name, row.dataset_digest)
            found[row.model_id].append((row.run_id, measured))
    return found
