"""The files of runs and logged models: a tree of plain folders, streamed in and out.

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

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEME = "mlflow-artifacts:"
_UPLOADS = ".uploads"
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
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def list(self, path: str) -> list[FileInfo]:
        """Return what is directly in a folder, sorted; nothing if there is no such folder.

        Raises:
            ForbiddenPathError: the path leads out of the tree.
        """
        folder = self._resolve(path)
        if not folder.is_dir():
            return []
        with os.scandir(folder) as entries:
            found = [
                FileInfo(
                    f"{path.strip('/')}/{entry.name}".lstrip("/"),
                    entry.is_dir(),
                    None if entry.is_dir() else entry.stat().st_size,
                )
                for entry in entries
                if entry.name != _UPLOADS and not entry.is_symlink()
            ]
        return sorted(found)

    def read(self, path: str) -> tuple[int, Iterator[bytes]]:
        """Return a file's size and its content in blocks.

        Raises:
            ForbiddenPathError: the path leads out of the tree.
            NotFoundError: there is no such file.
        """
        found = self._resolve(path)
        if not found.is_file():
            raise NotFoundError(f"There is no artifact {path!r}.", path=path)
        return found.stat().st_size, _blocks(found)

    def folder(self, path: str) -> Path | None:
        """Return where a folder is, None if there is none."""
        found = self._resolve(path)
        return found if found.is_dir() else None

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
            uploads = self._uploads()
            handle, name = tempfile.mkstemp(dir=uploads)
            try:
                with os.fdopen(handle, "wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                target.parent.mkdir(parents=True, exist_ok=True)
                Path(name).replace(target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    def delete(self, path: str) -> None:
        """Remove a file or a folder with all in it; nothing to remove is no error."""
        target = self._resolve(path)
        if target == self._root.resolve():
            raise InvalidInputError("Say which artifacts to delete.")
        with _translated(target):
            if target.is_dir():
                shutil.rmtree(target)
            else:
                target.unlink(missing_ok=True)

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
        with _translated(part):
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
        folder = self._root / _UPLOADS / upload_id
        if not re.fullmatch("[0-9a-f]{32}", upload_id) or not folder.is_dir():
            raise NotFoundError("There is no such upload. It may have been aborted: start again.")
        return folder

    def _uploads(self) -> Path:
        folder = self._root / _UPLOADS
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _forget_stale_uploads(self) -> None:
        oldest = time.time() - _STALE_SECONDS
        for entry in self._uploads().iterdir():
            if entry.stat().st_mtime < oldest:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def _target(self, path: str) -> Path:
        target = self._resolve(path)
        if target == self._root.resolve() or target.is_dir():
            raise InvalidInputError(f"{path!r} is a folder; give the name of a file.")
        return target

    def _resolve(self, path: str) -> Path:
        root = self._root.resolve()
        target = root.joinpath(*parts_of(path))
        if not target.resolve().is_relative_to(root):
            raise ForbiddenPathError(f"The path {path!r} leads out of the artifacts.", path=path)
        return target


def _blocks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            yield block


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
            or names[0] == _UPLOADS
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
def _translated(target: Path) -> Iterator[None]:
    try:
        yield
    except (NotADirectoryError, FileExistsError) as error:
        raise InvalidInputError(
            f"{target.name!r} cannot be written: a file stands where a folder would have to be."
        ) from error
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        advice = "The disk is full. Free some space" if full else f"{error.strerror}. Look into it"
        raise StoreUnavailableError(
            f"The artifact {target.name!r} cannot be written: {advice} and try again."
        ) from error
