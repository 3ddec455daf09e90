"""The rows of the object store: where objects are, and which files were read before."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    func,
    select,
)

from ..core.clock import now_ms
from ..core.database import Database, insert, metadata
from .blobs import Location
from .files import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

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
)
stat_cache = Table(
    "stat_cache",
    metadata,
    Column("path", Text, primary_key=True),
    Column("device", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("object_id", String(64), nullable=False),
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

CHUNK_ROWS = 500
_LOCATION = [column for column in objects.c if column.name != "created_at"]


@dataclass(frozen=True)
class CachedFile:
    """A file as it was read before; ``kept`` tells whether its bytes are in the store."""

    fingerprint: Fingerprint
    digest: str
    kept: bool


class ObjectStore:
    """Reads and writes the room's tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def locate(self, object_ids: Iterable[str]) -> dict[str, Location]:
        """Return where those of ``object_ids`` are that the store has."""
        found = {}
        with self._database.read() as connection:
            for chunk in chunked(object_ids):
                query = select(*_LOCATION).where(objects.c.object_id.in_(chunk))
                for row in connection.execute(query):
                    found[row.object_id] = Location(**row._mapping)
        return found

    def count(self) -> int:
        """Return how many objects there are."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(objects)).scalar_one())

    def packs(self) -> list[tuple[str, int]]:
        """Return the ids of all packs, and their sizes in bytes."""
        with self._database.read() as connection:
            rows = connection.execute(select(packs.c.pack_id, packs.c.size))
            return [(row.pack_id, row.size) for row in rows]

    def in_pack(self, pack_id: str) -> list[Location]:
        """Return where the objects of a pack are."""
        return self._locations(objects.c.pack_id == pack_id)

    def large(self) -> list[Location]:
        """Return where the objects are that are files of their own."""
        return self._locations(objects.c.pack_id.is_(None))

    def _locations(self, condition: ColumnElement[bool]) -> list[Location]:
        with self._database.read() as connection:
            rows = connection.execute(select(*_LOCATION).where(condition))
            return [Location(**row._mapping) for row in rows]

    def cached(self, paths: Sequence[str]) -> dict[str, CachedFile]:
        """Return what is known of ``paths`` from earlier reads."""
        query = select(stat_cache, objects.c.object_id.is_not(None).label("kept")).outerjoin(
            objects, objects.c.object_id == stat_cache.c.object_id
        )
        found = {}
        with self._database.read() as connection:
            for chunk in chunked(paths):
                for row in connection.execute(query.where(stat_cache.c.path.in_(chunk))):
                    fingerprint = Fingerprint(
                        row.device, row.inode, row.size, row.mtime_ns, row.ctime_ns
                    )
                    found[row.path] = CachedFile(fingerprint, row.object_id, bool(row.kept))
        return found

    def record(
        self,
        pack: tuple[str, int] | None,
        locations: Sequence[Location],
        files: Mapping[str, tuple[Fingerprint, str]],
    ) -> None:
        """Index a batch in one transaction; what another process indexed first stays.

        Args:
            pack: the new pack's id and size in bytes, if there is one.
            locations: the new objects.
            files: by path, the fingerprints and digests of files that were read.
        """
        now = now_ms()
        with self._database.write() as connection:
            if pack is not None:
                row = {"pack_id": pack[0], "size": pack[1], "created_at": now}
                connection.execute(insert(connection, packs).on_conflict_do_nothing(), row)
            if locations:
                rows = [asdict(location) | {"created_at": now} for location in locations]
                connection.execute(insert(connection, objects).on_conflict_do_nothing(), rows)
            if files:
                connection.execute(
                    _upsert_file(connection), [_file_row(*item) for item in files.items()]
                )


def _upsert_file(connection: Connection) -> Any:
    statement = insert(connection, stat_cache)
    newer = {column.name: statement.excluded[column.name] for column in stat_cache.c}
    return statement.on_conflict_do_update(index_elements=["path"], set_=newer)


def _file_row(path: str, read: tuple[Fingerprint, str]) -> dict[str, Any]:
    fingerprint, digest = read
    return {"path": path, "object_id": digest} | asdict(fingerprint)


def chunked(items: Iterable[str]) -> Iterator[list[str]]:
    """Give ``items`` in lists short enough for one query."""
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK_ROWS)):
        yield chunk
