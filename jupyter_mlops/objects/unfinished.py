"""What is being made outside of the objects' folder, so that nothing stays of it after a crash.

A file or folder that is on its way to its place has a name that nobody else uses, and before it is
there its path stands in a note in the store. The note is locked for as long as its process lives,
however that ends, so that whoever comes next can tell what was abandoned; no clock is asked.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from ..core.locks import make_locked
from .disk import is_full, unused_name, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# a note that somebody sends with a store must not lead to anything else
_OURS = re.compile(r"\.mlops-[0-9a-f]{32}\.part")


class Unfinished:
    """The notes of one store; any number of threads and processes may write and sweep.

    Args:
        store: the store's folder.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self._folder = store / "unfinished"

    @contextmanager
    def paths(self, folders: Iterable[Path]) -> Iterator[list[Path]]:
        """Give a new path in each folder; what is there at the end of the block is removed.

        Raises:
            StoreUnavailableError: the store cannot be written.
        """
        self.sweep()
        found = [unused_name(Path(os.path.abspath(folder))) for folder in folders]
        try:
            with self._noted([path for path in found if not _goes_with_its_folder(path)]):
                yield found
        finally:
            for path in filter(_goes_with_its_folder, found):
                _is_gone(path)

    @contextmanager
    def folder(self, parent: Path) -> Iterator[Path]:
        """Give a new folder in ``parent``; it is removed at the end of the block.

        Raises:
            StoreUnavailableError: it cannot be made.
        """
        with self.paths([parent]) as (made,):
            with writing(parent):
                made.mkdir(mode=0o700)
            yield made

    def sweep(self) -> None:
        """Remove what processes left that are gone."""
        with suppress(OSError):  # nothing was ever noted, or who notes something says what is wrong
            for entry in os.scandir(self._folder):
                with suppress(OSError):  # its process lives, or somebody else sweeps
                    _settle(entry.path)

    def _takes_no_notes(self) -> bool:
        """Tell whether a store is read-only: what is taken from it is written unnoted.

        So it is where its disk is full: another disk may be what it is taken to.
        """
        return self._store.is_dir() and not os.access(self._store, os.W_OK)

    @contextmanager
    def _noted(self, paths: Sequence[Path]) -> Iterator[None]:
        if not paths or self._takes_no_notes():
            yield
            return
        note = self._folder / uuid4().hex
        with ExitStack() as held:
            try:
                with writing(self._store), _unless_full():
                    self._write(note, paths, held)
                yield
            finally:
                with suppress(OSError):  # what cannot be removed now is left to the next sweep
                    if _are_gone(paths):
                        note.unlink()

    def _write(self, note: Path, paths: Sequence[Path], held: ExitStack) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = make_locked(note)
        held.callback(os.close, descriptor)
        with open(descriptor, "wb", closefd=False) as file:
            file.write(b"\0".join(map(os.fsencode, paths)))
            file.flush()
            os.fsync(descriptor)  # or a power cut could leave the files and take the note


@contextmanager
def _unless_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise


def _settle(note: str) -> None:
    """Remove what a note names, then the note, unless its process lives."""
    descriptor = os.open(note, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with open(descriptor, "rb", closefd=False) as file:
            paths = [Path(os.fsdecode(name)) for name in file.read().split(b"\0") if name]
        if _are_gone(paths):
            os.unlink(note)
    finally:
        os.close(descriptor)


def _are_gone(paths: Sequence[Path]) -> bool:
    """Remove all that is unfinished, and tell whether nothing is left of it."""
    return not [path for path in paths if not _is_gone(path)]


def _is_gone(path: Path) -> bool:
    if _OURS.fullmatch(path.name) is None or not os.path.lexists(path):
        return True
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return not os.path.lexists(path)


def _goes_with_its_folder(path: Path) -> bool:
    return any(_OURS.fullmatch(part) for part in path.parent.parts)
