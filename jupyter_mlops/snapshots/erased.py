"""What a snapshot says of data that was erased since it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..objects.manager import ObjectManager
    from ..objects.schemas import Erasure
    from .schemas import Manifest


def without_erased(manifest: Manifest, objects: ObjectManager) -> Manifest:
    """Return a manifest that says of data that is gone since how that came."""
    gone = objects.erased(use.object_id for use in manifest.files if use.object_id)
    if not gone:
        return manifest
    files = [
        use.model_copy(update={"object_id": None, "note": said(gone[use.object_id])})
        if use.object_id in gone
        else use
        for use in manifest.files
    ]
    return manifest.model_copy(update={"files": files})


def said(erasure: Erasure) -> str:
    """Return what a snapshot says of data that is gone."""
    return f"erased on {erasure.erased_at:%Y-%m-%d} by {erasure.author}: {erasure.reason}"
