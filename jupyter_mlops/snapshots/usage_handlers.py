"""Routes of the data that notebooks use: right now, and what the tables among it hold."""

from __future__ import annotations

from ..http.route import Call, NoBody, NoQuery, Route
from .handlers import NotebookQuery
from .usage_schemas import DataProfile, LiveData


async def list_live_data(call: Call[NotebookQuery, NoBody]) -> LiveData:
    """List the data that the cells of a notebook have used, without a snapshot."""
    return await call.services.notebooks.data(call.query.notebook_path)


def get_data_profile(call: Call[NoQuery, NoBody]) -> DataProfile:
    """Get what a table among the data of a snapshot holds."""
    return call.services.profiles.profile(call.path["snapshot_id"], call.number("index"))


ROUTES = (
    Route(
        "GET",
        "live-data",
        list_live_data,
        "List the data that a notebook's cells have used",
        LiveData,
        query=NotebookQuery,
        action="execute",
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/tables/{index}",
        get_data_profile,
        "Get what a table of a snapshot holds",
        DataProfile,
    ),
)
