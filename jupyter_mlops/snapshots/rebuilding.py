"""Making the rows of snapshots again from their manifests, and comparing them with these."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from pydantic import ValidationError

from ..core.clock import from_ms
from ..core.errors import MLOpsError
from .schemas import Manifest
from .tables import data_uses, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Row

    from ..core.database import Database
    from ..objects.manager import ObjectManager
    from .manager import SnapshotManager

# what rows say as the manifests of all versions do
_FACTS = ("run_id", "author", "grade", "status", "message", "origin", "parameters", "metrics")
_OF_DATA = ("path", "kind", "mode", "size", "digest", "object_id")
_MANIFEST, _TREE = b'{"author":', b'{"entries":['


def rebuild(objects: ObjectManager, snapshots: SnapshotManager) -> int:
    """Write rows that are missing, of all manifests among the objects; return how many there were.

    Snapshots that were deleted come back with the rest, as long as their objects are there.

    Raises:
        StoreUnavailableError: the store cannot be read or written.
    """
    found = 0
    for object_id in objects.ids():
        manifest = None
        with suppress(MLOpsError, ValidationError):  # damaged, or only looks like one
            begin = next(objects.chunks(object_id), b"")
            if begin.startswith(_TREE):
                objects.mark_tree(object_id)
            elif begin.startswith(_MANIFEST):
                manifest = Manifest.model_validate_json(objects.read(object_id))
        if manifest is not None:
            found += snapshots.record_again(object_id, manifest)
    return found


def differing(database: Database, objects: ObjectManager) -> Iterator[tuple[str, list[str]]]:
    """Give the snapshots whose rows do not say what their manifests do, and of what."""
    with database.read() as connection:
        known = list(connection.execute(sa.select(snapshots.c.id)).scalars())
        # a damaged index may have none; the database itself tells of that
        for snapshot_id in filter(None, known):
            with suppress(MLOpsError):  # that is told of the object itself
                document = json.loads(objects.read(str(snapshot_id)))
                if wrong := _found_wrong(connection, str(snapshot_id), document):
                    yield str(snapshot_id), wrong


def _found_wrong(
    connection: Connection, snapshot_id: str, document: Mapping[str, Any]
) -> list[str]:
    try:
        return _wrong(connection, snapshot_id, document)
    except (TypeError, ValueError, AttributeError):  # a value is of a type that it cannot be
        return ["all"]


def _wrong(connection: Connection, snapshot_id: str, document: Mapping[str, Any]) -> list[str]:
    query = sa.select(snapshots).where(snapshots.c.id == snapshot_id)
    row = connection.execute(query).first()
    if row is None:
        return ["all"]
    wrong = [name for name in _FACTS if name in document and _differ(row, document, name)]
    if row.notebook_path != document["notebook"]["path"]:
        wrong.append("notebook_path")
    if [_same_keys(*both) for both in zip(row.reasons, document["reasons"], strict=False)] != (
        document["reasons"]
    ):
        wrong.append("reasons")
    if from_ms(row.created_at) != datetime.fromisoformat(document["created_at"]):
        wrong.append("created_at")
    of_data = sa.select(data_uses).where(data_uses.c.snapshot_id == snapshot_id)
    uses = list(connection.execute(of_data.order_by(data_uses.c.position)))
    said = [[use[name] for name in _OF_DATA] for use in document["files"]]
    # an older version wrote none
    if uses and [[getattr(use, name) for name in _OF_DATA] for use in uses] != said:
        wrong.append("data")
    return wrong


def _differ(row: Row[Any], document: Mapping[str, Any], name: str) -> bool:
    # numbers that are none are not equal to themselves
    return repr(getattr(row, name)) != repr(document[name])


def _same_keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return of ``one`` what ``other`` has too: a later version may say more."""
    return {key: one.get(key) for key in other}
