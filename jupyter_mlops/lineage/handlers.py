"""Routes of the lineage graph."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, NoBody, NoQuery, Route
from .schemas import Direction, Lineage, StaleList


class LineageQuery(Schema):
    """From which node, which way, and how far; ``fan`` is of one notebook's snapshots."""

    node: str | None = Field(default=None, min_length=1, max_length=5_000)
    direction: Direction = "both"
    depth: int = Field(default=8, ge=1, le=50)
    limit: int = Field(default=200, ge=1, le=2_000)
    fan: int = Field(default=5, ge=1, le=500)


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


def list_stale(call: Call[NoQuery, NoBody]) -> StaleList:
    """List what depends on something that has changed since."""
    return call.services.lineage.stale()


ROUTES = (
    Route("GET", "lineage", get_lineage, "Get the lineage of a thing", Lineage, query=LineageQuery),
    Route("GET", "stale", list_stale, "List what is stale", StaleList),
)
