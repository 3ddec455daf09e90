"""Schema versions of the database (Alembic); ``HEAD`` is the one this code needs."""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

HEAD = "0003"


def upgrade(engine: Engine, path: Path) -> None:
    """Bring the SQLite file at ``path`` to ``HEAD``, one process at a time, after a backup.

    Raises:
        sqlalchemy.exc.OperationalError: the file cannot be written.
        StoreUnavailableError: a newer version of this package wrote the file.
    """
    from alembic import command  # noqa: PLC0415 - half a second, needed once in a store's life
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with _locked(path.with_suffix(".migrate.lock")):
        _back_up(path)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _back_up(path: Path) -> None:
    with closing(sqlite3.connect(path)) as source:
        if source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            return
        version = source.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        if version > HEAD:
            raise StoreUnavailableError(
                f"The store of {path} was made by a newer jupyter-mlops. Update this one.",
                path=str(path),
            )
        if version < HEAD:
            with closing(sqlite3.connect(path.with_suffix(f".{version}.backup.db"))) as target:
                source.backup(target)
