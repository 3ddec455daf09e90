"""Adding objects: all of a batch becomes durable and indexed together, or nothing does."""

from __future__ import annotations

import os
import time
from array import array
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from blake3 import blake3

from ..core.clock import now_ms
from ..core.errors import ConflictError, InvalidInputError, StoreUnavailableError
from . import documents, lines, trees
from .blobs import LARGE, digest_chunks, read_verified
from .cache import FileCache, remember
from .files import FileChangedError, changed, is_text, open_file, read_chunks, read_small
from .lines import Pieces
from .schemas import StoredFile, StoredTree
from .staging import Staging
from .store import FRESH_MS, record
from .trees import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .blobs import Location
    from .cache import CachedFile, CachedFolder
    from .files import Fingerprint
    from .lines import Run
    from .places import Place
    from .store import ObjectStore
    from .trees import Listing

_ATTEMPTS = 3


class _Read(NamedTuple):
    """What a file held: its digest and its size in bytes."""

    digest: str
    size: int


class _Contents(NamedTuple):
    """What the files of a folder hold: its document, the lengths of its entries, and their size.

    ``fresh`` are the numbers of those files that are so new that a later change might not show.
    """

    document: bytes
    lengths: array[int]
    size_bytes: int
    fresh: list[int]


class Batch:
    """Objects on their way into the store; for one thread, made by ``ObjectManager.batch``.

    What was added can be read once the batch has ended.
    """

    def __init__(self, place: Place, store: ObjectStore) -> None:
        self._place = place
        self._store = store
        self._cache = FileCache(store.database)
        self._staging = Staging(place, self._claim)
        self._started = now_ms()
        self._relied: set[str] = set()
        self._files: dict[str, tuple[Fingerprint, str]] = {}
        self._folders: dict[str, tuple[str, str, bytes]] = {}
        self._trees: list[StoredTree] = []

    def add_bytes(self, data: bytes) -> str:
        """Add ``data`` and return its id.

        Raises:
            StoreUnavailableError: the store cannot be written.
        """
        return self._staging.add(data)

    def add_file(self, path: Path, *, keep: bool = True) -> StoredFile:
        """Read a file, unless it is unchanged since it was last read, and keep its bytes.

        Args:
            path: a regular file, or a link to one.
            keep: False to take only the digest.

        Raises:
            NotFoundError: there is no such file.
            InvalidInputError: it is no regular file or cannot be read.
            ConflictError: it kept changing while it was read.
            StoreUnavailableError: the store cannot be written.
        """
        scanned_ns = time.time_ns()
        found = Found.of(os.path.abspath(path))
        ((digest, size),) = self._add_files([found], scanned_ns, keep=keep, remember=True)
        return StoredFile(digest=digest, size=size, object_id=digest if keep else None)

    def add_tree(
        self,
        folder: Path,
        *,
        files: Iterable[tuple[str, os.stat_result]] | None = None,
        whole: bool = True,
        limit: int | None = None,
        most: int = trees.MOST_FILES,
    ) -> StoredTree:
        """Add the files below ``folder`` and the document that lists them.

        Args:
            folder: a folder that does not hold the store.
            files: regular ones, by their paths in it, with their status; all if None.
            whole: False if others of its files may be asked for next.
            limit: bytes; of the files of a larger folder only the digests are taken.
            most: the number of files that are taken.

        Raises:
            NotFoundError: there is no such folder, or a link in it leads to nothing.
            ForbiddenPathError: a link leads out of it.
            InvalidInputError: it holds something that is no file, more than ``most`` files, or
                the store itself.
            ConflictError: a file kept changing while it was read.
            StoreUnavailableError: the store cannot be written.
        """
        scanned_ns = time.time_ns()
        listing = self._list(folder, files, most)
        key = _cache_key(os.path.abspath(folder))
        keep = limit is None or listing.size_bytes <= limit
        known = self._known_folder(key, keep=keep)
        if keep and known and known.fingerprint == listing.fingerprint:
            return StoredTree(
                object_id=known.location.object_id, size_bytes=known.size_bytes, count=known.files
            )
        before = self._before(known) if known else None
        # of a whole folder that is kept, its own row tells next time what was read
        remember = not (keep and whole)
        found = self._contents(listing, before, scanned_ns, keep=keep, remember=remember)
        return self._add_contents(key, listing, found, keep=keep)

    def commit(self) -> None:
        """Make everything durable, then index it.

        Raises:
            ConflictError: what it counts on was collected, since it took so long.
            StoreUnavailableError: the store cannot be written.
        """
        pack, locations = self._staging.place()
        if now_ms() - self._started > FRESH_MS and self._relied - self._store.claim(self._relied):
            raise ConflictError(
                "Objects that were in the store when this began have been removed. Try again."
            )
        # what was only read needs no store that can be written
        is_read = bool(self._files or self._folders) and not self._store.database.read_only
        if locations or self._trees or is_read:
            with self._store.database.write() as connection:
                record(connection, pack, locations, self._trees)
                remember(connection, self._files, self._folders)

    def discard(self) -> None:
        """Remove what was written and did not get its final name."""
        self._staging.discard()

    def _claim(self, object_ids: Iterable[str]) -> set[str]:
        known = self._store.claim(object_ids)
        self._relied.update(known)  # in one step: packers ask too
        return known

    def _claim_used(self, used: Mapping[str, int]) -> set[str]:
        """Do what ``_claim`` does, with no second look at what was used lately."""
        lately = now_ms() - FRESH_MS
        fresh = {object_id for object_id, used_at in used.items() if used_at > lately}
        self._relied |= fresh
        return fresh | self._claim(used.keys() - fresh) if len(fresh) < len(used) else fresh

    def _list(
        self, folder: Path, files: Iterable[tuple[str, os.stat_result]] | None, most: int
    ) -> Listing:
        if self._place.folder.resolve().is_relative_to(folder.resolve()):
            raise InvalidInputError(
                f"{folder} holds the store itself. Choose a folder inside it.", path=str(folder)
            )
        return trees.list_files(folder, most) if files is None else trees.listed(folder, files)

    def _add_contents(
        self, key: str, listing: Listing, found: _Contents, *, keep: bool
    ) -> StoredTree:
        """Add a folder's document, and note what its files are like now."""
        tree = StoredTree(
            object_id=self._add_document(found.document, keep=keep),
            size_bytes=found.size_bytes,
            count=listing.count,
            kept=keep,
        )
        if keep:
            self._trees.append(tree)
        if keep and key:
            settled = lines.pack(lines.without(listing.lines(), found.fresh), found.lengths)
            fingerprint = "" if found.fresh else listing.fingerprint
            self._folders[key] = (fingerprint, tree.object_id, settled)
        return tree

    def _known_folder(self, key: str, *, keep: bool) -> CachedFolder | None:
        known = self._cache.folder(key) if key else None
        if keep and known and not self._claim_used({known.location.object_id: known.used_at}):
            return None
        return known

    def _before(self, known: CachedFolder) -> tuple[Pieces, Pieces] | None:
        """Return the lines and the entries of the files that a folder had when it was stored."""
        before, lengths = lines.unpack(known.packed)
        entries = documents.entries_of(self._read_object(known.location), lengths)
        return (before, entries) if entries else None

    def _contents(
        self,
        listing: Listing,
        before: tuple[Pieces, Pieces] | None,
        scanned_ns: int,
        *,
        keep: bool,
        remember: bool,
    ) -> _Contents:
        """Return what the files of a folder hold; those that ``before`` has are not read."""
        old_lines, old_entries = before or (Pieces.of([]), Pieces.of([]))
        runs = list(lines.compare(listing.lines(), old_lines))
        new = [number for begin, end, was in runs if was is None for number in range(begin, end)]
        changed = [listing.lines().part(number, number + 1) for number in new]
        files = [listing.found(line) for line in changed]
        read = self._add_files(files, scanned_ns, keep=keep, remember=remember)
        self._staging.pack()  # what was read, while the document is made
        entries, lengths = _merged(runs, map(_entry, changed, read), old_entries)
        expected = sum(file.fingerprint.size for file in files)
        return _Contents(
            documents.encode(entries),
            lengths,
            listing.size_bytes - expected + sum(file.size for file in read),
            [
                number
                for number, file in zip(new, files, strict=True)
                if not file.fingerprint.is_settled(scanned_ns)
            ],
        )

    def _read_object(self, location: Location) -> bytes:
        """Return the content of an object, empty where the store does not give it."""
        with suppress(StoreUnavailableError), self._place.open(location) as stored:
            return b"".join(read_verified(location, stored))
        return b""

    def _add_document(self, document: bytes, *, keep: bool) -> str:
        if keep:
            return self._staging.add(document, packed=True)
        return blake3(document).hexdigest()

    def _add_files(
        self, files: Sequence[Found], scanned_ns: int, *, keep: bool, remember: bool
    ) -> list[_Read]:
        keys = [_cache_key(file.path) for file in files]
        cached = self._cache.files([key for key in keys if key])
        known = [_valid(cached.get(key), file) for key, file in zip(keys, files, strict=True)]
        used = {hit.digest: hit.used_at for hit in known if hit and hit.used_at is not None}
        kept = self._claim_used(used) if keep else set()
        return [
            _Read(hit.digest, file.fingerprint.size)
            if hit and (not keep or hit.digest in kept)
            else self._add_file(file, key if remember else "", scanned_ns, keep=keep)
            for hit, file, key in zip(known, files, keys, strict=True)
        ]

    def _add_file(self, file: Found, key: str, scanned_ns: int, *, keep: bool) -> _Read:
        for attempt in range(_ATTEMPTS):
            try:
                digest = self._read(file, keep=keep)
                break
            except FileChangedError:
                if attempt == _ATTEMPTS - 1:
                    raise
                scanned_ns = time.time_ns()
                file = Found.of(file.path)
        if key and file.fingerprint.is_settled(scanned_ns):
            self._files[key] = (file.fingerprint, digest)
        return _Read(digest, file.fingerprint.size)

    def _read(self, file: Found, *, keep: bool) -> str:
        path, expected = file
        if expected.size < LARGE:
            data = read_small(path, expected, self._staging.room(expected.size + 1))
            return self._staging.keep(data) if keep else blake3(data).hexdigest()
        with open_file(path) as (stream, fingerprint):
            if fingerprint != expected:
                raise changed(path)
            return self._read_large(stream, expected.size, path, keep=keep)

    def _read_large(self, file: BinaryIO, size: int, path: str, *, keep: bool) -> str:
        if keep:
            return self._staging.add_large(file, size, path)
        return digest_chunks(read_chunks(file, path), size, path)


def _merged(
    runs: Iterable[Run], made: Iterator[bytes], before: Pieces
) -> tuple[list[bytes], array[int]]:
    """Return the entries of runs of files, the new ones from ``made``, and the lengths of each."""
    entries, lengths = [], array("I")
    for begin, end, was in runs:
        if was is None:
            new = list(islice(made, end - begin))
            entries += new
            lengths += documents.lengths_of(new)
        else:
            entries.append(before.part(was, was + end - begin))
            lengths += before.lengths[was : was + end - begin]
    return entries, lengths


def _entry(line: bytes, file: _Read) -> bytes:
    executable = lines.is_executable(line)
    return documents.entry(
        lines.name_of(line).decode(), file.digest, file.size, executable=executable
    )


def _valid(cached: CachedFile | None, file: Found) -> CachedFile | None:
    return cached if cached and cached.fingerprint == file.fingerprint else None


def _cache_key(path: str) -> str:
    """Return an absolute path as rows hold it, empty where they cannot."""
    return path if is_text(path) else ""
