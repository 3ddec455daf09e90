"""Reading the user's files, which may change or vanish at any moment."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

from ..core.errors import ConflictError, InvalidInputError, MLOpsError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 4 * 1024 * 1024

_RACY_NS = 2_000_000_000
SIGNED = (1 << 63) - 1
"""Some filesystems use all 64 bits of an inode; SQLite has 63."""


class FileChangedError(ConflictError):
    """A file changed while it was read, so that what was read is no version of it."""


def facts(status: os.stat_result) -> tuple[int, int, int, int, int]:
    """Return what a fingerprint is made of, without making one."""
    return (
        status.st_dev & SIGNED,
        status.st_ino & SIGNED,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


class Fingerprint(NamedTuple):
    """What tells that a file is the one that was read before, without reading it."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """Take the fingerprint of a file's status."""
        return cls(*facts(status))

    def is_settled(self, now_ns: int) -> bool:
        """Tell whether a later change must show: file times are coarse, so a fresh one may not."""
        return self.mtime_ns < now_ns - _RACY_NS


def is_text(path: str) -> bool:
    """Tell whether rows can hold a path: a file's name may be no UTF-8."""
    if path.isascii():
        return True
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_small(path: str, expected: Fingerprint, room: memoryview) -> memoryview:
    """Return the content of a regular file, which has been as expected until it was read.

    It does what ``open_file`` does, with as few calls as can be.

    Args:
        path: of the file.
        expected: what it is like.
        room: where the content goes; a byte more than is expected, which would show.

    Raises:
        NotFoundError: nothing is there.
        InvalidInputError: it is no regular file, or cannot be read.
        FileChangedError: it is another than expected.
    """
    descriptor = -1
    try:
        descriptor = _open_at_once(path, os.O_RDONLY | os.O_CLOEXEC)
        count = os.readv(descriptor, [room])
        status = os.fstat(descriptor)
    except OSError as error:
        raise unreadable(path, error) from error
    finally:
        if descriptor >= 0:
            os.close(descriptor)
    if count != expected.size or facts(status) != expected:
        check_regular(path, status)
        raise changed(path)
    return room[:count]


@contextmanager
def open_file(path: Path | str) -> Iterator[tuple[BinaryIO, Fingerprint]]:
    """Open a regular file for reading, unbuffered, and check at the end that it stayed the same.

    Raises:
        NotFoundError: nothing is there.
        InvalidInputError: it is no regular file, or cannot be read.
        FileChangedError: it changed while it was open.
    """
    with reading(path):
        file = open(path, "rb", buffering=0, opener=_open_at_once)  # noqa: SIM115 - closed below
    with file:
        before = os.fstat(file.fileno())
        check_regular(path, before)
        fingerprint = Fingerprint.of(before)
        yield file, fingerprint
        if Fingerprint.of(os.fstat(file.fileno())) != fingerprint:
            raise changed(path)


def check_regular(path: Path | str, status: os.stat_result) -> None:
    """Refuse what is no regular file.

    Raises:
        InvalidInputError: it is a folder, a pipe, a device.
    """
    if not stat.S_ISREG(status.st_mode):
        raise InvalidInputError(f"{path} is not a regular file.", path=str(path))


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a named pipe must not block us


def changed(path: Path | str) -> FileChangedError:
    """Return the error for a file that changes while it is read."""
    return FileChangedError(
        f"{path} changes while it is read. Wait until it is written and try again.",
        path=str(path),
    )


def read_chunks(file: BinaryIO, path: Path | str) -> Iterator[memoryview]:
    """Give the content from the current position on; a chunk is valid until the next."""
    buffer = memoryview(bytearray(CHUNK))
    while True:
        with reading(path):
            count = file.readinto(buffer)  # type: ignore[attr-defined]
        if not count:
            return
        yield buffer[:count]


@contextmanager
def reading(path: Path | str) -> Iterator[None]:
    """Say what is wrong when ``path`` cannot be read.

    Raises:
        NotFoundError: nothing is there.
        InvalidInputError: in place of any other ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path | str, error: OSError) -> MLOpsError:
    """Return the error for a path that the system does not give."""
    if isinstance(error, FileNotFoundError):
        return NotFoundError(f"{path} does not exist.", path=str(path))
    return InvalidInputError(f"{path} cannot be read: {error.strerror or error}.", path=str(path))
