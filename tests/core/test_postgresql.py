"""A store's rows in PostgreSQL: several processes, schema versions, what failures say."""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

# the rooms declare their tables when they are imported
import jupyter_mlops.core.opening
import jupyter_mlops.deployments.store
import jupyter_mlops.lineage.rerun_rows
import jupyter_mlops.objects.cache
import jupyter_mlops.registry.store
import jupyter_mlops.snapshots.store
import jupyter_mlops.tracking.tables  # noqa: F401
from jupyter_mlops.core.database import Database, metadata
from jupyter_mlops.core.errors import InvalidInputError, StoreUnavailableError
from jupyter_mlops.objects.store import packs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import PostgreSQLServer


@pytest.fixture
def url(postgresql: PostgreSQLServer) -> Iterator[str]:
    made = postgresql.make()
    yield made
    postgresql.drop(made)


def add_one(database: Database) -> None:
    """Read a number and write the next: lost updates would show."""
    with database.write() as connection:
        size = connection.execute(sa.select(sa.func.max(packs.c.size))).scalar() or 0
        row = {"pack_id": str(size + 1), "size": size + 1, "created_at": 0}
        connection.execute(sa.insert(packs), row)


def add_fifty(url: str) -> None:
    database = Database(url)
    for _ in range(50):
        add_one(database)
    database.close()


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(packs)).scalar_one())


def test_migrations_make_the_tables_that_the_rooms_declare(url: str) -> None:
    def is_compared(_: object, name: str | None, *__: object) -> bool:
        # here these have the start of long values, see their migrations
        return name not in {"ix_params_value", "ix_tags_value"}

    database = Database(url)
    with database.read() as connection:
        options = {"compare_type": True, "include_object": is_compared}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    database.close()


def test_processes_take_turns_from_the_first_use(postgresql: PostgreSQLServer) -> None:
    postgresql.run("CREATE DATABASE empty")
    url = postgresql.url("empty")
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=add_fifty, args=(url,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    database = Database(url)
    assert count(database) == 200
    database.close()
    postgresql.drop(url)


def test_a_read_sees_one_state_and_does_not_wait(url: str) -> None:
    reader, writer = Database(url), Database(url)
    with reader.read() as connection, writer.write() as writing:
        before = connection.execute(sa.select(sa.func.count()).select_from(packs)).scalar_one()
        writing.execute(sa.insert(packs), {"pack_id": "a", "size": 1, "created_at": 0})
        writing.commit()
        after = connection.execute(sa.select(sa.func.count()).select_from(packs)).scalar_one()
    assert (before, after, count(reader)) == (0, 0, 1)
    reader.close()
    writer.close()


def test_a_read_cannot_write(url: str) -> None:
    database = Database(url)
    with pytest.raises(StoreUnavailableError), database.read() as connection:
        connection.execute(sa.insert(packs), {"pack_id": "a", "size": 1, "created_at": 0})
    assert count(database) == 0
    database.close()


def test_an_error_rolls_back(url: str) -> None:
    database = Database(url)
    with pytest.raises(IntegrityError) as raised, database.write() as connection:
        connection.execute(
            sa.insert(packs), [{"pack_id": "a", "size": 123456, "created_at": 0}] * 2
        )
    assert "123456" not in str(raised.value)
    assert count(database) == 0
    add_one(database)
    assert count(database) == 1
    database.close()


def test_a_commit_elsewhere_is_noticed(url: str) -> None:
    here, there = Database(url), Database(url)
    seen = here.data_version()
    assert here.data_version() == seen
    add_one(there)
    deadline = time.monotonic() + 60
    while (now := here.data_version()) == seen and time.monotonic() < deadline:
        time.sleep(0.01)
    assert now != seen
    assert here.data_version() == now
    here.close()
    there.close()


def test_a_server_that_restarts_is_found_again(postgresql: PostgreSQLServer, url: str) -> None:
    database = Database(url)
    add_one(database)
    database.data_version()
    postgresql.stop()
    with pytest.raises(StoreUnavailableError, match="does not answer"):
        add_one(database)
    with pytest.raises(StoreUnavailableError):
        database.data_version()
    postgresql.start()
    add_one(database)
    assert count(database) == 2
    seen = database.data_version()
    add_one(database)
    assert database.data_version() != seen
    database.close()


def test_a_newer_schema_is_refused_and_left_alone(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    again = Database(url)
    with pytest.raises(StoreUnavailableError, match="newer jupyter-mlops"):
        count(again)
    again.close()


def test_what_is_wrong_is_said(postgresql: PostgreSQLServer) -> None:
    cases = {
        postgresql.url("no_such_database"): "Create it with: createdb",
        postgresql.url("postgres", user="nobody"): "Check user and password",
        "postgresql+psycopg://u:secret@127.0.0.1:1/x": "does not answer",
        "postgresql+psycopg://u@127.0.0.1:1/x?password=secret": "does not answer",
    }
    for url, advice in cases.items():
        database = Database(url)
        with pytest.raises(StoreUnavailableError, match=advice) as caught:
            count(database)
        assert "secret" not in str(caught.value)
        database.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://u:secret@h/d",
        "postgresql+asyncpg://h/d",
        "no url",
        "postgresql://u:p@ss:secret@h/d",
    ],
)
def test_another_url_is_refused_and_never_shown(url: str) -> None:
    with pytest.raises(InvalidInputError, match="none of PostgreSQL") as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_a_value_that_cannot_be_stored(url: str) -> None:
    database = Database(url)
    row = {"pack_id": "x" * 65, "size": 1, "created_at": 0}
    with pytest.raises(InvalidInputError, match="cannot be stored"), database.write() as connection:
        connection.execute(sa.insert(packs), row)
    database.close()
