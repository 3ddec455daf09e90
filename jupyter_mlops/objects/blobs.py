"""How an object lies on disk: as a file of its own, or as an entry of a pack.

A large object is the file ``ab/cdef…`` (with ``.zst`` where compressed), named by its id.

A pack is ``packs/<BLAKE3 of the pack>.pack``: ``PACK_MAGIC``, then entries, each an ``ENTRY``
header (tag, id, codec, size, stored size) and the stored bytes. The headers are there so that
the index can be rebuilt; reading goes by the index.
"""

from __future__ import annotations

import struct
import time
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple, cast

import zstandard
from blake3 import blake3

from ..core.errors import StoreUnavailableError
from ..core.processors import usable
from .disk import OutputFile, reflink
from .files import CHUNK, changed, read_chunks, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

LARGE = 1024 * 1024
"""Objects of at least this many bytes are files of their own."""

RAW, ZSTD = "raw", "zstd"
PACK_MAGIC = b"MLOPSPK1"
ENTRY = struct.Struct("<4s32sBQQ")
ENTRY_TAG = b"BLOB"
CODECS = (RAW, ZSTD)

_WORTH = 0.9
_SAMPLE = 128 * 1024
# As zstd's level 1, but that what it remembers stays in the processor's first cache: a tenth
# faster for large files, a third for small ones, and within a twentieth of the size.
_PARAMETERS = {
    "strategy": zstandard.STRATEGY_FAST,
    "window_log": 19,
    "chain_log": 6,
    "hash_log": 12,
    "search_log": 1,
    "min_match": 7,
    "target_length": 0,
}


class Location(NamedTuple):
    """Where an object's bytes are.

    ``offset`` is that of its stored bytes in the pack; ``stored_digest`` is BLAKE3 of a file of
    compressed bytes, which is not named by it.
    """

    object_id: str
    size: int
    stored_size: int
    codec: str
    pack_id: str | None = None
    offset: int | None = None
    stored_digest: str | None = None

    @property
    def name(self) -> str:
        """The file that holds the object, relative to the objects folder."""
        if self.pack_id is not None:
            return pack_name(self.pack_id)
        suffix = ".zst" if self.codec == ZSTD else ""
        return f"{self.object_id[:2]}/{self.object_id[2:]}{suffix}"


def pack_name(pack_id: str) -> str:
    """Return the file of a pack, relative to the objects folder."""
    return f"packs/{pack_id}.pack"


class PackWriter:
    """A pack being written; nobody reads it before it has its final name."""

    def __init__(self, path: Path) -> None:
        self.output = OutputFile(path)
        self._compressor = _compressor()
        self._hasher = blake3()
        self._magic = PACK_MAGIC

    def append(self, blobs: Iterable[tuple[str, bytes]]) -> list[Location]:
        """Append objects in one write; their ``pack_id`` is known only after ``finish``."""
        return self._write((object_id, len(data), *self._encode(data)) for object_id, data in blobs)

    def copy(self, entries: Iterable[tuple[Location, bytes]]) -> list[Location]:
        """Append objects as they are stored elsewhere, in one write."""
        return self._write(
            (location.object_id, location.size, location.codec, stored)
            for location, stored in entries
        )

    def _write(self, entries: Iterable[tuple[str, int, str, bytes]]) -> list[Location]:
        pieces = [self._magic]
        position = self.output.size + len(self._magic)
        locations = []
        for object_id, size, codec, stored in entries:
            header = (CODECS.index(codec), size, len(stored))
            pieces += ENTRY.pack(ENTRY_TAG, bytes.fromhex(object_id), *header), stored
            offset = position + ENTRY.size
            locations.append(Location(object_id, size, len(stored), codec, None, offset))
            position = offset + len(stored)
        content = b"".join(pieces)
        self.output.write(content)
        self._hasher.update(content)
        self._magic = b""
        return locations

    def finish(self) -> str:
        """Make the pack durable, close it and return its id."""
        self.output.sync()
        self.output.close()
        return self._hasher.hexdigest()

    def _encode(self, data: bytes) -> tuple[str, bytes]:
        compressed = self._compressor.compress(data)
        return (ZSTD, compressed) if len(compressed) < _WORTH * len(data) else (RAW, data)


