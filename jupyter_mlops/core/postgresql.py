"""A store's rows in PostgreSQL, which several servers may share.

One transaction writes at a time, as with SQLite: each takes the same advisory lock first, so what
it has read still holds when it writes. Reads never wait. Backups are the database's own business.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from .errors import InvalidInputError, StoreUnavailableError
from .migrations import check_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONNECT_SECONDS = 10
# any two numbers that nobody else takes for an advisory lock
_WRITER, _MIGRATION = 0x6D6C6F7001, 0x6D6C6F7002
_CHANNEL = "jupyter_mlops"

# SQLSTATE, or its class: what to do
_ADVICE = {
    "28": "refuses the login. Check user and password, in the URL, ~/.pgpass or PGPASSWORD.",
    "3D": "has no such database. Create it with: createdb",
    "42501": "does not let this user do it. Grant it all rights on the database.",
    "53100": "has no space left on its disk. Free some and try again.",
    "53300": "takes no more connections. Raise max_connections, or end some.",
    "25006": "is read-only, a standby perhaps. Name the primary in the URL.",
    "57P": "is shutting down or starting. Try again in a moment.",
}


class PostgreSQL:
    """The dialect's side of a ``Database``.

    Args:
        url: ``postgresql+psycopg://user@host:port/database``, or ``postgresql://…``.

    Raises:
        InvalidInputError: the URL is none of PostgreSQL.
    """

    def __init__(self, url: str) -> None:
        try:
            self._url = sa.make_url(url)
        except (ArgumentError, ValueError):
            raise _wrong_url() from None
        if self._url.drivername == "postgresql":
            self._url = self._url.set(drivername="postgresql+psycopg")
        if self._url.drivername != "postgresql+psycopg":
            raise _wrong_url()
        # the query may hold a password too
        shown = self._url.set(query={}).render_as_string(hide_password=True)
        self.name = f"database {shown}"
        self._watcher: Connection | None = None
        self._commits = 0

    def make_engine(self) -> Engine:
        """Return an engine whose connections are tried before they are used.

        Raises:
            StoreUnavailableError: the driver is not installed.
        """
        try:
            return sa.create_engine(
                self._url,
                pool_size=5,
                max_overflow=10,
                pool_pre_ping=True,
                hide_parameters=True,  # an error is logged, and a value may be a secret
                connect_args={
                    "connect_timeout": _CONNECT_SECONDS,
                    "application_name": "jupyter-mlops",
                },
            )
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise StoreUnavailableError(
                f"The {self.name} needs a driver: pip install 'jupyter-mlops[postgresql]'."
            ) from error

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction that sees one state."""
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def begin_write(self, connection: Connection, *, durable: bool) -> None:
        """Begin the only transaction that writes, once the one before has ended."""
        if not durable:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")

    def before_commit(self, connection: Connection) -> None:
        """Tell those who watch, as soon as the commit is done."""
        connection.exec_driver_sql(f"NOTIFY {_CHANNEL}")

    def data_version(self, engine: Engine) -> int:
        """Return a number that changes when some connection has committed."""
        try:
            if self._watcher is None:
                self._watcher = self._watch(engine)
            # what was notified comes with the next answer
            self._watcher.exec_driver_sql("SELECT 1")
        except DBAPIError:
            # what happened meanwhile is not known
            self._commits += 1
            self.close()
            raise
        return self._commits

    def _watch(self, engine: Engine) -> Connection:
        watcher = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = watcher.connection.driver_connection
        driver.add_notify_handler(self._count)
        watcher.exec_driver_sql(f"LISTEN {_CHANNEL}")
        return watcher

    def _count(self, _notification: Any) -> None:
        self._commits += 1

    def scrub(self, engine: sa.Engine, statements: Sequence[sa.Delete]) -> bool:
        """Write the tables again without the rows that were deleted."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in sorted(
                {cast("sa.Table", statement.table).name for statement in statements}
            ):
                connection.exec_driver_sql(f"VACUUM FULL {name}")
        return True

    def inspect(self, _connection: Connection) -> list[str]:
        """Return nothing: PostgreSQL has tools of its own, and data checksums."""
        return []

    def close(self) -> None:
        """Let go of what ``data_version`` holds."""
        if self._watcher is not None:
            # not back to the pool: it would listen for the next one
            self._watcher.invalidate()
            self._watcher.close()
            self._watcher = None

    @contextmanager
    def migrating(self, engine: Engine) -> Iterator[Connection]:
        """Give a connection to migrate on, one process at a time."""
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION})")
            if sa.inspect(connection).has_table("alembic_version"):
                version = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
                check_version(version.scalar() or "", self.name)
            yield connection
            connection.commit()

    def advice(self, error: DBAPIError) -> str | None:
        """Return what to do about an error of the driver, None if it is not for the user.

        Raises:
            InvalidInputError: the value is one that PostgreSQL cannot hold.
        """
        state = getattr(error.orig, "sqlstate", None) or ""
        problem = str(error.orig).strip().partition("\n")[0]
        if isinstance(error, sa.exc.DataError):
            raise InvalidInputError(f"A value cannot be stored: {problem}.") from error
        for start, advice in _ADVICE.items():
            if state.startswith(start):
                return f"The {self.name} {advice}"
        if not isinstance(error, sa.exc.OperationalError):
            return None
        # a refused connection has no SQLSTATE
        if any(words in problem for words in ("password", 'role "', "no pg_hba.conf entry")):
            return f"The {self.name} {_ADVICE['28']}"
        if "does not exist" in problem:
            return f"The {self.name} {_ADVICE['3D']}"
        return f"The {self.name} does not answer: {problem}"


def _wrong_url() -> InvalidInputError:
    # the URL is not quoted: it may hold a password
    return InvalidInputError(
        "The database URL is none of PostgreSQL: postgresql+psycopg://user@host:5432/database."
    )
