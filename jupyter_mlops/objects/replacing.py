"""Replacing the user's files: one who does so at a time, and nothing that came meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..core.errors import ConflictError
from ..core.locks import locked_within
from .blobs import digest_chunks
from .disk import writing
from .files import Fingerprint, open_file, read_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "in-place.lock"
_LOCK_SECONDS = 600
"""Longer than it takes to replace a hundred gigabytes; whoever holds the lock then hangs."""
_BUSY = (
    "Another restore in place has been at work for ten minutes. Wait until it has ended, or end "
    "its process, and try again. A restore to a new place need not wait."
)


@contextmanager
def replacing(store: Path) -> Iterator[None]:
    """Be the only one who replaces files of a project; of two at a time the second one waits.

    Raises:
        ConflictError: the other one does not end.
        StoreUnavailableError: something cannot be written.
    """
    with writing(store), locked_within(store / _LOCK, _LOCK_SECONDS, _BUSY):
        yield


def fingerprint_at(path: Path) -> Fingerprint | None:
    """Return the fingerprint of what is at a path, None where nothing is."""
    try:
        return Fingerprint.of(path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return None


def check_untouched(path: Path, before: Fingerprint | None) -> None:
    """Refuse to replace what somebody has changed since, which nothing keeps.

    Raises:
        ConflictError: somebody has.
    """
    if fingerprint_at(path) != before:
        raise ConflictError(
            f"{path} is being changed by somebody else. Wait until it is written, and restore "
            "again.",
            path=str(path),
        )


def digest_of(path: Path) -> str:
    """Return the BLAKE3 of a file.

    Raises:
        NotFoundError, InvalidInputError: it cannot be read.
        FileChangedError: it changed meanwhile.
    """
    # not mapped: where somebody cuts it short, that would end the process
    with open_file(path) as (stream, fingerprint):
        return digest_chunks(read_chunks(stream, path), fingerprint.size, path)
