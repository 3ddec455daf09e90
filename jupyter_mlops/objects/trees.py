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
    from collections.abc import Iterable, Iterator, Sequence

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


def list_files(folder: Path, most: int = MOST_FILES) -> list[Found]:
    """Return the files below ``folder``, sorted by their path in the tree.

    Links are followed while they stay in the folder.

    Raises:
        NotFoundError: there is no such folder, or a link leads to nothing.
        ForbiddenPathError: a link leads out of the folder.
        InvalidInputError: something is neither file nor folder, links go in a circle, or there
            are more than ``most`` files.
    """
    with reading(folder):
        root = folder.resolve(strict=True)
    found = []
    for file in _list(os.path.abspath(folder), "", root, (root,)):
        found.append(file)
        if len(found) > most:
            raise InvalidInputError(
                f"{folder} has more than {most:,} files. Name a smaller folder in it, or put the "
                "files into an archive.",
                path=str(folder),
            )
    found.sort()
    return found


def named_files(folder: Path, names: Iterable[str]) -> list[Found]:
    """Return files below ``folder`` by their paths in it, sorted; links are followed.

    Raises:
        NotFoundError, InvalidInputError: one of them cannot be read, or is no file.
    """
    found = []
    for name in sorted(names):
        path = os.path.join(os.path.abspath(folder), name)
        with reading(path):
            status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError(f"{path} is not a regular file.", path=path)
        found.append(Found.of(name, path, status))
    return found


def fingerprint(files: Iterable[Found]) -> str:
    """Return a digest of all that would show a change of any of the files."""
    hasher = blake3()
    for name, _, file, executable in files:
        hasher.update(name.encode())
        hasher.update(_MARK.pack(*file, executable))
    return hasher.hexdigest()


def _list(folder: str, prefix: str, root: Path, ancestors: tuple[Path, ...]) -> Iterator[Found]:
    with reading(folder), os.scandir(folder) as scan:
        children = list(scan)
    for child in children:
        name = prefix + (child.name if child.name.isascii() else _text(child))
        linked = child.is_symlink()
        real = _target(child.path, root) if linked else None
        if child.is_dir():
            real = real or ancestors[-1] / child.name
            if real in ancestors:
                raise InvalidInputError(
                    f"{child.path} is a link that goes in a circle.", path=child.path
                )
            yield from _list(child.path, f"{name}/", root, (*ancestors, real))
            continue
        try:
            status = child.stat()
        except OSError as error:
            raise unreadable(child.path, error) from error
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInputError(
                f"{child.path} is neither a file nor a folder.", path=child.path
            )
        yield Found.of(name, child.path, status)


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
