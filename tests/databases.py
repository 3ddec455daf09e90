"""A real PostgreSQL server for tests, and where a test's rows are.

``MLOPS_TEST_STORE=shared pytest …`` runs the tests as servers run that share a store: each with
rows in a PostgreSQL database and files in a folder of S3 of its own, which every process that the
test starts finds too.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from jupyter_mlops.core.database import Database
from jupyter_mlops.core.settings import read_settings
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = os.environ.get("MLOPS_TEST_STORE") == "shared"
_TEMPLATE = "mlops_template"
_DEBIAN = Path("/usr/lib/postgresql")
# nothing has to survive a test
_OPTIONS = "-c fsync=off -c full_page_writes=off -c max_connections=200"


def where(folder: Path) -> Path | str:
    """Return where the rows of a store in ``folder`` are in this run of the tests."""
    return read_settings(folder).database_url or folder / "mlops.db"


def store_environment() -> dict[str, str]:
    """Return what a process with an environment of its own needs to find the store."""
    names = ("MLOPS_DATABASE_URL", "MLOPS_STORAGE_URL")
    return {
        key: value for key, value in os.environ.items() if key in names or key.startswith("AWS_")
    }


class PostgreSQLServer:
    """A server on a loopback port, with one user and any number of databases."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._numbers = itertools.count()
        self._has_template = False

    def url(self, database: str, user: str = "mlops") -> str:
        """Return the URL of a database, which may not exist."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def make(self) -> str:
        """Return the URL of a new database with the schema of today."""
        if not self._has_template:
            self.run(f"CREATE DATABASE {_TEMPLATE}")
            database = Database(self.url(_TEMPLATE))
            assert database.engine is not None
            database.close()
            self._has_template = True
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """Execute a statement outside of a transaction."""
        conninfo = f"host=127.0.0.1 port={self.port} user=mlops dbname=postgres"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self._folder} {_OPTIONS}"
        log = self._folder / "log"
        _call("pg_ctl", "start", "-w", "-D", self._data, "-l", str(log), "-o", options)

    def stop(self) -> None:
        """End the server at once, as if it were killed."""
        _call("pg_ctl", "stop", "-m", "immediate", "-D", self._data)

    def initialize(self) -> None:
        """Make the server's files; whoever is on this machine may log in."""
        _call("initdb", "-U", "mlops", "-A", "trust", "-E", "UTF8", "--locale=C", "-D", self._data)

    @property
    def _data(self) -> str:
        return str(self._folder / "data")


@contextlib.contextmanager
def postgresql_server() -> Iterator[PostgreSQLServer]:
    """Give a running server, and leave nothing of it."""
    folder = Path(tempfile.mkdtemp(prefix="mlops-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    server = PostgreSQLServer(folder)
    try:
        server.initialize()
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):  # a test has stopped it
                server.stop()
    finally:
        shutil.rmtree(folder)


def _call(program: str, *arguments: str) -> None:
    # PostgreSQL refuses to run as root
    user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*user, _program(program), *arguments],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _program(name: str) -> str:
    found = shutil.which(name) or next(
        (str(path) for path in sorted(_DEBIAN.glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        raise RuntimeError("The tests need PostgreSQL's server: apt-get install postgresql")
    return found
