"""Routes of what a store lets go, and of erasures."""

from __future__ import annotations

from pydantic import Field

from ..core.schema import Schema
from ..http.route import Call, NoBody, NoQuery, Route
from ..upkeep import Collected
from . import manager
from .schemas import CollectionRequest, Erasable, Erased, ErasureList, ErasureRequest, Storage


class StorageQuery(Schema):
    """For how long data is to stay; the rule of the store's owner if None."""

    keep_data: str | None = None


class ErasableQuery(Schema):
    """Names a version of data; all versions if ``version`` is None."""

    path: str = Field(min_length=1)
    version: str | None = None


def get_storage(call: Call[StorageQuery, NoBody]) -> Storage:
    """Say what would be removed from the store now."""
    return manager.would_go(call.services, call.query.keep_data or None, author=call.user)


def collect_storage(call: Call[NoQuery, CollectionRequest]) -> Collected:
    """Remove what nothing needs, and data whose time is over."""
    return manager.let_go(call.services, call.body.keep_data, author=call.user)


def get_erasable(call: Call[ErasableQuery, NoBody]) -> Erasable:
    """Say what an erasure would take."""
    return manager.erasable(call.services, call.query.path, call.query.version)


def erase_data(call: Call[NoQuery, ErasureRequest]) -> Erased:
    """Erase a version of data from the store for good, or all versions."""
    body = call.body
    return manager.erase_data(
        call.services, body.path, body.version, author=call.user, reason=body.reason
    )


def list_erasures(call: Call[NoQuery, NoBody]) -> ErasureList:
    """List what was erased."""
    return manager.erasures(call.services)


ROUTES = (
    Route(
        "GET",
        "storage",
        get_storage,
        "Say what would be removed from the store now",
        Storage,
        query=StorageQuery,
    ),
    Route(
        "POST",
        "storage/collections",
        collect_storage,
        "Remove what nothing needs, and data whose time is over",
        Collected,
        body=CollectionRequest,
    ),
    Route(
        "GET",
        "erasures/preview",
        get_erasable,
        "Say what an erasure of data would take",
        Erasable,
        query=ErasableQuery,
    ),
    Route(
        "POST",
        "erasures",
        erase_data,
        "Erase data from the store for good",
        Erased,
        body=ErasureRequest,
        status=201,
    ),
    Route("GET", "erasures", list_erasures, "List what was erased", ErasureList),
)
