"""``fsck`` finds a flipped bit of the database, wherever that changes what the store says."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jupyter_mlops import upkeep
from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.core.project import Project
from jupyter_mlops.objects.store import objects
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.tables import data_uses, snapshots
from tests.databases import SHARED

from .crash_child import make_project, snap

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Table

_FLIPS = 80
# what tells what is stored where, and what a snapshot holds
_SAID = {
    "objects": "object_id, size, stored_size, codec, pack_id, offset",
    "snapshots": "id, run_id, notebook_path, created_at, author, grade, reasons, status, "
    "parameters, metrics, message, origin",
    "data_uses": "snapshot_id, position, path, kind, mode, size, digest, object_id",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_project(tmp_path)
    snap(tmp_path)
    return tmp_path


def problems(root: Path) -> list[str]:
    """Return what ``fsck`` says, as a command would, which may be that it cannot look."""
    services = Services(Project(root), root)
    try:
        return [found.message for found in upkeep.inspect(services, lambda _: None).problems]
    except StoreUnavailableError as error:
        return [error.message]
    finally:
        services.close()


def said(database: Path) -> object:
    """Return what the rows say, however damaged."""
    with closing(sqlite3.connect(database)) as connection:
        connection.text_factory = bytes
        try:
            return [
                sorted(map(repr, connection.execute(f"SELECT {columns} FROM {table}")))  # noqa: S608
                for table, columns in _SAID.items()
            ]
        except sqlite3.DatabaseError as error:
            return str(error)


@pytest.mark.skipif(SHARED, reason="PostgreSQL has checksums of its own")
def test_a_flipped_bit_of_the_database_is_found_or_changes_nothing(root: Path) -> None:
    database = root / ".mlops" / "mlops.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
    assert problems(root) == []
    good, before = database.read_bytes(), said(database)
    chance = random.Random(2)  # noqa: S311
    filled = [place for place, value in enumerate(good) if value]
    found = 0
    for place in chance.sample(filled, _FLIPS):
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        for beside in ("mlops.db-wal", "mlops.db-shm"):
            (root / ".mlops" / beside).unlink(missing_ok=True)
        database.write_bytes(bad)
        is_found = bool(problems(root))
        assert is_found or said(database) == before, place
        found += is_found
    assert found > _FLIPS // 2
    database.write_bytes(good)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (objects, ["size", "stored_size", "codec", "offset"]),
        (snapshots, ["author", "grade", "created_at", "notebook_path", "reasons", "metrics"]),
        (data_uses, ["path", "mode", "size", "digest", "object_id"]),
    ],
    ids=["objects", "snapshots", "data"],
)
def test_what_rows_say_is_compared(root: Path, table: Table, columns: list[str]) -> None:
    services = Services(Project(root), root)
    for name in columns:
        column = table.c[name]
        key = next(iter(table.primary_key))
        with services.database.read() as connection:
            rows = connection.execute(sa.select(table).where(column.is_not(None))).all()
        row = max(rows, key=lambda row: len(str(getattr(row, name))))
        value = getattr(row, name)
        other = (
            value + 1
            if isinstance(value, int)
            else {}
            if isinstance(value, dict)
            else [{}]
            if isinstance(value, list)
            else f"{value[:-1]}~"
        )
        this = sa.update(table).where(key == getattr(row, key.name), column == value)
        if isinstance(value, dict | list):
            this = sa.update(table).where(key == getattr(row, key.name))
        with services.database.write() as connection:
            connection.execute(this.values({name: other}))
        assert upkeep.inspect(services, lambda _: None).problems, name
        back = sa.update(table).where(key == getattr(row, key.name))
        if not isinstance(value, dict | list):
            back = back.where(column == other)
        with services.database.write() as connection:
            connection.execute(back.values({name: value}))
        assert upkeep.inspect(services, lambda _: None).problems == [], name
    services.close()
