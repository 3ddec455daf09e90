from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

# the rooms declare their tables when they are imported
import jupyter_mlops.core.opening
import jupyter_mlops.deployments.store
import jupyter_mlops.lineage.rerun_rows
import jupyter_mlops.objects.cache
import jupyter_mlops.objects.store
import jupyter_mlops.registry.store
import jupyter_mlops.snapshots.store
import jupyter_mlops.tracking.tables  # noqa: F401
from jupyter_mlops.core import migrations
from jupyter_mlops.core.database import Database, metadata
from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.core.sqlite import SQLite
from jupyter_mlops.tracking.experiments import ExperimentManager
from jupyter_mlops.tracking.history import MetricHistory
from jupyter_mlops.tracking.runs import RunManager

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mlops.db"


def insert(database: Database, pack_id: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO packs VALUES (?, 1, 1)", (pack_id,))


def insert_on_full_disk(database: Database) -> None:
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.exec_driver_sql("INSERT INTO packs VALUES (?, 1, 1)", ("x" * 1_000_000,))


def insert_many(database: Database, pack_ids: list[str]) -> None:
    for pack_id in pack_ids:
        insert(database, pack_id)


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM packs").scalar_one())


def test_migrations_make_the_tables_that_the_rooms_declare(path: Path) -> None:
    database = Database(path)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_head_is_the_newest_migration() -> None:
    folder = str(Path(migrations.__file__).parent)
    assert ScriptDirectory(folder).get_current_head() == migrations.HEAD


def test_an_error_rolls_back(path: Path) -> None:
    database = Database(path)
    insert(database, "a")
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO packs VALUES ('b', 1, 1), ('a', 1, 1)")
    assert count(database) == 1
    database.close()


def test_an_error_says_no_values(path: Path) -> None:
    database = Database(path)
    insert(database, "hunter22")
    with pytest.raises(IntegrityError) as raised:
        insert(database, "hunter22")
    assert "hunter22" not in str(raised.value)
    database.close()


def test_writers_take_turns_and_lose_nothing(path: Path) -> None:
    databases = [Database(path), Database(path)]
    threads = [
        threading.Thread(
            target=insert_many, args=(databases[n % 2], [f"{n}-{i}" for i in range(25)])
        )
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(databases[0]) == 100
    for database in databases:
        database.close()


def connect_first(paths: list[Path], together: Barrier) -> None:
    try:
        for path in paths:
            together.wait()
            engine = SQLite(path).make_engine()
            engine.connect().close()
            engine.dispose()
    except BaseException:
        together.abort()
        raise


def test_several_processes_open_a_new_file_at_once(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.db" for number in range(200)]
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(3, timeout=300)
    processes = [context.Process(target=connect_first, args=(paths, together)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 3


def test_a_commit_elsewhere_shows_in_the_data_version(path: Path) -> None:
    database, other = Database(path), Database(path)
    before = database.data_version()
    assert database.data_version() == before
    insert(other, "a")
    assert database.data_version() != before
    database.close()
    other.close()


def test_a_newer_schema_is_refused_and_kept(path: Path) -> None:
    Database(path).engine.dispose()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    database = Database(path)
    with pytest.raises(StoreUnavailableError, match="newer"):
        count(database)
    database.close()


def test_a_damaged_file_says_so(path: Path) -> None:
    path.write_bytes(b"not a database, but long enough to look like one" * 100)
    database = Database(path)
    with pytest.raises(StoreUnavailableError, match="damaged"):
        count(database)
    database.close()


def test_a_full_disk_says_so_and_loses_nothing(path: Path) -> None:
    database = Database(path)
    insert(database, "a")
    with pytest.raises(StoreUnavailableError, match="full"):
        insert_on_full_disk(database)
    assert count(database) == 1
    database.close()


def test_a_store_of_the_first_version_keeps_its_runs(path: Path) -> None:
    at_version(path, "0001")
    old = sqlite3.connect(path)
    with old:
        old.execute("INSERT INTO experiments VALUES (1, 'Default', 'active', 5, 6)")
        old.execute("INSERT INTO experiments VALUES (2, 'other', 'active', 7, 8)")
        for run_id, experiment_id in (("a", 1), ("b", 2)):
            old.execute(
                "INSERT INTO runs VALUES (?, ?, 'n', 'FINISHED', 'active', 'me', 1, 2)",
                (run_id, experiment_id),
            )
            for step, value in ((0, 1.5), (1, None), (1, None)):
                old.execute(
                    "INSERT INTO metrics (run_id, key, value, step, timestamp) "
                    "VALUES (?, 'm', ?, ?, 9)",
                    (run_id, value, step),
                )
            old.execute(
                "INSERT INTO latest_metrics VALUES (?, 'm', ?, NULL, 1, 9)",
                (run_id, experiment_id),
            )
    old.close()
    database = Database(path)
    runs = RunManager(database)
    assert {run.info.run_id: run.info.experiment_id for run in runs.search(None)[0]} == {
        "a": "0",
        "b": "2",
    }
    points, _ = MetricHistory(database).page("a", "m")
    assert [(point.step, str(point.value)) for point in points] == [(0, "1.5"), (1, "nan")]
    experiment = ExperimentManager(database).get("0")
    assert (experiment.name, experiment.creation_time) == ("Default", 5)
    database.close()
    assert path.with_suffix(".0001.backup.db").exists()


def at_version(path: Path, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        connection.commit()
    engine.dispose()
