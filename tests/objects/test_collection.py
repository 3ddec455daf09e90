"""Removing what nothing needs, and what someone wants to be gone."""

from __future__ import annotations

import os
import random
import shutil
from itertools import count
from typing import TYPE_CHECKING

import pytest
import zstandard

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.database import Database
from jupyter_mlops.core.errors import NotFoundError
from jupyter_mlops.core.remote import RemoteFolder
from jupyter_mlops.objects.collection import Reason
from jupyter_mlops.objects.manager import ObjectManager
from tests.crashes import count_down
from tests.databases import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.s3 import S3Server

HOUR = 3_600_000
LARGE = 1_100_000
NOBODY = Reason({}, "nobody", "test")


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311


def put(objects: ObjectManager, *sizes: int) -> list[str]:
    with objects.batch() as batch:
        return [batch.add_bytes(noise(size)) for size in sizes]


def collect(objects: ObjectManager, live: Iterable[str], before_ms: int | None = None) -> int:
    soon = before_ms or now_ms() + HOUR
    return objects.collect(objects.dead(set(live), soon), soon, NOBODY).objects


def on_disk(folder: Path) -> bytes:
    """All that lies on the disk, and what compressed parts of it hold."""
    found = b""
    for path in sorted((folder / "objects").rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found += content
            if path.suffix == ".zst":
                found += zstandard.ZstdDecompressor().decompressobj().decompress(content)
    return found


def test_what_nothing_needs_is_removed(objects: ObjectManager, tmp_path: Path) -> None:
    large, other = put(objects, LARGE, LARGE + 1)
    small = put(objects, 300, 301)
    dead = put(objects, 400, 401)
    assert collect(objects, [large, *small]) == 3
    assert [len(objects.read(key)) for key in (large, *small)] == [LARGE, 300, 301]
    assert objects.missing([other, *dead]) == {other, *dead}
    assert objects.inspect().problems == []
    assert objects.leftovers(now_ms() + HOUR) == []
    assert noise(400) not in on_disk(tmp_path)
    assert noise(LARGE + 1)[:1000] not in on_disk(tmp_path)


def test_a_pack_is_written_again_when_most_of_it_is_dead(
    objects: ObjectManager, tmp_path: Path
) -> None:
    ids = put(objects, 1000, 2000, 3000)
    assert collect(objects, ids[1:]) == 0
    assert objects.missing(ids) == set()
    assert collect(objects, ids[:1]) == 2
    assert objects.read(ids[0]) == noise(1000)
    assert noise(1000) in on_disk(tmp_path)
    assert noise(3000) not in on_disk(tmp_path)
    found = objects.inspect()
    assert (found.objects, found.files, found.problems) == (1, 1, [])
    assert objects.leftovers(now_ms() + HOUR) == []


def test_what_was_used_lately_stays(objects: ObjectManager) -> None:
    ids = put(objects, 300, LARGE)
    assert collect(objects, [], now_ms() - HOUR) == 0
    assert objects.missing(ids) == set()


def age(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE objects SET used_at = 1")


def test_what_a_batch_counts_on_stays(
    objects: ObjectManager, database: Database, tmp_path: Path
) -> None:
    """While garbage is collected, another process keeps again what nothing needed until then."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "small").write_bytes(noise(300))
    (folder / "large").write_bytes(noise(LARGE))
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    tree = objects.put_tree(folder)
    (alone,) = put(objects, LARGE + 1)
    age(database)
    before_ms = now_ms() - HOUR
    dead = objects.dead(set(), before_ms)
    assert len(dead) == 4
    rival = ObjectManager(tmp_path / "objects", database)
    with rival.batch() as batch:
        assert batch.add_tree(folder) == tree  # by one row of the cache
        assert batch.add_bytes(noise(LARGE + 1)) == alone
        assert objects.collect(dead, before_ms, NOBODY).objects == 0
    objects.checkout_tree(tree.object_id, tmp_path / "out")
    assert (tmp_path / "out" / "large").read_bytes() == noise(LARGE)
    assert objects.dead(set(), before_ms) == {}
    age(database)
    assert collect(objects, []) == 4
    assert objects.put_tree(folder) == tree
    objects.checkout_tree(tree.object_id, tmp_path / "again")


def test_a_reader_finds_what_moved_meanwhile(objects: ObjectManager) -> None:
    ids = put(objects, 1000, 3000)
    location = objects._locate(ids[0])
    assert collect(objects, ids[:1]) == 1
    with objects._open(location)[1] as stored:
        assert stored.read() == noise(1000)


def test_erased_is_gone_everywhere(
    objects: ObjectManager, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "people.csv").write_bytes(noise(1000))
    (folder / "other.csv").write_bytes(noise(3000))
    (folder / "large.csv").write_bytes(b"name, city\n" * (LARGE // 5))
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    tree = objects.put_tree(folder)
    with objects.batch() as batch:
        for path in folder.iterdir():
            batch.add_file(path)
    entries = {entry.path: entry.object_id for entry in objects.tree(tree.object_id).entries}
    people, large = entries["people.csv"], entries["large.csv"]
    why = Reason({people: ["folder/people.csv"], large: []}, "ana", "asked by a customer")
    assert objects.erase([people, large], why).objects == 2
    assert noise(1000) not in on_disk(tmp_path)
    assert b"name, city\n" * 9 not in on_disk(tmp_path)
    assert objects.read(entries["other.csv"]) == noise(3000)
    assert objects.inspect().problems == []
    with database.read() as connection:
        cached = connection.exec_driver_sql("SELECT path FROM stat_cache").scalars()
        assert [path.rpartition("/")[2] for path in cached] == ["other.csv"]

    record = objects.erased([people, entries["other.csv"]])
    assert [(item.author, item.paths) for item in record.values()] == [
        ("ana", ["folder/people.csv"])
    ]
    assert {item.object_id for item in objects.erasures()} == {people, large}
    said = r"folder/people\.csv was erased on \d{4}-\d\d-\d\d by ana: asked by a customer"
    with pytest.raises(NotFoundError, match=said):
        objects.read(people)
    with pytest.raises(NotFoundError, match="was erased on"):
        objects.checkout_tree(tree.object_id, tmp_path / "out")
    assert not (tmp_path / "out").exists()

    assert objects.put_tree(folder) == tree  # what is kept again is there again
    assert objects.erased([people]) == {}
    assert objects.read(people) == noise(1000)


def test_erased_in_s3(s3: S3Server, tmp_path: Path, database: Database) -> None:
    url = s3.make()
    objects = ObjectManager(tmp_path / "objects", database, RemoteFolder(url))
    ids = put(objects, 300, 301, LARGE)
    before = set(s3.keys(url))
    assert objects.erase([ids[0], ids[2]], NOBODY).objects == 2
    assert objects.read(ids[1]) == noise(301)
    after = set(s3.keys(url))
    assert len(after) == 1
    assert not after & before
    assert objects.inspect().problems == []


def test_a_crash_at_any_step_leaves_a_valid_store(
    objects: ObjectManager, database: Database, tmp_path: Path
) -> None:
    ids = put(objects, 1000, 3000, LARGE)
    keep = ids[0]
    database.close()
    if SHARED:
        pytest.skip("the rows are not in a file that can be copied")
    removed = []
    for steps in count():
        store = tmp_path / f"copy {steps}"
        store.mkdir()
        shutil.copytree(tmp_path / "objects", store / "objects")
        shutil.copy(tmp_path / "mlops.db", store)
        child = os.fork()
        if child == 0:
            copy = Database(store / "mlops.db")
            count_down(steps)
            collect(ObjectManager(store / "objects", copy), [keep])
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        copy = Database(store / "mlops.db")
        after = ObjectManager(store / "objects", copy)
        assert after.read(keep) == noise(1000), steps
        assert after.inspect().problems == [], steps
        removed.append(len(after.missing(ids)))
        for leftover in after.leftovers(now_ms() + HOUR):
            assert after.remove(leftover, now_ms() + HOUR)
        collect(after, [keep])
        assert noise(3000) not in on_disk(store), steps
        assert after.missing(ids) == set(ids[1:])
        copy.close()
        if code == 0:
            break
    assert removed == sorted(removed)
    assert (removed[0], removed[-1]) == (0, 2)
    assert len(removed) > 20
