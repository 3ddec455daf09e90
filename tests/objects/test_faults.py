"""A full disk, a crash or a rival at any step leaves a valid store."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from blake3 import blake3
from sqlalchemy import text

from jupyter_mlops.core.database import Database
from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.objects.disk import unused_name, writing
from jupyter_mlops.objects.manager import ObjectManager
from tests.crashes import STEPS
from tests.databases import where

from .crash_child import blobs

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.objects.batch import Batch

CHILD = "tests.objects.crash_child"


def indexed(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT object_id FROM objects")).scalars())


def check(objects: ObjectManager, database: Database) -> list[str]:
    """All that the index names can be read; return its ids."""
    ids = indexed(database)
    for object_id in ids:
        assert blake3(objects.read(object_id)).hexdigest() == object_id
    return ids


def run_child(*folders: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", CHILD, *map(str, folders)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def make_store(folder: Path) -> Path:
    folder.mkdir()
    database = Database(folder / "mlops.db")
    ObjectManager(folder / "objects", database).put_bytes(b"first use")
    database.close()
    return folder


def test_a_crash_at_any_step_leaves_a_valid_store(tmp_path: Path) -> None:
    template = make_store(tmp_path / "template")
    child = run_child(template, tmp_path / "crashed")
    assert child.returncode == 0, child.stderr
    stores = sorted((tmp_path / "crashed").iterdir())
    kept = []
    for store in stores:
        database = Database(store / "mlops.db")
        objects = ObjectManager(store / "objects", database)
        kept.append(len(check(objects, database)))
        with objects.batch() as batch:
            ids = [batch.add_bytes(blob) for blob in blobs()]
        assert [objects.read(object_id) for object_id in ids] == blobs()
        database.close()
    # nothing of the batch, then all of it
    assert kept == sorted(kept)
    assert set(kept) == {1, 6}
    assert kept.count(1) > 10


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_an_error_of_the_disk_at_any_step(
    objects: ObjectManager, database: Database, tmp_path: Path, code: int
) -> None:
    objects.put_bytes(b"first use")
    failures = 0
    while (error := put_with_failure_at(objects, failures, code)) is not None:
        assert isinstance(error.__cause__, OSError)
        assert error.__cause__.errno == code
        assert ("full" in error.message) == (code == errno.ENOSPC)
        assert len(check(objects, database)) == 1
        assert not list((tmp_path / "objects").rglob("*.part"))
        failures += 1
    assert failures > 10
    assert len(check(objects, database)) == 6


def put_all(objects: ObjectManager) -> None:
    with objects.batch() as batch:
        for blob in blobs():
            batch.add_bytes(blob)


def put_with_failure_at(
    objects: ObjectManager, step: int, code: int
) -> StoreUnavailableError | None:
    """Put everything while the given call to the disk fails; return what came of it."""
    left = step

    def failing(real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(code, os.strerror(code))
            return real(*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            if name not in {"unlink", "mkdir"}:  # no space needed; mostly there already
                patch.setattr(os, name, failing(getattr(os, name)))
        try:
            put_all(objects)
        except StoreUnavailableError as error:
            return error
    return None


def test_a_real_limit_of_the_file_system(tmp_path: Path) -> None:
    """The kernel itself refuses to write more than 1 MB into a file."""
    store = make_store(tmp_path / "store")
    limit = (1_000_000, 1_000_000)
    child = run_child(store, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert "StoreUnavailableError" in child.stderr
    assert not list(store.rglob("*.part"))
    database = Database(store / "mlops.db")
    assert len(check(ObjectManager(store / "objects", database), database)) == 1
    database.close()


def test_a_full_disk_is_told_by_a_folder_that_one_knows(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError) as told, writing(unused_name(tmp_path) / "parts"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert told.value.message.startswith(f"The disk that holds {tmp_path} is full.")


def test_a_store_that_cannot_be_made(tmp_path: Path, database: Database) -> None:
    (tmp_path / "file").write_text("no folder")
    objects = ObjectManager(tmp_path / "file" / "objects", database)
    with pytest.raises(StoreUnavailableError, match="cannot be written"):
        objects.put_bytes(b"data")


def fill(batch: Batch) -> None:
    """Add more than gathers before it is written."""
    for _ in range(40):
        batch.add_bytes(os.urandom(900_000))


def test_a_batch_can_go_on_after_a_failed_write(
    objects: ObjectManager, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.pwrite, 0

    def short_full_short(descriptor: int, data: memoryview, offset: int) -> int:
        nonlocal calls
        calls += 1
        if calls in {1, 3}:
            return real(descriptor, data[:1000], offset)
        if calls == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data, offset)

    with objects.batch() as batch:
        monkeypatch.setattr(os, "pwrite", short_full_short)
        with pytest.raises(StoreUnavailableError):
            # one of the first buffers could not be written, which shows when a later one is full
            fill(batch)
        batch.add_bytes(b"after space was freed")
    assert blake3(b"after space was freed").hexdigest() in check(objects, database)


def test_nothing_is_indexed_if_the_block_raises(
    objects: ObjectManager, database: Database, tmp_path: Path
) -> None:
    def put_and_fail() -> None:
        with objects.batch() as batch:
            for blob in blobs():
                batch.add_bytes(blob)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        put_and_fail()
    assert indexed(database) == []
    assert not [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


def test_hashing_holds_no_transaction(objects: ObjectManager, tmp_path: Path) -> None:
    """While one batch is open, another process can write."""
    with objects.batch() as batch:
        for blob in blobs():
            batch.add_bytes(blob)
        rival = Database(where(tmp_path))
        ObjectManager(tmp_path / "objects", rival).put_bytes(b"rival")
        rival.close()


def test_threads_and_processes_put_the_same_objects(
    objects: ObjectManager, database: Database, tmp_path: Path
) -> None:
    objects.put_bytes(b"first use")
    together = threading.Barrier(4)

    def put() -> list[str]:
        together.wait()
        with objects.batch() as batch:
            ids = [batch.add_bytes(blob) for blob in blobs()]
            together.wait()
        return ids

    with ThreadPoolExecutor(6) as pool:
        children = [pool.submit(run_child, tmp_path) for _ in range(2)]
        threads = [pool.submit(put) for _ in range(4)]
        ids = [thread.result() for thread in threads]
        assert [(child.result().returncode, child.result().stderr) for child in children] == [
            (0, ""),
            (0, ""),
        ]
    assert all(each == ids[0] for each in ids)
    assert set(check(objects, database)) == {*ids[0], blake3(b"first use").hexdigest()}
    assert not list((tmp_path / "objects").rglob("*.part"))
