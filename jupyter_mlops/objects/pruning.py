"""Forgetting what is known of files that are gone.

Only what lies in the project is looked at, and no link is followed nor another file system
entered: a network folder elsewhere may hang. What is known of files there stays as long as the
store has their content; of others, which are read again if somebody asks, the newest stay.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from ..core.database import chunked, fetch
from .cache import folder_cache, stat_cache
from .store import objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Table

    from ..core.database import Database

_SECONDS = 20
_DEEPEST = 100
_MOST_ELSEWHERE = 100_000
_TABLES = (stat_cache, folder_cache)


def prune(database: Database, root: Path) -> int:
    """Forget files and folders below ``root`` that are gone; return how many.

    It takes no more than seconds; what it does not come to is left for the next time.
    """
    present = _Present(root, time.monotonic() + _SECONDS)
    start = f"{root}{os.sep}"
    return sum(
        _forget(database, table, present.gone(_below(database, table, start)))
        + _forget(database, table, _elsewhere(database, table, start)[_MOST_ELSEWHERE:])
        for table in _TABLES
    )


def _below(database: Database, table: Table, start: str) -> list[str]:
    query = select(table.c.path).where(table.c.path.startswith(start, autoescape=True))
    with database.read() as connection:
        return [path for (path,) in fetch(connection, query)]


def _elsewhere(database: Database, table: Table, start: str) -> list[str]:
    """Return the paths outside of the project of what is not in the store, newest files first."""
    query = select(table.c.path).outerjoin(objects, objects.c.object_id == table.c.object_id)
    query = query.where(
        ~table.c.path.startswith(start, autoescape=True), objects.c.object_id.is_(None)
    )
    if table is stat_cache:
        query = query.order_by(stat_cache.c.ctime_ns.desc())
    with database.read() as connection:
        return [path for (path,) in fetch(connection, query)]


def _forget(database: Database, table: Table, gone: Sequence[str]) -> int:
    for chunk in chunked(gone):
        with database.write(durable=False) as connection:
            connection.execute(delete(table).where(table.c.path.in_(chunk)))
    return len(gone)


class _Present:
    """What is in the folders of a project; each is listed once, when it is first asked for.

    Args:
        root: the project's folder.
        end: the moment after which nothing more is listed.
    """

    def __init__(self, root: Path, end: float) -> None:
        self._end = end
        self._device = root.stat().st_dev
        self._listed: dict[str, dict[str, os.DirEntry[str]] | None] = {str(root): _listed(root)}

    def gone(self, paths: Iterable[str]) -> list[str]:
        """Return those of ``paths`` that are not there."""
        return [path for path in paths if self._is_gone(path)]

    def _is_gone(self, path: str) -> bool:
        folder, _, name = path.rpartition(os.sep)
        names = self._names(folder)
        return names is not None and name not in names

    def _names(self, folder: str) -> dict[str, os.DirEntry[str]] | None:
        """Return what a folder holds, nothing of one that is gone; None if that cannot be told."""
        if folder not in self._listed:
            self._listed[folder] = self._look(folder)
        return self._listed[folder]

    def _look(self, folder: str) -> dict[str, os.DirEntry[str]] | None:
        above, _, name = folder.rpartition(os.sep)
        if folder.count(os.sep) > _DEEPEST:
            return None
        names = self._names(above)
        if names is None:
            return None
        if name not in names:
            return {}
        return _listed(folder) if self._is_inside(names[name]) else None

    def _is_inside(self, entry: os.DirEntry[str]) -> bool:
        """Tell whether it is a folder of the project's own file system, and there is time left."""
        return (
            time.monotonic() < self._end
            and entry.is_dir(follow_symlinks=False)
            and entry.stat(follow_symlinks=False).st_dev == self._device
        )


def _listed(folder: Path | str) -> dict[str, os.DirEntry[str]] | None:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry for entry in entries}
    except OSError:
        return None
