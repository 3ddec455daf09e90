"""Folders as objects: listing them, the canonical document, and refusing paths that escape."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ..core.errors import ForbiddenPathError, InvalidInputError
from .files import reading
from .schemas import Tree, TreeEntry

if TYPE_CHECKING:
    from collections.abc import Iterator


def list_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the files below ``folder`` as (path in the tree, path on disk).

    Links are followed while they stay in the folder.

    Raises:
        NotFoundError: there is no such folder, or a link leads to nothing.
        ForbiddenPathError: a link leads out of the folder.
        InvalidInputError: something is neither file nor folder, or links go in a circle.
    """
    with reading(folder):
        root = folder.resolve(strict=True)
    yield from _list(folder, "", root, (root,))


def _list(
    folder: Path, prefix: str, root: Path, ancestors: tuple[Path, ...]
) -> Iterator[tuple[str, Path]]:
    with reading(folder), os.scandir(folder) as scan:
        children = sorted(scan, key=lambda child: child.name)
    for child in children:
        path, name = Path(child.path), prefix + _text(child)
        real = _target(path, root) if child.is_symlink() else ancestors[-1] / child.name
        if child.is_dir():
            if real in ancestors:
                raise InvalidInputError(f"{path} is a link that goes in a circle.", path=str(path))
            yield from _list(path, name + "/", root, (*ancestors, real))
        elif child.is_file():
            yield name, path
        else:
            raise InvalidInputError(f"{path} is neither a file nor a folder.", path=str(path))


def _text(child: os.DirEntry[str]) -> str:
    try:
        child.name.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"The name {child.name!a} is not UTF-8. Rename the file and try again."
        ) from error
    return child.name


def _target(link: Path, root: Path) -> Path:
    with reading(link):
        target = link.resolve(strict=True)
    if not target.is_relative_to(root):
        raise ForbiddenPathError(
            f"{link} is a link that leads out of the folder. Copy what it points to.",
            path=str(link),
        )
    return target


def encode(entries: list[TreeEntry]) -> bytes:
    """Return the canonical document: the same files always give the same bytes."""
    tree = Tree(entries=sorted(entries, key=lambda entry: entry.path))
    document = tree.model_dump(mode="json")
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


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
