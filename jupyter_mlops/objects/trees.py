"""What is in a folder: its files, and what would show that one of them has changed."""

from __future__ import annotations

import os
import stat
from array import array
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from blake3 import blake3

from ..core.errors import ForbiddenPathError, InvalidInputError
from .files import SIGNED, Fingerprint, check_regular, reading, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_FILES = 250_000
"""A folder of more files is refused: it would hold up everything else."""

_EXECUTABLE = stat.S_IXUSR
_MARK = Struct("<5q?")
# of packed lines; begins as no number of files would, which is what they began with once
_HEADER = Struct("<4sI")
_LAYOUT = b"LNS2"


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
        with reading(path):
            status = os.stat(path)
        check_regular(path, status)
        return cls(path, Fingerprint.of(status))


class Listing:
    """The files of a folder, a line of bytes each, which is little to make and to keep.

    A line is the file's path in the folder and a mark: its fingerprint, and whether it is
    executable. Objects are made only of those that have changed.
    """

    def __init__(self, folder: Path) -> None:
        self.size_bytes = 0
        self._prefix = os.path.join(os.path.abspath(folder), "")
        self._lines: list[bytes] = []

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self._lines)

    def add(self, name: str, status: os.stat_result) -> None:
        """Add a file by its path in the folder.

        Raises:
            InvalidInputError: its path is no text, or it is no regular file.
        """
        mode, size = status.st_mode, status.st_size
        if not stat.S_ISREG(mode):
            raise InvalidInputError(
                f"{self._prefix}{name} is neither a file nor a folder.", path=self._prefix + name
            )
        try:
            path = name.encode()
        except UnicodeEncodeError as error:
            raise InvalidInputError(
                f"The name {name!a} is not UTF-8. Rename the file and try again."
            ) from error
        # as ``facts`` does, without a call and a tuple for each of many files
        mark = _MARK.pack(
            status.st_dev & SIGNED,
            status.st_ino & SIGNED,
            size,
            status.st_mtime_ns,
            status.st_ctime_ns,
            mode & _EXECUTABLE != 0,
        )
        self._lines.append(path + b"\0" + mark)
        self.size_bytes += size

    def lines(self) -> list[bytes]:
        """Return the lines, sorted by the files' paths in the folder."""
        self._lines.sort()
        return self._lines

    def fingerprint(self) -> str:
        """Return a digest of all that would show a change of any of the files."""
        return blake3(b"".join(self.lines())).hexdigest()

    def found(self, line: bytes) -> Found:
        """Return the file of a line."""
        mark = _MARK.unpack_from(line, len(line) - _MARK.size)
        return Found(self._prefix + name_of(line), Fingerprint(*mark[:-1]))


def is_executable(line: bytes) -> bool:
    """Tell whether the file of a line is executable."""
    return line[-1] == 1


def name_of(line: bytes) -> str:
    """Return the path of the file of a line, in its folder."""
    return line[: -_MARK.size - 1].decode()


def pack_lines(lines: Sequence[bytes]) -> bytes:
    """Return lines in one piece, for ``unpack_lines``."""
    ends = array("I", accumulate(map(len, lines)))
    return b"".join([_HEADER.pack(_LAYOUT, len(lines)), ends.tobytes(), *lines])


def unpack_lines(packed: bytes) -> list[bytes]:
    """Return the lines again; none where they are in another layout."""
    layout, count = _HEADER.unpack_from(packed)
    if layout != _LAYOUT:
        return []
    ends = array("I")
    begin = _HEADER.size + count * ends.itemsize
    ends.frombytes(packed[_HEADER.size : begin])
    return [packed[begin + start : begin + end] for start, end in pairwise([0, *ends])]


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
    found = Listing(folder)
    _list(found, os.path.abspath(folder), "", root, (root,), most)
    return found


def listed(folder: Path, files: Iterable[tuple[str, os.stat_result]]) -> Listing:
    """Return files of ``folder`` that somebody else has listed, by their paths in it."""
    found = Listing(folder)
    for name, status in files:
        found.add(name, status)
    return found


def _list(
    found: Listing, folder: str, prefix: str, root: Path, ancestors: tuple[Path, ...], most: int
) -> None:
    folders = []
    with reading(folder), _scan(folder) as scan:
        for child in scan:
            if not child.is_file(follow_symlinks=False):
                path = os.path.join(folder, child.name)
                if real := _real_folder(child, path, root, ancestors):
                    folders.append((path, f"{prefix}{child.name}/", real))
                    continue
            try:
                found.add(prefix + child.name, child.stat())
            except OSError as error:
                raise unreadable(os.path.join(folder, child.name), error) from error
            if found.count > most:
                raise InvalidInputError(
                    f"{folder} has more than {most:,} files, with those in folders before it. "
                    "Name a smaller folder, or put the files into an archive.",
                    path=folder,
                )
    for path, inside, real in folders:
        _list(found, path, inside, root, (*ancestors, real), most)


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


def _target(link: str, root: Path) -> Path:
    with reading(link):
        target = Path(link).resolve(strict=True)
    if not target.is_relative_to(root):
        raise ForbiddenPathError(
            f"{link} is a link that leads out of the folder. Copy what it points to.", path=link
        )
    return target
