"""Which objects snapshots need, so that nothing of them is removed, and what is lost is found."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import sqlalchemy as sa

from ..core.errors import MLOpsError, NotFoundError
from ..snapshots.schemas import Manifest
from ..snapshots.tables import receipts, snapshot_marks, snapshots
from .retention import Retention, Taken

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from ..core.database import Database
    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import FileUse

_ID = re.compile("[0-9a-f]{64}")


class Needed(NamedTuple):
    """What must stay, and the data whose time is over, by object with its paths."""

    live: set[str]
    expired: dict[str, list[str]]


class SnapshotNeeds:
    """What the snapshots of one store need of its objects."""

    def __init__(self, database: Database, objects: ObjectManager) -> None:
        self._database = database
        self._objects = objects

    def references(self) -> Iterator[tuple[str, set[str]]]:
        """Give what each snapshot is called, and the objects that it needs.

        What was erased is not needed any more.
        """
        with self._database.read() as connection:
            query = sa.select(snapshots.c.id, snapshots.c.notebook_path)
            known = list(connection.execute(query))
        for snapshot_id, path in known:
            needed = {snapshot_id}
            with suppress(MLOpsError, ValueError):  # its own object is what is wrong then
                document = orjson.loads(self._objects.read(snapshot_id))
                needed |= set(_object_ids(document))
                needed -= set(self._objects.erased(needed))
                folders = _folders(Manifest.model_validate(document)) & needed
                needed = self._objects.expanded(needed, folders)
                needed -= set(self._objects.erased(needed))
            yield f"snapshot {snapshot_id[:12]} of {path}", needed

    def needed(self, rule: Retention | None, registered: Container[str], now: int) -> Needed:
        """Return what must stay for all snapshots, deleted ones that can come back too.

        Args:
            rule: for how long the contents of data stay; None for ever.
            registered: the snapshots that model versions were made from: all of these stays.
            now: from when ages are counted, in milliseconds.

        Raises:
            StoreUnavailableError: a manifest cannot be read, so nobody knows what it needs.
        """
        keeping = self._keeping(rule, registered, now)
        live: set[str] = set()
        folders: set[str] = set()
        data: dict[str, list[str]] = {}
        for snapshot_id, keeps_data in keeping.items():
            manifest = Manifest.model_validate_json(self._objects.read(snapshot_id))
            document = manifest.model_dump(mode="json", exclude={"files"})
            live |= {snapshot_id, *_ids(document)}
            used = [use for use in manifest.files if use.object_id]
            if keeps_data:
                live |= {str(use.object_id) for use in used}
            else:
                for object_id, path in chain.from_iterable(map(self._contents, used)):
                    data.setdefault(object_id, []).append(path)
            folders |= _folders(manifest)
        live |= self._of_receipts()
        live = self._objects.expanded(live, folders & live)
        expired = {key: sorted(set(paths)) for key, paths in data.items() if key not in live}
        return Needed(live, expired)

    def _keeping(
        self, rule: Retention | None, registered: Container[str], now: int
    ) -> dict[str, bool]:
        """Return all snapshots, and whether they keep the contents of their data."""
        pinned = sa.func.coalesce(snapshot_marks.c.pinned, sa.false()).label("pinned")
        table = snapshots.c
        query = sa.select(table.id, table.notebook_id, table.created_at, pinned).outerjoin(
            snapshot_marks, snapshot_marks.c.snapshot_id == table.id
        )
        with self._database.read() as connection:
            rows = list(connection.execute(query))
        taken = [Taken(row.notebook_id, row.created_at, row.id) for row in rows]
        kept = rule.kept(taken, now) if rule else {row.id for row in rows}
        return {row.id: row.id in kept or row.pinned or row.id in registered for row in rows}

    def _contents(self, use: FileUse) -> list[tuple[str, str]]:
        """Return the objects of data with their paths; of a folder also its files'."""
        object_id = str(use.object_id)
        found = [(object_id, use.path)]
        if use.kind == "folder":
            with suppress(NotFoundError):  # gone already
                entries = self._objects.tree(object_id).entries
                found += [(entry.object_id, f"{use.path}/{entry.path}") for entry in entries]
        return found

    def _of_receipts(self) -> set[str]:
        with self._database.read() as connection:
            documents = connection.execute(sa.select(receipts.c.document)).scalars()
            return {found for document in documents for found in _ids(document)}


def _folders(manifest: Manifest) -> set[str]:
    """Return the objects that must be folders, also those from before folders were listed."""
    found = {model.object_id for model in manifest.models}
    found |= {use.object_id for use in manifest.files if use.kind == "folder"}
    return {object_id for object_id in found if object_id}


def _object_ids(value: Any) -> Iterator[str]:
    """Give what the fields called ``object_id`` hold, wherever they are."""
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "object_id" and isinstance(child, str):
                yield child
            else:
                yield from _object_ids(child)
    elif isinstance(value, list):
        for child in value:
            yield from _object_ids(child)


def _ids(value: Any) -> Iterator[str]:
    """Give all that looks like the id of an object: rather too much stays than too little."""
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _ids(child)
    elif isinstance(value, list):
        for child in value:
            yield from _ids(child)
