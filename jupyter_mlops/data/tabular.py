"""How two text tables differ, read as streams: a number a row is all that is remembered."""

from __future__ import annotations

import csv
import heapq
import io
import re
from array import array
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from .schemas import TableChange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schemas import DataProfile

_ENDINGS = {".csv", ".tsv"}
_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')
_MOST_ROWS = 1_000_000
_AT_ONCE = 20_000


class _Table(NamedTuple):
    columns: list[str]
    rows: int
    hashes: array[int]


def is_table(path: str) -> bool:
    """Tell from a path whether it names a text table."""
    return PurePosixPath(path).suffix.lower() in _ENDINGS


def compare(
    path: str, old: Iterator[bytes], new: Iterator[bytes], most: int = _MOST_ROWS
) -> TableChange | None:
    """Return how two contents of a text table differ, None if one is no such table.

    Args:
        path: its suffix tells the delimiter.
        old: a content, in chunks.
        new: the other one.
        most: tables with more rows are only counted.
    """
    try:
        before, after = _read(path, old, most), _read(path, new, most)
    except csv.Error:
        return None
    countable = max(before.rows, after.rows) <= most
    removed, added = _difference(before.hashes, after.hashes) if countable else (None, None)
    return TableChange(
        old_rows=before.rows,
        new_rows=after.rows,
        rows_added=added,
        rows_removed=removed,
        **_columns(before.columns, after.columns),
    )


def compare_profiles(old: DataProfile, new: DataProfile) -> TableChange | None:
    """Return how two tables differ as far as their profiles tell, None if they count no rows."""
    if old.rows is None or new.rows is None:
        return None
    # of a wide table only the first columns are known, of which nobody can tell what came
    told = all(len(table.columns) == table.column_count for table in (old, new))
    before, after = ([column.name for column in table.columns if told] for table in (old, new))
    return TableChange(
        old_rows=old.rows,
        new_rows=new.rows,
        rows_added=None,
        rows_removed=None,
        **_columns(before, after),
    )


def _columns(before: list[str], after: list[str]) -> dict[str, list[str]]:
    return {
        "columns_added": [name for name in after if name not in before],
        "columns_removed": [name for name in before if name not in after],
    }


def _read(path: str, chunks: Iterator[bytes], most: int) -> _Table:
    text = io.TextIOWrapper(
        io.BufferedReader(_Chunks(chunks)), "utf-8-sig", errors="replace", newline=""
    )
    first = text.readline()
    delimiters = "\t" if path.lower().endswith(".tsv") else _DELIMITERS
    delimiter = max(delimiters, key=_QUOTED.sub("", first).count)
    reader = csv.reader(chain([first] if first else [], text), delimiter=delimiter)
    columns = next(reader, [])
    hashes = array("q")
    rows = 0
    for row in filter(None, reader):  # without blank lines
        rows += 1
        if rows <= most:
            hashes.append(hash("\x1f".join(row)))
    return _Table(columns, rows, hashes)


def _difference(old: array[int], new: array[int]) -> tuple[int, int]:
    """Return how many values are only in ``old``, and only in ``new``, each as often as it is."""
    right = _ordered(new)
    other, same = next(right, None), 0
    for value in _ordered(old):
        while other is not None and other < value:
            other = next(right, None)
        if other == value:
            same += 1
            other = next(right, None)
    return len(old) - same, len(new) - same


def _ordered(values: array[int]) -> Iterator[int]:
    """Give values in their order; they are sorted in parts: sorting holds up all other threads."""
    parts = (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
    return heapq.merge(*map(sorted, parts))


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
