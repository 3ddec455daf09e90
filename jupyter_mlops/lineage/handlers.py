"""Routes of the lineage graph."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, NoBody, NoQuery, Route
from .schemas import (
    Direction,
    Lineage,
    LineageMatches,
    Rerun,
    RerunCreate,
    RerunPage,
    StaleList,
)


class LineageQuery(Schema):
    """From which node, which way, and how far; ``fan`` is of one notebook's snapshots."""

    node: str | None = Field(default=None, min_length=1, max_length=5_000)
    direction: Direction = "both"
    depth: int = Field(default=8, ge=1, le=50)
    limit: int = Field(default=200, ge=1, le=2_000)
    fan: int = Field(default=5, ge=1, le=500)


class SearchQuery(Schema):
    """A part of the name of a thing, or the first digits of a snapshot's id."""

    text: str = Field(min_length=1, max_length=500)
    limit: int = Field(default=20, ge=1, le=100)


def get_lineage(call: Call[LineageQuery, NoBody]) -> Lineage:
    """Get what a thing depends on, and what depends on it."""
    query = call.query
    return call.services.lineage.lineage(
        query.node,
        direction=query.direction,
        depth=query.depth,
        limit=query.limit,
        fan=query.fan,
    )


def search_lineage(call: Call[SearchQuery, NoBody]) -> LineageMatches:
    """Find things of the graph by their names, wherever in it they are."""
    return call.services.lineage.search(call.query.text, call.query.limit)


def list_stale(call: Call[NoQuery, NoBody]) -> StaleList:
    """List what depends on something that has changed since."""
    return call.services.lineage.stale()


def list_reruns(call: Call[NoQuery, NoBody]) -> RerunPage:
    """List the reruns of stale notebooks, newest first."""
    return call.services.reruns.reruns()


def create_rerun(call: Call[NoQuery, RerunCreate]) -> Rerun:
    """Begin to run stale notebooks again."""
    return call.services.reruns.start(call.body, author=call.user)


def stop_rerun(call: Call[NoQuery, NoBody]) -> Rerun:
    """Stop a rerun."""
    return call.services.reruns.stop(call.path["rerun_id"])


ROUTES = (
    Route("GET", "lineage", get_lineage, "Get the lineage of a thing", Lineage, query=LineageQuery),
    Route(
        "GET",
        "lineage/search",
        search_lineage,
        "Find things of the lineage graph",
        LineageMatches,
        query=SearchQuery,
    ),
    Route("GET", "stale", list_stale, "List what is stale", StaleList),
    Route("GET", "reruns", list_reruns, "List reruns of stale notebooks", RerunPage),
    Route(
        "POST",
        "reruns",
        create_rerun,
        "Run stale notebooks again",
        Rerun,
        body=RerunCreate,
        status=201,
        action="execute",
    ),
    Route("DELETE", "reruns/{rerun_id}", stop_rerun, "Stop a rerun", Rerun, action="execute"),
)
