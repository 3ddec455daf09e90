"""Where objects' files lie: in a folder of the store, or in S3.

A file is written in a local folder, and gets its final name, durably, by ``put``.
"""

from __future__ import annotations

import io
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from ..core.errors import NotFoundError, StoreUnavailableError
from .blobs import damaged, unreadable
from .disk import sync_folders, unused_name, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ..core.remote import RemoteFolder
    from .blobs import Location

ALWAYS = 1 << 62
"""For ``delete``: whenever the file was written."""

_PREFIX = "objects"


class File(NamedTuple):
    """A stored file: its name, its size in bytes, and when it was written."""

    name: str
    size: int
    modified_ms: int


class Place(Protocol):
    """Where objects' files lie.

    ``folder`` is the local one for files that are being written; ``connections`` is how many
    reads at a time are worth it; ``is_far`` tells that bytes take long to get there.
    """

    folder: Path
    connections: int
    is_far: bool

    def put(self, files: Mapping[str, Path]) -> None:
        """Move local files to their final names, durably.

        Raises:
            StoreUnavailableError: the place cannot be written.
        """

    def open(self, location: Location) -> BinaryIO:
        """Open an object's stored bytes, compressed or not.

        Raises:
            StoreUnavailableError: the file that holds them is missing or cannot be read.
        """

    def open_file(self, name: str) -> BinaryIO:
        """Open a file as it is stored.

        Raises:
            NotFoundError: there is none of this name.
            StoreUnavailableError: it cannot be read.
        """

    def files(self) -> Iterator[File]:
        """Give all files, also those that never got their final name."""

    def delete(self, name: str, before_ms: int) -> bool:
        """Remove a file unless it was written at ``before_ms`` or later; say whether it is gone.

        Raises:
            StoreUnavailableError: it cannot be removed.
        """


class LocalPlace:
    """A folder, made when the first file is written; its parent must exist."""

    connections = 1
    is_far = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, files: Mapping[str, Path]) -> None:
        """Rename files, and make the names survive a power cut."""
        folders = set()
        with writing(self.folder):
            for name, temporary in files.items():
                path = self.folder / name
                path.parent.mkdir(mode=0o700, exist_ok=True)
                temporary.replace(path)
                folders.add(path.parent)
            if folders:
                sync_folders([*folders, self.folder])

    def open(self, location: Location) -> BinaryIO:
        """Open the object's own file, or read it from its pack."""
        try:
            file = (self.folder / location.name).open("rb", buffering=0)
            if location.offset is None:
                return file
            with file:
                return io.BytesIO(os.pread(file.fileno(), location.stored_size, location.offset))
        except FileNotFoundError as error:
            raise damaged(location.object_id) from error
        except OSError as error:
            raise unreadable(location.object_id, error) from error

    def open_file(self, name: str) -> BinaryIO:
        """Open a file."""
        try:
            return (self.folder / name).open("rb")
        except FileNotFoundError as error:
            raise NotFoundError(f"The store has no file {name}.") from error
        except OSError as error:
            raise StoreUnavailableError(
                f"The store's file {name} cannot be read: {error.strerror or error}."
            ) from error

    def files(self) -> Iterator[File]:
        """Walk the folder."""
        for path in sorted(self.folder.rglob("*")):
            with suppress(FileNotFoundError):  # it may just have got its final name
                status = path.stat()
                if stat.S_ISREG(status.st_mode):
                    name = path.relative_to(self.folder).as_posix()
                    yield File(name, status.st_size, status.st_mtime_ns // 1_000_000)

    def delete(self, name: str, before_ms: int) -> bool:
        """Unlink a file, once it has a name under which nobody can write it again meanwhile."""
        path, aside = self.folder / name, unused_name(self.folder)
        with writing(self.folder):
            try:
                path.rename(aside)
            except FileNotFoundError:
                return True
            old = aside.stat().st_mtime_ns // 1_000_000 < before_ms
            if old:
                aside.unlink()
            else:
                aside.rename(path)
        return old


class RemotePlace:
    """A folder of S3; ``folder`` holds only what is on its way there."""

    connections = 16
    is_far = True

    def __init__(self, folder: Path, remote: RemoteFolder) -> None:
        self.folder = folder
        self._remote = remote

    def put(self, files: Mapping[str, Path]) -> None:
        """Upload files."""
        for name, temporary in files.items():
            self._remote.put(temporary, f"{_PREFIX}/{name}")
        with writing(self.folder):
            for temporary in files.values():
                temporary.unlink()

    def open(self, location: Location) -> BinaryIO:
        """Stream the object's own file, or fetch its bytes from its pack."""
        name = f"{_PREFIX}/{location.name}"
        try:
            if location.offset is None:
                return self._remote.open(name)
            return io.BytesIO(self._remote.read(name, location.offset, location.stored_size))
        except NotFoundError as error:
            raise damaged(location.object_id) from error

    def open_file(self, name: str) -> BinaryIO:
        """Stream a file."""
        return self._remote.open(f"{_PREFIX}/{name}")

    def files(self) -> Iterator[File]:
        """List what is there, and what is on its way."""
        for name, size, modified_ms in self._remote.walk(_PREFIX):
            yield File(name, size, modified_ms)
        yield from LocalPlace(self.folder).files()

    def delete(self, name: str, before_ms: int) -> bool:
        """Remove a file there, and here."""
        remote = f"{_PREFIX}/{name}"
        modified_ms = self._remote.modified_ms(remote)
        old = modified_ms is None or modified_ms < before_ms
        if old:
            self._remote.delete(remote)
        return LocalPlace(self.folder).delete(name, before_ms) and old
