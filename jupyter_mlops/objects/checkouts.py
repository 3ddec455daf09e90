"""Writing objects to where somebody wants them: whole or not at all, in place of what is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from ..core.errors import ForbiddenPathError
from . import erasure
from .blobs import RAW, Location, damaged, read_verified
from .disk import OutputFile, reflink, rename_folder, sync_folders, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from .places import Place
    from .schemas import TreeEntry
    from .store import ObjectStore
    from .unfinished import Unfinished


class _Copy(NamedTuple):
    """An object, and the file that is to hold it."""

    location: Location
    target: Path
    executable: bool = False


class Checkouts:
    """Writes the objects of one store to where somebody wants them.

    Args:
        place: where the objects' files are.
        store: the index.
        unfinished: notes what is on its way.
        opened: opens an object's stored bytes.
    """

    def __init__(
        self,
        place: Place,
        store: ObjectStore,
        unfinished: Unfinished,
        opened: Callable[[Location], tuple[Location, BinaryIO]],
    ) -> None:
        self._place = place
        self._store = store
        self._unfinished = unfinished
        self._opened = opened

    def file(self, location: Location, target: Path) -> None:
        """Write an object, durably; see ``ObjectManager.checkout_file``."""
        with self._unfinished.paths([target.parent]) as (temporary,):
            self._replace(_Copy(location, target), temporary, durable=True)

    def tree(self, entries: Sequence[TreeEntry], folder: Path) -> None:
        """Write the files of a folder; see ``ObjectManager.checkout_tree``."""
        with writing(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            merge = folder.is_symlink() or (folder.is_dir() and any(folder.iterdir()))
        if merge or not self._make(entries, folder):
            self._merge(entries, folder)

    def _make(self, entries: Sequence[TreeEntry], folder: Path) -> bool:
        """Let a folder appear with all its files; False if one with files has come meanwhile."""
        with self._unfinished.paths([folder.parent]) as (staged,), writing(folder):
            staged.mkdir()
            self._all(self._write, self._copies(entries, staged))
            return rename_folder(staged, folder)

    def _merge(self, entries: Sequence[TreeEntry], folder: Path) -> None:
        """Replace files of a folder one by one."""
        copies = self._copies(entries, folder)
        _check_inside(folder, {copy.target.parent for copy in copies})
        with self._unfinished.paths(copy.target.parent for copy in copies) as temporaries:
            self._all(self._replace, copies, temporaries)

    def _copies(self, entries: Sequence[TreeEntry], folder: Path) -> list[_Copy]:
        locations = self._store.locate({entry.object_id for entry in entries})
        for entry in entries:
            if entry.object_id not in locations:
                records = erasure.erased(self._store.database, [entry.object_id])
                record = records.get(entry.object_id)
                raise erasure.gone(record) if record else damaged(entry.object_id)
        return [
            _Copy(locations[entry.object_id], folder / entry.path, entry.executable)
            for entry in entries
        ]

    def _all(self, write: Callable[..., None], *arguments: Iterable[object]) -> None:
        with ThreadPoolExecutor(self._place.connections) as threads:
            for _ in threads.map(write, *arguments):  # an error ends the rest
                pass

    def _replace(self, copy: _Copy, temporary: Path, *, durable: bool = False) -> None:
        with writing(copy.target):
            self._write(copy._replace(target=temporary), durable=durable)
            temporary.replace(copy.target)
            if durable:
                sync_folders([copy.target.parent])

    def _write(self, copy: _Copy, *, durable: bool = False) -> None:
        location, file = self._opened(copy.location)
        with file as stored, writing(copy.target):
            copy.target.parent.mkdir(parents=True, exist_ok=True)
            with OutputFile(copy.target, mode=0o777 if copy.executable else 0o666) as output:
                shared = location.codec == RAW and location.pack_id is None
                shared = shared and reflink(stored, output)
                for chunk in read_verified(location, stored):
                    if not shared:
                        output.write(chunk)
                if durable:
                    output.sync()


def _check_inside(folder: Path, parents: Iterable[Path]) -> None:
    """Refuse to follow a link that leads out of a folder.

    Raises:
        ForbiddenPathError: there is one.
    """
    root = folder.resolve()
    for parent in parents:
        if not parent.resolve().is_relative_to(root):
            raise ForbiddenPathError(f"{parent} leads out of {folder}.", path=str(parent))
