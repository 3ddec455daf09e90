"""Bytes on their way to the disk: small ones gather in a pack, large ones in files of their own.

Nothing here has its final name before ``place``, and nothing is in the index before its caller
puts it there.
"""

from __future__ import annotations

import io
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from blake3 import blake3

from .blobs import LARGE, Location, PackWriter, pack_name, write_large
from .direct import WORTHWHILE, DirectFile
from .disk import OutputFile, unused_name, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from .places import Place

_PENDING_BYTES = 8 * LARGE

Blobs = dict[str, bytes]


class Staging:
    """New objects of one batch.

    Args:
        place: where the objects go.
        known: returns which of the given ids are stored already.
    """

    def __init__(self, place: Place, known: Callable[[Iterable[str]], Iterable[str]]) -> None:
        self._place = place
        self._folder = place.folder
        self._known = known
        self._pending: Blobs = {}
        self._pending_bytes = 0
        self._pack: PackWriter | None = None
        self._packed: dict[str, Location] = {}
        self._large: dict[str, tuple[Location, Path]] = {}
        # a pack is compressed and written in one thread, while another reads what comes next
        self._packer: ThreadPoolExecutor | None = None
        self._packing: tuple[Blobs, Future[list[Location]]] | None = None

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
        object_id = blake3(data).hexdigest()
        if not self._has(object_id):
            self._pending[object_id] = data
            self._pending_bytes += len(data)
            if self._pending_bytes >= _PENDING_BYTES:
                self._pack_pending()
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

    def place(self) -> tuple[tuple[str, int] | None, list[Location]]:
        """Make everything durable under its final name.

        Returns:
            the new pack's id and size in bytes, if there is one, and where all new objects are;
            those with an offset are in it.

        Raises:
            StoreUnavailableError: the folder cannot be written.
        """
        self._pack_pending()
        self._end_packing()
        locations = [location for location, _ in self._large.values()]
        files = {location.name: temporary for location, temporary in self._large.values()}
        pack = None
        if self._pack is not None:
            with writing(self._folder):
                pack_id = self._pack.finish()
            pack = pack_id, self._pack.output.size
            files[pack_name(pack_id)] = self._pack.output.path
            locations += self._packed.values()
        self._place.put(files)
        return pack, locations

    def discard(self) -> None:
        """Remove what has no final name yet."""
        if self._packer is not None:
            self._packer.shutdown()
        temporary = [path for _, path in self._large.values()]
        if self._pack is not None:
            self._pack.output.close()
            temporary.append(self._pack.output.path)
        for path in temporary:
            # the reason for discarding is on its way to the user; a leftover is harmless
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _has(self, object_id: str) -> bool:
        return (
            object_id in self._pending
            or object_id in self._packed
            or (self._packing is not None and object_id in self._packing[0])
        )

    def _temporary(self) -> Path:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return unused_name(self._folder)

    def _pack_pending(self) -> None:
        """Begin to pack what is pending; what could not be packed before is pending again."""
        known = set(self._known(self._pending)) if self._pending else set()
        new = {key: data for key, data in self._pending.items() if key not in known}
        self._pending, self._pending_bytes = new, sum(map(len, new.values()))
        self._end_packing()
        if self._pending:
            self._packer = self._packer or ThreadPoolExecutor(1, "mlops-pack")
            self._packing = self._pending, self._packer.submit(self._append, self._pending)
            self._pending, self._pending_bytes = {}, 0

    def _end_packing(self) -> None:
        if self._packing is None:
            return
        blobs, future = self._packing
        self._packing = None
        try:
            locations = future.result()
        except BaseException:
            self._pending = blobs | self._pending
            self._pending_bytes = sum(map(len, self._pending.values()))
            raise
        self._packed.update((location.object_id, location) for location in locations)

    def _append(self, blobs: Blobs) -> list[Location]:
        with writing(self._folder):
            if self._pack is None:
                self._pack = PackWriter(self._temporary())
            return self._pack.append(blobs.items())