def write_large(
    source: BinaryIO, size: int, path: Path | str, target: OutputFile, *, hurry: bool = True
) -> Location:
    """Copy ``size`` bytes of ``path`` into ``target``, durably, never holding them in memory.

    The digest is that of the bytes as written, whatever happens to the source meanwhile.

    Args:
        source: the open file.
        size: in bytes.
        path: what the source is called.
        target: where the bytes go.
        hurry: do not compress what the disk takes sooner than it can be compressed.

    Raises:
        FileChangedError: the source has more or fewer bytes.
        OSError: the target cannot be written.
    """
    stored_digest = None
    if reflink(source, target):
        codec, digest = RAW, digest_chunks(_written(target), size, path)
    elif _is_worth_compressing(_sample(source, size, path), target, hurry=hurry):
        stored = _Hashed(target)
        compressor = _compressor(threads=usable())
        writer = compressor.stream_writer(cast("IO[bytes]", stored), size=size, closefd=False)
        codec, digest = ZSTD, digest_chunks(read_chunks(source, path), size, path, writer.write)
        writer.flush(zstandard.FLUSH_FRAME)
        stored_digest = stored.hasher.hexdigest()
    else:
        codec, digest = RAW, digest_chunks(_copied(source, path, target), size, path)
    target.sync()
    return Location(digest, size, target.size, codec, stored_digest=stored_digest)


class _Hashed:
    """Passes bytes on to a file, and takes their digest."""

    def __init__(self, target: OutputFile) -> None:
        self.hasher = blake3()
        self._target = target

    def write(self, data: bytes) -> int:
        self.hasher.update(data)
        return self._target.write(data)

    def flush(self) -> None:
        """Do nothing: the file has no buffer."""


def digest_chunks(
    chunks: Iterable[memoryview],
    size: int,
    path: Path | str,
    write: Callable[[memoryview], int] | None = None,
) -> str:
    """Return the BLAKE3 of ``size`` bytes, passing them on to ``write``.

    Raises:
        FileChangedError: ``path`` gave more or fewer bytes.
    """
    hasher = blake3(max_threads=blake3.AUTO if size >= LARGE else 1)
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > size:
            raise changed(path)
        hasher.update(chunk)
        if write is not None:
            write(chunk)
    if total != size:
        raise changed(path)
    return hasher.hexdigest()


def read_verified(location: Location, stored: BinaryIO) -> Iterator[bytes]:
    """Give an object's content in chunks; an error at the last one means that none can be used.

    Raises:
        StoreUnavailableError: the bytes are not those that were stored.
    """
    source = stored
    if location.codec == ZSTD:
        source = zstandard.ZstdDecompressor().stream_reader(stored)
    hasher = blake3(max_threads=blake3.AUTO if location.size >= LARGE else 1)
    total = 0
    try:
        while total <= location.size and (chunk := source.read(CHUNK)):
            hasher.update(chunk)
            total += len(chunk)
            yield chunk
    except zstandard.ZstdError as error:
        raise damaged(location.object_id) from error
    except OSError as error:
        raise unreadable(location.object_id, error) from error
    if hasher.hexdigest() != location.object_id:
        raise damaged(location.object_id)


def damaged(object_id: str) -> StoreUnavailableError:
    """Return the error for an object that the index knows and the disk does not give."""
    return StoreUnavailableError(
        f"Object {object_id[:12]}… in the store is damaged or missing. "
        "Restore the store's objects folder from a backup.",
        object_id=object_id,
    )


def unreadable(object_id: str, error: OSError) -> StoreUnavailableError:
    """Return the error for an object whose file the system does not give."""
    return StoreUnavailableError(
        f"The store's objects cannot be read: {error.strerror or error}.", object_id=object_id
    )


def _copied(source: BinaryIO, path: Path | str, target: OutputFile) -> Iterator[memoryview]:
    """Append a source to ``target``, and give what was appended, which is valid until the next."""

    def read(room: memoryview) -> int:
        with reading(path):
            return cast("int", source.readinto(room))  # type: ignore[attr-defined]

    while chunk := target.fill(read):
        yield chunk


def _written(target: OutputFile) -> Iterator[memoryview]:
    with open(target.descriptor, "rb", buffering=0, closefd=False) as file:
        yield from read_chunks(file, target.path)


def _compressor(threads: int = 0) -> zstandard.ZstdCompressor:
    parameters = zstandard.ZstdCompressionParameters(**_PARAMETERS, threads=threads)
    return zstandard.ZstdCompressor(compression_params=parameters)


def _sample(source: BinaryIO, size: int, path: Path | str) -> bytes:
    """Return pieces of a file's begin, middle and end."""
    sample = b""
    with reading(path):
        for position in (0, size // 2, max(0, size - _SAMPLE)):
            source.seek(position)
            sample += source.read(_SAMPLE)
        source.seek(0)
    return sample


def _is_worth_compressing(sample: bytes, target: OutputFile, *, hurry: bool) -> bool:
    """Tell whether a file like ``sample`` gets smaller, and in a hurry that it costs no time."""
    compressor = _compressor()
    start = time.perf_counter()
    compressed = len(compressor.compress(sample))
    seconds = time.perf_counter() - start
    if compressed >= _WORTH * len(sample):
        return False
    return not hurry or target.seconds(sample) >= seconds / usable()
