"""What is in a folder: its files, and what would show that one of them has changed."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple

from blake3 import blake3

from ..core.errors import ForbiddenPathError, InvalidInputError
from .files import Fingerprint, check_regular, reading, unreadable
from .lines import Pieces, fingerprint_of, line_of, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_FILES = 250_000
"""A folder of more files is refused: it would hold up everything else."""


class Found(NamedTuple):
    """A file of a folder: its absolute path, and what its status says."""

    path: str
    fingerprint: Fingerprint

    @classmethod
    def of(cls, path: str) -> Found:
        """Look at a file.

        Raises:
            NotFoundError: nothing is there.
            InvalidInputError: it is no regular file, or cannot be looked at.
        """
        return cls(path, Fingerprint.of(_status(path)))


class Listing:
    """The files of a folder, a line of bytes each, which is little to make and to keep.

    Objects are made only of those that have changed.

    Args:
        folder: where they are.
        found: the line of each, see ``lines``.
        size_bytes: how large they are together.
    """

    def __init__(self, folder: Path, found: list[bytes], size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._prefix = os.path.join(os.path.abspath(folder), "")
        self._lines = Pieces.of(sorted(found))

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self._lines)

    def lines(self) -> Pieces:
        """Return the lines of all files, sorted by the files' paths in the folder."""
        return self._lines

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that would show a change of any of the files."""
        return blake3(self._lines.body).hexdigest()

    def found(self, line: bytes) -> Found:
        """Return the file of a line."""
        return Found(self._prefix + name_of(line).decode(), fingerprint_of(line))


def list_files(folder: Path, most: int = MOST_FILES) -> Listing:
    """Return the files below ``folder``.

    Links are followed while they stay in the folder.

    Raises:
        NotFoundError: there is no such folder, or a link leads to nothing.
        ForbiddenPathError: a link leads out of the folder.
        InvalidInputError: something is neither file nor folder, links go in a circle, or there
            are more than ``most`` files.
    """
    with reading(folder):
        root = folder.resolve(strict=True)
    found: list[bytes] = []
    size_bytes = _list(found, os.path.abspath(folder), "", root, (root,), most)
    return Listing(folder, found, size_bytes)


def listed(folder: Path, files: Iterable[tuple[str, os.stat_result]]) -> Listing:
    """Return files of ``folder`` that somebody else has listed, by their paths in it.

    Raises:
        InvalidInputError: one of them is no regular file, or its path is no text.
    """
    found, size_bytes = [], 0
    for name, status in files:
        check_regular(os.path.join(folder, name), status)
        found.append(line_of(name, status))
        size_bytes += status.st_size
    return Listing(folder, found, size_bytes)


def _list(
    found: list[bytes], folder: str, prefix: str, root: Path, ancestors: tuple[Path, ...], most: int
) -> int:
    """Append the lines of the files below ``folder``, and return how large those are."""
    size_bytes = 0
    folders = []
    with reading(folder), _scan(folder) as scan:
        for child in scan:
            try:
                status = child.stat(follow_symlinks=False)
            except OSError as error:
                raise unreadable(os.path.join(folder, child.name), error) from error
            if not S_ISREG(status.st_mode):
                path = os.path.join(folder, child.name)
                if real := _real_folder(child, path, root, ancestors):
                    folders.append((path, f"{prefix}{child.name}/", real))
                    continue
                status = _status(path)
            found.append(line_of(prefix + child.name, status))
            size_bytes += status.st_size
            if len(found) > most:
                raise InvalidInputError(
                    f"{folder} has more than {most:,} files, with those in folders before it. "
                    "Name a smaller folder, or put the files into an archive.",
                    path=folder,
                )
    for path, inside, real in folders:
        size_bytes += _list(found, path, inside, root, (*ancestors, real), most)
    return size_bytes


@contextmanager
def _scan(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """Give what is in a folder, by names in it: those are found sooner than whole paths."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        with os.scandir(descriptor) as scan:
            yield scan
    finally:
        os.close(descriptor)


def _real_folder(
    child: os.DirEntry[str], path: str, root: Path, ancestors: tuple[Path, ...]
) -> Path | None:
    """Return where a folder is, None for what is none; refuse a link that leads out of ``root``."""
    real = _target(path, root) if child.is_symlink() else ancestors[-1] / child.name
    if not child.is_dir():
        return None
    if real in ancestors:
        raise InvalidInputError(f"{path} is a link that goes in a circle.", path=path)
    return real


def _status(path: str) -> os.stat_result:
    with reading(path):
        status = os.stat(path)
    check_regular(path, status)
    return status


def _target(link: str, root: Path) -> Path:
    with reading(link):
        target = Path(link).resolve(strict=True)
    if not target.is_relative_to(root):
        raise ForbiddenPathError(
            f"{link} is a link that leads out of the folder. Copy what it points to.", path=link
        )
    return target
