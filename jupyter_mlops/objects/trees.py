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
from .files import Fingerprint, reading, unreadable
from .schemas import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_FILES = 250_000
"""A folder of more files is refused: it would hold up everything else."""

_MARK = Struct("<5q?")


class Found(NamedTuple):
    """A file of a folder: its path in the tree, its absolute one, and what its status says."""

    name: str
    path: str
    fingerprint: Fingerprint
    executable: bool

    @classmethod
    def of(cls, name: str, path: str, status: os.stat_result) -> Found:
        """Take from a file's status what matters."""
        executable = bool(status.st_mode & stat.S_IXUSR)
        return cls(name, path, Fingerprint.of(status), executable)


class Listing:
    """The files of a folder, a line of bytes each, which is little to make and to keep.

    Objects are made of the lines only where the folder has changed.
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

    def fingerprint(self) -> str:
        """Return a digest of all that would show a change of any of the files."""
        self._lines.sort()
        return blake3(b"".join(self._lines)).hexdigest()

    def files(self) -> list[Found]:
        """Return the files, sorted by their paths in the folder."""
        return [self._found(line) for line in sorted(self._lines)]

    def _found(self, line: bytes) -> Found:
        name = line[: -_MARK.size - 1].decode()
        *facts, executable = _MARK.unpack(line[-_MARK.size :])
        return Found(name, self._prefix + name, Fingerprint(*facts), executable)


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


def named_files(folder: Path, names: Iterable[str]) -> Listing:
    """Return files below ``folder`` by their paths in it; links are followed.

    Raises:
        NotFoundError, InvalidInputError: one of them cannot be read, or is no file.
    """
    found = Listing(folder)
    for name in names:
        path = os.path.join(os.path.abspath(folder), name)
        with reading(path):
            status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError(f"{path} is not a regular file.", path=path)
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


def encode(files: Sequence[Found], read: Sequence[tuple[str, int]]) -> bytes:
    """Return the canonical document: the same files always give the same bytes.

    Args:
        files: as ``list_files`` gave them.
        read: the digest and size in bytes of each.
    """
    entries = [
        {"executable": file.executable, "object_id": digest, "path": file.name, "size": size}
        for file, (digest, size) in zip(files, read, strict=True)
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
