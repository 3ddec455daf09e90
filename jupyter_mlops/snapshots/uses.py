"""Makes data out of what a kernel opened: many files of one folder are one piece of data."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from ..kernels.schemas import DataKind, FileAccess

MANY = 30
"""Of a folder with more files than these, or more folders, not each is worth a line."""


_MODES: tuple[Literal["read", "write"], ...] = ("read", "write")


@dataclass(frozen=True)
class DataUse:
    """A piece of data that was read or written.

    ``path`` is as in ``FileAccess``; ``names`` are the files of a folder that count, by their
    paths in it, None for all.
    """

    path: str
    kind: DataKind
    mode: Literal["read", "write"]
    reader: str | None = None
    cell_ids: list[str] = field(default_factory=list)
    names: frozenset[str] | None = None


def group(accesses: Iterable[FileAccess], root: Path) -> list[DataUse]:
    """Return what was used, in the order of its first use.

    Files below a folder that was itself used belong to it. Of files that nobody named a folder
    for, many in one folder become it; never the project's root or a folder above it.
    """
    uses = [_use(access) for access in accesses]
    folders = {mode: _folders([use for use in uses if use.mode == mode], root) for mode in _MODES}
    parts: dict[tuple[str, str, str], list[DataUse]] = {}
    for use in uses:
        held = _held(use, folders[use.mode]) if use.kind == "file" else use
        parts.setdefault((held.mode, held.kind, held.path), []).append(held)
    return [_merged(same) for same in parts.values()]


def _use(access: FileAccess) -> DataUse:
    names = frozenset(access.files) if access.files else None
    return DataUse(**access.model_dump(exclude={"files"}), names=names)


def _folders(uses: Sequence[DataUse], root: Path) -> set[str]:
    named = {use.path for use in uses if use.kind == "folder"}
    files = {use.path for use in uses if use.kind == "file"}
    return named | _crowded(files, named | _above(root))


def _held(use: DataUse, folders: Collection[str]) -> DataUse:
    """Return a file as a part of the topmost of ``folders`` that it lies in, if there is one."""
    above = [str(parent) for parent in PurePath(use.path).parents if str(parent) in folders]
    if not above:
        return use
    names = frozenset([os.path.relpath(use.path, above[-1])])
    return replace(use, path=above[-1], kind="folder", names=names)


def _above(root: Path) -> set[str]:
    """Name the folders that are too general to be a piece of data."""
    home = os.path.expanduser("~")
    return {str(root), *map(str, root.parents), home, *map(str, PurePath(home).parents)}


def _crowded(paths: Iterable[str], spared: Collection[str]) -> set[str]:
    """Return the folders that hold many files or crowded folders, so that one line is better."""
    entries = Counter(os.path.dirname(path) for path in paths)
    folders = {parent for path in entries for parent in map(str, (path, *PurePath(path).parents))}
    crowded = set()
    for folder in sorted(folders, key=lambda name: name.count(os.sep), reverse=True):
        if entries[folder] > MANY and folder not in spared:
            crowded.add(folder)
        parent = os.path.dirname(folder)
        if parent != folder:
            entries[parent] += 1 if folder in crowded else entries[folder]
    return crowded


def _merged(uses: Sequence[DataUse]) -> DataUse:
    """Return one use for several of the same data."""
    cell_ids = list(dict.fromkeys(cell_id for use in uses for cell_id in use.cell_ids))
    parts = [use.names for use in uses if use.names is not None]
    names = frozenset[str]().union(*parts) if len(parts) == len(uses) else None
    return replace(uses[0], cell_ids=cell_ids, names=names)
