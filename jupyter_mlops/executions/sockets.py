"""Folders of kernels' sockets, short enough for the paths of such; what was killed leaves its own.

A lock on a file in it shows that a folder is in use, as with runs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.locks import is_free, locked

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "mlops-"
_LOCK = "in-use"
_BEGINNING_SECONDS = 10


@contextmanager
def socket_folder() -> Iterator[Path]:
    """Give a folder that only this user can enter; it goes with the block."""
    remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with locked(folder / _LOCK):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned() -> None:
    """Remove the folders of processes that are gone."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        with suppress(OSError):  # somebody else's, or just gone
            found = lock.lstat()
            # one that is just being made is not locked yet
            is_young = abs(time.time() - found.st_mtime) < _BEGINNING_SECONDS
            if found.st_uid == os.getuid() and not is_young and is_free(lock):
                shutil.rmtree(lock.parent, ignore_errors=True)
