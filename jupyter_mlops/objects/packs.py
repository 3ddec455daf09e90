"""Packs: many small objects in one file, written once.

A pack is ``packs/<BLAKE3 of the pack>.pack``: ``PACK_MAGIC``, then entries, each an ``ENTRY``
header (tag, id, codec, size, stored size) and the stored bytes. The headers are there so that
the index can be rebuilt; reading goes by the index.
"""

from __future__ import annotations

import mmap
import struct
from itertools import accumulate, repeat
from typing import TYPE_CHECKING, NamedTuple, cast

from blake3 import blake3

from .blobs import CODECS, RAW, WORTH, ZSTD, Location, compressor
from .disk import OutputFile

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from pathlib import Path

    Stored = bytes | memoryview

PACK_MAGIC = b"MLOPSPK1"
ENTRY = struct.Struct("<4s32sBQQ")
ENTRY_TAG = b"BLOB"

_SAMPLES = 16
_ALONE_BYTES = 256 * 1024


class Gathered:
    """Small objects in one piece of memory, each behind the place of its header.

    So they lie as in a pack, and what is stored as it is need not be copied.

    Args:
        size: of the memory, in bytes, which are used only as they are filled.
    """

    def __init__(self, size: int) -> None:
        self.blobs: dict[str, memoryview] = {}
        self._memory = memoryview(mmap.mmap(-1, size))
        self._end = 0

    def has_room(self, size: int) -> bool:
        """Tell whether an object of ``size`` bytes can be added."""
        return self._end + ENTRY.size + size <= len(self._memory)

    def room(self, size: int) -> memoryview:
        """Return memory for the next object's content, which begins it; for ``keep``."""
        begin = self._end + ENTRY.size
        return self._memory[begin : begin + size]

    def keep(self, object_id: str, content: memoryview) -> None:
        """Add the object that was put into the room."""
        self.blobs[object_id] = content
        self._end += ENTRY.size + len(content)

    def drop(self, object_ids: Container[str]) -> None:
        """Forget some of the objects."""
        self.blobs = {key: data for key, data in self.blobs.items() if key not in object_ids}

    def clear(self) -> None:
        """Forget all objects, and use their memory for others."""
        self.blobs = {}
        self._end = 0

    def as_stored(self) -> memoryview | None:
        """Write the headers of objects that are stored as they are, and return all of it.

        Returns:
            None if some were dropped, so that there are gaps.
        """
        if sum(ENTRY.size + len(data) for data in self.blobs.values()) != self._end:
            return None
        position = 0
        for object_id, data in self.blobs.items():
            size = len(data)
            self._memory[position : position + ENTRY.size] = _header(object_id, size, RAW, size)
            position += ENTRY.size + size
        return self._memory[:position]


class _Entries(NamedTuple):
    """What is said of objects that go into a pack, in columns."""

    object_ids: Sequence[str]
    sizes: Sequence[int]
    codecs: Sequence[str]
    stored_sizes: Sequence[int]


class PackWriter:
    """A pack being written; nobody reads it before it has its final name."""

    def __init__(self, path: Path) -> None:
        self.output = OutputFile(path)
        self._hasher = blake3()

    def append(self, gathered: Gathered, smaller: Mapping[str, Stored]) -> list[Location]:
        """Append objects in one write; their ``pack_id`` is known only after ``finish``.

        Args:
            gathered: the objects.
            smaller: what ``compressed`` gives for them.
        """
        blobs = gathered.blobs
        sizes = list(map(len, blobs.values()))
        if not smaller and (content := gathered.as_stored()) is not None:
            return self._add(content, _Entries(list(blobs), sizes, [RAW] * len(blobs), sizes))
        codecs = [ZSTD if key in smaller else RAW for key in blobs]
        stored = [smaller.get(key, data) for key, data in blobs.items()]
        return self._write(_Entries(list(blobs), sizes, codecs, list(map(len, stored))), stored)

    def copy(self, entries: Sequence[tuple[Location, bytes]]) -> list[Location]:
        """Append objects as they are stored elsewhere, in one write."""
        described = _Entries(
            [location.object_id for location, _ in entries],
            [location.size for location, _ in entries],
            [location.codec for location, _ in entries],
            [len(stored) for _, stored in entries],
        )
        return self._write(described, [stored for _, stored in entries])

    def finish(self) -> str:
        """Make the pack durable, close it and return its id."""
        self.output.sync()
        self.output.close()
        return self._hasher.hexdigest()

    def _write(self, entries: _Entries, contents: Iterable[Stored]) -> list[Location]:
        pieces: list[Stored] = []
        for (object_id, size, codec, stored_size), content in zip(
            zip(*entries, strict=True), contents, strict=True
        ):
            pieces += _header(object_id, size, codec, stored_size), content
        return self._add(b"".join(pieces), entries)

    def _add(self, content: bytes | memoryview, entries: _Entries) -> list[Location]:
        if self.output.size == 0:
            self.output.write(PACK_MAGIC)
            self._hasher.update(PACK_MAGIC)
        begin = self.output.size + ENTRY.size
        self.output.write(content)
        self._hasher.update(content)
        object_ids, sizes, codecs, stored_sizes = entries
        offsets = accumulate((ENTRY.size + size for size in stored_sizes), initial=begin)
        return list(map(Location, object_ids, sizes, stored_sizes, codecs, repeat(None), offsets))


def compressed(blobs: Mapping[str, memoryview]) -> dict[str, Stored]:
    """Return the stored bytes of those objects that get smaller.

    Many in one call, in which other threads can work: a call for each takes turns with them. Of
    many, a few are tried first; where those do not get smaller, none is but the largest.
    """
    left = {key: data for key, data in blobs.items() if data}
    found: dict[str, Stored] = {}
    if len(left) > 2 * _SAMPLES:
        few = {key: left.pop(key) for key in list(left)[:: len(left) // _SAMPLES]}
        found = _pressed(few)
        if sum(map(len, found.values())) >= WORTH * sum(map(len, few.values())):
            left = {key: data for key, data in left.items() if len(data) >= _ALONE_BYTES}
    found |= _pressed(left)
    return {key: data for key, data in found.items() if len(data) < WORTH * len(blobs[key])}


def _pressed(blobs: Mapping[str, memoryview]) -> dict[str, Stored]:
    if not blobs:
        return {}
    found = compressor().multi_compress_to_buffer([*blobs.values()])
    # segments are buffers, which their types do not say
    stored = cast("list[Stored]", [found[number] for number in range(len(found))])
    return dict(zip(blobs, stored, strict=True))


def _header(object_id: str, size: int, codec: str, stored_size: int) -> bytes:
    digest, number = bytes.fromhex(object_id), CODECS.index(codec)
    return ENTRY.pack(ENTRY_TAG, digest, number, size, stored_size)
