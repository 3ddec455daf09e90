"""Runs by MLflow's filter and order-by grammar, compiled to SQL with every value bound.

A page is found by keys, not by counting: the token of the next page holds the sort keys of the
last row. What is ordered by a metric first walks ``ix_latest_metrics_top``, an experiment at a
time; runs without the metric come last, NaN before missing, as in MLflow. A walk is soon at its end
where many runs are wanted; so what holds for few is looked up first, and only these are sorted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ..core import filters
from ..core.errors import InvalidInputError
from .conditions import DATASET_KEYS, RUN_NAME_TAG, VOCABULARY, attribute, candidates, condition
from .tables import latest_metrics, params, runs, tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select

# more experiments than this are searched at once and sorted, not walked one by one
_MOST_WALKS = 50
# if no more runs fulfil one of the conditions, nothing else is looked at
_FEW = 1_000


class Key(NamedTuple):
    """One sort key of a row: values sort within ranks, and rows of a rank above 0 have none."""

    rank: int
    value: Any


@dataclass(frozen=True)
class Search:
    """What to look for: all conditions hold, in one of the experiments and stages.

    Of other runs than ``among`` it is known that they do not hold, if that is not None.
    """

    experiment_ids: tuple[int, ...]
    stages: tuple[str, ...] = ("active",)
    conditions: tuple[filters.Comparison, ...] = ()
    orders: tuple[filters.Order, ...] = ()
    among: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Sort:
    rank: ColumnElement[int]
    value: ColumnElement[Any]
    ascending: bool

    @property
    def always(self) -> bool:
        """Tell whether every row has a value, so that all are of rank 0."""
        return isinstance(self.rank, sa.BindParameter)

    def beyond(self, key: Key) -> ColumnElement[bool]:
        if key.value is None:
            return self.rank > key.rank
        further: ColumnElement[bool] = (
            self.value > key.value if self.ascending else self.value < key.value
        )
        if self.always:
            return further
        return sa.or_(self.rank > key.rank, sa.and_(self.rank == key.rank, further))

    def equal(self, key: Key) -> ColumnElement[bool]:
        equal: ColumnElement[bool] = self.value == key.value
        if self.always:
            return equal
        same = self.rank == key.rank
        return same if key.value is None else sa.and_(same, equal)

    @property
    def clauses(self) -> list[ColumnElement[Any]]:
        value = self.value.asc() if self.ascending else self.value.desc()
        return [value] if self.always else [self.rank, value]


def parse(
    filter_string: str | None, order_by: Sequence[str]
) -> tuple[tuple[filters.Comparison, ...], tuple[filters.Order, ...]]:
    """Return the conditions and orders of a search.

    Raises:
        InvalidInputError: one of them is not in MLflow's grammar.
    """
    comparisons = tuple(filters.parse_filter(filter_string, VOCABULARY))
    orders = tuple(order for text in order_by for order in filters.parse_orders(text, VOCABULARY))
    if len({(order.kind, order.key) for order in orders}) < len(orders):
        raise InvalidInputError("order_by names a field twice.")
    if any(order.kind == "dataset" for order in orders):
        raise InvalidInputError("Runs cannot be ordered by their datasets.")
    for comparison in comparisons:
        if comparison.kind == "dataset" and comparison.key not in DATASET_KEYS:
            raise InvalidInputError(f"A dataset has {', '.join(DATASET_KEYS)}.")
    return comparisons, orders


def find(
    connection: Connection, search: Search, limit: int, after: tuple[Key, ...] | None
) -> list[Row[Any]]:
    """Return at most ``limit`` rows of ``runs`` behind the key ``after``.

    Behind a run's columns each row has its sort keys; ``keys`` gives them.
    """
    found: list[Row[Any]] = []
    search = _narrowed(connection, search)
    # who looks again asks the same, and making a statement takes longer than a walk
    is_short = len(search.experiment_ids) <= _MOST_WALKS and search.among is None
    make = _page if is_short else _page.__wrapped__
    for part in _parts(search, after):
        found += connection.execute(make(search, part, limit - len(found), after)).all()
        if len(found) == limit:
            break
    return found


def count(connection: Connection, search: Search) -> int:
    """Return how many runs there are; ``orders`` do not matter."""
    search = _narrowed(connection, search)
    query = (
        sa.select(sa.func.count())
        .select_from(runs)
        .where(runs.c.experiment_id.in_(search.experiment_ids))
        .where(runs.c.lifecycle_stage.in_(search.stages))
        .where(*_conditions(search))
    )
    return connection.execute(query).scalar_one()


def keys(row: Row[Any]) -> tuple[Any, ...]:
    """Return the sort keys of a row of ``find``: rank and value of each, in one tuple."""
    return tuple(row[len(runs.c) :])


def _narrowed(connection: Connection, search: Search) -> Search:
    """Return the search among the runs for which one of the conditions holds, if they are few."""
    for comparison in sorted(search.conditions, key=lambda one: one.operator != "="):
        query = candidates(comparison, search.experiment_ids)
        if query is not None:
            found = connection.execute(query.limit(_FEW + 1)).scalars().all()
            if len(found) <= _FEW:
                return replace(search, among=tuple(found))
    return search


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    wanted = [condition(comparison) for comparison in search.conditions]
    return wanted if search.among is None else [runs.c.run_id.in_(search.among), *wanted]


def _parts(search: Search, after: Sequence[Key] | None) -> list[bool | None]:
    """Return which rows to look at in turn: with the first metric, without; or all (None)."""
    if not search.experiment_ids or search.among == ():
        return []
    if not search.orders or search.orders[0].kind != "metric" or search.among is not None:
        return [None]
    return [False] if after and after[0].rank > 0 else [True, False]


@lru_cache(maxsize=64)
def _page(
    search: Search, part: bool | None, limit: int, after: tuple[Key, ...] | None
) -> Select[Any]:
    groups = [search.experiment_ids]
    if 1 < len(search.experiment_ids) <= _MOST_WALKS and search.among is None:
        groups = [(number,) for number in search.experiment_ids]
    arms = [_arm(search, group, part, after).limit(limit) for group in groups]
    if len(arms) == 1:
        return arms[0]
    merged = sa.union_all(*(sa.select(arm.subquery()) for arm in arms)).subquery()
    columns = list(merged.c)
    sorts = _sorts_of(columns[len(runs.c) :], search)
    return sa.select(*columns).order_by(*_clauses(sorts)).limit(limit)


def _sorts_of(columns: Sequence[ColumnElement[Any]], search: Search) -> list[_Sort]:
    ascending = [order.ascending for order in search.orders]
    if not _by_start(search):
        ascending.append(False)
    ascending.append(True)
    pairs = zip(columns[::2], columns[1::2], ascending, strict=True)
    return [_Sort(rank, value, up) for rank, value, up in pairs]


def _arm(
    search: Search, experiment_ids: Sequence[int], part: bool | None, after: Sequence[Key] | None
) -> Select[Any]:
    source: FromClause = runs
    sorts: list[_Sort] = []
    wanted: list[ColumnElement[bool]] = []
    for position, order in enumerate(search.orders):
        first = part if position == 0 else None
        source, sort, more = _sort(source, order, first, experiment_ids)
        sorts.append(sort)
        wanted += more
    if part:
        wanted += _of_the_walk(search, sorts[0].value)
    if not _by_start(search):
        sorts.append(_Sort(sa.literal(0), runs.c.started_at, ascending=False))
    sorts.append(_Sort(sa.literal(0), runs.c.run_id, ascending=True))
    if after is not None:
        wanted.append(_behind(sorts, after))
    columns: list[ColumnElement[Any]] = list(runs.c)
    for number, sort in enumerate(sorts):
        columns += [sort.rank.label(f"rank_{number}"), sort.value.label(f"value_{number}")]
    return (
        sa.select(*columns)
        .select_from(source)
        .where(_equal(runs.c.experiment_id, experiment_ids))
        .where(_equal(runs.c.lifecycle_stage, search.stages))
        .where(*wanted, *_conditions(search))
        .order_by(*_clauses(sorts))
    )


def _of_the_walk(search: Search, value: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Return what is wanted of the metric that is walked along, so that the walk ends there."""
    first = ("metric", search.orders[0].key)
    return [
        filters.compare(value, comparison)
        for comparison in search.conditions
        if (comparison.kind, comparison.key) == first and comparison.operator != "!="
    ]


