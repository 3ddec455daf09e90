"""Names that a disk takes for one, as those of macOS do that differ in case or composition alone.

A snapshot may come from another machine, which told them apart. Of two files that would get the
same place only one can be there, and which that is must be said.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from .schemas import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..objects.schemas import Tree
    from .plan import Part


def is_blind(folder: Path) -> bool:
    """Tell whether the disk takes the name of a folder in the other case for the same."""
    other = folder.with_name(folder.name.swapcase())
    return os.path.exists(other) and os.path.samefile(folder, other)


def apart(parts: Sequence[Part], tree: Callable[[str], Tree]) -> tuple[list[Part], list[LeftOut]]:
    """Leave out what would be written over another file of the snapshot, data before code.

    Args:
        parts: in the order in which they are written, the notebook last.
        tree: returns a stored folder.
    """
    known: dict[str, str] = {}
    kept: list[Part] = []
    left_out: list[LeftOut] = []
    for part in reversed(parts):
        names = [entry.path for entry in tree(part.object_id).entries] if part.is_folder else []
        paths = [str(part.path / name) for name in names] or [str(part.path)]
        lost = {path: first for path in paths if (first := _first(known, path)) != path}
        left_out += [_lost(path, first) for path, first in lost.items()]
        if part.is_folder:
            without = {name for name in names if str(part.path / name) in lost}
            kept.append(replace(part, without=part.without | without))
        elif not lost:
            kept.append(part)
    return kept[::-1], left_out


def _first(known: dict[str, str], path: str) -> str:
    """Return which file has the place of a path, this one if no other has."""
    return known.setdefault(unicodedata.normalize("NFC", path).casefold(), path)


def _lost(path: str, first: str) -> LeftOut:
    return LeftOut(
        path=path,
        reason=f"This disk takes its name for that of {first}.",
        advice="Restore it on a disk that tells them apart, or get it by itself: jupyter mlops "
        "data get.",
    )
