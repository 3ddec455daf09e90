"""One database for a store: connections, transactions, migrations.

A SQLite file or PostgreSQL; ``sqlite`` and ``postgresql`` say what differs. A schema older than
the code is migrated on first use, under a lock. Tables are declared by the rooms on ``metadata``;
this module knows none of them.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    and_,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from .errors import StoreUnavailableError, read_only
from .migrations import HEAD, upgrade
from .postgresql import PostgreSQL
from .sqlite import SQLite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Delete, Executable

metadata = MetaData()

_PIECE = 1000
_MOST_VALUES = 2000
_T = TypeVar("_T")


class Database:
    """The rows of one store.

    Args:
        where: the SQLite file, whose folder must exist, or the URL of a PostgreSQL database.
        read_only: write nothing, not even what SQLite keeps beside its file.

    Raises:
        InvalidInputError: the URL is none of PostgreSQL.
        StoreUnavailableError: on first use, when it cannot be opened, read or written.
    """

    def __init__(self, where: Path | str, *, read_only: bool = False) -> None:
        self._dialect = (
            SQLite(where, read_only=read_only) if isinstance(where, Path) else PostgreSQL(where)
        )
        self.name = self._dialect.name
        self.read_only = read_only
        self._ready = False
        self._lock = threading.RLock()
        self._engine = self._dialect.make_engine()
        self._driver: Any = self._engine.dialect.dbapi

    @property
    def engine(self) -> Engine:
        """The engine, with the schema up to date."""
        if not self._ready:
            with self._lock, self._translated():
                if not self._ready:
                    self._migrate()
                    self._ready = True
        return self._engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection whose statements see one state of the store."""
        engine = self.engine
        with self._translated(), engine.connect() as connection:
            self._dialect.begin_read(connection)
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """Give a connection in one transaction, committed at the end, rolled back on an error.

        Args:
            durable: survive a power cut, not only ``kill -9``.

        Raises:
            StoreUnavailableError: nothing may be written.
        """
        self.check_writable()
        engine = self.engine
        with self._lock, self._translated(), engine.connect() as connection:
            self._dialect.begin_write(connection, durable=durable)
            try:
                yield connection
                self._dialect.before_commit(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def erase(self, statements: Sequence[Delete]) -> None:
        """Delete rows so that no file has anything of them, nor of what was deleted before.

        Raises:
            StoreUnavailableError: nothing may be written, or others read what is to go for so
                long that it has to be done again.
        """
        with self.write() as connection:
            for statement in statements:
                connection.execute(statement)
        with self._lock, self._translated():
            is_done = self._dialect.scrub(self._engine, statements)
        if not is_done:
            raise StoreUnavailableError(
                f"The {self.name} is being read by others, which keeps the last of what is to go. "
                "Try again in a moment.",
                database=self.name,
            )

    def check_writable(self) -> None:
        """Refuse to go on where nothing may be written.

        Raises:
            StoreUnavailableError: it may not.
        """
        if self.read_only:
            raise read_only(self.name)

    def data_version(self) -> int:
        """Return a number that changes when this or another process commits."""
        engine = self.engine
        with self._lock, self._translated():
            return self._dialect.data_version(engine)

    def inspect(self) -> list[str]:
        """Return what the database finds wrong with itself, and with the tables that are declared.

        Raises:
            StoreUnavailableError: it is too damaged to look.
        """
        with self.read() as connection:
            unlike = [_unlike(connection, table) for table in metadata.tables.values()]
            return [*filter(None, unlike), *self._dialect.inspect(connection)]

    def close(self) -> None:
        """Close all idle connections."""
        self._dialect.close()
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            current = _revision(connection) == HEAD
        if not current and self.read_only:
            raise StoreUnavailableError(
                f"The {self.name} is of another version of jupyter-mlops, and read-only, so that "
                "it cannot be brought up to date. Make it writable, or copy the project to where "
                "it is.",
                database=self.name,
            )
        if not current:
            with self._dialect.migrating(self._engine) as connection:
                upgrade(connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, self._driver.Error) as error:
            advice = self._dialect.advice(self._wrapped(error))
            if advice is None:
                raise
            raise StoreUnavailableError(advice, database=self.name) from error

    def _wrapped(self, error: Exception) -> DBAPIError:
        """Return an error of the driver as SQLAlchemy's; rows are fetched without that."""
        if isinstance(error, DBAPIError):
            return error
        return cast(
            "DBAPIError",
            DBAPIError.instance(
                None, None, error, self._driver.Error, dialect=self._engine.dialect
            ),
        )


def _unlike(connection: Connection, table: Table) -> str | None:
    """Say that a table has not the columns that it should have, if so."""
    try:
        with connection.begin_nested():
            connection.execute(select(table).limit(0))
    except DBAPIError as error:
        return f"the table {table.name} is not as it was made ({error.orig})"
    return None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def fetch(
    connection: Connection, statement: Executable, values: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Return all rows as the driver gives them, without SQLAlchemy's types.

    For what returns thousands: named rows take four times as long to make, and their garbage
    is collected over and over.
    """
    result = connection.execute(statement, values)
    cursor: Any = result.cursor
    found: list[tuple[Any, ...]] = cursor.fetchall()
    result.close()
    return found


def fetch_pieces(connection: Connection, statement: Executable) -> Iterator[tuple[Any, ...]]:
    """Give all rows as ``fetch`` does, never many of them at once."""
    result = connection.execute(statement)
    cursor: Any = result.cursor
    while rows := cursor.fetchmany(_PIECE):
        yield from rows
    result.close()


def chunked(items: Iterable[_T]) -> Iterator[list[_T]]:
    """Give ``items`` in lists short enough for one query, whose values databases limit."""
    iterator = iter(items)
    while chunk := list(islice(iterator, _MOST_VALUES)):
        yield chunk


def id_starts(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    """Return the condition that an id, of hexadecimal digits, starts so; an index answers it.

    It does not answer LIKE. No digit is behind ``f``, by whatever rules texts are sorted.
    """
    return and_(column >= prefix, column < f"{prefix}g", column.startswith(prefix, autoescape=True))


def insert(connection: Connection, table: Table) -> Any:
    """Return the dialect's own INSERT, the one that knows ``ON CONFLICT``."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> Any:
    """Return the INSERT of a dialect by its name, for statements that are made once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
