"""A store's rows in a SQLite file: WAL mode, one writer at a time; reads never wait for it.

SQLite makes two files beside the database even to read it. Where a full disk has no room for them,
it is read without; what cannot be written is said when somebody writes.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from .locks import locked
from .migrations import check_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Delete
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_SECONDS = 15
_DAMAGED = ("malformed", "not a database", "Could not decode")
_ROOM = 1024 * 1024


class _OnFullDisk(sqlite3.Connection):
    """A connection that was opened to read alone, since the disk is full."""


class SQLite:
    """The dialect's side of a ``Database``.

    Args:
        path: the file; its folder must exist.
        read_only: whether nothing can be written to that.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.name = f"database {path}"
        self._path = path
        self._read_only = read_only
        self._watcher: Connection | None = None

    def make_engine(self) -> Engine:
        """Return an engine that begins no transaction by itself."""
        engine = self._engine_to_read() if self._read_only else self._engine_to_write()

        @event.listens_for(engine, "connect")
        def _configure(connection: sqlite3.Connection, _record: Any) -> None:
            connection.isolation_level = None
            with _damage_told():
                connection.execute("PRAGMA foreign_keys=ON")
                connection.execute("PRAGMA secure_delete=ON")  # not all builds have it so
                # LIKE and ILIKE differ, as in MLflow
                connection.execute("PRAGMA case_sensitive_like=ON")

        @event.listens_for(engine, "checkin")
        def _retry(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
            if isinstance(connection, _OnFullDisk):
                record.invalidate(soft=True)  # there may be room when it is needed next

        return engine

    def _engine_to_write(self) -> Engine:
        return create_engine(
            "sqlite+pysqlite://",
            creator=self._open_to_write,
            poolclass=QueuePool,
            pool_size=5,
            max_overflow=10,
            hide_parameters=True,  # an error is logged, and a value may be a secret
        )

    def _engine_to_read(self) -> Engine:
        return create_engine(
            "sqlite+pysqlite://",
            creator=self._open_to_read,
            poolclass=NullPool,  # each looks anew whether somebody writes
            hide_parameters=True,
        )

    def _open_to_write(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, _BUSY_SECONDS, check_same_thread=False)
        try:
            with _damage_told():
                self._log_ahead(connection)
        except sqlite3.OperationalError:
            connection.close()
            if not self._is_disk_full():
                raise
            return self._open_to_read(_OnFullDisk)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_to_read(
        self, factory: type[sqlite3.Connection] = sqlite3.Connection
    ) -> sqlite3.Connection:
        """Open the file without what SQLite makes beside it, unless somebody who writes has."""
        log = Path(f"{self._path}-wal")
        is_written = log.exists() and log.stat().st_size
        how = "mode=ro" if is_written else "immutable=1"
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?{how}",
            uri=True,
            timeout=_BUSY_SECONDS,
            check_same_thread=False,
            factory=factory,
        )

    def _log_ahead(self, connection: sqlite3.Connection) -> None:
        """Set the file's mode, one process at a time: two at once would be a deadlock to SQLite."""
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            with self._locked():
                connection.execute("PRAGMA journal_mode=WAL")

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction that sees one state."""
        connection.exec_driver_sql("BEGIN")

    def begin_write(self, connection: Connection, *, durable: bool) -> None:
        """Begin the only transaction that writes, once the one before has ended."""
        level = "FULL" if durable else "NORMAL"
        if connection.info.get("synchronous") != level:
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
            connection.info["synchronous"] = level
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def before_commit(self, connection: Connection) -> None:
        """Do nothing: SQLite counts commits by itself."""

    def data_version(self, engine: Engine) -> int:
        """Return a number that changes when another connection has committed."""
        if self._watcher is None:
            self._watcher = engine.connect()
        version = self._watcher.exec_driver_sql("PRAGMA data_version").scalar_one()
        self._watcher.rollback()
        if isinstance(self._watcher.connection.driver_connection, _OnFullDisk):
            self.close()  # it would see no change
        return int(version)

    def scrub(self, engine: Engine, statements: Sequence[Delete]) -> bool:
        """Let deletions reach the log and the backups; tell whether nobody kept the log in use."""
        for backup in self._path.parent.glob(f"{self._path.stem}.*.backup.db"):
            with closing(sqlite3.connect(backup, isolation_level=None)) as copy:
                copy.execute("PRAGMA secure_delete=ON")
                for statement in statements:
                    with suppress(sqlite3.OperationalError):  # it has no such table yet
                        copy.execute(_in_full(statement, engine))
        with engine.connect() as connection:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            return not busy

    def inspect(self, connection: Connection) -> list[str]:
        """Return what is wrong with pages, indexes and references."""
        pages = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        found = [line for line in pages if line != "ok"]
        for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            found.append(f"row {row_id} of {table} refers to no row of {parent}")
        return found

    def close(self) -> None:
        """Let go of what ``data_version`` holds."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    @contextmanager
    def migrating(self, engine: Engine) -> Iterator[Connection]:
        """Give a connection to migrate on, one process at a time, after a backup."""
        # connected first, which may take the lock too
        with engine.connect() as connection, self._locked():
            self._back_up()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def _back_up(self) -> None:
        with closing(sqlite3.connect(self._path)) as source:
            if source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                return
            version = source.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            if check_version(version, self.name):
                backup = self._path.with_suffix(f".{version}.backup.db")
                with closing(sqlite3.connect(backup)) as target:
                    source.backup(target)

    def advice(self, error: DBAPIError) -> str | None:
        """Return what to do about an error of the driver, None if it is not for the user."""
        problem = str(error.orig)
        if any(words in problem for words in _DAMAGED):
            return f"The {self.name} is damaged. Restore it from a backup beside it."
        if not isinstance(error.orig, sqlite3.OperationalError):
            return None
        # a disk I/O error, or one that was opened to read alone
        if "full" in problem or (_is_of_disk(problem) and self._is_disk_full()):
            return f"The disk that holds {self._path} is full. Free some space and try again."
        if "readonly" in problem or "unable to open" in problem:
            return self._unopened()
        if "locked" in problem:
            return f"The {self.name} is locked by another process. Try again in a moment."
        return f"The {self.name} does not work: {problem}."

    def _unopened(self) -> str:
        if self._read_only:
            return (
                f"The {self.name} cannot be read on a disk that is read-only: it is not there, or "
                "was not closed when it was written last. Copy the project to a disk that is not."
            )
        return f"The {self.name} cannot be written. Make its folder writable and try again."

    def _is_disk_full(self) -> bool:
        """Tell whether there is no room for what SQLite keeps beside the file."""
        with suppress(OSError):
            return shutil.disk_usage(self._path.parent).free < _ROOM
        return False

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self._path.with_suffix(".migrate.lock"))


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:  # what SQLite says quotes what is damaged
        raise sqlite3.DatabaseError("malformed database schema") from error


def _in_full(statement: Delete, engine: Engine) -> str:
    """Return a statement with its values."""
    return str(statement.compile(engine, compile_kwargs={"literal_binds": True}))


def _is_of_disk(problem: str) -> bool:
    """Tell whether a full disk may be behind what SQLite says."""
    return any(words in problem for words in ("disk I/O error", "readonly", "unable to open"))
