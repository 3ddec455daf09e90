"""Writing files so that a crash or a full disk leaves a whole file or none.

Knows nothing of objects; everything that the room writes goes through ``OutputFile``.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Self
from uuid import uuid4

from ..core.errors import StoreUnavailableError
from .files import CHUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

_FICLONE = 0x40049409  # ioctl_ficlone(2)
_UNFINISHED = ".mlops-"
_FLUSH_BYTES = 8 * 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


class OutputFile:
    """A new file under a name nobody else uses.

    A failed ``write`` can be repeated: what it left behind is overwritten.
    """

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self.path = path
        self.size = 0
        self._flushed = 0
        self.descriptor = os.open(path, flags, mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Append all of ``data``."""
        view = memoryview(data)
        written = 0
        while written < len(view):
            written += os.pwrite(self.descriptor, view[written:], self.size + written)
        self.size += written
        self._flush()
        return written

    def fill(self, read: Callable[[memoryview], int]) -> memoryview:
        """Append what ``read`` puts into memory that it is given; return that.

        Args:
            read: returns how many bytes it has put there.

        Returns:
            what was appended, valid until the next call; empty if nothing was.
        """
        room = memoryview(bytearray(CHUNK))
        count = read(room)
        self.write(room[:count])
        return room[:count]

    def is_sooner(self, sample: bytes, seconds: float) -> bool:
        """Tell whether the disk is known to take ``sample`` in less time, before any write."""
        return False

    def _flush(self) -> None:
        """Let the disk begin with what is there, so that ``sync`` has little left to wait for."""
        if self.size - self._flushed >= _FLUSH_BYTES and hasattr(os, "posix_fadvise"):
            length = self.size - self._flushed
            os.posix_fadvise(self.descriptor, self._flushed, length, os.POSIX_FADV_DONTNEED)
            self._flushed = self.size

    def sync(self) -> None:
        """Make the content survive a power cut."""
        os.ftruncate(self.descriptor, self.size)
        os.fsync(self.descriptor)

    def close(self) -> None:
        """Close the file; twice is fine."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def unused_name(folder: Path) -> Path:
    """Return a path in ``folder`` for an unfinished file or folder."""
    return folder / f"{_UNFINISHED}{uuid4().hex}.part"


def reflink(source: BinaryIO, target: OutputFile) -> bool:
    """Let ``target`` share the blocks of the file ``source``, where that is possible."""
    if sys.platform != "linux":
        return False
    try:
        fcntl.ioctl(target.descriptor, _FICLONE, source.fileno())
    except OSError:  # io.UnsupportedOperation too: the source is no file of this machine
        return False
    target.size = os.fstat(target.descriptor).st_size
    return True


def rename_folder(source: Path, target: Path) -> bool:
    """Give a folder its final name; False when a folder with files has it already."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def sync_folders(folders: Iterable[Path]) -> None:
    """Make the names in ``folders`` survive a power cut."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say what to do when ``folder`` cannot be written.

    Raises:
        StoreUnavailableError: in place of any ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(_advice(folder, error), path=str(folder)) from error


def is_full(error: OSError) -> bool:
    """Tell whether a disk, or a user's part of it, has no room left."""
    return error.errno in _FULL


def _advice(path: Path, error: OSError) -> str:
    # what is unfinished has a name that says nothing, and is gone when somebody reads this
    hidden = [place for place in (path, *path.parents) if place.name.startswith(_UNFINISHED)]
    folder = hidden[-1].parent if hidden else path
    if is_full(error):
        return f"The disk that holds {folder} is full. Free some space and try again."
    if error.errno in _READ_ONLY:
        return f"{folder} cannot be written: {error.strerror}. Make it writable and try again."
    return f"{folder} cannot be written: {error.strerror or error}."
