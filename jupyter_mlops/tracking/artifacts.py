"""The files of runs and logged models: a tree of folders, streamed in and out.

What a path means is for others; this module keeps every path inside the tree, and every file
either whole or absent.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from ..core.errors import (
    ForbiddenPathError,
    InvalidInputError,
    NotFoundError,
    StoreUnavailableError,
)
from .places import UPLOADS, LocalPlace, Place, RemotePlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from ..core.remote import RemoteFolder

SCHEME = "mlflow-artifacts:"
_BLOCK = 1024 * 1024
_STALE_SECONDS = 7 * 24 * 3600
_NAME_BYTES = 255
_MOST_PARTS = 10_000


class FileInfo(NamedTuple):
    """A file or folder; ``size`` in bytes, None for a folder."""

    path: str
    is_dir: bool
    size: int | None


class ArtifactStore:
    """Keeps files below a folder.

    Args:
        root: the folder; it is made when something is written.
        remote: where the files go instead; the folder then holds what is being written.
    """

    def __init__(self, root: Path, remote: RemoteFolder | None = None) -> None:
        self._root = root
        self._place: Place = RemotePlace(remote) if remote else LocalPlace(root)

    def list(self, path: str) -> list[FileInfo]:
        """Return what is directly in a folder, sorted; nothing if there is no such folder.

        Raises:
            ForbiddenPathError: the path leads out of the tree.
        """
        names = parts_of(path)
        return sorted(
            FileInfo("/".join([*names, entry.name]), entry.size is None, entry.size)
            for entry in self._place.list("/".join(names))
        )

    def read(self, path: str) -> tuple[int, Iterator[bytes]]:
        """Return a file's size and its content in blocks.

        Raises:
            ForbiddenPathError: the path leads out of the tree.
            NotFoundError: there is no such file.
        """
        found = "/".join(parts_of(path))
        size = self._place.size(found)
        if size is None:
            raise NotFoundError(f"There is no artifact {path!r}.", path=path)
        return size, self._blocks(found)

    def folder(self, path: str) -> AbstractContextManager[Path | None]:
        """Give a local folder with all that a folder holds, None if there is none."""
        return self._place.folder("/".join(parts_of(path)))

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """Give a file to write; it stands at ``path`` after the block, or not at all.

        Raises:
            ForbiddenPathError: the path leads out of the tree.
            InvalidInputError: a folder is there, or a file where a folder would have to be.
            StoreUnavailableError: the disk is full or read-only.
        """
        target = self._target(path)
        with _translated(target):
            handle, name = tempfile.mkstemp(dir=self._uploads())
            try:
                with os.fdopen(handle, "wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                self._place.put(Path(name), target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def delete(self, path: str) -> None:
        """Remove a file or a folder with all in it; nothing to remove is no error."""
        target = "/".join(parts_of(path))
        if not target:
            raise InvalidInputError("Say which artifacts to delete.")
        with _translated(target):
            self._place.delete(target)

    def begin_upload(self, path: str, parts: int) -> str:
        """Return the id of an upload in parts to ``path``."""
        if not 1 <= parts <= _MOST_PARTS:
            raise InvalidInputError(f"An upload has 1 to {_MOST_PARTS} parts, not {parts}.")
        target = self._target(path)
        with _translated(target):
            self._forget_stale_uploads()
            upload_id = secrets.token_hex(16)
            (self._uploads() / upload_id).mkdir()
        return upload_id

    @contextmanager
    def writing_part(self, upload_id: str, number: int) -> Iterator[IO[bytes]]:
        """Give a file to write a part to; a part that is sent again replaces the first."""
        if not 1 <= number <= _MOST_PARTS:
            raise InvalidInputError(f"A part's number is 1 to {_MOST_PARTS}, not {number}.")
        part = self._upload(upload_id) / str(number)
        with _translated(part.name):
            unfinished = part.with_suffix(f".{secrets.token_hex(4)}")
            try:
                with unfinished.open("wb") as file:
                    yield file
                unfinished.replace(part)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise

    def end_upload(self, upload_id: str, path: str, etags: Sequence[tuple[int, str]]) -> None:
        """Put the parts together in the order of their numbers.

        Args:
            upload_id: of ``begin_upload``.
            path: where the whole goes.
            etags: number and MD5, in hex, of each part.

        Raises:
            InvalidInputError: a part is missing or not what its sender says.
        """
        folder = self._upload(upload_id)
        with self.writing(path) as whole:
            for number, etag in sorted(etags):
                part = folder / str(number)
                if not part.is_file():
                    raise InvalidInputError(f"Part {number} of the upload is missing. Send it.")
                if md5(part) != etag.strip('"'):
                    raise InvalidInputError(f"Part {number} of the upload is damaged. Send it.")
                with part.open("rb") as source:
                    shutil.copyfileobj(source, whole, _BLOCK)
        shutil.rmtree(folder, ignore_errors=True)

    def abort_upload(self, upload_id: str) -> None:
        """Forget an upload's parts."""
        shutil.rmtree(self._upload(upload_id), ignore_errors=True)

    def _upload(self, upload_id: str) -> Path:
        folder = self._root / UPLOADS / upload_id
        if not re.fullmatch("[0-9a-f]{32}", upload_id) or not folder.is_dir():
            raise NotFoundError("There is no such upload. It may have been aborted: start again.")
        return folder

    def _uploads(self) -> Path:
        folder = self._root / UPLOADS
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _forget_stale_uploads(self) -> None:
        oldest = time.time() - _STALE_SECONDS
        for entry in self._uploads().iterdir():
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def _blocks(self, path: str) -> Iterator[bytes]:
        with self._place.open(path) as file:
            while block := file.read(_BLOCK):
                yield block

    def _target(self, path: str) -> str:
        target = "/".join(parts_of(path))
        if not target:
            raise InvalidInputError("Give the name of a file.")
        self._place.check(target)
        return target


