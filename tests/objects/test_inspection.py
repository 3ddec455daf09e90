"""What ``fsck`` and ``gc`` see of the objects."""

from __future__ import annotations

import os
import random
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.remote import RemoteFolder
from jupyter_mlops.objects import store
from jupyter_mlops.objects.direct import DirectFile
from jupyter_mlops.objects.manager import ObjectManager

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from jupyter_mlops.core.database import Database
    from tests.s3 import S3Server

LARGE = 1_100_000
HOUR = 3_600_000


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311


def flips(path: Path, positions: Iterable[int]) -> Iterable[int]:
    """Give each position while the byte there has one bit the other way."""
    path.chmod(0o600)
    with path.open("r+b") as file:
        for position in positions:
            bit = 1 << position % 8
            file.seek(position)
            (value,) = file.read(1)
            file.seek(position)
            file.write(bytes([value ^ bit]))
            file.flush()
            yield position
            file.seek(position)
            file.write(bytes([value]))
        file.flush()


def test_every_flipped_byte_of_a_pack_is_found(objects: ObjectManager, tmp_path: Path) -> None:
    with objects.batch() as batch:
        ids = [batch.add_bytes(blob) for blob in (b"", b"text " * 40, noise(200))]
    (pack,) = (tmp_path / "objects" / "packs").iterdir()
    for position in flips(pack, range(pack.stat().st_size)):
        (problem,) = objects.inspect().problems
        assert (problem.kind, problem.name) == ("damaged", f"packs/{pack.name}"), position
        assert set(problem.object_ids) <= set(ids)
    found = objects.inspect()
    assert (found.objects, found.files, found.problems) == (3, 1, [])
    assert found.size_bytes == pack.stat().st_size


