"""Which files of a snapshot go where when it is restored, and which cannot, and why.

A manifest may have come from elsewhere, so none of its paths is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..core.project import STORE_NAME
from ..snapshots.locks import FILE_NAMES
from .schemas import LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import FileUse, Manifest
    from .schemas import PartKind

OUTSIDE = "outside-project"


@dataclass(frozen=True)
class Part:
    """A stored file or folder, and its path in the restored folder.

    ``use`` is what the manifest says of a data file; ``without`` are files of a folder, relative to
    it, that are not to be written: the store does not have them any more, say.
    """

    path: PurePosixPath
    origin: str
    kind: PartKind
    object_id: str
    use: FileUse | None = None
    without: frozenset[str] = frozenset()

    @property
    def is_folder(self) -> bool:
        """Whether the object is a tree."""
        return self.use is not None and self.use.kind == "folder"

    def checkout(self, objects: ObjectManager, target: Path) -> None:
        """Write it to where it belongs.

        Raises:
            StoreUnavailableError: it is damaged, or cannot be written.
        """
        if self.is_folder:
            objects.checkout_tree(self.object_id, target, without=self.without)
        else:
            objects.checkout_file(self.object_id, target)


@dataclass(frozen=True)
class Plan:
    """The parts to write, folders first; the data that is not kept; what has no place."""

    parts: tuple[Part, ...]
    unkept: tuple[FileUse, ...]
    left_out: tuple[LeftOut, ...]


def plan(manifest: Manifest, *, data: bool, outputs: bool) -> Plan:
    """Return what there is to restore of a snapshot."""
    parts: dict[PurePosixPath, Part] = {}
    unkept: dict[str, FileUse] = {}
    left_out: list[LeftOut] = []
    for origin, kind, object_id, use in _candidates(manifest, data=data, outputs=outputs):
        path = place(origin)
        if use is not None and use.kind in {"table", "url"}:
            left_out.append(_elsewhere(use))
        elif path is None:
            left_out.append(_nowhere(origin))
        elif object_id is not None:
            parts.setdefault(path, Part(path, origin, kind, object_id, use))
        elif use is not None:
            unkept.setdefault(origin, use)
        else:
            left_out.append(_lost_module(origin))
    ordered = sorted(parts.values(), key=lambda part: not part.is_folder)
    return Plan(tuple(ordered), tuple(unkept.values()), tuple(left_out))


def place(origin: str) -> PurePosixPath | None:
    """Return where a path of a manifest goes, relative to the folder; None for nowhere.

    Paths in the project stay as they are, absolute ones go below ``OUTSIDE``.
    """
    path = PurePosixPath(origin)
    if "\0" in origin or ".." in path.parts or STORE_NAME in path.parts:
        return None
    if path.is_absolute():
        path = PurePosixPath(OUTSIDE, *path.parts[1:])
        return path if len(path.parts) > 1 else None
    return path if path.parts else None


def notebook_place(manifest: Manifest) -> str:
    """Return where the notebook goes; one with a path that is not trusted, to the top."""
    return str(place(manifest.notebook.path) or "notebook.ipynb")


def lock_part(manifest: Manifest) -> Part | None:
    """Return the lock of an environment of R, which is expected beside the notebook."""
    lock = manifest.environment.lock if manifest.environment else None
    if lock is None or lock.format != "r":
        return None
    name = FILE_NAMES[lock.format]
    path = PurePosixPath(notebook_place(manifest)).with_name(name)
    return Part(path, name, "lock", lock.object_id)


def _candidates(
    manifest: Manifest, *, data: bool, outputs: bool
) -> Iterator[tuple[str, PartKind, str | None, FileUse | None]]:
    yield manifest.notebook.path, "notebook", manifest.notebook.object_id, None
    for module in manifest.modules:
        yield module.path, "module", module.object_id, None
    for use in manifest.files if data else ():
        if use.mode == "read":
            yield use.path, "input", use.object_id, use
    for use in manifest.files if outputs else ():
        if use.mode == "write":
            yield use.path, "output", use.object_id, use


def _elsewhere(use: FileUse) -> LeftOut:
    kind = "table" if use.kind == "table" else "URL"
    return LeftOut(
        path=use.path,
        reason=f"It is a {kind}, which a snapshot only names.",
        advice="The notebook reads it where it is, as it is now.",
    )


def _nowhere(origin: str) -> LeftOut:
    return LeftOut(
        path=origin,
        reason="Its path leads out of the folder, or into a store.",
        advice="It is not needed, or has to be copied by hand.",
    )


def _lost_module(origin: str) -> LeftOut:
    return LeftOut(
        path=origin,
        reason="The module could not be read at the snapshot.",
        advice="Copy it by hand, if it is still there.",
    )
