"""The index of the object store: where objects are, and which of them are folders.

An object that is named anew is marked as used in the same moment, so that a collection of garbage,
which spares what was used lately, does not take it away from a batch that counts on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    select,
    update,
)

from ..core.clock import now_ms
from ..core.database import Database, chunked, fetch, metadata
from ..core.statements import Insert, QueryAmong
from .blobs import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection

    from .schemas import StoredTree

packs = Table(
    "packs",
    metadata,
    Column("pack_id", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
objects = Table(
    "objects",
    metadata,
    Column("object_id", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("stored_size", BigInteger, nullable=False),
    Column("codec", String(8), nullable=False),
    Column("pack_id", String(64), ForeignKey("packs.pack_id"), nullable=True),
    Column("offset", BigInteger, nullable=True),
    Column("created_at", BigInteger, nullable=False),
    Column("stored_digest", String(64), nullable=True),
    # when a batch last counted on it
    Column("used_at", BigInteger, nullable=False, server_default="0"),
    Index("ix_objects_pack_id", "pack_id"),
)
# which objects are folders' documents
trees = Table(
    "trees",
    metadata,
    Column("object_id", String(64), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("files", Integer, nullable=False),
)
# objects that were removed at someone's request, so that nobody looks for them
erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", String(32), primary_key=True),
    Column("object_id", String(64), nullable=False),
    Column("erased_at", BigInteger, nullable=False),
    Column("author", String(256), nullable=False),
    Column("reason", Text, nullable=False),
    Column("paths", JSON, nullable=False),
    Index("ix_erasures_object_id", "object_id"),
)

FRESH_MS = 15 * 60_000
"""For so long a mark of use is not renewed; a collection spares what is older than this by far."""

LOCATION = [objects.c[name] for name in Location._fields]

_LOCATED = QueryAmong(select(*LOCATION), objects.c.object_id)
_USED = QueryAmong(select(objects.c.object_id, objects.c.used_at), objects.c.object_id)
_TREES = QueryAmong(select(trees.c.object_id), trees.c.object_id)
_NEW_PACKS, _NEW_OBJECTS, _NEW_TREES = Insert(packs), Insert(objects), Insert(trees)


class ObjectStore:
    """Reads and writes the room's tables."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def locate(self, object_ids: Iterable[str]) -> dict[str, Location]:
        """Return where those of ``object_ids`` are that the store has."""
        with self.database.read() as connection:
            rows = _LOCATED.fetch(connection, object_ids)
        return {row[0]: Location(*row) for row in rows}

    def claim(self, object_ids: Iterable[str]) -> set[str]:
        """Return those of ``object_ids`` that the store has, and has marked as used now."""
        now = now_ms()
        with self.database.read() as connection:
            rows = _USED.fetch(connection, object_ids)
        fresh = {object_id for object_id, used_at in rows if used_at > now - FRESH_MS}
        old = [object_id for object_id, _ in rows if object_id not in fresh]
        if self.database.read_only:
            return fresh.union(old)  # nobody can remove them
        return fresh | self._mark_used(old, now) if old else fresh

    def _mark_used(self, object_ids: Sequence[str], now: int) -> set[str]:
        found: set[str] = set()
        with self.database.write() as connection:
            for chunk in chunked(object_ids):
                these = objects.c.object_id.in_(chunk)
                connection.execute(update(objects).where(these).values(used_at=now))
                query = select(objects.c.object_id).where(these)
                found |= {object_id for (object_id,) in fetch(connection, query)}
        return found

    def trees(self, object_ids: Iterable[str]) -> set[str]:
        """Return those of ``object_ids`` that are known to be folders."""
        with self.database.read() as connection:
            rows = _TREES.fetch(connection, object_ids)
        return {object_id for (object_id,) in rows}

    def ids(self) -> list[str]:
        """Return the ids of all objects."""
        with self.database.read() as connection:
            return [object_id for (object_id,) in fetch(connection, select(objects.c.object_id))]

    def count(self) -> int:
        """Return how many objects there are."""
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(objects)).scalar_one())

    def packs(self) -> list[tuple[str, int]]:
        """Return the ids of all packs, and their sizes in bytes."""
        with self.database.read() as connection:
            rows = connection.execute(select(packs.c.pack_id, packs.c.size))
            return [(row.pack_id, row.size) for row in rows]

    def in_pack(self, pack_id: str) -> list[Location]:
        """Return where the objects of a pack are."""
        return self._locations(objects.c.pack_id == pack_id)

    def large(self) -> list[Location]:
        """Return where the objects are that are files of their own."""
        return self._locations(objects.c.pack_id.is_(None))

    def _locations(self, condition: ColumnElement[bool]) -> list[Location]:
        with self.database.read() as connection:
            rows = fetch(connection, select(*LOCATION).where(condition))
        return [Location(*row) for row in rows]


def record(
    connection: Connection,
    pack: tuple[str, int] | None,
    locations: Sequence[Location],
    folders: Iterable[StoredTree],
) -> None:
    """Index what was stored; what another process indexed first stays.

    Args:
        connection: in a transaction that writes.
        pack: the new pack's id and size in bytes, if there is one.
        locations: the new objects; those with an offset are in the pack.
        folders: those of the objects that are folders.
    """
    now = now_ms()
    pack_id = None
    if pack is not None:
        pack_id, size = pack
        _NEW_PACKS.write(connection, [(pack_id, size, now)])
    if locations:
        rows = [
            (key, size, stored, codec, None if at is None else pack_id, at, now, digest, now)
            for key, size, stored, codec, _, at, digest in locations
        ]
        _NEW_OBJECTS.write(connection, rows)
    described = [(tree.object_id, tree.size_bytes, tree.count) for tree in folders]
    if described:
        _NEW_TREES.write(connection, described)
