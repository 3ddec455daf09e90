"""How an object lies on disk: as a file of its own, or as an entry of a pack.

A large object is the file ``ab/cdef…`` (with ``.zst`` where compressed), named by its id; small
ones are in packs, see ``packs``.
"""

from __future__ import annotations

import io
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
CODECS = (RAW, ZSTD)
WORTH = 0.9
"""Of its size, what an object may at most be when compressed; else it is stored as it is."""

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
        output = cast("IO[bytes]", stored)
        writer = compressor(threads=usable()).stream_writer(output, size=size, closefd=False)
        codec, digest = ZSTD, digest_chunks(read_chunks(source, path), size, path, writer.write)
        writer.flush(zstandard.FLUSH_FRAME)
        stored_digest = stored.hasher.hexdigest()
    else:
        # one thread is faster than a disk, and leaves it the other processors
        codec, digest = RAW, digest_chunks(_copied(source, path, target), size, path, threads=1)
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
    threads: int = blake3.AUTO,
) -> str:
    """Return the BLAKE3 of ``size`` bytes, passing them on to ``write``.

    Raises:
        FileChangedError: ``path`` gave more or fewer bytes.
    """
    hasher = blake3(max_threads=threads if size >= LARGE else 1)
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
    hasher = blake3(max_threads=blake3.AUTO if location.size >= LARGE else 1)
    total = 0
    try:
        source = _decompressed(location, stored) if location.codec == ZSTD else stored
        # no more than there should be and a byte, so that little takes little memory
        while chunk := source.read(min(CHUNK, location.size - total + 1)):
            hasher.update(chunk)
            total += len(chunk)
            yield chunk
    except zstandard.ZstdError as error:
        raise damaged(location.object_id) from error
    except OSError as error:
        raise unreadable(location.object_id, error) from error
    if hasher.hexdigest() != location.object_id:
        raise damaged(location.object_id)


def _decompressed(location: Location, stored: BinaryIO) -> BinaryIO:
    decompressor = zstandard.ZstdDecompressor()
    if location.size > CHUNK:
        return decompressor.stream_reader(stored)
    # all at once takes a third of the time
    data = stored.read()
    if zstandard.frame_content_size(data) not in {location.size, -1}:
        raise damaged(location.object_id)
    return io.BytesIO(decompressor.decompress(data, max_output_size=location.size))


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


def compressor(threads: int = 0) -> zstandard.ZstdCompressor:
    """Return what compresses objects."""
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
    compress = compressor().compress
    start = time.perf_counter()
    compressed = len(compress(sample))
    seconds = time.perf_counter() - start
    if compressed >= WORTH * len(sample):
        return False
    return not hurry or not target.is_sooner(sample, seconds / usable())
