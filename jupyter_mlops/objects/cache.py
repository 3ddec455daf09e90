"""What files and folders held when they were last read: unchanged ones are not read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    delete,
    select,
)

from ..core.database import chunked, metadata
from ..core.statements import Insert, Query, QueryAmong
from .blobs import Location
from .files import Fingerprint
from .lines import unpack
from .store import LOCATION, objects, trees

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
# where one of them was so new that a change might not show; ``lines`` has one for each entry of
# the folder's document, see ``lines``, empty for such a file.
folder_cache = Table(
    "folder_cache",
    metadata,
    Column("path", Text, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("lines", LargeBinary, nullable=False),
)


_FILES = QueryAmong(
    select(stat_cache, objects.c.used_at).outerjoin(
        objects, objects.c.object_id == stat_cache.c.object_id
    ),
    stat_cache.c.path,
)
_FOLDER = Query(
    select(
        folder_cache.c.fingerprint,
        folder_cache.c.lines,
        trees.c.size_bytes,
        trees.c.files,
        objects.c.used_at,
        *LOCATION,
    )
    .join(trees, trees.c.object_id == folder_cache.c.object_id)
    .join(objects, objects.c.object_id == folder_cache.c.object_id)
    .where(folder_cache.c.path == bindparam("path"))
)
_READ_FILES, _READ_FOLDERS = Insert(stat_cache, key="path"), Insert(folder_cache, key="path")


class CachedFile(NamedTuple):
    """A file as it was read before; ``used_at`` is None where its bytes are not in the store."""

    fingerprint: Fingerprint
    digest: str
    used_at: int | None


class CachedFolder(NamedTuple):
    """A folder as it was stored before: its document, and what its files were like, see ``lines``.

    ``packed`` are the lines of its files.
    """

    fingerprint: str
    packed: bytes
    size_bytes: int
    files: int
    used_at: int
    location: Location


class FileCache:
    """Reads and writes the rows of the cache."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def files(self, paths: Sequence[str]) -> dict[str, CachedFile]:
        """Return what is known of ``paths`` from earlier reads."""
        with self._database.read() as connection:
            rows = _FILES.fetch(connection, paths)
        return {
            path: CachedFile(Fingerprint(*facts), digest, used_at)
            for path, *facts, digest, used_at in rows
        }

    def folder(self, path: str) -> CachedFolder | None:
        """Return what a folder held when it was last stored, if the store still has all of it."""
        with self._database.read() as connection:
            rows = _FOLDER.fetch(connection, path=path)
        if not rows:
            return None
        fingerprint, packed, size_bytes, files, used_at, *location = rows[0]
        return CachedFolder(fingerprint, packed, size_bytes, files, used_at, Location(*location))

    def unread(self, path: str, listing: Listing) -> list[Found]:
        """Return those files of a folder of which no earlier read tells what they hold."""
        stored = self.folder(path)
        known = set(unpack(stored.packed)[0]) if stored else set()
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
        _READ_FILES.write(connection, rows)
    if folders:
        _READ_FOLDERS.write(connection, [(path, *row) for path, row in folders.items()])


def forget(connection: Connection, digests: Sequence[str]) -> None:
    """Forget files that held one of ``digests``, and all folders."""
    for chunk in chunked(digests):
        connection.execute(delete(stat_cache).where(stat_cache.c.object_id.in_(chunk)))
    connection.execute(delete(folder_cache))
