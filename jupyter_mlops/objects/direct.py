"""A large file that is written past the system's cache, while its next part is being made.

So it is durable sooner: the disk works from the first part on, and what others need stays in the
cache. Where the file system has no such way, the parts are written as any other file's are.
"""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from .disk import OutputFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Of a size that stays in the processor's cache until the disk has it: with parts of 8 MB the disk
# took a quarter longer.
_PART = 2 * 1024 * 1024
_PARTS = 3
_TRIALS = 4
_DIRECT = getattr(os, "O_DIRECT", 0)  # Linux

WORTHWHILE = 16 * _PART
"""Bytes; for smaller files it takes longer to begin."""


class DirectFile(OutputFile):
    """A file whose content is durable after ``sync``; a failed ``write`` cannot be repeated."""

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        super().__init__(path, mode)
        # memory as the disk's own wants it: at the begin of a page
        self._parts = [mmap.mmap(-1, _PART) for _ in range(_PARTS)]
        self._written: list[Future[None] | None] = [None] * _PARTS
        self._filled = 0
        self._thread = ThreadPoolExecutor(1, "mlops-write")
        self._direct = False

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Append all of ``data``; an error may be that of an earlier part."""
        view = memoryview(data)
        taken = 0

        def copy(room: memoryview) -> int:
            count = min(len(room), len(view) - taken)
            room[:count] = view[taken : taken + count]
            return count

        while taken < len(view):
            taken += len(self.fill(copy))
        return taken

    def fill(self, read: Callable[[memoryview], int]) -> memoryview:
        """Append what ``read`` puts into a part, which is not copied again."""
        number = self.size // _PART % _PARTS
        if self._filled == 0:
            self._wait(number)
        room = memoryview(self._parts[number])[self._filled : _PART]
        count = read(room)
        self._filled += count
        self.size += count
        if self._filled == _PART:
            offset = self.size - _PART
            if offset == 0:
                self._set_direct(on=True)
            self._written[number] = self._thread.submit(self._put, number, _PART, offset)
            self._filled = 0
        return room[:count]

    def is_sooner(self, sample: bytes, seconds: float) -> bool:
        """Write it, if need be a few times, to see what the disk can do; it is written over."""
        self._parts[0][:] = (sample * (_PART // len(sample) + 1))[:_PART]
        self._set_direct(on=True)
        limit = seconds * _PART / len(sample)
        return self._direct and any(self._trial(number) < limit for number in range(_TRIALS))

    def _trial(self, number: int) -> float:
        start = time.perf_counter()
        self._put(0, _PART, number * _PART)
        return time.perf_counter() - start

    def sync(self) -> None:
        """Write what is left, and make the content survive a power cut."""
        for number in range(_PARTS):
            self._wait(number)
        if self._filled:
            self._set_direct(on=False)  # the disk takes whole pages only
            number = self.size // _PART % _PARTS
            self._put(number, self._filled, self.size - self._filled)
            self._filled = 0
        super().sync()

    def close(self) -> None:
        """Wait for the parts that are on their way, and close the file; twice is fine."""
        self._thread.shutdown()
        super().close()

    def _wait(self, number: int) -> None:
        future, self._written[number] = self._written[number], None
        if future is not None:
            future.result()

    def _put(self, number: int, count: int, offset: int) -> None:
        done = 0
        while done < count:
            try:
                with memoryview(self._parts[number]) as part, part[done:count] as rest:
                    done += os.pwrite(self.descriptor, rest, offset + done)
            except OSError as error:
                if error.errno != errno.EINVAL or not self._direct:
                    raise
                self._set_direct(on=False)
            else:
                if done < count:  # the rest need not begin where the disk wants it
                    self._set_direct(on=False)

    def _set_direct(self, *, on: bool) -> None:
        if on == self._direct:
            return
        flags = fcntl.fcntl(self.descriptor, fcntl.F_GETFL)
        with suppress(OSError):  # this file system has no such way
            fcntl.fcntl(self.descriptor, fcntl.F_SETFL, flags | _DIRECT if on else flags & ~_DIRECT)
            self._direct = on and _DIRECT != 0
