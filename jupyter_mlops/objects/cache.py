"""What files and folders held when they were last read: unchanged ones are not read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table, Text, delete, select

from ..core.database import chunked, fetch, fetch_among, insert, metadata, write_rows
from .files import Fingerprint
from .store import objects, trees
from .trees import unpack_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from ..core.database import Database
    from .trees import Found, Listing

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
# One row for a folder answers for all files in it. ``fingerprint`` is a digest of theirs, empty
# where one of them was so new that a change might not show; ``lines`` are one for each entry of
# the folder's document, see ``trees``, empty for such a file.
folder_cache = Table(
    "folder_cache",
    metadata,
    Column("path", Text, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("lines", LargeBinary, nullable=False),
)


class CachedFile(NamedTuple):
    """A file as it was read before; ``used_at`` is None where its bytes are not in the store."""

    fingerprint: Fingerprint
    digest: str
    used_at: int | None


class CachedFolder(NamedTuple):
    """A folder as it was stored before, and what its files' fingerprints were."""

    fingerprint: str
    object_id: str
    size_bytes: int
    files: int


class FolderLines(NamedTuple):
    """The files of a folder as it was stored before, packed, and the id of the tree they are in."""

    object_id: str
    lines: bytes


class FileCache:
    """Reads and writes the rows of the cache."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def files(self, paths: Sequence[str]) -> dict[str, CachedFile]:
        """Return what is known of ``paths`` from earlier reads."""
        query = select(stat_cache, objects.c.used_at).outerjoin(
            objects, objects.c.object_id == stat_cache.c.object_id
        )
        with self._database.read() as connection:
            rows = fetch_among(connection, query, stat_cache.c.path, paths)
        return {
            path: CachedFile(Fingerprint(*facts), digest, used_at)
            for path, *facts, digest, used_at in rows
        }

    def folder(self, path: str) -> CachedFolder | None:
        """Return what a folder held when it was last stored, if the store still has all of it."""
        columns = (
            folder_cache.c.fingerprint,
            trees.c.object_id,
            trees.c.size_bytes,
            trees.c.files,
        )
        query = (
            select(*columns)
            .join(trees, trees.c.object_id == folder_cache.c.object_id)
            .where(folder_cache.c.path == path)
        )
        with self._database.read() as connection:
            rows = fetch(connection, query)
        return CachedFolder(*rows[0]) if rows else None

    def lines(self, path: str) -> FolderLines | None:
        """Return what is known of each file of a folder that was stored."""
        query = (
            select(folder_cache.c.object_id, folder_cache.c.lines)
            .join(trees, trees.c.object_id == folder_cache.c.object_id)
            .where(folder_cache.c.path == path)
        )
        with self._database.read() as connection:
            rows = fetch(connection, query)
        return FolderLines(*rows[0]) if rows else None

    def unread(self, path: str, listing: Listing) -> list[Found]:
        """Return those files of a folder of which no earlier read tells what they hold."""
        stored = self.lines(path)
        known = set(unpack_lines(stored.lines)) if stored else set()
        left = [listing.found(line) for line in listing.lines() if line not in known]
        cached = self.files([file.path for file in left])
        return [
            file
            for file in left
            if file.path not in cached or cached[file.path].fingerprint != file.fingerprint
        ]


def remember(
    connection: Connection,
    files: Mapping[str, tuple[Fingerprint, str]],
    folders: Mapping[str, tuple[str, str, bytes]],
) -> None:
    """Keep what was read: by path the fingerprint, and the digest, or the tree's id and lines."""
    if files:
        rows = [(path, *fingerprint, digest) for path, (fingerprint, digest) in files.items()]
        write_rows(connection, _upsert(connection, stat_cache), rows)
    if folders:
        found = [(path, *row) for path, row in folders.items()]
        write_rows(connection, _upsert(connection, folder_cache), found)


def forget(connection: Connection, digests: Sequence[str]) -> None:
    """Forget files that held one of ``digests``, and all folders."""
    for chunk in chunked(digests):
        connection.execute(delete(stat_cache).where(stat_cache.c.object_id.in_(chunk)))
    connection.execute(delete(folder_cache))


def _upsert(connection: Connection, table: Table) -> object:
    statement = insert(connection, table)
    newer = {column.name: statement.excluded[column.name] for column in table.c}
    return statement.on_conflict_do_update(index_elements=["path"], set_=newer)
