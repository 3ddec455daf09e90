"""Makes data out of what a kernel opened: many files of one folder are one piece of data."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
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
    topmost = cache(lambda mode, folder: _topmost(folder, folders[mode]))  # many share one
    parts: dict[tuple[str, str, str], list[DataUse]] = {}
    names: dict[tuple[str, str, str], list[str]] = {}
    for use in uses:
        folder = topmost(use.mode, os.path.dirname(use.path)) if use.kind == "file" else None
        key = (use.mode, "folder", folder) if folder else (use.mode, use.kind, use.path)
        parts.setdefault(key, []).append(use)
        if folder:
            names.setdefault(key, []).append(use.path[len(folder) :].lstrip("/"))
    return [_merged(same, key[2], names.get(key, ())) for key, same in parts.items()]


def _use(access: FileAccess) -> DataUse:
    names = frozenset(access.files) if access.files else None
    return DataUse(access.path, access.kind, access.mode, access.reader, access.cell_ids, names)


def _folders(uses: Sequence[DataUse], root: Path) -> set[str]:
    named = {use.path for use in uses if use.kind == "folder"}
    files = {use.path for use in uses if use.kind == "file"}
    return named | _crowded(files, named | _above(root))


def _topmost(folder: str, folders: Collection[str]) -> str | None:
    """Return the topmost of ``folders`` that ``folder`` is or lies in, if there is one."""
    above = [
        parent for parent in map(str, (folder, *PurePath(folder).parents)) if parent in folders
    ]
    return above[-1] if above else None


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


def _merged(uses: Sequence[DataUse], path: str, files: Sequence[str]) -> DataUse:
    """Return one use for several of the same data, or of ``files`` of the folder ``path``."""
    cell_ids = list(dict.fromkeys(cell_id for use in uses for cell_id in use.cell_ids))
    folders = [use for use in uses if use.path == path]
    parts = [use.names for use in folders if use.names is not None]
    names = frozenset(files).union(*parts) if len(parts) == len(folders) else None
    kind = "folder" if files else uses[0].kind
    return DataUse(path, kind, uses[0].mode, uses[0].reader, cell_ids, names)
