"""Adding objects: all of a batch becomes durable and indexed together, or nothing does."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from ..core.errors import InvalidInputError
from . import trees
from .blobs import LARGE, digest_chunks
from .files import FileChangedError, Fingerprint, changed, open_file, read_chunks, reading
from .schemas import StoredFile, StoredTree, TreeEntry
from .staging import Staging

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .places import Place
    from .store import CachedFile, ObjectStore

T = TypeVar("T")

_ATTEMPTS = 3


class Batch:
    """Objects on their way into the store; for one thread, made by ``ObjectManager.batch``.

    What was added can be read once the batch has ended.
    """

    def __init__(self, place: Place, store: ObjectStore) -> None:
        self._folder = place.folder
        self._store = store
        self._staging = Staging(place, store.locate)
        self._files: dict[str, tuple[Fingerprint, str]] = {}

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
        (stored,) = self._add_files([path], keep=keep)
        return stored

    def add_tree(self, folder: Path) -> StoredTree:
        """Add all files below ``folder`` and the document that lists them.

        Raises:
            NotFoundError: there is no such folder, or a link in it leads to nothing.
            ForbiddenPathError: a link leads out of it.
            InvalidInputError: it holds something that is no file, or the store itself.
            ConflictError: a file kept changing while it was read.
            StoreUnavailableError: the store cannot be written.
        """
        if self._folder.resolve().is_relative_to(folder.resolve()):
            raise InvalidInputError(
                f"{folder} holds the store itself. Choose a folder inside it.", path=str(folder)
            )
        listed = list(trees.list_files(folder))
        files = self._add_files([path for _, path in listed], keep=True)
        entries = [
            TreeEntry(
                path=name, object_id=file.digest, size=file.size, executable=_is_executable(path)
            )
            for (name, path), file in zip(listed, files, strict=True)
        ]
        object_id = self.add_bytes(trees.encode(entries))
        return StoredTree(object_id=object_id, size_bytes=sum(file.size for file in files))

    def commit(self) -> None:
        """Make everything durable, then index it."""
        pack, locations = self._staging.place()
        if locations or self._files:
            self._store.record(pack, locations, self._files)

    def discard(self) -> None:
        """Remove what was written and did not get its final name."""
        self._staging.discard()

    def _add_files(self, paths: Sequence[Path], *, keep: bool) -> list[StoredFile]:
        cached = self._store.cached([key for path in paths if (key := _cache_key(path))])
        return [
            _persist(partial(self._add_file, path, cached.get(_cache_key(path)), keep=keep))
            for path in paths
        ]

    def _add_file(self, path: Path, cached: CachedFile | None, *, keep: bool) -> StoredFile:
        scanned_ns = time.time_ns()
        if cached is not None and (cached.kept or not keep):
            with reading(path):
                fingerprint = Fingerprint.of(path.stat())
            if fingerprint == cached.fingerprint:
                return _stored(cached.digest, fingerprint.size, keep=keep)
        with open_file(path) as (file, fingerprint):
            digest = self._read_file(file, fingerprint.size, path, keep=keep)
        key = _cache_key(path)
        if key and fingerprint.is_settled(scanned_ns):
            self._files[key] = (fingerprint, digest)
        return _stored(digest, fingerprint.size, keep=keep)

    def _read_file(self, file: BinaryIO, size: int, path: Path, *, keep: bool) -> str:
        if not keep:
            return digest_chunks(read_chunks(file, path), size, path)
        if size >= LARGE:
            return self._staging.add_large(file, size, path)
        with reading(path):
            data = file.read(LARGE)
        if len(data) != size:
            raise changed(path)
        return self._staging.add(data)


def _persist(read: Callable[[], T]) -> T:
    for _ in range(_ATTEMPTS - 1):
        with suppress(FileChangedError):
            return read()
    return read()


def _stored(digest: str, size: int, *, keep: bool) -> StoredFile:
    return StoredFile(digest=digest, size=size, object_id=digest if keep else None)


def _is_executable(path: Path) -> bool:
    with reading(path):
        return bool(path.stat().st_mode & stat.S_IXUSR)


def _cache_key(path: Path) -> str:
    """Return the path as rows hold it, empty where it is no text."""
    name = os.path.abspath(path)  # resolve() would read every folder on the way
    with suppress(UnicodeEncodeError):
        name.encode()
        return name
    return ""
