"""The parts of a notebook as it stands now: its own in memory, of data only the digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import blake3

from ..core.errors import MLOpsError
from ..kernels.schemas import FileAccess
from ..snapshots.keeping import DataKeeper

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ..core.project import Project
    from ..objects.batch import Batch
    from ..objects.manager import ObjectManager
    from ..objects.schemas import StoredFile, StoredTree
    from ..snapshots.masking import Masker
    from ..snapshots.parts import Parts
    from ..snapshots.schemas import FileUse, ModuleUse


class Unstored:
    """Takes the parts of a snapshot and stores none of them.

    Args:
        batch: knows which files are as they were when they were last read.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self.contents: dict[str, bytes] = {}

    def add_bytes(self, data: bytes) -> str:
        """Take ``data`` and return its id."""
        name = blake3.blake3(data, max_threads=blake3.blake3.AUTO).hexdigest()
        self.contents[name] = data
        return name

    def add_file(self, path: Path, *, keep: bool = True) -> StoredFile:
        """Take a file's digest."""
        del keep
        return self._batch.add_file(path, keep=False)

    def add_tree(
        self,
        folder: Path,
        *,
        files: Iterable[tuple[str, os.stat_result]] | None = None,
        whole: bool = True,
        limit: int | None = None,
    ) -> StoredTree:
        """Take the digests of a folder's files."""
        del limit
        return self._batch.add_tree(folder, files=files, whole=whole, limit=-1)


class OnDisk:
    """What a snapshot names, as it is on the disk now.

    Args:
        project: what paths are relative to.
        objects: knows the files of stored folders.
        parts: where contents go.
        masker: masks what modules show.
    """

    def __init__(
        self, project: Project, objects: ObjectManager, parts: Parts, masker: Masker
    ) -> None:
        self._project = project
        self._objects = objects
        self._parts = parts
        self._masker = masker

    def data(self, uses: Iterable[FileUse]) -> list[FileUse]:
        """Return files and folders as they are; those that are gone are left out."""
        keeper = DataKeeper(self._project, self._parts, 0, self._masker)
        return keeper.keep(access for use in uses for access in self._accesses(use))

    def modules(self, uses: Iterable[ModuleUse]) -> list[ModuleUse]:
        """Return modules of the project as they are; those that cannot be read are left out."""
        return [module for use in uses for module in self._module(use)]

    def _accesses(self, use: FileUse) -> Iterator[FileAccess]:
        path = self._project.root / use.path
        if use.kind not in {"file", "folder"} or not path.exists():
            return
        names: list[str] = []
        if use.kind == "folder" and not use.whole:
            try:
                names = [entry.path for entry in self._objects.tree(use.object_id or "").entries]
            except MLOpsError:  # which of its files were used is not known any more
                return
        yield FileAccess(
            path=str(path),
            kind=use.kind,
            mode=use.mode,
            reader=use.reader,
            cell_ids=use.cell_ids,
            files=names,
        )

    def _module(self, use: ModuleUse) -> Iterator[ModuleUse]:
        try:
            # a snapshot may have come from anywhere: none of its paths leads out of the project
            text = self._project.resolve(use.path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, MLOpsError):
            return
        masked = self._masker.text(text, f"module {use.name}")
        yield use.model_copy(update={"object_id": self._parts.add_bytes(masked.encode())})
