"""Routes of data versions, and of what tables hold."""

from __future__ import annotations

from pydantic import Field

from ..core.errors import InvalidInputError
from ..core.schema import Schema
from ..http.route import Call, Emit, NoBody, NoQuery, Route
from .schemas import (
    DataCheckout,
    DataCopy,
    DataDiff,
    DataPage,
    DataProfile,
    DataUsePage,
    DataVersionList,
)


class DataQuery(Schema):
    """Which data to list, by path."""

    limit: int = Field(default=100, ge=1, le=1000)
    page_token: str | None = None
    prefix: str | None = Field(default=None, description="the start of the paths")


class DataPathQuery(Schema):
    """Names data, as snapshots do."""

    path: str = Field(min_length=1)


class DataVersionQuery(DataPathQuery):
    """Names a version of data; the newest if ``version`` is None."""

    version: str | None = None


class DataUsesQuery(DataVersionQuery):
    """Which uses of a version to list."""

    limit: int = Field(default=100, ge=1, le=1000)
    page_token: str | None = None


class DataDiffQuery(Schema):
    """Two versions of ``path``, by default the newest two; without a path two snapshots."""

    path: str | None = None
    old: str | None = None
    new: str | None = None


def list_data(call: Call[DataQuery, NoBody]) -> DataPage:
    """List what notebooks read and wrote."""
    query = call.query
    return call.services.data.data(
        limit=query.limit, page_token=query.page_token, prefix=query.prefix
    )


def list_data_versions(call: Call[DataPathQuery, NoBody]) -> DataVersionList:
    """List the versions of a file, folder, table or URL, and what is there now."""
    return call.services.data.versions_now(call.query.path)


def list_data_uses(call: Call[DataUsesQuery, NoBody]) -> DataUsePage:
    """List the snapshots that used a version."""
    query = call.query
    return call.services.data.uses(
        query.path, query.version, limit=query.limit, page_token=query.page_token
    )


def get_version_profile(call: Call[DataVersionQuery, NoBody]) -> DataProfile:
    """Get what a version of a table holds."""
    return call.services.data.profile(call.query.path, call.query.version)


def diff_data(call: Call[DataDiffQuery, NoBody]) -> DataDiff:
    """Compare two versions, or the data of two snapshots."""
    query, data = call.query, call.services.data
    if query.path is not None:
        return data.diff(query.path, query.old, query.new)
    if query.old is None or query.new is None:
        raise InvalidInputError("Give a path, or two snapshots as old and new.")
    return data.diff_snapshots(query.old, query.new)


def check_out_data(call: Call[NoQuery, DataCheckout]) -> DataCopy:
    """Write a version to a new path in the project, or in the place of what is there."""
    body = call.body
    if body.target is None:
        return call.services.data.put_in_place(body.path, body.version, author=call.user)
    target = call.services.project.new_place(body.target)
    return call.services.data.get(body.path, body.version, target)


def get_data_profile(call: Call[NoQuery, NoBody]) -> DataProfile:
    """Get what a table among the data of a snapshot holds."""
    return call.services.profiles.profile(call.path["snapshot_id"], call.number("index"))


ROUTES = (
    Route("GET", "data", list_data, "List data by path", DataPage, query=DataQuery),
    Route(
        "GET",
        "data/versions",
        list_data_versions,
        "List the versions of data",
        DataVersionList,
        query=DataPathQuery,
    ),
    Route(
        "GET",
        "data/uses",
        list_data_uses,
        "List the snapshots that used a version of data",
        DataUsePage,
        query=DataUsesQuery,
    ),
    Route(
        "GET",
        "data/profile",
        get_version_profile,
        "Get what a version of a table holds",
        DataProfile,
        query=DataVersionQuery,
    ),
    Route(
        "GET",
        "data/diff",
        diff_data,
        "Compare two versions of data, or the data of two snapshots",
        DataDiff,
        query=DataDiffQuery,
    ),
    Route(
        "POST",
        "data/checkouts",
        check_out_data,
        "Write a version of data to a new path, or in place",
        DataCopy,
        body=DataCheckout,
        status=201,
        emits=(Emit("snapshots", "created", "safety_snapshot_id"),),
    ),
    Route(
        "GET",
        "snapshots/{snapshot_id}/tables/{index}",
        get_data_profile,
        "Get what a table of a snapshot holds",
        DataProfile,
    ),
)
