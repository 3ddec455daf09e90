"""Where artifacts lie: in a folder of the store, or in S3.

Paths have ``/`` between names that were checked; only links in the folder are left to check here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from ..core.errors import ForbiddenPathError, InvalidInputError
from ..core.remote import RemoteEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from ..core.remote import RemoteFolder

UPLOADS = ".uploads"
"""The folder, beside the artifacts or instead of them, of what is being written."""

_PREFIX = "artifacts"


class Place(Protocol):
    """Where artifacts lie."""

    def list(self, path: str) -> list[RemoteEntry]:
        """Return what is directly in a folder, sorted; nothing if there is no such folder."""

    def size(self, path: str) -> int | None:
        """Return a file's size in bytes, None if there is no such file."""

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading."""

    def folder(self, path: str) -> AbstractContextManager[Path | None]:
        """Give a local folder with all that a folder holds, None if there is none."""

    def check(self, path: str) -> None:
        """Make sure that a file may be written.

        Raises:
            InvalidInputError: a folder is there.
        """

    def put(self, source: Path, path: str) -> None:
        """Move a durable local file to where it belongs, whole or not at all."""

    def delete(self, path: str) -> None:
        """Remove a file or a folder with all in it; nothing to remove is no error."""


class LocalPlace:
    """A folder, made when something is written; no link leads out of it.

    Every method raises ``ForbiddenPathError`` for a path that leads out.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def list(self, path: str) -> list[RemoteEntry]:
        """Return what is directly in a folder; links are not shown."""
        folder = self._resolve(path)
        if not folder.is_dir():
            return []
        with os.scandir(folder) as entries:
            return sorted(
                RemoteEntry(entry.name, None if entry.is_dir() else entry.stat().st_size)
                for entry in entries
                if entry.name != UPLOADS and not entry.is_symlink()
            )

    def size(self, path: str) -> int | None:
        """Look at a file."""
        found = self._resolve(path)
        return found.stat().st_size if found.is_file() else None

    def open(self, path: str) -> BinaryIO:
        """Open a file."""
        return self._resolve(path).open("rb")

    @contextmanager
    def folder(self, path: str) -> Iterator[Path | None]:
        """Give the folder itself."""
        found = self._resolve(path)
        yield found if found.is_dir() else None

    def check(self, path: str) -> None:
        """Refuse to write in place of a folder."""
        if self._resolve(path).is_dir():
            raise _occupied(path)

    def put(self, source: Path, path: str) -> None:
        """Rename a file."""
        target = self._resolve(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)

    def delete(self, path: str) -> None:
        """Remove a file or a folder."""
        target = self._resolve(path)
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)

    def _resolve(self, path: str) -> Path:
        root = self._root.resolve()
        target = root / path
        if not target.resolve().is_relative_to(root):
            raise ForbiddenPathError(f"The path {path!r} leads out of the artifacts.", path=path)
        return target


class RemotePlace:
    """A folder of S3, where folders are what has files in it.

    Every method raises ``StoreUnavailableError`` where the storage does not answer.
    """

    def __init__(self, remote: RemoteFolder) -> None:
        self._remote = remote

    def list(self, path: str) -> list[RemoteEntry]:
        """Return what is directly in a folder."""
        return self._remote.list(_key(path))

    def size(self, path: str) -> int | None:
        """Ask for a file's size."""
        return self._remote.size(_key(path))

    def open(self, path: str) -> BinaryIO:
        """Stream a file."""
        return self._remote.open(_key(path))

    @contextmanager
    def folder(self, path: str) -> Iterator[Path | None]:
        """Give a copy, which is gone afterwards."""
        if not self.list(path):
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
            self._remote.download(_key(path), Path(folder))
            yield Path(folder)

    def check(self, path: str) -> None:
        """Refuse to write beside a folder of the same name."""
        if self.list(path):
            raise _occupied(path)

    def put(self, source: Path, path: str) -> None:
        """Upload a file."""
        self._remote.put(source, _key(path))
        source.unlink()

    def delete(self, path: str) -> None:
        """Remove a file, or all below a folder."""
        self._remote.delete(_key(path))


def _key(path: str) -> str:
    return f"{_PREFIX}/{path}".rstrip("/")


def _occupied(path: str) -> InvalidInputError:
    return InvalidInputError(f"{path!r} is a folder; give the name of a file.")