@pytest.mark.parametrize("content", [noise(LARGE), b"text " * (LARGE // 5)], ids=["raw", "zstd"])
def test_every_flipped_byte_of_a_file_is_found(
    objects: ObjectManager, tmp_path: Path, content: bytes
) -> None:
    object_id = objects.put_bytes(content)
    (path,) = (path for path in (tmp_path / "objects").rglob("*") if path.is_file())
    size = path.stat().st_size
    # a decoder looks at none of some bits at the begin
    chance = random.Random(0)  # noqa: S311
    positions = sorted({*range(min(64, size)), size - 1, *chance.sample(range(size), 40)})
    for position in flips(path, positions):
        (problem,) = objects.inspect().problems
        assert (problem.kind, problem.object_ids) == ("damaged", [object_id]), position
    assert objects.inspect().problems == []


def test_objects_of_before_are_read(
    objects: ObjectManager, tmp_path: Path, database: Database
) -> None:
    objects.put_bytes(b"text " * (LARGE // 5))
    with database.write() as connection:
        connection.execute(sa.update(store.objects).values(stored_digest=None))
    assert objects.inspect().problems == []
    (path,) = (path for path in (tmp_path / "objects").rglob("*") if path.is_file())
    for _ in flips(path, [path.stat().st_size // 2]):
        assert [problem.kind for problem in objects.inspect().problems] == ["damaged"]


def test_sizes_in_the_index_are_compared_with_the_file(
    objects: ObjectManager, database: Database
) -> None:
    for content in (noise(LARGE), b"text " * (LARGE // 5)):
        object_id = objects.put_bytes(content)
        for name in ("size", "stored_size"):
            column = store.objects.c[name]
            for step, kinds in ((1, ["index"]), (-1, [])):
                with database.write() as connection:
                    connection.execute(
                        sa.update(store.objects)
                        .where(store.objects.c.object_id == object_id)
                        .values({name: column + step})
                    )
                assert [one.kind for one in objects.inspect().problems] == kinds


def test_only_the_objects_that_are_lost_are_named(objects: ObjectManager, tmp_path: Path) -> None:
    with objects.batch() as batch:
        first, second = batch.add_bytes(noise(300)), batch.add_bytes(noise(301))
    (pack,) = (tmp_path / "objects" / "packs").iterdir()
    for _ in flips(pack, [pack.stat().st_size - 1]):
        (problem,) = objects.inspect().problems
        assert problem.object_ids == [second]
        assert objects.read(first) == noise(300)
    pack.unlink()
    (problem,) = objects.inspect().problems
    assert (problem.kind, set(problem.object_ids)) == ("missing", {first, second})


def test_an_index_that_points_beside(
    objects: ObjectManager, tmp_path: Path, database: Database
) -> None:
    object_id = objects.put_bytes(noise(300))
    with database.write() as connection:
        connection.execute(sa.update(store.objects).values(offset=store.objects.c.offset + 1))
    (problem,) = objects.inspect().problems
    assert (problem.kind, problem.object_ids) == ("index", [object_id])
    with database.write() as connection:
        connection.execute(sa.update(store.objects).values(offset=store.objects.c.offset - 1))
    assert objects.inspect().problems == []
    large = objects.put_bytes(noise(LARGE))
    (tmp_path / "objects" / large[:2] / large[2:]).unlink()
    assert [problem.kind for problem in objects.inspect().problems] == ["missing"]


def test_progress_adds_up(objects: ObjectManager) -> None:
    with objects.batch() as batch:
        batch.add_bytes(noise(300))
        batch.add_bytes(noise(LARGE))
    steps: list[int] = []
    assert sum(steps) == 0
    found = objects.inspect(steps.append)
    assert sum(steps) == found.size_bytes > LARGE


def test_what_a_crash_left_is_found_and_removed(objects: ObjectManager, tmp_path: Path) -> None:
    kept = [objects.put_bytes(noise(300)), objects.put_bytes(noise(LARGE))]
    folder = tmp_path / "objects"
    left = [".mlops-x.part", "packs/" + "0" * 64 + ".pack", "ab/" + "c" * 62]
    for name in left:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"12345")
    before_ms = now_ms() - HOUR
    assert objects.leftovers(before_ms) == []  # may be in the making
    for name in left:
        os.utime(folder / name, (time.time() - 7200,) * 2)
    found = objects.leftovers(before_ms)
    assert sorted(item.name for item in found) == sorted(left)
    assert {item.size_bytes for item in found} == {5}
    for item in found:
        assert objects.remove(item, before_ms)
        assert objects.remove(item, before_ms)
    assert objects.leftovers(now_ms() + HOUR) == []
    assert objects.inspect().problems == []
    assert [len(objects.read(object_id)) for object_id in kept] == [300, LARGE]


def test_what_is_written_again_meanwhile_stays(
    objects: ObjectManager, tmp_path: Path, database: Database
) -> None:
    data = noise(LARGE)
    object_id = objects.put_bytes(data)
    path = tmp_path / "objects" / object_id[:2] / object_id[2:]
    with database.write() as connection:  # a crash between the file and its row
        connection.execute(sa.delete(store.objects))
    os.utime(path, (time.time() - 7200,) * 2)
    before_ms = now_ms() - HOUR
    (found,) = objects.leftovers(before_ms)
    assert objects.put_bytes(data) == object_id
    assert not objects.remove(found, before_ms)
    assert objects.read(object_id) == data


def test_in_s3(s3: S3Server, tmp_path: Path, database: Database) -> None:
    url = s3.make()
    objects = ObjectManager(tmp_path / "objects", database, RemoteFolder(url))
    with objects.batch() as batch:
        batch.add_bytes(noise(300))
        batch.add_bytes(noise(LARGE))
    assert objects.inspect().problems == []
    s3.put(url, "objects/packs/unknown.pack", b"x")
    soon = now_ms() + HOUR
    (found,) = objects.leftovers(soon)
    assert found.name == "packs/unknown.pack"
    assert not objects.remove(found, now_ms() - HOUR)
    assert objects.remove(found, soon)
    assert objects.leftovers(soon) == []
    (key,) = (key for key in s3.keys(url) if "packs" in key)
    s3.put(url, key, b"damaged")
    assert [problem.kind for problem in objects.inspect().problems] == ["damaged"]


def test_the_index_is_made_again_without_holding_large_objects_in_memory(
    objects: ObjectManager, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # however fast the disk is, compressed
    monkeypatch.setattr(DirectFile, "is_sooner", lambda *_: False)
    size = 64 * 1024 * 1024
    with (tmp_path / "zeros").open("wb") as file:
        file.truncate(size)  # which takes next to nothing when it is compressed
    with objects.batch() as batch:
        object_id = batch.add_file(tmp_path / "zeros").object_id or ""
    with database.write() as connection:
        found = store.objects.c.object_id == object_id
        location = connection.execute(sa.select(store.objects).where(found)).one()
        connection.execute(sa.delete(store.objects).where(found))
    tracemalloc.start()
    assert objects.rebuild() == 1
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < size // 2
    with database.read() as connection:
        again = connection.execute(sa.select(store.objects).where(found)).one()
    assert again[:6] == location[:6]
    assert again.stored_digest == location.stored_digest
    assert location.codec == "zstd"
