"""Bytes on their way to the disk: small ones gather in a pack, large ones in files of their own.

Nothing here has its final name before ``place``, and nothing is in the index before its caller
puts it there.
"""

from __future__ import annotations

import io
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from blake3 import blake3

from ..core.processors import usable
from .blobs import LARGE, Location, pack_name, write_large
from .direct import WORTHWHILE, DirectFile
from .disk import OutputFile, unused_name, writing
from .packs import ENTRY, Gathered, PackWriter, compressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Set
    from pathlib import Path

    from .places import Place

_GATHERED_BYTES = 4 * LARGE
_PACKERS = 2
_AHEAD = 3


class _Packing(NamedTuple):
    """Objects that are being packed."""

    gathered: Gathered
    compress: bool
    done: Future[list[Location]]


class Staging:
    """New objects of one batch.

    Args:
        place: where the objects go.
        known: returns which of the given ids are stored already, in any thread.
    """

    def __init__(self, place: Place, known: Callable[[Iterable[str]], Set[str]]) -> None:
        self._place = place
        self._folder = place.folder
        self._known = known
        self._small: set[str] = set()
        self._gathered = Gathered(_GATHERED_BYTES)
        self._waiting: list[Gathered] = []
        self._spare: list[Gathered] = []
        self._pack: PackWriter | None = None
        self._packed: list[Location] = []
        self._large: dict[str, tuple[Location, Path]] = {}
        # what has gathered is compressed in these threads, while another reads what comes next
        self._packers: ThreadPoolExecutor | None = None
        self._threads = 0
        self._packing: list[_Packing] = []
        self._lock = threading.Lock()  # of the pack

    def add(self, data: bytes, *, packed: bool = False) -> str:
        """Add an object held in memory and return its id.

        Args:
            data: its content.
            packed: put it into the pack, however large it is.

        Raises:
            StoreUnavailableError: the folder cannot be written.
        """
        if len(data) >= LARGE and not packed:
            return self.add_large(io.BytesIO(data), len(data), self._folder)
        room = self.room(len(data))
        room[:] = data
        return self.keep(room)

    def room(self, size: int) -> memoryview:
        """Return memory for the content of a small object, for ``keep``; valid until the next.

        Raises:
            StoreUnavailableError: the folder cannot be written.
        """
        if not self._gathered.has_room(size):
            self._submit(hurry=not self._place.is_far)
        if not self._gathered.has_room(size):
            self._gathered = Gathered(ENTRY.size + size)
        return self._gathered.room(size)

    def keep(self, content: memoryview) -> str:
        """Add the object that was put into the room, and return its id."""
        object_id = blake3(content).hexdigest()
        if object_id not in self._small:
            self._small.add(object_id)
            self._gathered.keep(object_id, content)
        return object_id

    def add_large(self, source: BinaryIO, size: int, path: Path | str) -> str:
        """Add the ``size`` bytes of ``source``, which is open at ``path``, and return their id.

        Raises:
            FileChangedError: the source has more or fewer bytes.
            StoreUnavailableError: the folder cannot be written.
        """
        with writing(self._folder):
            temporary = self._temporary()
            try:
                make = DirectFile if size >= WORTHWHILE else OutputFile
                with make(temporary, mode=0o400) as target:
                    hurry = not self._place.is_far
                    location = write_large(source, size, path, target, hurry=hurry)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            object_id = location.object_id
            if object_id in self._large or object_id in self._known([object_id]):
                temporary.unlink()
            else:
                self._large[object_id] = (location, temporary)
        return object_id

    def pack(self) -> None:
        """Begin to pack what has gathered, if it was so much that packers are at work.

        Raises:
            StoreUnavailableError: the folder cannot be written.
        """
        if self._packers is not None:
            self._submit(hurry=False)

    def place(self) -> tuple[tuple[str, int] | None, list[Location]]:
        """Make everything durable under its final name.

        Returns:
            the new pack's id and size in bytes, if there is one, and where all new objects are;
            those with an offset are in it.

        Raises:
            StoreUnavailableError: the folder cannot be written.
        """
        if self._packers is None:  # so little is packed before threads would have begun
            self._packed += self._append(self._gathered, compress=True)
            self._gathered.clear()
        self.pack()
        self._end_packing(0)
        locations = [location for location, _ in self._large.values()]
        files = {location.name: temporary for location, temporary in self._large.values()}
        pack = None
        if self._pack is not None:
            with writing(self._folder):
                pack_id = self._pack.finish()
            pack = pack_id, self._pack.output.size
            files[pack_name(pack_id)] = self._pack.output.path
            locations += self._packed
        self._place.put(files)
        return pack, locations

    def discard(self) -> None:
        """Remove what has no final name yet."""
        if self._packers is not None:
            self._packers.shutdown()
        temporary = [path for _, path in self._large.values()]
        if self._pack is not None:
            self._pack.output.close()
            temporary.append(self._pack.output.path)
        for path in temporary:
            # the reason for discarding is on its way to the user; a leftover is harmless
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _temporary(self) -> Path:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return unused_name(self._folder)

    def _submit(self, *, hurry: bool) -> None:
        """Hand what has gathered to the packers.

        Args:
            hurry: store it as it is if they are all busy with compressing: more is to come, and
                the disk takes it sooner.
        """
        if self._gathered.blobs:
            self._waiting.append(self._gathered)
            self._gathered = self._spare.pop() if self._spare else Gathered(_GATHERED_BYTES)
        while self._waiting:
            self._end_packing(_AHEAD - 1)
            if self._packers is None:
                # one processor is left to the thread that reads
                self._threads = min(_PACKERS, max(1, usable() - 1))
                self._packers = ThreadPoolExecutor(self._threads, "mlops-pack")
            busy = sum(task.compress and not task.done.done() for task in self._packing)
            compress = not hurry or busy < self._threads
            first = self._waiting.pop(0)
            done = self._packers.submit(self._append, first, compress=compress)
            self._packing.append(_Packing(first, compress, done))

    def _end_packing(self, most: int) -> None:
        """Wait until at most so many are being packed."""
        while len(self._packing) > most:
            first = self._packing.pop(0)
            try:
                self._packed += first.done.result()
            except BaseException:
                self._waiting.insert(0, first.gathered)
                raise
            first.gathered.clear()
            self._spare.append(first.gathered)

    def _append(self, gathered: Gathered, *, compress: bool) -> list[Location]:
        gathered.drop(self._known(gathered.blobs))
        if not gathered.blobs:
            return []
        smaller = compressed(gathered.blobs) if compress else {}
        with self._lock, writing(self._folder):
            if self._pack is None:
                self._pack = PackWriter(self._temporary())
            return self._pack.append(gathered, smaller)
