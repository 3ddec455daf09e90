"""Packs: many small objects in one file, written once.

A pack is ``packs/<BLAKE3 of the pack>.pack``: ``PACK_MAGIC``, then entries, each an ``ENTRY``
header (tag, id, codec, size, stored size) and the stored bytes. The headers are there so that
the index can be rebuilt; reading goes by the index.
"""

from __future__ import annotations

import mmap
import struct
from typing import TYPE_CHECKING

from blake3 import blake3

from .blobs import CODECS, RAW, WORTH, ZSTD, Location, compressor
from .disk import OutputFile

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from pathlib import Path

PACK_MAGIC = b"MLOPSPK1"
ENTRY = struct.Struct("<4s32sBQQ")
ENTRY_TAG = b"BLOB"


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
            ENTRY.pack_into(self._memory, position, *_header(object_id, RAW, len(data), len(data)))
            position += ENTRY.size + len(data)
        return self._memory[:position]


class PackWriter:
    """A pack being written; nobody reads it before it has its final name."""

    def __init__(self, path: Path) -> None:
        self.output = OutputFile(path)
        self._hasher = blake3()

    def append(self, gathered: Gathered, smaller: Mapping[str, bytes]) -> list[Location]:
        """Append objects in one write; their ``pack_id`` is known only after ``finish``.

        Args:
            gathered: the objects.
            smaller: what ``compressed`` gives for them.
        """
        blobs = gathered.blobs
        if not smaller and (content := gathered.as_stored()) is not None:
            entries = [(key, len(data), RAW, len(data)) for key, data in blobs.items()]
            return self._add(content, entries)
        return self._write(
            (key, len(data), ZSTD, smaller[key]) if key in smaller else (key, len(data), RAW, data)
            for key, data in blobs.items()
        )

    def copy(self, entries: Iterable[tuple[Location, bytes]]) -> list[Location]:
        """Append objects as they are stored elsewhere, in one write."""
        return self._write(
            (location.object_id, location.size, location.codec, stored)
            for location, stored in entries
        )

    def finish(self) -> str:
        """Make the pack durable, close it and return its id."""
        self.output.sync()
        self.output.close()
        return self._hasher.hexdigest()

    def _write(self, entries: Iterable[tuple[str, int, str, bytes | memoryview]]) -> list[Location]:
        pieces: list[bytes | memoryview] = []
        described = []
        for object_id, size, codec, stored in entries:
            pieces += ENTRY.pack(*_header(object_id, codec, size, len(stored))), stored
            described.append((object_id, size, codec, len(stored)))
        return self._add(b"".join(pieces), described)

    def _add(
        self, content: bytes | memoryview, entries: Sequence[tuple[str, int, str, int]]
    ) -> list[Location]:
        if self.output.size == 0:
            self.output.write(PACK_MAGIC)
            self._hasher.update(PACK_MAGIC)
        position = self.output.size
        self.output.write(content)
        self._hasher.update(content)
        locations = []
        for object_id, size, codec, stored_size in entries:
            position += ENTRY.size
            locations.append(Location(object_id, size, stored_size, codec, None, position))
            position += stored_size
        return locations


def compressed(blobs: Mapping[str, memoryview]) -> dict[str, bytes]:
    """Return the stored bytes of those objects that get smaller.

    All in one call, in which other threads can work: a call for each takes turns with them.
    """
    some = {key: data for key, data in blobs.items() if data}
    if not some:
        return {}
    found = compressor().multi_compress_to_buffer(list(some.values()))
    return {
        key: found[number].tobytes()
        for number, (key, data) in enumerate(some.items())
        if len(found[number]) < WORTH * len(data)
    }


def _header(
    object_id: str, codec: str, size: int, stored_size: int
) -> tuple[bytes, bytes, int, int, int]:
    return ENTRY_TAG, bytes.fromhex(object_id), CODECS.index(codec), size, stored_size
