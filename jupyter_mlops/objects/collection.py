"""Removing objects: those that nothing needs, and those that someone wants to be gone.

A row goes before its bytes, so that a crash leaves a file that nobody names, never a name without
a file. What a batch has counted on lately stays, whoever writes at the same time: the mark is set
and looked at inside transactions that write, of which there is one at a time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, delete, func, select, true

from ..core.database import chunked, fetch
from . import erasure
from .blobs import Location, pack_name
from .cache import forget
from .places import ALWAYS
from .repacking import copy, move
from .schemas import Removed
from .store import LOCATION, objects, packs, trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from .places import Place
    from .store import ObjectStore

_MOSTLY = 0.5


class Reason(NamedTuple):
    """Who wants objects to be gone and why, and by which names they were known."""

    paths: Mapping[str, Sequence[str]]
    author: str
    reason: str


class Collector:
    """Removes objects of one store.

    Args:
        place: where the files are.
        store: the index.
        entries: returns the ids of the files of a stored folder.
    """

    def __init__(
        self, place: Place, store: ObjectStore, entries: Callable[[str], set[str]]
    ) -> None:
        self._place = place
        self._store = store
        self._entries = entries

    def dead(self, live: set[str], before_ms: int) -> dict[str, int]:
        """Return the objects outside ``live`` that nobody counted on since, and their sizes."""
        live = live.union(*map(self._entries, self._trees(objects.c.used_at >= before_ms)))
        query = select(objects.c.object_id, objects.c.stored_size)
        with self._store.database.read() as connection:
            rows = fetch(connection, query.where(objects.c.used_at < before_ms))
        return {object_id: size for object_id, size in rows if object_id not in live}

    def removable(self, dead: Mapping[str, int]) -> dict[str, int]:
        """Return those of ``dead`` that ``collect`` would remove: not packed among what lives."""
        query = select(objects.c.object_id, objects.c.pack_id)
        size = func.sum(objects.c.stored_size)
        packed: dict[str, list[str]] = defaultdict(list)
        found = dict(dead)
        with self._store.database.read() as connection:
            for chunk in chunked(dead):
                for object_id, pack_id in fetch(
                    connection, query.where(objects.c.object_id.in_(chunk))
                ):
                    if pack_id is not None:
                        packed[pack_id].append(object_id)
            total = select(size, func.count()).select_from(objects)
            for pack_id, ids in packed.items():
                row = connection.execute(total.where(objects.c.pack_id == pack_id)).one()
                # PostgreSQL adds up to decimals
                if row[1] > len(ids) and sum(dead[key] for key in ids) < _MOSTLY * int(row[0]):
                    for key in ids:
                        del found[key]
        return found

    def collect(self, dead: Mapping[str, int], before_ms: int, reason: Reason) -> Removed:
        """Remove objects of ``dead`` that are still old, and files that were made for them alone.

        An object stays where its neighbours in a pack are needed and have most of its bytes.
        ``reason`` is recorded for those that it names.

        Raises:
            StoreUnavailableError: the store cannot be read or written.
        """
        left = set(dead)
        with self._store.database.write() as connection:
            old = objects.c.used_at < before_ms
            spared = _forget_trees(connection, left, old)
        left -= spared.union(*map(self._entries, spared))
        return self._remove(left, before_ms, _MOSTLY, reason)

    def erase(self, object_ids: Iterable[str], reason: Reason) -> Removed:
        """Remove objects, whoever needs them, and record it; packs are written again without them.

        Raises:
            StoreUnavailableError: the store cannot be read or written.
        """
        wanted = set(object_ids)
        with self._store.database.write() as connection:
            forget(connection, sorted(wanted))
        folders = self._store.trees(wanted)
        removed = []
        # the folders' documents last: who tries again after a failure learns from them what is left
        for part in (wanted - folders, folders):
            with self._store.database.write() as connection:
                _forget_trees(connection, part, true())
            while self._store.locate(part):  # a collection may put some into another pack meanwhile
                removed.append(self._remove(part, None, 0, reason))
        return Removed(
            objects=sum(item.objects for item in removed),
            size_bytes=sum(item.size_bytes for item in removed),
        )

    def _remove(
        self, wanted: set[str], before_ms: int | None, worth: float, reason: Reason
    ) -> Removed:
        by_pack: dict[str | None, list[Location]] = defaultdict(list)
        for location in self._store.locate(wanted).values():
            by_pack[location.pack_id].append(location)
        removed = self._remove_files(by_pack.pop(None, []), before_ms, reason)
        for pack_id, dead in by_pack.items():
            removed += self._remove_packed(str(pack_id), dead, before_ms, worth, reason)
        size = sum(location.stored_size for location in removed)
        return Removed(objects=len(removed), size_bytes=size)

    def _remove_files(
        self, wanted: Sequence[Location], before_ms: int | None, reason: Reason
    ) -> list[Location]:
        with self._store.database.write() as connection:
            # where they are now: some may have been compressed since they were found
            removed = _old(connection, [item.object_id for item in wanted], before_ms, None)
            _delete(connection, sorted(location.object_id for location in removed), reason)
        for location in removed:
            self._place.delete(location.name, before_ms or ALWAYS)
        return removed

    def _remove_packed(
        self,
        pack_id: str,
        dead: Sequence[Location],
        before_ms: int | None,
        worth: float,
        reason: Reason,
    ) -> list[Location]:
        gone = {location.object_id for location in dead}
        inside = self._store.in_pack(pack_id)
        kept = [location for location in inside if location.object_id not in gone]
        size = sum(location.stored_size for location in inside)
        if kept and sum(location.stored_size for location in dead) < worth * size:
            return []
        new = copy(self._place, kept) if kept else None
        with self._store.database.write() as connection:
            # someone may count on one of them now, or have put it elsewhere
            old = _old(connection, sorted(gone), before_ms, pack_id)
            still = {location.object_id for location in old} == gone
            if still:
                _delete(connection, sorted(gone), reason)
                if new is not None:
                    move(connection, pack_id, new)
                connection.execute(delete(packs).where(packs.c.pack_id == pack_id))
        if not still:
            if new is not None:
                self._place.delete(pack_name(new.pack_id), ALWAYS)
            return []
        # nobody writes this pack again while what was kept of it is known
        self._place.delete(pack_name(pack_id), ALWAYS if kept else before_ms or ALWAYS)
        return list(dead)

    def _trees(self, condition: ColumnElement[bool]) -> list[str]:
        query = select(trees.c.object_id).join(objects, objects.c.object_id == trees.c.object_id)
        with self._store.database.read() as connection:
            return [object_id for (object_id,) in fetch(connection, query.where(condition))]


def _forget_trees(connection: Connection, wanted: set[str], old: ColumnElement[bool]) -> set[str]:
    """Forget the folders among ``wanted``; return those that are not ``old`` and so stay.

    From here on no batch counts on their files because the folder is unchanged.
    """
    query = select(trees.c.object_id).join(objects, objects.c.object_id == trees.c.object_id)
    spared: set[str] = set()
    for chunk in chunked(sorted(wanted)):
        these = trees.c.object_id.in_(chunk)
        found = {row for (row,) in fetch(connection, query.where(these))}
        gone = {row for (row,) in fetch(connection, query.where(these, old))}
        spared |= found - gone
        connection.execute(delete(trees).where(trees.c.object_id.in_(gone)))
    return spared


def _old(
    connection: Connection, object_ids: Sequence[str], before_ms: int | None, pack_id: str | None
) -> list[Location]:
    """Return the objects in a pack, or in none, that nobody counted on since ``before_ms``."""
    conditions = [objects.c.pack_id == pack_id]
    if before_ms is not None:
        conditions.append(objects.c.used_at < before_ms)
    query = select(*LOCATION).where(*conditions)
    found: list[Location] = []
    for chunk in chunked(object_ids):
        rows = fetch(connection, query.where(objects.c.object_id.in_(chunk)))
        found += [Location(*row) for row in rows]
    return found


def _delete(connection: Connection, object_ids: Sequence[str], reason: Reason) -> None:
    """Delete the rows of objects, and record it for those that the reason names."""
    for chunk in chunked(object_ids):
        connection.execute(delete(objects).where(objects.c.object_id.in_(chunk)))
    named = {key: reason.paths[key] for key in object_ids if key in reason.paths}
    erasure.add(connection, named, author=reason.author, reason=reason.reason)
