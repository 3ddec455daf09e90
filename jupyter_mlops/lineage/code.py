"""Whether a notebook and its modules still are the code that a snapshot kept."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..core.errors import InvalidInputError, MLOpsError
from ..objects.files import Fingerprint
from ..objects.replacing import digest_of
from ..snapshots import parsing
from ..snapshots.cells import INJECTED
from ..snapshots.masking import is_masked_as
from ..snapshots.notebook import Notebook, read_code
from ..snapshots.schemas import Manifest
from .schemas import Change, Unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..objects.manager import ObjectManager
    from .present import Present

Verdict = Change | Unchecked | None

LARGEST = 32 * 1024**2
_REMEMBERED = 5_000


@dataclass(frozen=True)
class Kept:
    """The code that a snapshot kept: the objects that hold the masked texts."""

    notebook_id: str
    modules: tuple[tuple[str, str | None], ...]


class CodeCheck:
    """Compares kept code with present files. Outputs and injected parameters are no code."""

    def __init__(self, objects: ObjectManager) -> None:
        self._objects = objects
        self._kept: dict[str, Kept | None] = {}
        self._sources: dict[str, list[str]] = {}
        self._verdicts: dict[tuple[str, str], tuple[Fingerprint, Verdict]] = {}

    def compare(
        self, snapshot_id: str, path: str, present: Present
    ) -> Iterator[Change | Unchecked]:
        """Give what has changed since a snapshot, and what cannot be told.

        Args:
            snapshot_id: of the snapshot.
            path: where its notebook is now.
            present: the present files.
        """
        kept = self._read(snapshot_id)
        if kept is None:
            return
        yield from self._file(path, kept.notebook_id, present, notebook=True)
        for module, object_id in kept.modules:
            if object_id is None:
                yield Unchecked(path=module, reason="no digest")
            else:
                yield from self._file(module, object_id, present, notebook=False)

    def _file(
        self, path: str, object_id: str, present: Present, *, notebook: bool
    ) -> Iterator[Change | Unchecked]:
        file = present.path(path)
        try:
            fingerprint = Fingerprint.of(file.stat())
            known = self._verdicts.get((path, object_id))
            if known is not None and known[0] == fingerprint:
                verdict = known[1]
            else:
                verdict = self._verdict(file, fingerprint, path, object_id, notebook=notebook)
        except (FileNotFoundError, NotADirectoryError):
            verdict = Change(kind="missing", path=path)
        except (OSError, MLOpsError):
            verdict = Unchecked(path=path, reason="unreadable")
        if verdict is not None:
            yield verdict

    def _verdict(
        self, file: Path, fingerprint: Fingerprint, path: str, object_id: str, *, notebook: bool
    ) -> Verdict:
        if fingerprint.size > LARGEST:
            return Unchecked(path=path, reason="large")
        same = digest_of(file) == object_id or (
            self._has_sources(object_id, _sources(read_code(file)), path)
            if notebook
            else self._has_text(object_id, file.read_bytes())
        )
        kind: Literal["notebook", "module"] = "notebook" if notebook else "module"
        verdict = None if same else Change(kind=kind, path=path)
        if fingerprint.is_settled(time.time_ns()):
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            self._verdicts[path, object_id] = (fingerprint, verdict)
        return verdict

    def _has_text(self, object_id: str, data: bytes) -> bool:
        stored, text = (
            one.decode("utf-8", "replace") for one in (self._objects.read(object_id), data)
        )
        # the first version wrote all ends of lines alike
        return is_masked_as(*(one.replace("\r\n", "\n") for one in (text, stored)))

    def _has_sources(self, object_id: str, sources: list[str], path: str) -> bool:
        stored = self._stored_sources(object_id, path)
        return len(sources) == len(stored) and all(map(is_masked_as, sources, stored))

    def _stored_sources(self, object_id: str, path: str) -> list[str]:
        if object_id not in self._sources:
            stored = self._objects.stored(object_id)
            if stored[1] > LARGEST:
                raise InvalidInputError(f"{path} is too large to be compared.")
            if len(self._sources) >= _REMEMBERED:
                self._sources.clear()
            notebook = Notebook(parsing.without_outputs(stored))
            self._sources[object_id] = _sources(notebook)
        return self._sources[object_id]

    def _read(self, snapshot_id: str) -> Kept | None:
        if snapshot_id not in self._kept:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            self._kept[snapshot_id] = self._manifest(snapshot_id)
        return self._kept[snapshot_id]

    def _manifest(self, snapshot_id: str) -> Kept | None:
        try:
            manifest = Manifest.model_validate_json(self._objects.read(snapshot_id))
        except (MLOpsError, ValueError):  # fsck tells what is wrong with it
            return None
        return Kept(
            notebook_id=manifest.notebook.object_id,
            modules=tuple((module.path, module.object_id) for module in manifest.modules),
        )


def _sources(notebook: Notebook) -> list[str]:
    return [
        cell.source
        for cell in notebook.code_cells
        if cell.source.strip() and INJECTED not in cell.tags
    ]
