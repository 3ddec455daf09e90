"""What of a plan the store still has, and what is said of the rest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ..core.errors import MLOpsError, NotFoundError
from ..objects.replacing import digest_of
from ..snapshots.erased import said
from ..snapshots.keeping import files_below
from .schemas import LeftOut

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import FileUse
    from .plan import Part, Plan

_GONE = "Its content is no longer in the store."


class Contents:
    """Knows which contents are kept, and which are still where they were."""

    def __init__(self, project: Project, objects: ObjectManager) -> None:
        self._project = project
        self._objects = objects

    def present(self, planned: Plan) -> tuple[list[Part], list[FileUse], list[LeftOut]]:
        """Part what is in the store, the notebook last, from data and modules that are not.

        Raises:
            NotFoundError: the notebook is not.
        """
        missing = self._objects.missing(part.object_id for part in planned.parts)
        parts, unkept, gone = [], list(planned.unkept), []
        for part in planned.parts:
            if part.object_id not in missing:
                present, lost = self._whole(part)
                parts.append(present)
                unkept += lost
            elif part.kind == "notebook":
                raise NotFoundError(
                    f"The notebook {part.origin} of this snapshot is no longer in the store.",
                    path=part.origin,
                )
            elif part.use is not None:
                unkept.append(part.use.model_copy(update={"note": _GONE}))
            else:
                gone.append(_lost_module(part))
        parts.sort(key=lambda part: part.kind == "notebook")
        return parts, unkept, gone

    def is_same(self, path: Path, use: FileUse) -> bool:
        """Tell whether a file or folder still has the content that the manifest names."""
        if use.digest is None:
            return False
        with suppress(MLOpsError, OSError):  # it cannot be read, so nobody can tell
            if use.kind == "folder" and path.is_dir():
                with self._objects.batch() as batch:
                    found = batch.add_tree(path, files=files_below(path), limit=0)
                return found.object_id == use.digest
            is_file = use.kind == "file" and path.is_file()
            return is_file and path.stat().st_size == use.size and digest_of(path) == use.digest
        return False

    def unkept(self, use: FileUse) -> LeftOut:
        """Say of data that is not kept why that is, and where it may be had."""
        live = self._project.root / use.path
        erasure = self._objects.erased([use.digest]).get(use.digest) if use.digest else None
        reason = said(erasure) if erasure else use.note or "Its content is not kept."
        if self.is_same(live, use):
            advice = f"It is unchanged where it was: copy it from {live}."
        elif erasure is not None:
            advice = "That cannot be undone."
        elif use.digest:
            advice = f"Find the version with the BLAKE3 digest {use.digest[:12]}… in a backup."
        else:
            advice = "Copy it by hand."
        return LeftOut(
            path=use.path, reason=_sentence(reason), advice=advice, erased=erasure is not None
        )

    def _whole(self, part: Part) -> tuple[Part, list[FileUse]]:
        """Return a folder without the files in it that the store has no more, and those."""
        use = part.use
        if use is None or not part.is_folder:
            return part, []
        entries = self._objects.tree(part.object_id).entries
        missing = self._objects.missing(entry.object_id for entry in entries)
        lost = [entry for entry in entries if entry.object_id in missing]
        uses = [
            use.model_copy(
                update={
                    "path": f"{use.path}/{entry.path}",
                    "kind": "file",
                    "digest": entry.object_id,
                    "size": entry.size,
                    "note": _GONE,
                }
            )
            for entry in lost
        ]
        return replace(part, without=frozenset(entry.path for entry in lost)), uses


def _lost_module(part: Part) -> LeftOut:
    return LeftOut(
        path=part.origin,
        reason=_GONE,
        advice=f"Find the version with the BLAKE3 digest {part.object_id[:12]}… in a backup.",
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
