"""What is compared and not stored as it is shown, kept for as long as somebody looks at it.

These are the cells of large notebooks: to open one its whole notebook has to be parsed, so the
process that parses one writes what each cell holds to a file. And they are notebooks as they stand
now, see ``present``. The files have no names: nothing of them is left when the server has ended,
however that ends.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from array import array
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from ..core.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ..snapshots.parsing import Stored

_PIECE = 1024 * 1024
_NUMBER = 8  # bytes


def write(parts: Iterable[bytes], descriptor: int) -> None:
    """Write parts to an open file, then where each ends, then how many; nothing on a full disk."""
    ends = array("Q")
    try:
        with open(descriptor, "wb", closefd=False) as file:
            for part in parts:
                file.write(part)
                ends.append(file.tell())
            ends.append(len(ends))
            file.write(ends.tobytes())
    except OSError:
        os.ftruncate(descriptor, 0)


class _Kept(NamedTuple):
    file: BinaryIO
    used: float


class KeptParts:
    """The parts of what was looked at last, by its name; safe to use from several threads.

    Args:
        folder: where the files are.
        most: the number of things whose parts are kept.
        seconds: after which those go that nobody has looked at.
    """

    def __init__(self, folder: Path, *, most: int, seconds: float) -> None:
        self._folder = folder
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._timer: threading.Timer | None = None

    @contextmanager
    def filling(self, names: Sequence[str]) -> Iterator[list[int]]:
        """Give the descriptors of files to ``write`` to, one for each name.

        They are kept at the end of the block, unless it raises. There are none where the disk
        takes none.
        """
        files: list[BinaryIO] = []
        try:
            files.extend(self._file() for _ in names)
        except OSError:
            _close(files)
            files = []
        try:
            yield [file.fileno() for file in files]
        except BaseException:
            _close(files)
            raise
        with self._lock:
            for name, file in zip(names, files, strict=False):
                self._put(name, file)
            self._tidy(time.monotonic())

    def part(self, name: str, index: int) -> bytes | None:
        """Return a part by its number; ``null`` where there is none, None if nothing is kept."""
        found = self.stored(name, index)
        return None if found is None else b"".join(found[0]) or b"null"

    def stored(self, name: str, index: int) -> Stored | None:
        """Return a part in chunks, and its size; nothing of 0 bytes where there is no such part."""
        with self._lock:
            kept = self._kept.pop(name, None)
            if kept is None:
                return None
            self._kept[name] = kept._replace(used=time.monotonic())
            start, end = _place(kept.file.fileno(), index)
        return self._chunks(name, start, end), end - start

    def forget(self, names: Iterable[str]) -> None:
        """Let go of the parts of things."""
        with self._lock:
            _close(self._kept.pop(one).file for one in set(names) & self._kept.keys())

    def close(self) -> None:
        """Let go of everything."""
        self.forget(list(self._kept))
        if self._timer is not None:
            self._timer.cancel()

    def _chunks(self, name: str, start: int, end: int) -> Iterator[bytes]:
        for at in range(start, end, _PIECE):
            with self._lock:
                if name not in self._kept:  # others have taken its place meanwhile
                    raise NotFoundError("What was looked at is not kept any more. Try again.")
                piece = os.pread(self._kept[name].file.fileno(), min(_PIECE, end - at), at)
            yield piece

    def _file(self) -> BinaryIO:
        return cast("BinaryIO", tempfile.TemporaryFile(dir=self._folder))

    def _put(self, name: str, file: BinaryIO) -> None:
        if os.fstat(file.fileno()).st_size == 0:
            file.close()
            return
        before = self._kept.pop(name, None)
        if before is not None:
            before.file.close()
        self._kept[name] = _Kept(file, time.monotonic())

    def _tidy(self, now: float) -> None:
        """Let go of what nobody has looked at lately, and come again."""
        most = len(self._kept) - self._most
        for at, (name, kept) in enumerate(list(self._kept.items())):
            if at < most or now - kept.used >= self._seconds:
                del self._kept[name]
                kept.file.close()
        if self._timer is not None:
            self._timer.cancel()
        if self._kept:
            self._timer = threading.Timer(self._seconds, self._come_again)
            self._timer.daemon = True
            self._timer.start()

    def _come_again(self) -> None:
        with self._lock:
            self._tidy(time.monotonic())


def _place(descriptor: int, index: int) -> tuple[int, int]:
    """Return where a part begins and ends, nowhere for one that is not there."""
    size = os.fstat(descriptor).st_size
    count = _numbers(descriptor, size - _NUMBER, 1)[0]
    if not 0 <= index < count:
        return 0, 0
    table = size - _NUMBER * (count + 1)
    first = max(index - 1, 0)
    ends = _numbers(descriptor, table + _NUMBER * first, index - first + 1)
    return 0 if index == 0 else ends[0], ends[-1]


def _numbers(descriptor: int, at: int, count: int) -> array[int]:
    return array("Q", os.pread(descriptor, _NUMBER * count, at))


def _close(files: Iterable[BinaryIO]) -> None:
    for file in files:
        file.close()
