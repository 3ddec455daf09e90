"""Making the index again from the files alone: a pack has headers, a large file its id as name."""

from __future__ import annotations

import re
from contextlib import closing
from typing import IO, TYPE_CHECKING, BinaryIO, cast

import zstandard
from blake3 import blake3

from . import erasure
from .blobs import RAW, ZSTD, Location, pack_name
from .files import CHUNK
from .inspection import scan
from .store import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .places import File, Place
    from .schemas import StoredTree
    from .store import ObjectStore

_PACK = re.compile(r"packs/([0-9a-f]{64})\.pack")
_LARGE = re.compile(r"([0-9a-f]{2})/([0-9a-f]{62})(\.zst)?")


def rebuild(place: Place, store: ObjectStore) -> int:
    """Index intact files that no row names, and return how many objects came back by that.

    What was erased does not come back.

    Raises:
        StoreUnavailableError: the storage does not answer.
    """
    known = {pack_name(pack_id) for pack_id, _ in store.packs()}
    known |= {location.name for location in store.large()}
    before = store.count()
    for file in place.files():
        if file.name in known:
            continue
        if found := _PACK.fullmatch(file.name):
            _index_pack(place, store, file, found[1])
        elif found := _LARGE.fullmatch(file.name):
            object_id, compressed = found[1] + found[2], found[3] is not None
            location = read_large(place, file.name, object_id, compressed=compressed)
            if location is not None:
                _record(store, None, [location])
    return store.count() - before


def mark_tree(store: ObjectStore, tree: StoredTree) -> None:
    """Note that an object is a folder's document."""
    with store.database.write() as connection:
        record(connection, None, [], [tree])


def _index_pack(place: Place, store: ObjectStore, file: File, pack_id: str) -> None:
    with place.open_file(file.name) as content:
        digest, found = scan(content, pack_id)
    if digest == pack_id:
        _record(store, (pack_id, file.size), found.values())


def read_large(place: Place, name: str, object_id: str, *, compressed: bool) -> Location | None:
    """Return where an object is, None if the file does not hold what its name says."""
    content = blake3(max_threads=blake3.AUTO)
    size = 0
    with closing(place.open_file(name)) as opened:
        stored = _Counted(opened)
        # a stream: what takes little room compressed may take all of the memory
        decompressor = zstandard.ZstdDecompressor().stream_reader(cast("IO[bytes]", stored))
        source = decompressor if compressed else stored
        try:
            while chunk := source.read(CHUNK):
                content.update(chunk)
                size += len(chunk)
        except zstandard.ZstdError:
            return None
    if content.hexdigest() != object_id:
        return None
    if not compressed:
        return Location(object_id, size, stored.size, RAW)
    digest = stored.hasher.hexdigest()
    return Location(object_id, size, stored.size, ZSTD, stored_digest=digest)


class _Counted:
    """Gives what a file holds, with its size and its digest so far."""

    def __init__(self, file: BinaryIO) -> None:
        self.size = 0
        self.hasher = blake3()
        self._file = file

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self.size += len(data)
        self.hasher.update(data)
        return data

    def close(self) -> None:
        """Do nothing: who has opened the file closes it."""


def _record(
    store: ObjectStore, pack: tuple[str, int] | None, locations: Iterable[Location]
) -> None:
    found = list(locations)
    erased = erasure.erased(store.database, [location.object_id for location in found])
    wanted = [location for location in found if location.object_id not in erased]
    if wanted:
        with store.database.write() as connection:
            record(connection, pack, wanted, [])
