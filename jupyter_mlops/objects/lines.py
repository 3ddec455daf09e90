"""The lines of a folder's files: what is the same as before is found without looking at each.

A line is the file's path in the folder and a mark: its fingerprint, and whether it is executable.
The lines of a folder are sorted and lie in one piece of memory, of which long parts are compared
at once.
"""

from __future__ import annotations

import stat
from array import array
from bisect import bisect_left
from itertools import accumulate, pairwise
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from ..core.errors import InvalidInputError
from .files import SIGNED, Fingerprint

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

# a zero, which no path has, and what ``line_of`` gives
_MARK = Struct("<x3Q2q?")
# begins as no number of files would, which is what they began with once
_HEADER = Struct("<4sI")
_LAYOUT = b"LNS3"
_MOST = 128
_EXECUTABLE = stat.S_IXUSR


class Pieces:
    """Pieces of bytes, one behind the other.

    Args:
        lengths: of each with what divides it from the next, in bytes.
        body: all of them, behind ``begin`` other bytes.
        begin: how many those are.
        between: how many bytes divide a piece from the next.
    """

    __slots__ = ("_between", "_ends", "body", "lengths")

    def __init__(
        self, lengths: array[int], body: bytes, *, begin: int = 0, between: int = 0
    ) -> None:
        self.lengths = lengths
        self.body = body
        self._between = between
        self._ends = array("I", accumulate(lengths, initial=begin))

    @classmethod
    def of(cls, pieces: Sequence[bytes]) -> Pieces:
        """Put pieces one behind the other."""
        return cls(array("I", map(len, pieces)), b"".join(pieces))

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[bytes]:
        return (self.body[start : end - self._between] for start, end in pairwise(self._ends))

    @property
    def end(self) -> int:
        """Where the last one ends in the body."""
        return self._ends[-1] - self._between

    def part(self, begin: int, end: int) -> bytes:
        """Return the pieces from number ``begin`` to before ``end`` as they lie."""
        return self.body[self._ends[begin] : self._ends[end] - self._between]


class Run(NamedTuple):
    """Lines from number ``begin`` to before ``end``; ``was`` their first's before, None for new."""

    begin: int
    end: int
    was: int | None


def compare(lines: Pieces, before: Pieces) -> Iterator[Run]:
    """Give all lines in their order, in runs of such as were there before and such as were not.

    Args:
        lines: of a folder's files, sorted.
        before: those of another time. An empty one is of a file that nothing is known of.
    """
    at = was = new = 0
    while at < len(lines) and was < len(before):
        same = _same(lines, at, before, was)
        if same:
            if new < at:
                yield Run(new, at, None)
            yield Run(at, at + same, was)
            new = at = at + same
            was += same
            continue
        name, name_before = name_of(lines.part(at, at + 1)), name_of(before.part(was, was + 1))
        at += name <= name_before
        was += name >= name_before
    if new < len(lines):
        yield Run(new, len(lines), None)


def _same(lines: Pieces, at: int, before: Pieces, was: int) -> int:
    """Return how many lines are the same from there on, of at most ``_MOST``.

    Parts that are the same have the same lines: a line ends a mark's size behind its first zero.
    """
    most = min(_MOST, len(lines) - at, len(before) - was)
    if lines.part(at, at + most) == before.part(was, was + most):
        return most
    return bisect_left(
        range(1, most),
        True,
        key=lambda count: lines.part(at, at + count) != before.part(was, was + count),
    )


def without(lines: Pieces, numbers: Sequence[int]) -> Pieces:
    """Return the lines with empty ones in place of some."""
    if not numbers:
        return lines
    left = list(lines)
    for number in numbers:
        left[number] = b""
    return Pieces.of(left)


def line_of(path: str, status: os.stat_result) -> bytes:
    """Return the line of a file by its path in the folder.

    Raises:
        InvalidInputError: its path is no text.
    """
    try:
        name = path.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"The name {path!a} is not UTF-8. Rename the file and try again."
        ) from error
    # of many files: in few steps, which are what they take
    mode, inode, device, _, _, _, size, _, _, _ = status
    modified, status_changed = status.st_mtime_ns, status.st_ctime_ns
    return name + _MARK.pack(device, inode, size, modified, status_changed, mode & _EXECUTABLE != 0)


def is_executable(line: bytes) -> bool:
    """Tell whether the file of a line is executable."""
    return line[-1] == 1


def name_of(line: bytes) -> bytes:
    """Return the path of the file of a line, in its folder."""
    return line[: -_MARK.size]


def fingerprint_of(line: bytes) -> Fingerprint:
    """Return the fingerprint of the file of a line."""
    device, inode, *others, _ = _MARK.unpack_from(line, len(line) - _MARK.size)
    return Fingerprint(device & SIGNED, inode & SIGNED, *others)


def pack(lines: Pieces, entries: array[int]) -> bytes:
    """Return lines in one piece, with the lengths of their files' entries, for ``unpack``."""
    header = _HEADER.pack(_LAYOUT, len(lines))
    return b"".join([header, lines.lengths.tobytes(), entries.tobytes(), lines.body])


def unpack(packed: bytes) -> tuple[Pieces, array[int]]:
    """Return lines and lengths again; none where they are in another layout."""
    layout, count = _HEADER.unpack_from(packed)
    lengths, entries = array("I"), array("I")
    if layout != _LAYOUT:
        return Pieces(lengths, b""), entries
    middle = _HEADER.size + count * lengths.itemsize
    end = middle + count * lengths.itemsize
    lengths.frombytes(packed[_HEADER.size : middle])
    entries.frombytes(packed[middle:end])
    return Pieces(lengths, packed, begin=end), entries
