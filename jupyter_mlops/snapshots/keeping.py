"""Puts what a notebook read and wrote into the object store, as far as it is to be kept."""

from __future__ import annotations

import os
import posixpath
import stat
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import ConflictError, ForbiddenPathError, InvalidInputError, NotFoundError
from ..objects.files import is_text
from .schemas import FileUse
from .secret_patterns import is_secret_file
from .uses import group

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..core.project import Project
    from ..kernels.schemas import FileAccess
    from .masking import Masker
    from .parts import Parts
    from .uses import DataUse

_MOST_USES = 1000
_MOST_FILES = 100_000
_BLOCK = 512  # as st_blocks counts them, see stat(2)
_HOLLOW_PARTS = 1000
_LONG = 8 * 1024**3
_HOLLOW = "of which nearly nothing was ever written"
_NO_TEXT = "its name is no UTF-8: its content is not kept"
File = tuple[str, os.stat_result]
"""A file of a folder: its path in it, and its status."""

_UNREADABLE = (NotFoundError, InvalidInputError, ConflictError, ForbiddenPathError)


class DataKeeper:
    """Keeps the data of one snapshot.

    Args:
        project: what paths are relative to.
        batch: where the bytes go.
        keep_limit: bytes; of a larger file or folder only the digest is taken.
        masker: masks what URLs betray.
    """

    def __init__(self, project: Project, batch: Parts, keep_limit: int, masker: Masker) -> None:
        self._project = project
        self._batch = batch
        self._keep_limit = keep_limit
        self._masker = masker
        self.notes: list[str] = []

    def keep(self, accesses: Iterable[FileAccess]) -> list[FileUse]:
        """Return what was used, each with its digest; what is small enough is in the batch."""
        uses = group(accesses, self._project.root)
        if len(uses) > _MOST_USES:
            self.notes.append(
                f"{len(uses)} files, folders, tables and URLs were used; the first {_MOST_USES} "
                "are listed."
            )
        return [self._use(use) for use in uses[:_MOST_USES]]

    def _use(self, use: DataUse) -> FileUse:
        if not is_text(use.path):  # no row can hold it
            shown = use.path.encode(errors="backslashreplace").decode()
            return self._described(replace(use, path=shown), {"note": _NO_TEXT})
        return self._described(use, self._found(use))

    def _described(self, use: DataUse, found: dict[str, object]) -> FileUse:
        kept = FileUse(
            path=display_path(self._project, use, self._masker),
            kind=use.kind,
            mode=use.mode,
            size=None,
            digest=None,
            object_id=None,
            reader=use.reader,
            cell_ids=use.cell_ids,
            whole=use.names is None if use.kind == "folder" else None,
        )
        return kept.model_copy(update=found)

    def _found(self, use: DataUse) -> dict[str, object]:
        if use.kind in {"table", "url"}:
            return {}
        try:
            return self._folder(use) if use.kind == "folder" else self._file(Path(use.path))
        except OSError as error:
            return {"note": f"could not be read at the snapshot: {error.strerror}"}
        except _UNREADABLE as error:
            return {"note": error.message}

    def _file(self, path: Path) -> dict[str, object]:
        status = path.stat()
        size = status.st_size
        if not path.is_file():
            return {"size": size, "note": "not a regular file: its content is not kept"}
        if size > self._keep_limit and _is_hollow(path, status):
            return {"size": size, "note": f"{_HOLLOW}: it is not read"}
        secret, large = is_secret_file(path.name), size > self._keep_limit
        stored = self._batch.add_file(path, keep=not (secret or large))
        return {**stored.model_dump(), "note": _note(secret, large)}

    def _folder(self, use: DataUse) -> dict[str, object]:
        folder = Path(use.path)
        files = list(islice(files_of(use, secret=True), _MOST_FILES + 1))
        if len(files) > _MOST_FILES:
            return {"note": f"has more than {_MOST_FILES} files: they are not kept"}
        for name, status in files:
            if status.st_size > self._keep_limit and _is_hollow(folder / name, status):
                return {"note": f"has a file, {name}, {_HOLLOW}: they are not kept"}
        plain = [file for file in files if not _is_secret(file[0])]
        whole = use.names is None
        stored = self._batch.add_tree(folder, files=plain, whole=whole, limit=self._keep_limit)
        return {
            "size": stored.size_bytes,
            "count": stored.count,
            "digest": stored.object_id,
            "object_id": stored.object_id if stored.kept else None,
            "note": _note(len(plain) < len(files), not stored.kept),
        }


def files_below(folder: Path) -> list[File]:
    """Return the files of a folder that are kept where all of it was used."""
    files = islice(_below(str(folder)), _MOST_FILES)
    return [file for file in files if not _is_secret(file[0])]


def display_path(project: Project, use: DataUse, masker: Masker) -> str:
    """Return how a piece of data is called: relative to the project where it lies in it."""
    if use.kind == "url":
        return masker.text(use.path, "data")
    if use.kind == "table":
        database, _, table = use.path.rpartition("#")
        if os.path.isabs(database):
            return f"{project.relative(Path(database))}#{table}"
        return masker.text(use.path, "data")
    return project.relative(Path(use.path))


def files_of(use: DataUse, *, secret: bool = False) -> Iterator[File]:
    """Give the files of a folder that count; ``secret`` ones if asked."""
    found = _below(use.path) if use.names is None else _named(use.path, use.names)
    return (file for file in found if secret or not _is_secret(file[0]))


def _named(folder: str, names: Iterable[str]) -> Iterator[File]:
    """Pass over what is not there any more, and over what is no file."""
    for name in names:
        if ".." not in name.split("/"):
            with suppress(OSError):
                status = os.stat(f"{folder}/{name}")
                if stat.S_ISREG(status.st_mode):
                    yield name, status


def _is_secret(name: str) -> bool:
    return is_secret_file(posixpath.basename(name))


def _below(folder: str) -> Iterator[File]:
    """Pass over links to folders, which may go in a circle, and over what is no file."""
    waiting = [(folder, "")]  # no call in a call: folders may be deeper than Python goes
    while waiting:
        path, prefix = waiting.pop()
        with os.scandir(path) as scan:
            for child in scan:
                if child.is_dir(follow_symlinks=False):
                    if not child.name.startswith("."):
                        waiting.append((child.path, f"{prefix}{child.name}/"))
                elif is_text(child.name) and (status := _status(child)):
                    yield prefix + child.name, status


def _status(child: os.DirEntry[str]) -> os.stat_result | None:
    try:
        status = child.stat()
    except OSError:
        if child.is_symlink():  # it leads nowhere
            return None
        raise
    return status if stat.S_ISREG(status.st_mode) else None


def _is_hollow(path: Path, status: os.stat_result) -> bool:
    """Tell whether to read a file is to read zeros, for minutes or hours.

    Some file systems do not say how much of a file they hold; those show no hole in it either.
    """
    if status.st_size < _LONG or status.st_blocks * _BLOCK * _HOLLOW_PARTS > status.st_size:
        return False
    with path.open("rb") as file:
        return os.lseek(file.fileno(), 0, os.SEEK_HOLE) < status.st_size


def _note(secret: bool, large: bool) -> str | None:
    if secret:
        return "looks like a file of secrets: its content is not kept"
    return "larger than the limit: only its digest is kept" if large else None
