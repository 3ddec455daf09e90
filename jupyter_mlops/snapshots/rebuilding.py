"""Making the rows of snapshots again from their manifests."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ..core.errors import MLOpsError
from .schemas import Manifest

if TYPE_CHECKING:
    from ..objects.manager import ObjectManager
    from .manager import SnapshotManager

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
