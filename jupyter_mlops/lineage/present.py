"""How the files of the project stand now, against how snapshots knew them."""

from __future__ import annotations

import os
import stat
import time
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from ..core.errors import (
    ConflictError,
    ForbiddenPathError,
    InvalidInputError,
    MLOpsError,
    NotFoundError,
    StoreUnavailableError,
)
from ..objects.files import Fingerprint
from .folders import FolderLook, FolderMemory

if TYPE_CHECKING:
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
_MOST_BESIDE = 1_000


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

    def digest(self, path: str) -> str | None:
        """Return what a file holds now; None where there is none, or nothing or too much in it."""
        file = self.path(path)
        try:
            status = file.stat()
            is_filled = stat.S_ISREG(status.st_mode) and status.st_size > 0
            return self._digest(file, status) if is_filled else None
        except (OSError, ValueError, MLOpsError):
            return None

    def beside(self, path: str, size: int | None) -> list[str]:
        """Return the files in the folder of ``path`` that are as large; empty ones are all alike.

        In a folder of very many, some are not looked at.
        """
        found: list[str] = []
        with suppress(OSError, ValueError), os.scandir(self.path(path).parent) as entries:
            for entry in islice(entries, _MOST_BESIDE):
                is_file = size and entry.is_file(follow_symlinks=False)
                if is_file and entry.stat().st_size == size and _can_be_told(entry.name):
                    found.append(str(PurePosixPath(path).with_name(entry.name)))
        return sorted(found)

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


def _can_be_told(name: str) -> bool:
    """Tell whether a file's name is text; one that is not could be sent to nobody."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)
