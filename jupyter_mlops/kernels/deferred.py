"""Knows what is named now and read later; lives in a kernel as ``_jupyter_mlops_deferred``.

Standard library only. Some libraries look at what a cell names only when that cell, or a later
one, asks for rows.
"""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Paths = tuple[str, ...]

_probe = sys.modules["_jupyter_mlops_probe"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_readers = sys.modules["_jupyter_mlops_readers"]

_MOST = 1000


class Deferred:
    """Knows what cells have named to a library, and which of them has read it last.

    Args:
        reader: what the user knows the library by.
    """

    def __init__(self, reader: str) -> None:
        self._reader = reader
        self._named: dict[Paths, Any] = {}
        self._cells: dict[Paths, Any] = {}  # that have read it last
        self._absolute: dict[Paths, Paths] = {}

    def noting(self, at: int, keyword: str) -> Any:
        """Make what notes the argument of a function as read, and keeps it in mind."""
        note_argument = _readers.noting(at, keyword, "r", self._reader)

        def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
            note_argument(arguments, named)
            self.name(_readers.argument(arguments, named, at, keyword), is_read=True)

        return note

    def naming(self, at: int, keyword: str) -> Any:
        """Make what keeps the argument of a function in mind, of which nothing is read yet."""

        def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
            self.name(_readers.argument(arguments, named, at, keyword), is_read=False)

        return note

    def name(self, source: Any, *, is_read: bool) -> None:
        """Keep in mind that the running cell names a path, or a list of them."""
        sources = source if isinstance(source, (list, tuple)) else (source,)
        paths = tuple(os.fspath(one) for one in sources if isinstance(one, (str, os.PathLike)))
        if paths and (len(self._cells) < _MOST or paths in self._cells):
            self._named[paths] = _probe.running
            self._cells[paths] = _probe.running if is_read else None
            self._absolute[paths] = tuple(map(_absolute, paths))

    def are_pending(self) -> bool:
        """Tell whether anything was named of which it is not known that this cell reads it."""
        running = _probe.running
        return any(cell is not running for cell in self._cells.values())

    def read(self, file: str, *, alone: bool) -> None:
        """Note that the running cell reads what was named and has given a file.

        Args:
            file: the first of those that are read.
            alone: whether it is the only one.
        """
        found = _absolute(file)
        given = [
            paths
            for paths, absolute in self._absolute.items()
            if any(_gives(one, found) for one in absolute)
        ]
        # what names one file, or several; then what this cell has named
        given = [one for one in given if (self._absolute[one] == (found,)) == alone] or given
        given = [one for one in given if self._named[one] is _probe.running] or given
        for paths in given:
            self._cells[paths] = _probe.running
            _lineage.note(paths, "r", self._reader)


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))


def _gives(named: str, file: str) -> bool:
    """Tell whether what was named is a file, or a pattern or folder that has it."""
    return named == file or file.startswith(named + os.sep) or fnmatch(file, named)
