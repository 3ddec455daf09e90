"""One database for a store: connections, transactions, migrations.

SQLite in WAL mode, one writer at a time; reads never wait for it. A schema older than the code
is migrated on first use, under a lock and after a backup. Tables are declared by the rooms on
``metadata``; this module knows none of them.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from .errors import StoreUnavailableError
from .migrations import HEAD, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

metadata = MetaData()

_BUSY_SECONDS = 15


class Database:
    """The rows of one store.

    Args:
        path: the SQLite file; its folder must exist.

    Raises:
        StoreUnavailableError: on first use, when the file cannot be opened, read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ready = False
        self._lock = threading.RLock()
        self._engine = _make_engine(path)
        self._watcher: Connection | None = None

    @property
    def engine(self) -> Engine:
        """The engine, with the schema up to date."""
        if not self._ready:
            with self._lock, _translated(self.path):
                if not self._ready:
                    self._migrate()
                    self._ready = True
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose statements see one state of the store."""
        engine = self.engine
        with _translated(self.path), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """Give a connection in one transaction, committed at the end, rolled back on an error.

        Args:
            durable: survive a power cut (``synchronous=FULL``), not only ``kill -9``.
        """
        engine = self.engine
        with self._lock, _translated(self.path), engine.connect() as connection:
            level = "FULL" if durable else "NORMAL"
            if connection.info.get("synchronous") != level:
                connection.exec_driver_sql(f"PRAGMA synchronous={level}")
                connection.info["synchronous"] = level
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def data_version(self) -> int:
        """Return a number that changes when this or another process commits."""
        with self._lock, _translated(self.path):
            if self._watcher is None:
                self._watcher = self.engine.connect()
            version = self._watcher.exec_driver_sql("PRAGMA data_version").scalar_one()
            self._watcher.rollback()
        return int(version)

    def close(self) -> None:
        """Close all idle connections."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            if _revision(connection) != HEAD:
                connection.rollback()
                upgrade(self._engine, self.path)


def _make_engine(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=QueuePool,
        pool_size=5,
        max_overflow=10,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun by read() and write()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA case_sensitive_like=ON")  # LIKE and ILIKE differ, as in MLflow

    return engine


def _revision(connection: Connection) -> str | None:
    known = connection.execute(
        text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    ).first()
    if known is None:
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def insert(connection: Connection, table: Table) -> Any:
    """Return the dialect's own INSERT, the one that knows ``ON CONFLICT``."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> Any:
    """Return the INSERT of a dialect by its name, for statements that are made once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreUnavailableError(_advice(str(error.orig), path), path=str(path)) from error
    except DBAPIError as error:
        damaged = any(word in str(error.orig) for word in ("malformed", "not a database"))
        if isinstance(error.orig, sqlite3.DatabaseError) and damaged:
            raise StoreUnavailableError(
                f"The database {path} is damaged. Restore it from a backup beside it.",
                path=str(path),
            ) from error
        raise


def _advice(problem: str, path: Path) -> str:
    if "full" in problem:
        return f"The disk that holds {path} is full. Free some space and try again."
    if "readonly" in problem or "unable to open" in problem:
        return f"The database {path} cannot be written. Make its folder writable and try again."
    if "locked" in problem:
        return f"The database {path} is locked by another process. Try again in a moment."
    return f"The database {path} does not work: {problem}."
