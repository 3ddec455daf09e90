"""Writes a snapshot's files back: to a new folder, or in place. Not for running them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..core.errors import ConflictError
from ..objects.disk import rename_folder, writing
from . import names
from .contents import Contents
from .in_place import InPlace, Written
from .kernels import choose, offer
from .plan import lock_part, plan
from .schemas import Restored, RestoredFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import Manifest, Snapshot, SnapshotDetail
    from .environments import EnvironmentBuilder
    from .plan import Part
    from .schemas import BuiltEnvironment, LeftOut, OfferedKernel, RestoreRequest


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
        self._contents = Contents(project, objects)
        self._in_place = InPlace(project, objects, snapshots, create or snapshots.create)

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
        planned = plan(snapshot.manifest, data=request.data, outputs=request.outputs)
        parts, unkept, gone = self._contents.present(planned)
        if folder is not None:
            _check_folder(folder, self._project)
        # first what may fail without a trace
        environment, kernel = self._environment(snapshot, request)
        if folder is None:
            written = self._in_place.write(snapshot, parts, author)
        else:
            written = self._to_folder(
                snapshot.manifest, self._with_lock(snapshot.manifest, parts), folder
            )
        if kernel is not None:
            choose(written.notebook, kernel, self._objects.unfinished)
        left_out = [*map(self._contents.unkept, unkept), *planned.left_out, *gone]
        return self._restored(snapshot, written, left_out, environment, kernel)

    def _environment(
        self, snapshot: SnapshotDetail, request: RestoreRequest
    ) -> tuple[BuiltEnvironment | None, OfferedKernel | None]:
        """Build the environment if that is asked for, and make it a kernel if that is."""
        if not request.environment:
            return None, None
        built = self._environments.build(
            snapshot.manifest.environment, snapshot_id=snapshot.id, downloads=request.downloads
        )
        unfinished = self._objects.unfinished
        return built, offer(snapshot.id, built, unfinished) if request.kernel else None

    def _with_lock(self, manifest: Manifest, parts: list[Part]) -> list[Part]:
        """Add the lock that belongs beside the notebook, unless the notebook has its own there."""
        lock = lock_part(manifest)
        if lock is None or lock.path in {part.path for part in parts}:
            return parts
        return parts if self._objects.missing([lock.object_id]) else [lock, *parts]

    def _restored(
        self,
        snapshot: SnapshotDetail,
        written: Written,
        left_out: Sequence[LeftOut],
        environment: BuiltEnvironment | None,
        kernel: OfferedKernel | None,
    ) -> Restored:
        masked = {found.where for found in snapshot.manifest.masked if _is_written(found.where)}
        return Restored(
            snapshot_id=snapshot.id,
            folder=str(written.folder),
            notebook_path=self._project.relative(written.notebook),
            files=[
                RestoredFile(path=str(part.path), origin=part.origin, kind=part.kind)
                for part in written.parts
            ],
            left_out=[*left_out, *written.left_out],
            masked=sorted(masked),
            safety_snapshot_id=written.safety_id,
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
        parts, unkept, gone = self._contents.present(planned)
        inside = [
            part for part in parts if part.kind == "notebook" or not Path(part.origin).is_absolute()
        ]
        self._write(manifest, inside, folder)
        missing = list(gone)
        outside = [part.use for part in parts if Path(part.origin).is_absolute() and part.use]
        for use in [*outside, *unkept]:
            live = self._project.root / use.path
            if not self._contents.is_same(live, use):
                missing.append(self._contents.unkept(use))
            elif not Path(use.path).is_absolute():
                _bring(live, folder / use.path, copied=_writes_to(manifest, use.path))
        return missing

    def _to_folder(self, manifest: Manifest, parts: list[Part], folder: Path) -> Written:
        anchor = next(parent for parent in folder.parents if parent.is_dir())
        with self._objects.unfinished.paths([anchor]) as (staged,), writing(folder):
            staged.mkdir()
            left_out: list[LeftOut] = []
            if names.is_blind(staged):
                parts, left_out = names.apart(parts, self._objects.tree)
            self._write(manifest, parts, staged)
            folder.parent.mkdir(parents=True, exist_ok=True)
            if not rename_folder(staged, folder):
                raise _not_empty(folder)
        return Written(folder, parts, left_out)

    def _write(self, manifest: Manifest, parts: Sequence[Part], folder: Path) -> None:
        """Write the parts, and the folders that the notebook wrote to, which it may not make."""
        for use in manifest.files:
            if use.mode == "write" and use.kind == "file" and not Path(use.path).is_absolute():
                target = (folder / use.path).resolve()
                if target.is_relative_to(folder.resolve()):
                    with writing(target):
                        target.parent.mkdir(parents=True, exist_ok=True)
        for part in parts:
            part.checkout(self._objects, folder / part.path)


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
