"""What the cells of a live kernel have used, and what of it has changed: nothing is stored."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import MLOpsError
from ..objects.trees import listed
from ..snapshots import notebook as notebooks
from ..snapshots.keeping import display_path, files_of
from ..snapshots.masking import Masker
from ..snapshots.unwatched import with_named
from ..snapshots.uses import group
from .schemas import LiveData, LiveDatum

if TYPE_CHECKING:
    from ..core.project import Project
    from ..kernels.schemas import DataRecord
    from ..objects.batch import Batch
    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import FileUse, Manifest
    from ..snapshots.uses import DataUse
    from .schemas import DataState

_MOST = 1000
_MOST_FILES = 20_000  # of all folders together
_READ = 16 * 1024 * 1024  # bytes of a file that looks changed and is read to be sure


def completed_data(path: Path, record: DataRecord) -> DataRecord:
    """Return the data that the kernel of a notebook in R told, with what only the code names.

    Raises:
        NotFoundError, InvalidInputError: the file cannot be read as a notebook.
    """
    files = with_named(record.files, notebooks.read_code(path), path.parent)
    return record.model_copy(update={"files": files})


def live_data(
    project: Project, objects: ObjectManager, record: DataRecord | None, last: Manifest | None
) -> LiveData:
    """Return what a kernel has used, each with its state against the last snapshot.

    Args:
        project: what paths are relative to.
        objects: knows what unchanged files hold.
        record: the kernel's answer; None where no kernel runs that tells.
        last: the manifest of the notebook's newest snapshot.
    """
    if record is None:
        return LiveData(live=False, items=[], unseen=[], notes=[])
    uses = group(record.files, project.root)[:_MOST]
    masker = Masker()
    paths = [display_path(project, use, masker) for use in uses]
    before = {(use.kind, use.mode, use.path): use for use in last.files} if last else None
    with objects.batch() as batch:
        look = _Look(objects, batch)
        items = [
            LiveDatum(
                path=path,
                kind=use.kind,
                mode=use.mode,
                reader=use.reader,
                cell_ids=use.cell_ids,
                size=_size(use),
                count=len(use.names) if use.names is not None else None,
                state=look.state(use, before.get((use.kind, use.mode, path)))
                if before is not None
                else None,
            )
            for use, path in zip(uses, paths, strict=True)
        ]
    return LiveData(live=True, items=items, unseen=record.unseen, notes=record.notes)


def _size(use: DataUse) -> int | None:
    try:
        return os.stat(use.path).st_size if use.kind == "file" else None
    except OSError:
        return None


class _Look:
    """Compares what is on the disk with a snapshot, and reads as little as can be."""

    def __init__(self, objects: ObjectManager, batch: Batch) -> None:
        self._objects = objects
        self._batch = batch
        self._files_left = _MOST_FILES

    def state(self, use: DataUse, then: FileUse | None) -> DataState:
        """Return how a piece of data stands."""
        if then is None:
            return "new"
        if use.kind not in {"file", "folder"} or then.digest is None:
            return "unknown"
        path = Path(use.path)
        if not path.exists():
            return "missing"
        try:
            digest = self._file(path, then) if use.kind == "file" else self._folder(use)
        except (OSError, MLOpsError):
            return "unknown"
        if digest is None:
            return "unknown"
        return "unchanged" if digest == then.digest else "changed"

    def _file(self, path: Path, then: FileUse) -> str | None:
        known = self._objects.known_digests([path]).get(path)
        if known is not None:
            return known
        size = path.stat().st_size
        if size != then.size:
            return "another"
        # it may only have been written again
        return self._batch.add_file(path, keep=False).digest if size <= _READ else None

    def _folder(self, use: DataUse) -> str | None:
        files = list(islice(files_of(use), self._files_left + 1))
        self._files_left -= len(files)
        if self._files_left < 0:
            return None
        folder = Path(use.path)
        if self._objects.unread_bytes(folder, listed(folder, files)) > _READ:
            return None
        return self._batch.add_tree(folder, files=files, limit=-1).object_id
