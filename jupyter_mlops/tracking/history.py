"""The points of metrics over time: whole, in pages, or sampled for a chart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core import paging
from ..core.clock import from_ms
from ..core.database import fetch, fetch_pieces
from . import limits
from .entities import Point
from .runs import required
from .schemas import MetricPoint, MetricSeries
from .tables import latest_metrics, metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Select

    from ..core.database import Database

# timestamp, step, value, whether it is NaN
_Row = tuple[Any, ...]
_COLUMNS = (metrics.c.timestamp, metrics.c.step, metrics.c.value, metrics.c.is_nan)


class MetricHistory:
    """The metrics of the runs of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, run_id: str, key: str, max_results: int | None = None, page_token: str | None = None
    ) -> tuple[Iterator[Point], str | None]:
        """Return points by timestamp, step and value, and the token of the next page.

        Args:
            run_id: the run; deleted ones included.
            key: the metric; an unknown one has no points.
            max_results: of a page; all points by default.
            page_token: of the page before.

        Raises:
            NotFoundError: there is no such run.
        """
        query = _points(run_id, key)
        if page_token:
            after = paging.decode(page_token, int, int, float, bool)
            query = query.where(sa.tuple_(*_COLUMNS) > sa.tuple_(*after))
        if max_results is None:
            with self._database.read() as connection:
                required(connection, run_id)
            return self._all(key, query), None
        limits.results(max_results, 2**31)
        with self._database.read() as connection:
            required(connection, run_id)
            rows = fetch(connection, query.limit(max_results + 1))
        page, token = paging.cut(
            rows, max_results, lambda row: paging.encode(*row[:3], bool(row[3]))
        )
        return (_point(key, row) for row in page), token

    def _all(self, key: str, query: Select[Any]) -> Iterator[Point]:
        with self._database.read() as connection:
            for row in fetch_pieces(connection, query):
                yield _point(key, row)

    def bulk(
        self, run_ids: Sequence[str], key: str, max_results: int = limits.BULK_RESULTS
    ) -> list[tuple[str, Point]]:
        """Return the points of several runs, by run, at most ``max_results`` in all."""
        found: list[tuple[str, Point]] = []
        with self._database.read() as connection:
            for run_id in sorted(set(run_ids)):
                rows = fetch(connection, _points(run_id, key).limit(max_results - len(found)))
                found += [(run_id, _point(key, row)) for row in rows]
        return found

    def sample(
        self,
        run_id: str,
        key: str,
        max_points: int,
        start_step: int | None = None,
        end_step: int | None = None,
    ) -> list[Point]:
        """Return at most about ``max_points`` points by step, the extremes of each stretch kept.

        Args:
            run_id: the run; deleted ones included.
            key: the metric; an unknown one has no points.
            max_points: how many a chart has room for.
            start_step: the first step that is looked at.
            end_step: the last one.
        """
        rows = self._by_step(run_id, key, start_step, end_step)
        return [_point(key, row) for row in sampled(rows, max_points)]

    def series(
        self,
        run_id: str,
        key: str,
        max_points: int = 1000,
        start_step: int | None = None,
        end_step: int | None = None,
    ) -> MetricSeries:
        """Return a sample as the panels show it, and of how many points it was taken."""
        rows = self._by_step(run_id, key, start_step, end_step)
        return MetricSeries(
            run_id=run_id,
            key=key,
            total=len(rows),
            points=[
                MetricPoint(step=step, timestamp=from_ms(timestamp), value=None if nan else value)
                for timestamp, step, value, nan in sampled(rows, max_points)
            ],
        )

    def curves(self, run_ids: Sequence[str]) -> list[str]:
        """Return the metrics, sorted, of which some of the runs has more than one point."""
        second = (
            sa.select(metrics.c.series_id)
            .where(metrics.c.series_id == latest_metrics.c.series_id)
            .offset(1)
            .limit(1)
            .exists()
        )
        query = (
            sa.select(latest_metrics.c.key)
            .where(latest_metrics.c.run_id.in_(run_ids), second)
            .distinct()
        )
        with self._database.read() as connection:
            return sorted(connection.execute(query).scalars())

    def _by_step(
        self, run_id: str, key: str, start_step: int | None, end_step: int | None
    ) -> list[_Row]:
        query = _points(run_id, key)
        if start_step is not None:
            query = query.where(metrics.c.step >= start_step)
        if end_step is not None:
            query = query.where(metrics.c.step <= end_step)
        with self._database.read() as connection:
            required(connection, run_id)
            # logged in order, as a rule: then this sort finds nothing to do
            return sorted(fetch(connection, query), key=_step)


def sampled(rows: Sequence[_Row], most: int) -> list[_Row]:
    """Return about ``most`` of the rows: first, last, and the least and greatest of each stretch.

    A NaN counts as neither, so a stretch of nothing else gives its first one.
    """
    if len(rows) <= most:
        return list(rows)
    stretches = max(1, (most - 2) // 2)
    chosen = {0, len(rows) - 1}
    for number in range(stretches):
        start = number * len(rows) // stretches
        end = (number + 1) * len(rows) // stretches
        numbers = [at for at in range(start, end) if not rows[at][3]]
        if numbers:
            chosen.add(min(numbers, key=lambda at: rows[at][2]))
            chosen.add(max(numbers, key=lambda at: rows[at][2]))
        else:
            chosen.add(start)
    return [rows[at] for at in sorted(chosen)]


def _step(row: _Row) -> tuple[int, int]:
    return row[1], row[0]


def _points(run_id: str, key: str) -> Select[Any]:
    series = (
        sa.select(latest_metrics.c.series_id)
        .where(latest_metrics.c.run_id == run_id, latest_metrics.c.key == key)
        .scalar_subquery()
    )
    return sa.select(*_COLUMNS).where(metrics.c.series_id == series).order_by(*_COLUMNS)


def _point(key: str, row: _Row) -> Point:
    timestamp, step, value, is_nan = row
    return Point(key, math.nan if is_nan else value, timestamp, step)
