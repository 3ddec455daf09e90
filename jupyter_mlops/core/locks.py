"""Locks on files, which end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from .errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE = 0.05


@contextmanager
def locked(file: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock on a file, which is made if needed.

    Raises:
        BlockingIOError: another process holds it, and ``wait`` is false.
        OSError: the file cannot be made.
    """
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


@contextmanager
def locked_within(file: Path, seconds: float, busy: str) -> Iterator[None]:
    """Hold the lock on a file, for which no longer is waited: its holder may hang.

    Args:
        file: it is made if needed.
        seconds: how long others may hold it.
        busy: the sentence for who has waited in vain.

    Raises:
        ConflictError: others hold it all the time.
        OSError: the file cannot be made.
    """
    end = time.monotonic() + seconds
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(locked(file, wait=False))
                break
            except BlockingIOError as error:
                if time.monotonic() >= end:
                    raise ConflictError(busy, lock=str(file)) from error
            time.sleep(_PAUSE)
        yield


def make_locked(file: Path) -> int:
    """Make a file and return a descriptor that holds its lock, until it is closed.

    Whoever removes files whose lock is free, while holding it, cannot come in between.

    Raises:
        OSError: the file cannot be made.
    """
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def is_free(file: Path) -> bool:
    """Tell whether no process holds the lock on a file, which need not be there.

    Several may ask at once: none of them takes another's look for a holder.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
