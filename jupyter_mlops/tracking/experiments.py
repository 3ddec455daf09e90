"""Experiments as MLflow's protocol knows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core import filters, paging
from ..core.clock import now_ms
from ..core.errors import ConflictError, InvalidInputError, InvalidStateError, NotFoundError
from . import limits, store
from .entities import STAGES, ExperimentInfo, ViewType
from .tables import experiment_tags, experiments, runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from ..core.database import Database

_TIMES = {"creation_time": experiments.c.created_at, "last_update_time": experiments.c.updated_at}
_COLUMNS: dict[str, Any] = {
    "name": experiments.c.name,
    "experiment_id": experiments.c.experiment_id,
    **_TIMES,
}
_VOCABULARY = filters.Vocabulary(
    kinds={
        **dict.fromkeys(("attribute", "attributes", "attr"), "attribute"),
        **dict.fromkeys(("tag", "tags"), "tag"),
    },
    text={"name": filters.TEXT, "experiment_id": frozenset({"=", "!=", "IN", "NOT IN"})},
    numbers=frozenset(_TIMES),
    aliases={},
    any_key={"tag": filters.OPTIONAL},
)
_LAST = 2**31
_NEWEST_FIRST = ("creation_time DESC, experiment_id ASC",)


def experiment_number(experiment_id: str) -> int:
    """Return an experiment's id as the rows keep it.

    Raises:
        InvalidInputError: it is no whole number.
    """
    if not re.fullmatch("[0-9]{1,9}", experiment_id):
        raise InvalidInputError(f"An experiment id is a whole number, not {experiment_id[:100]!r}.")
    return int(experiment_id)


class ExperimentManager:
    """The experiments of one store. Ids are decimal strings; number 0 is always there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, name: str, location: str | None = None, tags: Mapping[str, str] | None = None
    ) -> str:
        """Create an experiment and return its id.

        Args:
            name: unique in the store, deleted experiments included.
            location: where clients put artifacts; by default this server keeps them.
            tags: values of at most 20,000 characters.

        Raises:
            ConflictError: there is one of this name.
            InvalidInputError: the name or a tag is not allowed.
        """
        limits.experiment_name(name)
        tags = limits.experiment_tags(tags or {})
        now = now_ms()
        with self._database.write() as connection:
            _free(connection, name)
            made = sa.insert(experiments).values(
                name=name,
                artifact_location=location or None,
                lifecycle_stage="active",
                created_at=now,
                updated_at=now,
            )
            number = connection.execute(made.returning(experiments.c.experiment_id)).scalar_one()
            store.put_pairs(connection, experiment_tags, number, tags)
        return str(number)

    def get(self, experiment_id: str) -> ExperimentInfo:
        """Return an experiment, deleted ones included.

        Raises:
            NotFoundError: there is none.
        """
        with self._database.read() as connection:
            return _infos(connection, [required(connection, experiment_id)])[0]

    def get_by_name(self, name: str) -> ExperimentInfo:
        """Return the experiment of this name, deleted ones included.

        Raises:
            NotFoundError: there is none.
        """
        with self._database.read() as connection:
            row = connection.execute(_select().where(experiments.c.name == name)).first()
            if row is None:
                raise NotFoundError(f"There is no experiment named {name!r}.")
            return _infos(connection, [row])[0]

    def rename(self, experiment_id: str, name: str) -> None:
        """Give an active experiment another name."""
        limits.experiment_name(name)
        with self._database.write() as connection:
            row = active(connection, experiment_id)
            if row.name != name:
                _free(connection, name)
                _update(connection, row.experiment_id, name=name)

    def delete(self, experiment_id: str) -> None:
        """Hide an active experiment and its runs; ``restore`` brings them back."""
        self._set_stage(experiment_id, "active", "deleted")

    def restore(self, experiment_id: str) -> None:
        """Bring a deleted experiment and its runs back."""
        self._set_stage(experiment_id, "deleted", "active")

    def set_tag(self, experiment_id: str, key: str, value: str) -> None:
        """Set a tag of an active experiment."""
        pairs = limits.experiment_tags({key: value})
        with self._database.write() as connection:
            row = active(connection, experiment_id)
            store.put_pairs(connection, experiment_tags, row.experiment_id, pairs)

    def delete_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an active experiment."""
        with self._database.write() as connection:
            row = active(connection, experiment_id)
            gone = connection.execute(
                sa.delete(experiment_tags).where(
                    experiment_tags.c.experiment_id == row.experiment_id,
                    experiment_tags.c.key == key,
                )
            )
            if not gone.rowcount:
                raise NotFoundError(f"Experiment {experiment_id} has no tag {key!r}.")

    def search(
        self,
        view_type: ViewType = "ACTIVE_ONLY",
        max_results: int = 1000,
        filter_string: str | None = None,
        order_by: Sequence[str] = (),
        page_token: str | None = None,
    ) -> tuple[list[ExperimentInfo], str | None]:
        """Return a page of experiments, newest first by default, and the next page's token."""
        limits.results(max_results)
        conditions = filters.parse_filter(filter_string, _VOCABULARY)
        orders = [
            order
            for text in order_by or _NEWEST_FIRST
            for order in filters.parse_orders(text, _VOCABULARY)
        ]
        start = max(0, min(paging.decode(page_token, int)[0], _LAST)) if page_token else 0
        query = (
            _select()
            .where(experiments.c.lifecycle_stage.in_(STAGES[view_type]))
            .where(*map(_condition, conditions))
            .order_by(*map(_order, orders), experiments.c.experiment_id.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(query.offset(start).limit(max_results + 1)).all()
            infos = _infos(connection, rows[:max_results])
        more = len(rows) > max_results
        return infos, paging.encode(start + max_results) if more else None

    def _set_stage(self, experiment_id: str, before: str, after: str) -> None:
        with self._database.write() as connection:
            row = required(connection, experiment_id)
            if row.lifecycle_stage != before:
                raise NotFoundError(f"There is no {before} experiment {experiment_id}.")
            _update(connection, row.experiment_id, lifecycle_stage=after)
            connection.execute(
                sa.update(runs)
                .where(runs.c.experiment_id == row.experiment_id)
                .values(lifecycle_stage=after)
            )


def required(connection: Connection, experiment_id: str) -> Row[Any]:
    """Return an experiment's row.

    Raises:
        NotFoundError: there is none.
    """
    number = experiment_number(experiment_id)
    row = connection.execute(_select().where(experiments.c.experiment_id == number)).first()
    if row is None:
        raise NotFoundError(f"There is no experiment {experiment_id}.")
    return row


def active(connection: Connection, experiment_id: str) -> Row[Any]:
    """Return the row of an experiment to which something can be added.

    Raises:
        InvalidStateError: it is deleted.
        NotFoundError: there is none.
    """
    row = required(connection, experiment_id)
    if row.lifecycle_stage != "active":
        raise InvalidStateError(f"Experiment {experiment_id} is deleted. Restore it first.")
    return row


def _select() -> sa.Select[Any]:
    return sa.select(experiments, store.artifact_location().label("location"))


def _free(connection: Connection, name: str) -> None:
    query = sa.select(experiments.c.lifecycle_stage).where(experiments.c.name == name)
    stage = connection.execute(query).scalar()
    if stage is not None:
        hint = " It is deleted: restore it, or choose another name." if stage == "deleted" else ""
        raise ConflictError(f"Experiment {name!r} already exists.{hint}")


def _update(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(
        sa.update(experiments)
        .where(experiments.c.experiment_id == number)
        .values(updated_at=now_ms(), **values)
    )


def _infos(connection: Connection, rows: Sequence[Row[Any]]) -> list[ExperimentInfo]:
    tags = store.get_pairs(connection, experiment_tags, [row.experiment_id for row in rows])
    return [
        ExperimentInfo(
            experiment_id=str(row.experiment_id),
            name=row.name,
            artifact_location=row.location,
            lifecycle_stage=row.lifecycle_stage,
            creation_time=row.created_at,
            last_update_time=row.updated_at,
            tags=tags[row.experiment_id],
        )
        for row in rows
    ]


def _condition(comparison: filters.Comparison) -> ColumnElement[bool]:
    if comparison.kind == "attribute":
        if comparison.key != "experiment_id":
            return filters.compare(_COLUMNS[comparison.key], comparison)
        values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
        numbers = [experiment_number(str(value)) for value in values]
        column = experiments.c.experiment_id
        return column.in_(numbers) if comparison.operator in {"=", "IN"} else column.not_in(numbers)
    rows = sa.select(sa.literal(1)).where(
        experiment_tags.c.experiment_id == experiments.c.experiment_id,
        experiment_tags.c.key == comparison.key,
    )
    if comparison.operator == "IS NULL":
        return ~rows.exists()
    if comparison.operator != "IS NOT NULL":
        rows = rows.where(filters.compare(experiment_tags.c.value, comparison))
    return rows.exists()


def _order(order: filters.Order) -> ColumnElement[Any]:
    if order.kind != "attribute":
        raise InvalidInputError("Experiments are ordered by attributes, not by tags.")
    column: ColumnElement[Any] = _COLUMNS[order.key]
    return column.asc() if order.ascending else column.desc()
