"""Whether folders still hold what snapshots knew of them."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Literal

from ..core.errors import ForbiddenPathError, InvalidInputError, NotFoundError
from ..objects.files import Fingerprint
from ..objects.trees import listed
from ..snapshots.keeping import files_of
from ..snapshots.uses import DataUse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..objects.batch import Batch
    from ..objects.manager import ObjectManager
    from ..snapshots.keeping import File

    Key = tuple[str, frozenset[str] | None]

FolderVerdict = Literal["same", "other", "folder", "large"]

# of all folders of one look
MOST_FILES = 100_000
_REMEMBERED = 1_000


class FolderMemory:
    """What folders held when they were last read, and which files stored ones have."""

    def __init__(self) -> None:
        self._digests: dict[Key, tuple[str, str]] = {}
        self._names: dict[str, frozenset[str] | None] = {}

    def digest(self, key: Key, fingerprint: str) -> str | None:
        """Return the digest of files none of which has changed since."""
        known = self._digests.get(key)
        return known[1] if known is not None and known[0] == fingerprint else None

    def put(self, key: Key, fingerprint: str, digest: str) -> None:
        """Remember a digest."""
        if len(self._digests) >= _REMEMBERED:
            self._digests.clear()
        self._digests[key] = (fingerprint, digest)

    def stored_names(self, objects: ObjectManager, object_id: str) -> frozenset[str] | None:
        """Return the files of a stored folder; None where only its digest was kept."""
        if object_id not in self._names:
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            try:
                entries = objects.tree(object_id).entries
                self._names[object_id] = frozenset(entry.path for entry in entries)
            except (NotFoundError, InvalidInputError, ForbiddenPathError):
                self._names[object_id] = None
        return self._names[object_id]


class FolderLook:
    """One look at folders; of all together it reads at most so much."""

    def __init__(self, objects: ObjectManager, memory: FolderMemory) -> None:
        self._objects = objects
        self._memory = memory
        self._left = MOST_FILES

    def compare(
        self, folder: Path, digest: str, whole: bool | None, batch: Batch, most_bytes: int
    ) -> FolderVerdict:
        """Say whether the files that a snapshot used still are as they were.

        Args:
            folder: where they are.
            digest: of the stored folder.
            whole: all files of it were used, so that a new one counts; None if that is not known.
            batch: reads what is not known.
            most_bytes: how much it may read.

        Raises:
            MLOpsError, OSError: a file cannot be read.
        """
        stored = self._memory.stored_names(self._objects, digest)
        if whole is not False:
            verdict = self._same(folder, None, digest, batch, most_bytes)
            if whole or verdict in {"same", "large"}:
                return verdict
        if stored is None:
            return "folder"
        verdict = self._same(folder, stored, digest, batch, most_bytes)
        # what was used is as it was; whether a file that is new would have been used is not known
        return "folder" if verdict == "same" and whole is None else verdict

    def _same(
        self,
        folder: Path,
        names: frozenset[str] | None,
        digest: str,
        batch: Batch,
        most_bytes: int,
    ) -> Literal["same", "other", "large"]:
        use = DataUse(path=str(folder), kind="folder", mode="read", names=names)
        files = list(islice(files_of(use), self._left + 1))
        self._left -= len(files)
        if self._left < 0:
            return "large"
        listing = listed(folder, files)
        key, fingerprint = (str(folder), names), listing.fingerprint
        now = self._memory.digest(key, fingerprint)
        if now is None:
            if self._objects.unread_bytes(folder, listing) > most_bytes:
                return "large"
            now = batch.add_tree(folder, files=files, limit=-1).object_id
            if _is_settled(files):
                self._memory.put(key, fingerprint, now)
        return "same" if now == digest else "other"


def _is_settled(files: Sequence[File]) -> bool:
    now = time.time_ns()
    return all(Fingerprint.of(status).is_settled(now) for _, status in files)
