"""The versions of a path, also of a file in folders that are data, and which of them is meant."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ..core.errors import ConflictError, InvalidInputError, NotFoundError
from ..snapshots.erased import said
from . import store
from .schemas import DataVersion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row

    from ..core.database import Database
    from ..objects.manager import ObjectManager
    from ..objects.schemas import TreeEntry

LATEST = "@latest"
_SHORTEST_PREFIX = 6
_MOST_SNAPSHOTS = 100
_HOW = (
    f"A version is {LATEST}, the first digits (six at least) of its digest or of the id of a "
    "snapshot that names it, or the tag of one."
)


class Versions:
    """The contents that paths had, as the snapshots of one store tell."""

    def __init__(self, database: Database, objects: ObjectManager) -> None:
        self._database = database
        self._objects = objects

    def all(self, path: str) -> list[DataVersion]:
        """Return the contents that a path had, the newest first.

        A file that no snapshot names by itself is looked for in folders that some do.

        Raises:
            NotFoundError: no snapshot names it.
        """
        with self._database.read() as connection:
            rows = store.versions(connection, path)
            if not rows and not store.newest(connection, [path]):
                inside = self._inside(connection, path)
                if not inside:
                    raise NotFoundError(f"No snapshot names {path}.", path=path)
                return self._told(inside)
        return self._told([_version(row) for row in rows])

    def one(self, path: str, version: str | None = None) -> DataVersion:
        """Return the content of a path that ``version`` names, the newest if None.

        Args:
            path: as snapshots name it.
            version: ``@latest``, a digest or a snapshot's id, or the first digits of one, or the
                tag of a snapshot; of several with the tag, the newest that names the path.

        Raises:
            NotFoundError, ConflictError: there is none such, or several.
        """
        items = self.all(path)
        if version in {None, LATEST}:
            if not items:
                raise NotFoundError(f"{path} has no version whose content was read.", path=path)
            return items[0]
        name = str(version)
        found = [item for item in items if item.digest.startswith(name)]
        if len(name) < _SHORTEST_PREFIX or not found:
            digest = self._in_snapshot(path, name)
            found = [item for item in items if item.digest == digest]
        if not found:
            raise NotFoundError(f"{path} has no version {name}. {_HOW}", path=path)
        if len(found) > 1:
            raise ConflictError(f"Several versions start with {name}. Give more digits.")
        return found[0]

    def places(self, path: str, digest: str) -> list[tuple[str, str]]:
        """Return the paths and contents by which snapshots name a content: itself, or folders."""
        with self._database.read() as connection:
            if store.one_use(connection, path, digest):
                return [(path, digest)]
            return [
                (folder, row.digest)
                for folder, inside in _above(path)
                for row in store.versions(connection, folder)
                if row.kind == "folder"
                and (entry := self._entry(row.digest, inside))
                and entry.object_id == digest
            ]

    def _in_snapshot(self, path: str, name: str) -> str | None:
        """Return what a path held in the newest snapshot that has a tag, or an id with a start."""
        with self._database.read() as connection:
            prefix = name if len(name) >= _SHORTEST_PREFIX else None
            for snapshot_id in store.named(connection, name, prefix, _MOST_SNAPSHOTS):
                uses = store.in_snapshot(connection, snapshot_id)
                if path in uses:
                    return str(uses[path].digest)
                for folder, inside in _above(path):
                    if folder in uses and (entry := self._entry(uses[folder].digest, inside)):
                        return entry.object_id
        return None

    def _inside(self, connection: Connection, path: str) -> list[DataVersion]:
        """Return the versions of a file that folders had which snapshots name."""
        found: dict[str, DataVersion] = {}
        for folder, inside in _above(path):
            for row in store.versions(connection, folder):
                if row.kind == "folder" and (entry := self._entry(row.digest, inside)):
                    facts = {"digest": entry.object_id, "size": entry.size, "kind": "file"}
                    version = _version(row).model_copy(update=facts)
                    known = found.get(entry.object_id)
                    found[entry.object_id] = _joined(known, version) if known else version
        return list(found.values())

    def _entry(self, folder: str | None, name: str) -> TreeEntry | None:
        """Return a file of a stored folder, None where there is none or the folder is not kept."""
        with suppress(NotFoundError, InvalidInputError):
            entries = self._objects.tree(folder or "").entries
            return next((entry for entry in entries if entry.path == name), None)
        return None

    def _told(self, versions: Sequence[DataVersion]) -> list[DataVersion]:
        """Return versions that say whether the store has them, and if not, why."""
        digests = [version.digest for version in versions]
        missing, erased = self._objects.missing(digests), self._objects.erased(digests)
        return [
            version.model_copy(
                update={
                    "kept": version.digest not in missing,
                    "note": said(erased[version.digest]) if version.digest in erased else None,
                }
            )
            for version in versions
        ]


def _above(path: str) -> Iterator[tuple[str, str]]:
    """Give the folders above a path, nearest first, and what the path is in each."""
    place = PurePosixPath(path)
    return ((str(folder), str(place.relative_to(folder))) for folder in place.parents)


def _version(row: Row[Any]) -> DataVersion:
    return DataVersion(
        digest=row.digest, kind=row.kind, size=row.size, kept=True, **store.seen(row)
    )


def _joined(one: DataVersion, other: DataVersion) -> DataVersion:
    """Return what is known of a content that two versions of a folder have."""
    return one.model_copy(
        update={
            "snapshots": one.snapshots + other.snapshots,
            "first_seen": min(one.first_seen, other.first_seen),
            "last_seen": max(one.last_seen, other.last_seen),
        }
    )
