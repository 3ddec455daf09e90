"""Writes a snapshot's files back: to a new folder, or in place. Not for running them."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..core.errors import ConflictError, MLOpsError, NotFoundError
from ..objects.disk import rename_folder, writing
from ..snapshots.erased import said
from ..snapshots.keeping import files_below
from .in_place import InPlace, checkout, digest_of
from .kernels import choose, offer
from .plan import plan
from .schemas import LeftOut, Restored, RestoredFile, RestoreRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import FileUse, Manifest, Snapshot
    from .environments import EnvironmentBuilder
    from .plan import Part, Plan


_GONE = "Its content is no longer in the store."


class Restorer:
    """Restores the snapshots of one store.

    Args:
        project: whose store it is.
        objects: holds what is restored.
        snapshots: reads the manifests.
        environments: builds environments.
        create: takes safety snapshots in place of ``SnapshotManager.create``.
    """

    def __init__(
        self,
        project: Project,
        objects: ObjectManager,
        snapshots: SnapshotManager,
        environments: EnvironmentBuilder,
        create: Callable[..., Snapshot] | None = None,
    ) -> None:
        self._project = project
        self._objects = objects
        self._snapshots = snapshots
        self._environments = environments
        self._create = create or snapshots.create

    def restore(
        self, snapshot_id: str, request: RestoreRequest, folder: Path | None, *, author: str
    ) -> Restored:
        """Restore a snapshot, whole or not at all.

        Args:
            snapshot_id: which; it may be shortened.
            request: what of it.
            folder: where to, absolute; None in place. One that is there has to be empty.
            author: who takes the safety snapshot of what is replaced in place.

        Raises:
            ConflictError: the folder holds something.
            ForbiddenPathError: the folder is the store's.
            InvalidStateError: in place, something would be lost.
            NotFoundError: there is no such snapshot, or its notebook was erased.
            StoreUnavailableError: the store is damaged, or the folder cannot be written; in place
                the sentence names the snapshot that holds what was there before.
        """
        snapshot = self._snapshots.snapshot(snapshot_id)
        manifest = snapshot.manifest
        planned = plan(manifest, data=request.data, outputs=request.outputs)
        parts, unkept, gone = self._present(planned)
        if folder is not None:
            _check_folder(folder, self._project)
        # first what may fail without a trace
        environment = (
            self._environments.build(
                manifest.environment, snapshot_id=snapshot.id, downloads=request.downloads
            )
            if request.environment
            else None
        )
        kernel = (
            offer(snapshot.id, environment, self._objects.unfinished)
            if environment and request.kernel
            else None
        )
        safety_id = None
        if folder is not None:
            self._to_folder(manifest, parts, folder)
        else:
            folder = self._project.root
            writer = InPlace(self._project, self._objects, self._snapshots, self._create)
            safety_id, parts, kept_out = writer.write(snapshot, parts, author)
            gone += kept_out
        if kernel is not None:
            choose(folder / parts[-1].path, kernel, self._objects.unfinished)
        return Restored(
            snapshot_id=snapshot.id,
            folder=str(folder),
            notebook_path=self._project.relative(folder / parts[-1].path),
            files=[RestoredFile(path=str(p.path), origin=p.origin, kind=p.kind) for p in parts],
            left_out=[*map(self._unkept, unkept), *planned.left_out, *gone],
            masked=sorted({found.where for found in manifest.masked if _is_written(found.where)}),
            safety_snapshot_id=safety_id,
            environment=environment,
            kernel=kernel,
        )

    def scratch(self, manifest: Manifest, folder: Path) -> list[LeftOut]:
        """Write what a rerun needs to an empty folder; return the data that is not to be had.

        What a snapshot does not keep, but is still where it was, unchanged, is linked, or copied
        where the notebook also wrote to it. What lies outside the project is read where it is, so
        it has to be as it was.
        """
        planned = plan(manifest, data=True, outputs=False)
        parts, unkept, gone = self._present(planned)
        inside = [
            part for part in parts if part.kind == "notebook" or not Path(part.origin).is_absolute()
        ]
        self._write(manifest, inside, folder)
        missing = list(gone)
        outside = [part.use for part in parts if Path(part.origin).is_absolute() and part.use]
        for use in [*outside, *unkept]:
            live = self._project.root / use.path
            if not self._is_same(live, use):
                missing.append(self._unkept(use))
            elif not Path(use.path).is_absolute():
                _bring(live, folder / use.path, copied=_writes_to(manifest, use.path))
        return missing

    def _present(self, planned: Plan) -> tuple[list[Part], list[FileUse], list[LeftOut]]:
        """Part what is in the store, the notebook last, from data and modules that are not."""
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

    def _to_folder(self, manifest: Manifest, parts: Sequence[Part], folder: Path) -> None:
        anchor = next(parent for parent in folder.parents if parent.is_dir())
        with self._objects.unfinished.paths([anchor]) as (staged,), writing(folder):
            staged.mkdir()
            self._write(manifest, parts, staged)
            folder.parent.mkdir(parents=True, exist_ok=True)
            if not rename_folder(staged, folder):
                raise _not_empty(folder)

    def _write(self, manifest: Manifest, parts: Sequence[Part], folder: Path) -> None:
        """Write the parts, and the folders that the notebook wrote to, which it may not make."""
        for use in manifest.files:
            if use.mode == "write" and use.kind == "file" and not Path(use.path).is_absolute():
                target = (folder / use.path).resolve()
                if target.is_relative_to(folder.resolve()):
                    with writing(target):
                        target.parent.mkdir(parents=True, exist_ok=True)
        for part in parts:
            checkout(self._objects, part, folder / part.path)

    def _is_same(self, path: Path, use: FileUse) -> bool:
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

    def _unkept(self, use: FileUse) -> LeftOut:
        live = self._project.root / use.path
        erasure = self._objects.erased([use.digest]).get(use.digest) if use.digest else None
        reason = said(erasure) if erasure else use.note or "Its content is not kept."
        if self._is_same(live, use):
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


def _check_folder(folder: Path, project: Project) -> None:
    project.keep_out(folder)
    if os.path.lexists(folder):
        if not folder.is_dir() or folder.is_symlink():
            raise ConflictError(f"{folder} is there already, and no folder.", path=str(folder))
        if any(folder.iterdir()):
            raise _not_empty(folder)


def _not_empty(folder: Path) -> ConflictError:
    return ConflictError(
        f"{folder} is not empty. Give a new folder; nothing there is overwritten.",
        path=str(folder),
    )


def _lost_module(part: Part) -> LeftOut:
    return LeftOut(
        path=part.origin,
        reason=_GONE,
        advice=f"Find the version with the BLAKE3 digest {part.object_id[:12]}… in a backup.",
    )


def _is_written(where: str) -> bool:
    return where == "notebook" or where.startswith("module ")


def _writes_to(manifest: Manifest, path: str) -> bool:
    """Tell whether the notebook wrote to a file or folder, or into it."""
    written = [PurePosixPath(use.path) for use in manifest.files if use.mode == "write"]
    return any(PurePosixPath(path) in (place, *place.parents) for place in written)


def _bring(live: Path, target: Path, *, copied: bool) -> None:
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not copied:
            target.symlink_to(live.resolve())
        elif live.is_dir():
            shutil.copytree(live, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(live, target)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
