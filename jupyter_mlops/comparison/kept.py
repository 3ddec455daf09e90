"""What the cells of large notebooks hold, kept for as long as somebody looks at them.

To open one cell its whole notebook has to be parsed. So the process that parses one writes what
each cell holds to a file without a name: nothing of it is left when the server has ended, however
that ends.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from array import array
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_MOST = 4
_SECONDS = 600.0
_NUMBER = 8  # bytes


def write(cells: Iterable[bytes], descriptor: int) -> None:
    """Write cells to an open file, then where each ends, then how many; nothing on a full disk."""
    ends = array("Q")
    try:
        with open(descriptor, "wb", closefd=False) as file:
            for cell in cells:
                file.write(cell)
                ends.append(file.tell())
            ends.append(len(ends))
            file.write(ends.tobytes())
    except OSError:
        os.ftruncate(descriptor, 0)


class _Kept(NamedTuple):
    file: BinaryIO
    used: float


class KeptCells:
    """The cells of the notebooks that were looked at last; safe to use from several threads.

    Args:
        folder: where the files are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._timer: threading.Timer | None = None

    @contextmanager
    def filling(self, object_ids: Sequence[str]) -> Iterator[list[int]]:
        """Give the descriptors of files to ``write`` to, for a notebook each.

        They are kept at the end of the block, unless it raises. There are none where the disk
        takes none.
        """
        files: list[BinaryIO] = []
        try:
            files.extend(self._file() for _ in object_ids)
        except OSError:
            _close(files)
            files = []
        try:
            yield [file.fileno() for file in files]
        except BaseException:
            _close(files)
            raise
        with self._lock:
            for object_id, file in zip(object_ids, files, strict=False):
                self._put(object_id, file)
            self._tidy(time.monotonic())

    def cell(self, object_id: str, index: int) -> bytes | None:
        """Return what a cell holds; ``null`` where there is no such cell, None if not kept."""
        with self._lock:
            kept = self._kept.pop(object_id, None)
            if kept is None:
                return None
            self._kept[object_id] = kept._replace(used=time.monotonic())
            return _read(kept.file.fileno(), index)

    def forget(self, object_ids: Iterable[str]) -> None:
        """Let go of the cells of notebooks."""
        with self._lock:
            _close(self._kept.pop(one).file for one in set(object_ids) & self._kept.keys())

    def close(self) -> None:
        """Let go of everything."""
        self.forget(list(self._kept))
        if self._timer is not None:
            self._timer.cancel()

    def _file(self) -> BinaryIO:
        return cast("BinaryIO", tempfile.TemporaryFile(dir=self._folder))

    def _put(self, object_id: str, file: BinaryIO) -> None:
        if os.fstat(file.fileno()).st_size == 0:
            file.close()
            return
        before = self._kept.pop(object_id, None)
        if before is not None:
            before.file.close()
        self._kept[object_id] = _Kept(file, time.monotonic())

    def _tidy(self, now: float) -> None:
        """Let go of what nobody has looked at lately, and come again."""
        most = len(self._kept) - _MOST
        for at, (object_id, kept) in enumerate(list(self._kept.items())):
            if at < most or now - kept.used >= _SECONDS:
                del self._kept[object_id]
                kept.file.close()
        if self._timer is not None:
            self._timer.cancel()
        if self._kept:
            self._timer = threading.Timer(_SECONDS, self._come_again)
            self._timer.daemon = True
            self._timer.start()

    def _come_again(self) -> None:
        with self._lock:
            self._tidy(time.monotonic())


def _read(descriptor: int, index: int) -> bytes:
    size = os.fstat(descriptor).st_size
    count = _numbers(descriptor, size - _NUMBER, 1)[0]
    if not 0 <= index < count:
        return b"null"
    table = size - _NUMBER * (count + 1)
    first = max(index - 1, 0)
    ends = _numbers(descriptor, table + _NUMBER * first, index - first + 1)
    start = 0 if index == 0 else ends[0]
    return os.pread(descriptor, ends[-1] - start, start)


def _numbers(descriptor: int, at: int, count: int) -> array[int]:
    return array("Q", os.pread(descriptor, _NUMBER * count, at))


def _close(files: Iterable[BinaryIO]) -> None:
    for file in files:
        file.close()
