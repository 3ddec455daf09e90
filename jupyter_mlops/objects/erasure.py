"""The record of what was removed at someone's request, so that nobody looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select

from ..core.clock import from_ms, now_ms
from ..core.database import chunked
from ..core.errors import NotFoundError
from .schemas import Erasure
from .store import erasures, objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row, Select

    from ..core.database import Database


def add(
    connection: Connection, paths: Mapping[str, Sequence[str]], *, author: str, reason: str
) -> None:
    """Record that objects were removed: ``paths`` are their names, by object."""
    now = now_ms()
    rows = [
        {
            "erasure_id": uuid4().hex,
            "object_id": object_id,
            "erased_at": now,
            "author": author,
            "reason": reason,
            "paths": sorted(names),
        }
        for object_id, names in paths.items()
    ]
    if rows:
        connection.execute(erasures.insert(), rows)


def erased(database: Database, object_ids: Iterable[str]) -> dict[str, Erasure]:
    """Return how those of ``object_ids`` were removed that are gone for good, by object.

    One that was stored again later is not gone.
    """
    query = _absent()
    found: dict[str, Erasure] = {}
    with database.read() as connection:
        for chunk in chunked(object_ids):
            rows = connection.execute(query.where(erasures.c.object_id.in_(chunk)))
            found |= {row.object_id: _erasure(row) for row in rows}
    return found


def everything(database: Database) -> list[Erasure]:
    """Return all records, newest first."""
    query = select(erasures).order_by(erasures.c.erased_at.desc(), erasures.c.object_id)
    with database.read() as connection:
        return [_erasure(row) for row in connection.execute(query)]


def gone(erasure: Erasure) -> NotFoundError:
    """Return the error for an object that was removed at someone's request."""
    return NotFoundError(
        f"{_name(erasure)} was erased on {erasure.erased_at:%Y-%m-%d} by {erasure.author}: "
        f"{erasure.reason}.",
        object_id=erasure.object_id,
    )


def _name(erasure: Erasure) -> str:
    return erasure.paths[0] if erasure.paths else f"Object {erasure.object_id[:12]}…"


def _absent() -> Select[Any]:
    query = select(erasures).outerjoin(objects, objects.c.object_id == erasures.c.object_id)
    return query.where(objects.c.object_id.is_(None)).order_by(erasures.c.erased_at)


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(
        object_id=row.object_id,
        erased_at=from_ms(row.erased_at),
        author=row.author,
        reason=row.reason,
        paths=row.paths,
    )
