"""Looking at every stored byte, and finding what nobody will ever read.

A pack's name is the digest of the whole file, and so is that of a large object which is kept as
it is; of a compressed one the index has the digest. So no flipped byte goes unnoticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import zstandard
from blake3 import blake3

from ..core.errors import NotFoundError, StoreUnavailableError
from .blobs import CODECS, RAW, ZSTD, Location, pack_name, read_verified
from .files import CHUNK
from .packs import ENTRY, ENTRY_TAG, PACK_MAGIC
from .schemas import Inspection, Leftover, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .places import Place
    from .store import ObjectStore

_ADVICE = "Restore it from a backup."
_FRAME_HEADER = 18
"""As many bytes as the header of a Zstandard frame has at most (RFC 8878, 3.1.1.1)."""


def inspect(place: Place, store: ObjectStore, progress: Callable[[int], None]) -> Inspection:
    """Read all that the index knows, and compare it with what was written.

    Args:
        place: where the files are.
        store: the index.
        progress: called with the bytes that were read since the last call.

    Raises:
        StoreUnavailableError: the storage does not answer.
    """
    problems: list[Problem] = []
    files = size = 0
    for pack_id, pack_size in store.packs():
        problems += _inspect_pack(place, store, pack_id)
        progress(pack_size)
        files, size = files + 1, size + pack_size
    for location in store.large():
        problems += _inspect_large(place, store, location)
        progress(location.stored_size)
        files, size = files + 1, size + location.stored_size
    return Inspection(objects=store.count(), files=files, size_bytes=size, problems=problems)


def leftovers(place: Place, store: ObjectStore, before_ms: int) -> Iterator[Leftover]:
    """Give the files that no row names: what a crash left, between a file and its row.

    Args:
        place: where the files are.
        store: the index.
        before_ms: what was written later may still get its row.
    """
    known = {pack_name(pack_id) for pack_id, _ in store.packs()}
    known |= {location.name for location in store.large()}
    for file in place.files():
        if file.name not in known and file.modified_ms < before_ms:
            yield Leftover(name=file.name, size_bytes=file.size)


def _inspect_pack(place: Place, store: ObjectStore, pack_id: str) -> list[Problem]:
    name, indexed = pack_name(pack_id), store.in_pack(pack_id)
    try:
        with place.open_file(name) as file:
            digest, found = scan(file, pack_id)
    except NotFoundError:
        if pack_id not in dict(store.packs()):  # it was collected meanwhile
            return []
        return [_problem("missing", name, indexed, "is missing")]
    if digest == pack_id and all(found.get(item.object_id) == item for item in indexed):
        return []
    damaged = [location for location in indexed if not _is_readable(place, location)]
    if digest != pack_id:
        said = f"is damaged; {len(damaged)} of its {len(indexed)} objects cannot be read"
        return [_problem("damaged", name, damaged, said)]
    return [_problem("index", name, damaged, "is intact, but the index points beside its objects")]


def _inspect_large(place: Place, store: ObjectStore, location: Location) -> list[Problem]:
    try:
        with place.open_file(location.name) as file:
            size, digest, begin = _read_all(file)
        intact = digest == (location.object_id if location.codec == RAW else location.stored_digest)
        if location.codec == ZSTD and location.stored_digest is None:
            # written before digests of stored bytes were kept
            intact = _is_readable(place, location)
    except NotFoundError:
        now = store.locate([location.object_id]).get(location.object_id)
        if now is None or now.pack_id is not None:
            return []
        if now.name != location.name:  # it was compressed meanwhile
            return _inspect_large(place, store, now)
        return [_problem("missing", location.name, [location], "is missing")]
    if not intact:
        return [_problem("damaged", location.name, [location], "is damaged")]
    if size == location.stored_size and _content_size(location, begin) in {location.size, -1}:
        return []
    return [
        _problem("index", location.name, [location], "is intact, but the index has other sizes")
    ]


def _read_all(file: BinaryIO) -> tuple[int, str, bytes]:
    """Return the size of a file, its digest, and how it begins."""
    hasher = blake3(max_threads=blake3.AUTO)
    size, begin = 0, b""
    while chunk := file.read(CHUNK):
        begin = begin or chunk[:_FRAME_HEADER]
        size += len(chunk)
        hasher.update(chunk)
    return size, hasher.hexdigest(), begin


def _content_size(location: Location, begin: bytes) -> int:
    """Return how many bytes an object has, as its file says; -1 if that does not."""
    return location.stored_size if location.codec == RAW else zstandard.frame_content_size(begin)


def scan(file: BinaryIO, pack_id: str) -> tuple[str, dict[str, Location]]:
    """Return a pack's digest and its entries, as far as they can be told."""
    hasher = blake3()
    found: dict[str, Location] = {}

    def take(size: int) -> bytes:
        data = file.read(size)
        hasher.update(data)
        return data

    position = len(PACK_MAGIC)
    readable = take(position) == PACK_MAGIC
    while readable and len(header := take(ENTRY.size)) == ENTRY.size:
        tag, digest, codec, size, stored_size = ENTRY.unpack(header)
        position += ENTRY.size
        if tag != ENTRY_TAG or codec >= len(CODECS):
            break
        object_id = digest.hex()
        found[object_id] = Location(
            object_id, size, stored_size, CODECS[codec], pack_id=pack_id, offset=position
        )
        # a damaged size may say anything
        left = stored_size
        while left and (data := take(min(left, CHUNK))):
            left -= len(data)
        position += stored_size
    while take(CHUNK):
        pass
    return hasher.hexdigest(), found


def _is_readable(place: Place, location: Location) -> bool:
    try:
        with place.open(location) as stored:
            for _ in read_verified(location, stored):
                pass
    except StoreUnavailableError:
        return False
    return True


def _problem(kind: str, name: str, lost: list[Location], said: str) -> Problem:
    return Problem.model_validate(
        {
            "kind": kind,
            "name": name,
            "message": f"{name} {said}. {_ADVICE}",
            "object_ids": [location.object_id for location in lost],
        }
    )
