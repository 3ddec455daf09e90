"""All files that clients reach as artifacts: those of runs, and those of registered versions.

``registered/<object id>/…`` is a version's folder as the object store keeps it, and read only;
everything else is in the artifact store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import ForbiddenPathError, NotFoundError
from .artifacts import ArtifactStore, FileInfo, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import IO

    from ..objects.manager import ObjectManager

REGISTERED = "registered"


class Files:
    """The artifacts of one store."""

    def __init__(self, artifacts: ArtifactStore, objects: ObjectManager) -> None:
        self.artifacts = artifacts
        self._objects = objects

    def list(self, path: str) -> list[FileInfo]:
        """Return what is directly in a folder, sorted."""
        names = parts_of(path)
        if names[:1] != [REGISTERED]:
            return self.artifacts.list(path)
        if len(names) == 1:
            return []
        found: dict[str, FileInfo] = {}
        inside = "".join(f"{name}/" for name in names[2:])
        for entry in self._objects.tree(names[1]).entries:
            if entry.path.startswith(inside):
                name, _, deeper = entry.path.removeprefix(inside).partition("/")
                whole = "/".join([*names, name])
                found[name] = FileInfo(whole, bool(deeper), None if deeper else entry.size)
        return sorted(found.values())

    def read(self, path: str) -> tuple[int, Iterator[bytes]]:
        """Return a file's size and its content in blocks."""
        names = parts_of(path)
        if names[:1] != [REGISTERED]:
            return self.artifacts.read(path)
        inside = "/".join(names[2:])
        for entry in self._objects.tree(names[1]).entries if inside else ():
            if entry.path == inside:
                return entry.size, self._objects.chunks(entry.object_id)
        raise NotFoundError(f"There is no artifact {path!r}.", path=path)

    def writing(self, path: str) -> AbstractContextManager[IO[bytes]]:
        """Give a file to write; it stands at ``path`` after the block, or not at all."""
        return self.artifacts.writing(self._writable(path))

    def delete(self, path: str) -> None:
        """Remove a file or a folder with all in it."""
        self.artifacts.delete(self._writable(path))

    def begin_upload(self, path: str, parts: int) -> str:
        """Return the id of an upload in parts to ``path``."""
        return self.artifacts.begin_upload(self._writable(path), parts)

    def _writable(self, path: str) -> str:
        if parts_of(path)[:1] == [REGISTERED]:
            raise ForbiddenPathError("The files of a registered version never change.", path=path)
        return path