def parts_of(path: str) -> list[str]:
    """Return the names in an artifact's path.

    Raises:
        ForbiddenPathError: it could be read as leading somewhere else, encoded forms included.
        InvalidInputError: a name is too long.
    """
    seen = path
    for _ in range(5):  # as often as a client may have encoded it
        names = seen.split("/")
        if (
            seen.startswith("/")
            or re.search(r"[\\\x00-\x1f]|^[A-Za-z]:", seen)
            or any(name in {".", ".."} for name in names)
            or names[0] == UPLOADS
        ):
            raise ForbiddenPathError(f"The path {path!r} is not allowed for artifacts.", path=path)
        if unquote(seen) == seen:
            break
        seen = unquote(seen)
    names = [name for name in path.split("/") if name]
    if any(len(name.encode(errors="surrogateescape")) > _NAME_BYTES for name in names):
        raise InvalidInputError(f"A name of a file has at most {_NAME_BYTES} bytes.")
    return names


def location(uri: str) -> str:
    """Return the path in the artifact store that a URI of ours names.

    Raises:
        InvalidInputError: the artifacts are kept elsewhere.
    """
    if not uri.startswith(SCHEME):
        raise InvalidInputError(
            f"The artifacts are at {uri}, where this server does not look. Use MLflow's client."
        )
    path = uri.removeprefix(SCHEME)
    if path.startswith("//"):  # a host, which is ours
        path = path[2:].partition("/")[2]
    return path.strip("/")


def md5(file: Path) -> str:
    """Return the MD5 of a file in hex: a checksum of parts, as S3's, not a signature."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@contextmanager
def _translated(target: str) -> Iterator[None]:
    try:
        yield
    except (NotADirectoryError, FileExistsError) as error:
        raise InvalidInputError(
            f"{target!r} cannot be written: a file stands where a folder would have to be."
        ) from error
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        advice = "The disk is full. Free some space" if full else f"{error.strerror}. Look into it"
        raise StoreUnavailableError(
            f"The artifact {target!r} cannot be written: {advice} and try again."
        ) from error