def _by_start(search: Search) -> bool:
    return any((order.kind, order.key) == ("attribute", "start_time") for order in search.orders)


def _clauses(sorts: Sequence[_Sort]) -> list[ColumnElement[Any]]:
    return [clause for sort in sorts for clause in sort.clauses]


def _behind(sorts: Sequence[_Sort], after: Sequence[Key]) -> ColumnElement[bool]:
    if len(after) != len(sorts) or not all(map(_fits, sorts, after)):
        raise InvalidInputError("The page token belongs to another search. Start without it.")
    choices = []
    for position, (sort, key) in enumerate(zip(sorts, after, strict=True)):
        same = [sort.equal(key) for sort, key in zip(sorts[:position], after, strict=False)]
        choices.append(sa.and_(*same, sort.beyond(key)))
    first, key = sorts[0], after[0]
    if not first.always:
        return sa.or_(*choices)
    # says nothing new, but lets the walk over an index begin at the right place
    start = first.value >= key.value if first.ascending else first.value <= key.value
    return sa.and_(start, sa.or_(*choices))


def _fits(sort: _Sort, key: Key) -> bool:
    kinds = {str: (str,), int: (int,), float: (int, float)}[sort.value.type.python_type]
    if type(key.rank) is not int or (key.value is None) != (key.rank > 0):
        return False
    small = not isinstance(key.value, int) or -(2**63) <= key.value < 2**63
    return key.value is None or (type(key.value) in kinds and small)


def _sort(
    source: FromClause, order: filters.Order, part: bool | None, experiment_ids: Sequence[int]
) -> tuple[FromClause, _Sort, list[ColumnElement[bool]]]:
    """Return the source with what the order needs joined, the order, and conditions."""
    if order.kind == "attribute":
        value = attribute(order.key)
        if order.key != "end_time":
            return source, _Sort(sa.literal(0), value, order.ascending), []
        rank = sa.case((value.is_(None), 1), else_=0)
        return source, _Sort(rank, value, order.ascending), []
    table = {"metric": latest_metrics, "param": params, "tag": tags}[order.kind].alias()
    if order.kind == "tag" and order.key == RUN_NAME_TAG:
        return source, _Sort(sa.literal(0), runs.c.name, order.ascending), []
    same = sa.and_(table.c.run_id == runs.c.run_id, table.c.key == order.key)
    if part:
        walk: list[ColumnElement[bool]] = [
            table.c.value.is_not(None),
            _equal(table.c.experiment_id, experiment_ids),
        ]
        sort = _Sort(sa.literal(0), table.c.value, order.ascending)
        return source.join(table, same), sort, walk
    rank = sa.case((table.c.run_id.is_(None), 2), (table.c.value.is_(None), 1), else_=0)
    sort = _Sort(rank, table.c.value, order.ascending)
    missing: list[ColumnElement[bool]] = [table.c.value.is_(None)] if part is False else []
    return source.outerjoin(table, same), sort, missing


def _equal(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    return column == values[0] if len(values) == 1 else column.in_(values)
