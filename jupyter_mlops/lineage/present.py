"""How the files of the project stand now, against how snapshots knew them."""

from __future__ import annotations

import stat
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Literal

from ..core.errors import (
    ConflictError,
    ForbiddenPathError,
    InvalidInputError,
    NotFoundError,
    StoreUnavailableError,
)
from ..objects.files import Fingerprint
from .folders import FolderLook, FolderMemory

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

    from ..core.project import Project
    from ..objects.batch import Batch
    from ..objects.manager import ObjectManager

Verdict = Literal["same", "other", "missing", "folder", "no digest", "unreadable", "large"]

# of one look at all files; what is above it is compared by size alone
READ_LIMIT = 4 * 1024**3
_REMEMBERED = 100_000


class Memory:
    """The digests of files that were read, kept as long as the manager."""

    def __init__(self) -> None:
        self.folders = FolderMemory()
        self._known: dict[Path, tuple[Fingerprint, str]] = {}

    def get(self, path: Path, fingerprint: Fingerprint) -> str | None:
        """Return the digest of a file that has not changed since it was read."""
        known = self._known.get(path)
        return known[1] if known is not None and known[0] == fingerprint else None

    def put(self, path: Path, fingerprint: Fingerprint, digest: str) -> None:
        """Remember a digest, unless a change of the file need not show yet."""
        if fingerprint.is_settled(time.time_ns()):
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[path] = (fingerprint, digest)


class Present:
    """One look at the present files.

    A file is read only if neither its size nor an earlier read tells what it holds, and all
    together at most ``READ_LIMIT`` bytes.
    """

    def __init__(
        self,
        project: Project,
        objects: ObjectManager,
        memory: Memory,
    ) -> None:
        self._project = project
        self._objects = objects
        self._memory = memory
        self._left = READ_LIMIT
        self._folders = FolderLook(objects, memory.folders)
        self._batch: Batch | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(StoreUnavailableError):  # only what was learned is lost, for the next look
            self._stack.close()

    def path(self, path: str) -> Path:
        """Return where a recorded path is now."""
        return self._project.root / path

    def compare(self, path: str, digest: str | None, size: int | None = None) -> Verdict:
        """Say whether a file still has the content that it had."""
        return self._judged(lambda: self._compare(self.path(path), digest, size))

    def compare_folder(self, path: str, digest: str | None, whole: bool | None) -> Verdict:
        """Say whether the files of a folder that were used still are as they were.

        Args:
            path: of the folder.
            digest: of the stored one.
            whole: whether all that it held was used.
        """
        return self._judged(lambda: self._compare_folder(self.path(path), digest, whole))

    def _judged(self, compare: Callable[[], Verdict]) -> Verdict:
        try:
            return compare()
        except (FileNotFoundError, NotADirectoryError, NotFoundError):
            return "missing"
        except (OSError, ValueError, ForbiddenPathError, InvalidInputError, ConflictError):
            return "unreadable"

    def _compare(self, file: Path, digest: str | None, size: int | None) -> Verdict:
        status = file.stat()
        if digest is None:
            return "no digest"
        if not stat.S_ISREG(status.st_mode):
            return "other"
        if size is not None and status.st_size != size:
            return "other"
        now = self._digest(file, status)
        if now is None:
            return "large"
        return "same" if now == digest else "other"

    def _compare_folder(self, folder: Path, digest: str | None, whole: bool | None) -> Verdict:
        if not stat.S_ISDIR(folder.stat().st_mode):
            return "other"
        if digest is None:
            return "no digest"
        return self._folders.compare(folder, digest, whole, self._reading(), self._left)

    def _reading(self) -> Batch:
        if self._batch is None:
            self._batch = self._stack.enter_context(self._objects.batch())
        return self._batch

    def _digest(self, file: Path, status: os.stat_result) -> str | None:
        fingerprint = Fingerprint.of(status)
        known = self._memory.get(file, fingerprint)
        if known is not None:
            return known
        if fingerprint.size > self._left:
            return None
        # the store knows many files from their snapshots, and then reads nothing
        read = self._reading().add_file(file, keep=False)
        self._left -= fingerprint.size
        self._memory.put(file, fingerprint, read.digest)
        return read.digest
