"""Folders as objects: listing them, the canonical document, and refusing paths that escape."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

import orjson
from blake3 import blake3
from pydantic import ValidationError

from ..core.errors import ForbiddenPathError, InvalidInputError
from .files import Fingerprint, check_regular, reading, unreadable
from .schemas import Tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

MOST_FILES = 250_000
"""A folder of more files is refused: it would hold up everything else."""

_MARK = Struct("<5q?")
_COUNT = Struct("<q")
_DIGEST = 32  # bytes


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

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, name: str, status: os.stat_result) -> None:
        """Add a file by its path in the folder."""
        executable = bool(status.st_mode & stat.S_IXUSR)
        mark = _MARK.pack(*Fingerprint.of(status), executable)
        self._lines.append(name.encode() + b"\0" + mark)
        self.size_bytes += status.st_size

    def lines(self) -> list[bytes]:
        """Return the lines, sorted by the files' paths in the folder."""
        self._lines.sort()
        return self._lines

    def fingerprint(self) -> str:
        """Return a digest of all that would show a change of any of the files."""
        return blake3(b"".join(self.lines())).hexdigest()

    def found(self, line: bytes) -> Found:
        """Return the file of a line."""
        facts = _MARK.unpack_from(line, len(line) - _MARK.size)
        return Found(self._prefix + line[: -_MARK.size - 1].decode(), Fingerprint(*facts[:-1]))


def pack_lines(
    lines: Sequence[bytes], read: Sequence[tuple[str, int]], without: Collection[bytes]
) -> bytes:
    """Return lines and what their files held, for ``unpack_lines``.

    Args:
        lines: as ``Listing`` gives them.
        read: the digest and size in bytes of each.
        without: lines that are left out.
    """
    kept = [
        (line, digest) for line, (digest, _) in zip(lines, read, strict=True) if line not in without
    ]
    marks = [line[-_MARK.size :] for line, _ in kept]
    digests = bytes.fromhex("".join([digest for _, digest in kept]))
    names = b"\0".join([line[: -_MARK.size - 1] for line, _ in kept])
    return b"".join([_COUNT.pack(len(kept)), *marks, digests, names])


def unpack_lines(packed: bytes) -> dict[bytes, tuple[str, int]]:
    """Return the digest and size in bytes of each file, by line."""
    (count,) = _COUNT.unpack_from(packed)
    marks_end = _COUNT.size + count * _MARK.size
    names_start = marks_end + count * _DIGEST
    marks = packed[_COUNT.size : marks_end]
    digests = packed[marks_end:names_start].hex()
    names = packed[names_start:].split(b"\0")
    return {
        name + b"\0" + marks[mark : mark + _MARK.size]: (digests[start : start + 2 * _DIGEST], size)
        for name, mark, start, (_, _, size, _, _, _) in zip(
            names,
            range(0, len(marks), _MARK.size),
            range(0, len(digests), 2 * _DIGEST),
            _MARK.iter_unpack(marks),
            strict=False,  # no name is one empty name to ``split``
        )
    }


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
    with reading(folder), os.scandir(folder) as scan:
        children = list(scan)
    for child in children:
        name = prefix + (child.name if child.name.isascii() else _text(child))
        real = _target(child.path, root) if child.is_symlink() else None
        if child.is_dir():
            real = real or ancestors[-1] / child.name
            if real in ancestors:
                raise InvalidInputError(
                    f"{child.path} is a link that goes in a circle.", path=child.path
                )
            _list(found, child.path, f"{name}/", root, (*ancestors, real), most)
            continue
        try:
            status = child.stat()
        except OSError as error:
            raise unreadable(child.path, error) from error
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError(
                f"{child.path} is neither a file nor a folder.", path=child.path
            )
        found.add(name, status)
        if len(found) > most:
            raise InvalidInputError(
                f"{folder} has more than {most:,} files, with those in folders before it. Name a "
                "smaller folder, or put the files into an archive.",
                path=folder,
            )


def _text(child: os.DirEntry[str]) -> str:
    try:
        child.name.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"The name {child.name!a} is not UTF-8. Rename the file and try again."
        ) from error
    return child.name


def _target(link: str, root: Path) -> Path:
    with reading(link):
        target = Path(link).resolve(strict=True)
    if not target.is_relative_to(root):
        raise ForbiddenPathError(
            f"{link} is a link that leads out of the folder. Copy what it points to.", path=link
        )
    return target


def encode(lines: Sequence[bytes], read: Sequence[tuple[str, int]]) -> bytes:
    """Return the canonical document: the same files always give the same bytes.

    Args:
        lines: as ``Listing`` gives them.
        read: the digest and size in bytes of each.
    """
    entries = [
        {
            "executable": line[-1] == 1,
            "object_id": digest,
            "path": line[: -_MARK.size - 1].decode(),
            "size": size,
        }
        for line, (digest, size) in zip(lines, read, strict=True)
    ]
    return orjson.dumps({"entries": entries, "kind": "tree", "version": 1})


def decode(data: bytes, object_id: str) -> Tree:
    """Read a tree document.

    Raises:
        InvalidInputError: the object is no tree.
        ForbiddenPathError: an entry would be written outside the tree's folder.
    """
    try:
        tree = Tree.model_validate_json(data)
    except ValidationError as error:
        raise InvalidInputError(
            f"Object {object_id[:12]}… is not a folder.", object_id=object_id
        ) from error
    for entry in tree.entries:
        parts = PurePosixPath(entry.path).parts
        if "/".join(parts) != entry.path or ".." in parts or "\0" in entry.path:
            raise ForbiddenPathError(
                f"The path {entry.path!r} leads out of the folder.", path=entry.path
            )
    return tree
