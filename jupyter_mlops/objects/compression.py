"""Compressing objects that were stored as they are, since the disk took them sooner.

Large ones here, those in packs by ``repacking``.

What was compressed is read back before the index names it, and the file before goes after that, so
a crash leaves at most a file that nobody names. An object that does not shrink gets its own id as
the digest of its stored bytes, which it is, and is not tried again.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

import zstandard
from sqlalchemy import select, update

from ..core.database import fetch
from ..core.errors import StoreUnavailableError
from ..core.processors import usable
from .blobs import RAW, WORTH, ZSTD, Location, damaged, read_verified
from .disk import OutputFile, unused_name, writing
from .places import ALWAYS
from .rebuilding import read_large
from .repacking import Repacker, total
from .schemas import Compressed
from .store import LOCATION, objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .places import Place
    from .store import ObjectStore

_LEVEL = 3  # there is time, and it is zstd's own choice
_PIECE = 128 * 1024
_PIECES = 5


class Compressor:
    """Compresses the objects of one store."""

    def __init__(self, place: Place, store: ObjectStore) -> None:
        self._place = place
        self._store = store

    def compress(
        self, before_ms: int, progress: Callable[[int], None], *, dry_run: bool
    ) -> Compressed:
        """Compress the objects that shrink by it, and say what that gives.

        Args:
            before_ms: what was stored later stays as it is.
            progress: called with the bytes that were looked at since the last call.
            dry_run: only look at samples.

        Raises:
            StoreUnavailableError: the store cannot be written, or does not answer.
        """
        sizes: list[tuple[int, int]] = []
        unreadable = 0
        for location in self._untried(before_ms):
            try:
                found = self._estimate(location) if dry_run else self._compress(location, before_ms)
            except StoreUnavailableError as error:
                if "object_id" not in error.details:
                    raise
                found, unreadable = None, unreadable + self._is_there(location)
            if found is not None:
                sizes.append((location.size, found))
            progress(location.size)
        large = Compressed(
            objects=len(sizes),
            size_bytes=sum(before for before, _ in sizes),
            stored_bytes=sum(after for _, after in sizes),
            damaged=unreadable,
        )
        packer = Repacker(self._place, self._store)
        return total([large, packer.compress(before_ms, progress, dry_run=dry_run)])

    def _untried(self, before_ms: int) -> list[Location]:
        """Return small ones first: what they free is there for the large ones."""
        query = select(*LOCATION).where(
            objects.c.pack_id.is_(None),
            objects.c.codec == RAW,
            objects.c.stored_digest.is_(None),
            objects.c.created_at < before_ms,
        )
        with self._store.database.read() as connection:
            rows = fetch(connection, query.order_by(objects.c.size, objects.c.object_id))
        return [Location(*row) for row in rows]

    def _estimate(self, location: Location) -> int | None:
        """Return the size that an object would have, None if it is not worth it."""
        sample = b""
        for number in range(_PIECES):
            offset = number * max(0, location.size - _PIECE) // (_PIECES - 1)
            with self._place.open(location._replace(offset=offset, stored_size=_PIECE)) as piece:
                sample += piece.read()
        if not sample:  # its file was cut off
            raise damaged(location.object_id)
        share = len(zstandard.compress(sample, _LEVEL)) / len(sample)
        return round(share * location.size) if share < WORTH else None

    def _compress(self, location: Location, before_ms: int) -> int | None:
        """Return the new size, None if the object stays as it is."""
        if self._estimate(location) is None:
            self._give_up(location)
            return None
        temporary = unused_name(self._place.folder)
        try:
            if self._write(location, temporary) >= WORTH * location.size:
                self._give_up(location)
                return None
            found = location._replace(codec=ZSTD)
            self._place.put({found.name: temporary})
        finally:
            temporary.unlink(missing_ok=True)
        found = self._read_back(found)
        if not self._index(found):  # it was removed meanwhile
            self._place.delete(found.name, ALWAYS)
            return None
        # in S3 someone may be in the middle of reading it: there it goes with the next collection
        if not self._place.is_far:
            self._place.delete(location.name, before_ms)
        return found.stored_size

    def _write(self, location: Location, target: Path) -> int:
        """Write an object's bytes, verified and compressed, and return how many they are."""
        compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=usable())
        with writing(self._place.folder):
            self._place.folder.mkdir(mode=0o700, exist_ok=True)
            with OutputFile(target, mode=0o400) as output, self._place.open(location) as stored:
                file = cast("IO[bytes]", output)
                writer = compressor.stream_writer(file, size=location.size, closefd=False)
                for chunk in read_verified(location, stored):
                    writer.write(chunk)
                writer.flush(zstandard.FLUSH_FRAME)
                output.sync()
                return output.size

    def _read_back(self, location: Location) -> Location:
        """Return what the compressed file of an object holds, as the index has it."""
        found = read_large(self._place, location.name, location.object_id, compressed=True)
        if found is None:
            self._place.delete(location.name, ALWAYS)
            raise StoreUnavailableError(
                f"{location.name} does not hold what was written. Look after the disk."
            )
        return found

    def _index(self, found: Location) -> bool:
        """Let the index name the compressed file, unless it does not name the object any more."""
        these = (objects.c.object_id == found.object_id, objects.c.pack_id.is_(None))
        with self._store.database.write() as connection:
            rows = fetch(connection, select(objects.c.codec).where(*these))
            if rows == [(ZSTD,)]:  # another process was sooner: whose file is there now?
                found = self._read_back(found)
            stored = {"stored_size": found.stored_size, "stored_digest": found.stored_digest}
            connection.execute(update(objects).where(*these).values(codec=ZSTD, **stored))
        return bool(rows)

    def _give_up(self, location: Location) -> None:
        these = (objects.c.object_id == location.object_id, objects.c.codec == RAW)
        with self._store.database.write(durable=False) as connection:
            connection.execute(
                update(objects)
                .where(*these, objects.c.pack_id.is_(None))
                .values(stored_digest=location.object_id)
            )

    def _is_there(self, location: Location) -> bool:
        """Tell whether nobody has removed or compressed an object meanwhile."""
        return self._store.locate([location.object_id]).get(location.object_id) == location
