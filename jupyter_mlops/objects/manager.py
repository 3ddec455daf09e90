"""The object store: bytes by their BLAKE3. It does not know what the bytes mean.

Objects are never changed and never overwritten with something else. What a batch adds is on disk
before the index knows it, so a crash leaves at most a file that nothing refers to.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ..core.errors import (
    ForbiddenPathError,
    InvalidInputError,
    NotFoundError,
    StoreUnavailableError,
)
from . import documents, erasure, inspection, pruning, rebuilding
from .batch import Batch
from .blobs import Location, read_verified
from .cache import FileCache
from .checkouts import Checkouts
from .collection import Collector
from .compression import Compressor
from .files import Fingerprint, is_text
from .places import LocalPlace, Place, RemotePlace
from .schemas import StoredTree
from .store import ObjectStore
from .unfinished import Unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from ..core.database import Database
    from ..core.remote import RemoteFolder
    from .collection import Reason
    from .schemas import Compressed, Erasure, Inspection, Leftover, Removed, Tree
    from .trees import Listing

__all__ = ["Batch", "ObjectManager"]


class ObjectManager:
    """The objects of one store; safe to use from several threads and processes.

    Args:
        folder: the objects folder, made when it is first written; its parent must exist.
        database: where the index is.
        remote: where the objects go instead; the folder then holds what is being written.

    ``unfinished`` notes what is being made outside of the folder.
    """

    def __init__(
        self, folder: Path, database: Database, remote: RemoteFolder | None = None
    ) -> None:
        self._place: Place = RemotePlace(folder, remote) if remote else LocalPlace(folder)
        self._store = ObjectStore(database)
        self._collector = Collector(self._place, self._store, self.with_entries)
        self.unfinished = Unfinished(folder.parent)
        self._checkouts = Checkouts(self._place, self._store, self.unfinished, self._open)

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Give a batch; all that is added to it is stored at the end, nothing on an error.

        Raises:
            StoreUnavailableError: the store cannot be written.
        """
        batch = Batch(self._place, self._store)
        try:
            yield batch
            batch.commit()
        finally:
            batch.discard()

    def inspect(self, progress: Callable[[int], None] = lambda _: None) -> Inspection:
        """Read every stored byte; see ``inspection.inspect``."""
        return inspection.inspect(self._place, self._store, progress)

    def with_entries(self, object_id: str) -> set[str]:
        """Return an object's id and, if it is a stored folder, those of its files.

        Raises:
            StoreUnavailableError: it cannot be read, so nobody knows what is in it.
        """
        with suppress(NotFoundError, InvalidInputError, ForbiddenPathError):
            return {object_id} | {entry.object_id for entry in self.tree(object_id).entries}
        return {object_id}

    def missing(self, object_ids: Iterable[str]) -> set[str]:
        """Return those of ``object_ids`` that the index does not know."""
        wanted = set(object_ids)
        return wanted - set(self._store.locate(wanted))

    def expanded(self, object_ids: Iterable[str], folders: Iterable[str] = ()) -> set[str]:
        """Return ``object_ids`` with the files of those that are folders.

        Args:
            object_ids: some of them the index may know as folders.
            folders: others that are, stored before it knew.

        Raises:
            StoreUnavailableError: one of them cannot be read, so nobody knows what is in it.
        """
        found = {*object_ids, *folders}
        return found.union(*map(self.with_entries, self._store.trees(found).union(folders)))

    def dead(self, live: set[str], before_ms: int) -> dict[str, int]:
        """Return the objects outside ``live`` that nobody counted on since, and their sizes."""
        return self._collector.dead(live, before_ms)

    def removable(self, dead: Mapping[str, int]) -> dict[str, int]:
        """Return those of ``dead`` that ``collect`` would remove."""
        return self._collector.removable(dead)

    def folders(self, object_ids: Iterable[str]) -> set[str]:
        """Return those of ``object_ids`` that are known to be folders."""
        return self._store.trees(object_ids)

    def collect(self, dead: Mapping[str, int], before_ms: int, reason: Reason) -> Removed:
        """Remove objects that nothing needs; see ``Collector.collect``."""
        return self._collector.collect(dead, before_ms, reason)

    def prune(self, root: Path) -> int:
        """Forget files below a folder that are gone; see ``pruning.prune``."""
        return pruning.prune(self._store.database, root)

    def compress(
        self, before_ms: int, progress: Callable[[int], None], *, dry_run: bool
    ) -> Compressed:
        """Compress what was stored as it is; see ``Compressor.compress``."""
        compressor = Compressor(self._place, self._store)
        return compressor.compress(before_ms, progress, dry_run=dry_run)

    def erase(self, object_ids: Iterable[str], reason: Reason) -> Removed:
        """Remove objects, whoever needs them; see ``Collector.erase``."""
        return self._collector.erase(object_ids, reason)

    def erased(self, object_ids: Iterable[str]) -> dict[str, Erasure]:
        """Return how those of ``object_ids`` were removed that are gone, by object."""
        return erasure.erased(self._store.database, object_ids)

    def erasures(self) -> list[Erasure]:
        """Return all records of what was removed at someone's request, newest first."""
        return erasure.everything(self._store.database)

    def rebuild(self) -> int:
        """Index intact files that no row names; see ``rebuilding.rebuild``."""
        return rebuilding.rebuild(self._place, self._store)

    def mark_tree(self, object_id: str) -> None:
        """Note that an object is a folder's document, if it is one.

        Raises:
            InvalidInputError: it is none.
        """
        tree = self.tree(object_id)
        count = len(tree.entries)
        found = StoredTree(object_id=object_id, size_bytes=tree.size_bytes, count=count)
        rebuilding.mark_tree(self._store, found)

    def ids(self) -> list[str]:
        """Return the ids of all objects."""
        return self._store.ids()

    def leftovers(self, before_ms: int) -> list[Leftover]:
        """Return the files that no row names; see ``inspection.leftovers``."""
        return list(inspection.leftovers(self._place, self._store, before_ms))

    def remove(self, leftover: Leftover, before_ms: int) -> bool:
        """Remove a file that no row names, and say whether it is gone.

        One that was written again meanwhile, at ``before_ms`` or later, stays.

        Raises:
            StoreUnavailableError: it cannot be removed.
        """
        return self._place.delete(leftover.name, before_ms)

    def known_digests(self, paths: Iterable[Path]) -> dict[Path, str]:
        """Return what files hold that are as they were when they were last read."""
        named = {os.path.abspath(path): path for path in paths}
        cached = FileCache(self._store.database).files([name for name in named if is_text(name)])
        known = {}
        for name, file in cached.items():
            with suppress(OSError):
                if Fingerprint.of(os.stat(name)) == file.fingerprint:
                    known[named[name]] = file.digest
        return known

    def unread_bytes(self, folder: Path, listing: Listing) -> int:
        """Return how much of a folder must be read to know what it holds: of one as it was, none.

        Args:
            folder: where it is.
            listing: the files of it that count.
        """
        path = os.path.abspath(folder)
        if not is_text(path):
            return listing.size_bytes
        unread = FileCache(self._store.database).unread(path, listing)
        return sum(file.fingerprint.size for file in unread)

    def put_bytes(self, data: bytes) -> str:
        """Store ``data`` and return its id; see ``Batch.add_bytes``."""
        with self.batch() as batch:
            return batch.add_bytes(data)

    def put_tree(self, folder: Path) -> StoredTree:
        """Store all files below ``folder``; see ``Batch.add_tree``."""
        with self.batch() as batch:
            return batch.add_tree(folder)

    def size(self, object_id: str) -> int:
        """Return the size of an object's content in bytes.

        Raises:
            NotFoundError: the store has no such object.
        """
        return self._locate(object_id).size

    def read(self, object_id: str) -> bytes:
        """Return an object's content, verified.

        Raises:
            NotFoundError: the store has no such object.
            StoreUnavailableError: it is damaged.
        """
        return b"".join(self.chunks(object_id))

    def chunks(self, object_id: str) -> Iterator[bytes]:
        """Give an object's content in chunks; an error at the end means that none can be used.

        Raises:
            NotFoundError: the store has no such object.
            StoreUnavailableError: it is damaged.
        """
        location, file = self._open(self._locate(object_id))
        with file as stored:
            yield from read_verified(location, stored)

    def stored(self, object_id: str) -> tuple[Iterator[bytes], int]:
        """Return an object's content as ``chunks`` gives it, and its size."""
        return self.chunks(object_id), self.size(object_id)

    def tree(self, object_id: str) -> Tree:
        """Return the files of a stored folder, by path.

        Raises:
            NotFoundError: the store has no such object.
            InvalidInputError: it is no folder.
            ForbiddenPathError: it has entries that lead out of it.
            StoreUnavailableError: it is damaged.
        """
        return documents.decode(self.read(object_id), object_id)

    def checkout_file(self, object_id: str, target: Path) -> None:
        """Write an object to ``target``, whole or not at all, in place of what is there.

        Raises:
            NotFoundError: the store has no such object.
            StoreUnavailableError: it is damaged, or the target cannot be written.
        """
        self._checkouts.file(self._locate(object_id), target)

    def checkout_tree(self, object_id: str, folder: Path, *, without: Container[str] = ()) -> None:
        """Write a stored folder to ``folder``.

        A new or empty folder appears whole or not at all; in another one, files of the same
        name are replaced one by one and the rest stays.

        Args:
            object_id: the stored folder.
            folder: where it goes.
            without: files of it that are left out, by their path in it.

        Raises:
            NotFoundError: the store has no such object.
            InvalidInputError: it is no folder.
            ForbiddenPathError: an entry, or a link in ``folder``, leads out of it.
            StoreUnavailableError: it is damaged, or the folder cannot be written.
        """
        entries = [e for e in self.tree(object_id).entries if e.path not in without]
        self._checkouts.tree(entries, folder)

    def _locate(self, object_id: str) -> Location:
        found = self._store.locate([object_id]).get(object_id)
        if found is None:
            if record := self.erased([object_id]).get(object_id):
                raise erasure.gone(record)
            raise NotFoundError(f"The store has no object {object_id[:12]}….", object_id=object_id)
        return found

    def _open(self, location: Location) -> tuple[Location, BinaryIO]:
        """Open an object's stored bytes, also if they were put into another pack meanwhile."""
        try:
            return location, self._place.open(location)
        except StoreUnavailableError:
            moved = self._store.locate([location.object_id]).get(location.object_id)
            if moved is None or moved == location:
                raise
            return moved, self._place.open(moved)
