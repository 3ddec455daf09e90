"""Writing packs again: without some of their objects, or with those compressed that were not.

The new pack is on the disk before the index names it, and the old one goes after that, so a crash
leaves at most a file that nobody names.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import zstandard
from sqlalchemy import delete, insert, select, update

from ..core.clock import now_ms
from ..core.database import fetch
from ..core.errors import StoreUnavailableError
from .blobs import RAW, WORTH, ZSTD, Location, pack_name, read_verified
from .disk import unused_name, writing
from .inspection import scan
from .packs import PackWriter
from .places import ALWAYS
from .schemas import Compressed
from .store import objects, packs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from .places import Place
    from .store import ObjectStore

_COPY_BYTES = 8 * 1024 * 1024
_LEVEL = 3  # as large objects are compressed later
_SAMPLES = 16
_SAVING = 0.1

Entry = tuple[Location, bytes]


class Copied(NamedTuple):
    """A pack that was written from another one, and where the objects are in it."""

    pack_id: str
    size: int
    locations: list[Location]


def copy(
    place: Place, kept: Sequence[Location], change: Callable[[Entry], Entry] = lambda entry: entry
) -> Copied:
    """Write a new pack of objects, each verified.

    Args:
        place: where the packs are.
        kept: objects of one pack.
        change: returns an object's bytes as they are to be stored.

    Raises:
        StoreUnavailableError: one of them is damaged, or the disk takes no more.
    """
    with writing(place.folder):
        place.folder.mkdir(mode=0o700, exist_ok=True)
        pack = PackWriter(unused_name(place.folder))
    try:
        found: list[Location] = []
        pending: list[Entry] = []
        for location in sorted(kept, key=lambda item: item.offset or 0):
            pending.append(change((location, _verified(place, location))))
            if sum(len(data) for _, data in pending) > _COPY_BYTES:
                found += _write(place, pack, pending)
        found += _write(place, pack, pending)
        with writing(place.folder):
            pack_id = pack.finish()
        place.put({pack_name(pack_id): pack.output.path})
    except BaseException:
        pack.output.close()
        pack.output.path.unlink(missing_ok=True)
        raise
    moved = [location._replace(pack_id=pack_id) for location in found]
    return Copied(pack_id, pack.output.size, moved)


def move(connection: Connection, old_id: str, new: Copied) -> None:
    """Let the index point into a new pack."""
    row = {"pack_id": new.pack_id, "size": new.size, "created_at": now_ms()}
    connection.execute(insert(packs), row)
    for location in new.locations:
        moved = {
            "pack_id": new.pack_id,
            "offset": location.offset,
            "codec": location.codec,
            "stored_size": location.stored_size,
        }
        these = (objects.c.object_id == location.object_id, objects.c.pack_id == old_id)
        connection.execute(update(objects).where(*these).values(**moved))


class Repacker:
    """Compresses what lies in the packs of one store as it is, since all packers were busy."""

    def __init__(self, place: Place, store: ObjectStore) -> None:
        self._place = place
        self._store = store

    def compress(
        self, before_ms: int, progress: Callable[[int], None], *, dry_run: bool
    ) -> Compressed:
        """Write packs again that shrink by it; see ``Compressor.compress``.

        None is looked at in S3: there all is compressed at once.
        """
        found = []
        for pack_id in [] if self._place.is_far else self._untried(before_ms):
            inside = self._store.in_pack(pack_id)
            try:
                done = self._compress(pack_id, inside, dry_run=dry_run)
            except StoreUnavailableError as error:
                if "object_id" not in error.details:
                    raise
                gone = self._store.in_pack(pack_id) != inside  # others removed it meanwhile
                done = Compressed(objects=0, size_bytes=0, stored_bytes=0, damaged=not gone)
            if done is not None:
                found.append(done)
            progress(sum(location.stored_size for location in inside))
        return total(found)

    def _untried(self, before_ms: int) -> list[str]:
        """Return the packs that have objects which are not compressed, the small ones first."""
        raw = select(objects.c.pack_id).where(objects.c.codec == RAW, objects.c.size > 0)
        query = select(packs.c.pack_id).where(
            packs.c.created_at < before_ms, packs.c.pack_id.in_(raw)
        )
        with self._store.database.read() as connection:
            return [pack_id for (pack_id,) in fetch(connection, query.order_by(packs.c.size))]

    def _compress(
        self, pack_id: str, inside: Sequence[Location], *, dry_run: bool
    ) -> Compressed | None:
        """Write a pack again, and return what came of it; None if it stays as it is."""
        raw = [item for item in inside if item.codec == RAW and item.size]
        before = sum(item.size for item in raw)
        share = self._share(raw)
        if (1 - share) * before < _SAVING * sum(item.stored_size for item in inside):
            return None
        if dry_run:
            after = round(share * before)
            return Compressed(objects=len(raw), size_bytes=before, stored_bytes=after, damaged=0)
        new = copy(self._place, inside, _smaller)
        if new.pack_id == pack_id:  # the few promised too much
            return None
        self._read_back(new)
        if not self._index(pack_id, new):
            self._place.delete(pack_name(new.pack_id), ALWAYS)
            return None
        self._place.delete(pack_name(pack_id), ALWAYS)
        was_raw = {item.object_id for item in raw}
        done = [item for item in new.locations if item.object_id in was_raw and item.codec == ZSTD]
        return Compressed(
            objects=len(done),
            size_bytes=sum(item.size for item in done),
            stored_bytes=sum(item.stored_size for item in done),
            damaged=0,
        )

    def _share(self, raw: Sequence[Location]) -> float:
        """Return what would be left of objects, by a few of them; 1 if it is not worth it."""
        few = raw[:: max(1, len(raw) // _SAMPLES)]
        contents = [_verified(self._place, location) for location in few]
        size = sum(map(len, contents))
        share = sum(len(zstandard.compress(data, _LEVEL)) for data in contents) / max(1, size)
        return share if share < WORTH else 1

    def _read_back(self, new: Copied) -> None:
        with self._place.open_file(pack_name(new.pack_id)) as file:
            digest, found = scan(file, new.pack_id)
        if digest != new.pack_id or [*found.values()] != new.locations:
            self._place.delete(pack_name(new.pack_id), ALWAYS)
            raise StoreUnavailableError(
                f"{pack_name(new.pack_id)} does not hold what was written. Look after the disk."
            )

    def _index(self, pack_id: str, new: Copied) -> bool:
        """Let the index name the new pack, unless the old one has lost objects meanwhile."""
        query = select(objects.c.object_id).where(objects.c.pack_id == pack_id)
        with self._store.database.write() as connection:
            now = {object_id for (object_id,) in fetch(connection, query)}
            if now != {location.object_id for location in new.locations}:
                return False
            move(connection, pack_id, new)
            connection.execute(delete(packs).where(packs.c.pack_id == pack_id))
        return True


def total(parts: Sequence[Compressed]) -> Compressed:
    """Return the sums of what was compressed."""
    return Compressed(
        objects=sum(part.objects for part in parts),
        size_bytes=sum(part.size_bytes for part in parts),
        stored_bytes=sum(part.stored_bytes for part in parts),
        damaged=sum(part.damaged for part in parts),
    )


def _smaller(entry: Entry) -> Entry:
    location, stored = entry
    if location.codec != RAW or not stored:
        return entry
    data = zstandard.compress(stored, _LEVEL)
    if len(data) >= WORTH * len(stored):
        return entry
    return location._replace(codec=ZSTD, stored_size=len(data)), data


def _verified(place: Place, location: Location) -> bytes:
    with place.open(location) as file:
        stored = file.read()
    for _ in read_verified(location, io.BytesIO(stored)):
        pass
    return stored


def _write(place: Place, pack: PackWriter, pending: list[Entry]) -> list[Location]:
    with writing(place.folder):
        found = pack.copy(pending)
    pending.clear()
    return found
