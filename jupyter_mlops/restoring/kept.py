"""What built environments are kept for, and removing those that nobody needs any more."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import sqlalchemy as sa
from pydantic import ValidationError

from ..core.clock import DAY_MS, now_ms
from ..core.database import chunked
from ..core.errors import ConflictError
from ..core.locks import locked_within
from ..core.schema import Schema
from ..objects.disk import writing
from ..snapshots.tables import snapshots
from . import kernels
from .schemas import UnneededEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ..core.database import Database
    from ..core.project import Project

_MARK = "mlops-environment.json"
UNUSED_DAYS = 90


class Mark(Schema):
    """Ends the building of an environment: what is not as it was, and which snapshots asked."""

    notes: list[str]
    snapshot_ids: list[str]


class EnvironmentKeeper:
    """The environments that were built in one store."""

    def __init__(self, project: Project, database: Database) -> None:
        self._folder = project.store / "environments"
        self._database = database

    def unneeded(self, before_ms: int) -> list[UnneededEnvironment]:
        """Return what can go: half of one, one of deleted snapshots, one long unused.

        Args:
            before_ms: what was used later stays.
        """
        folders = [path for path in _listed(self._folder) if path.is_dir()]
        marks = {path: read_mark(path) for path in folders}
        known = self._known(one for mark in marks.values() if mark for one in mark.snapshot_ids)
        found = []
        for path, mark in marks.items():
            used = _last_used_ms(path)
            if used is None or used >= before_ms:
                continue
            if reason := _reason(mark, known, used):
                item = UnneededEnvironment(folder=str(path), size_bytes=_size(path), reason=reason)
                found.append(item)
        return found

    def remove(self, item: UnneededEnvironment, before_ms: int) -> bool:
        """Remove an environment and its kernels, unless it is used again; return whether it was.

        Raises:
            StoreUnavailableError: it cannot be removed.
        """
        folder = self._folder / os.path.basename(item.folder)
        with suppress(ConflictError), alone(folder):
            used = _last_used_ms(folder)
            if used is not None and used < before_ms:
                kernels.withdraw(folder)
                with writing(folder):
                    (folder / _MARK).unlink(missing_ok=True)  # so that half of it is never used
                    shutil.rmtree(folder)
                return True
        return False

    def _known(self, snapshot_ids: Iterable[str]) -> set[str]:
        query = sa.select(snapshots.c.id)
        found: set[str] = set()
        with self._database.read() as connection:
            for chunk in chunked(set(snapshot_ids)):
                found.update(connection.execute(query.where(snapshots.c.id.in_(chunk))).scalars())
        return found


def read_mark(folder: Path) -> Mark | None:
    """Return the mark of an environment, None of half of one."""
    try:
        return Mark.model_validate(json.loads((folder / _MARK).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


def write_mark(folder: Path, mark: Mark) -> None:
    """Say that an environment is whole, and used now."""
    (folder / _MARK).write_text(mark.model_dump_json(), encoding="utf-8")


@contextmanager
def alone(folder: Path, seconds: float = 0) -> Iterator[None]:
    """Let one process at a time build or remove ``folder``.

    Raises:
        ConflictError: another one has been at it for as long as may be waited.
    """
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    lock = folder.with_suffix(".lock")
    busy = (
        "Another process has been building this environment for "
        f"{seconds / 60:.0f} minutes. Wait until it has ended, or end it, and try again: it holds "
        f"the lock {lock}."
    )
    with locked_within(lock, seconds, busy):
        yield


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _reason(mark: Mark | None, known: set[str], used_ms: int) -> str | None:
    if mark is None:
        return "it was never finished"
    if not known.intersection(mark.snapshot_ids):
        return "its snapshots are deleted"
    days = (now_ms() - used_ms) // DAY_MS
    return f"unused for {days} days" if days >= UNUSED_DAYS else None


def _last_used_ms(folder: Path) -> int | None:
    """Return when an environment was last built, asked for, or started, as far as that is told.

    None if somebody has just removed it.

    Python and R read a file of it at their start, which most file systems note once a day.
    """
    times = []
    with suppress(OSError):
        times.append((folder / _MARK).stat().st_mtime_ns)
    for read_at_start in ("pyvenv.cfg", "Rprofile"):
        with suppress(OSError):
            times.append((folder / read_at_start).stat().st_atime_ns)
    with suppress(OSError):
        return max(times or [folder.stat().st_mtime_ns]) // 1_000_000
    return None


def _size(folder: Path) -> int:
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # somebody removes it just now
                size += os.lstat(os.path.join(parent, name)).st_size
    return size
