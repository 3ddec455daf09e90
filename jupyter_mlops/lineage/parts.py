"""Pieces of data, and which of them are parts of others.

Files may be written one by one into a folder that is read as a whole, or the other way round.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy import Row

    from ..objects.manager import ObjectManager
    from .folders import FolderMemory


class Datum(NamedTuple):
    """A datum as it was used; ``whole`` is of a folder."""

    path: str
    kind: str | None
    digest: str | None
    size: int | None = None
    whole: bool | None = None

    @classmethod
    def of(cls, use: Row[Any]) -> Datum:
        """Return it as a row tells of it."""
        return cls(use.path, use.kind, use.digest, use.size, use.whole)


class Parts:
    """Knows the files of folders that were stored."""

    def __init__(self, objects: ObjectManager, memory: FolderMemory) -> None:
        self._objects = objects
        self._memory = memory

    def hold(self, folder: Datum, part: Datum) -> bool:
        """Tell whether a datum is one of the files of a folder that were used, or some of them.

        Where it is not known which these were, every file in the folder is one.
        """
        if folder.kind not in {"folder", None} or not lies_in(part.path, folder.path):
            return False
        if folder.whole is not False or folder.digest is None:
            return True
        names = self._memory.stored_names(self._objects, folder.digest)
        name = part.path[len(folder.path) + 1 :]
        if names is None or name in names:
            return True
        return part.kind == "folder" and any(one.startswith(f"{name}/") for one in names)


def lies_in(path: str, folder: str) -> bool:
    """Tell whether a path is below another one."""
    return path.startswith(f"{folder}/")


def folders_above(path: str) -> list[str]:
    """Return the folders that a path lies in."""
    return [str(one) for one in PurePosixPath(path).parents if one.name]
