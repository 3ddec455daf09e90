"""Compressing what lies in packs as it is, while others read, remove and die."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.database import Database
from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.objects import staging
from jupyter_mlops.objects.collection import Reason
from jupyter_mlops.objects.manager import ObjectManager
from jupyter_mlops.objects.repacking import Repacker
from tests.disks import filled

from .test_collection import HOUR, noise, on_disk
from .test_compression import check, compress, compressed_with_crashes, files, put, spoil

if TYPE_CHECKING:
    from pathlib import Path

SMALL = 20_000


def table(number: int) -> bytes:
    """Return bytes of which half can be saved."""
    return random.Random(number).randbytes(SMALL // 2).hex().encode()  # noqa: S311


TABLES = [table(number) for number in range(40)]


@pytest.fixture(autouse=True)
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packers that are all busy, and a place that takes everything sooner."""
    monkeypatch.setattr(staging, "compressed", lambda _: {})
    monkeypatch.setattr("jupyter_mlops.objects.places.RemotePlace.is_far", False)


def test_packs_shrink_once(objects: ObjectManager, tmp_path: Path) -> None:
    ids = put(objects, *TABLES, noise(SMALL), b"")
    before = files(tmp_path)
    expected = compress(objects, dry_run=True)
    assert files(tmp_path) == before
    done = compress(objects)
    assert (done.objects, done.size_bytes, done.damaged) == (40, 40 * SMALL, 0)
    assert (expected.objects, expected.size_bytes) == (41, 41 * SMALL)
    assert expected.stored_bytes == pytest.approx(done.stored_bytes, rel=0.2)
    assert done.stored_bytes < 0.6 * done.size_bytes
    saved = sum(before.values()) - sum(files(tmp_path).values())
    assert saved == done.size_bytes - done.stored_bytes
    check(objects, *ids)
    after = files(tmp_path)
    assert len(after) == 1
    assert compress(objects).objects == 0
    assert files(tmp_path) == after
    assert objects.rebuild() == 0


def test_what_is_young_or_does_not_shrink_stays(objects: ObjectManager, tmp_path: Path) -> None:
    put(objects, *TABLES)
    put(objects, *(noise(SMALL + number) for number in range(40)), TABLES[0] + b"x")
    before = files(tmp_path)
    assert compress(objects, before_ms=now_ms() - HOUR).objects == 0
    assert files(tmp_path) == before
    assert compress(objects).objects == 40
    assert len(files(tmp_path).keys() & before.keys()) == 1


def test_few_that_promised_too_much(
    objects: ObjectManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = put(objects, *(noise(SMALL + number) for number in range(9)))
    before = files(tmp_path)
    monkeypatch.setattr(Repacker, "_share", lambda *_: 0.1)
    assert compress(objects).objects == 0
    assert files(tmp_path) == before
    check(objects, *ids)


def test_readers_find_it_meanwhile(objects: ObjectManager, tmp_path: Path) -> None:
    ids = put(objects, *TABLES)
    begun, location = objects.chunks(ids[0]), objects._locate(ids[1])
    first = next(begun)
    assert compress(objects).objects == 40
    assert b"".join([first, *begun]) == TABLES[0]
    objects._checkouts.file(location, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == TABLES[1]


def test_a_damaged_pack_is_left_to_fsck(objects: ObjectManager, tmp_path: Path) -> None:
    ids = put(objects, *TABLES)
    others = put(objects, *(TABLES[number] + b"x" for number in range(9)))
    (path,) = (path for path in tmp_path.rglob("*.pack") if path.stat().st_size > 30 * SMALL)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    before = path.read_bytes()
    done = compress(objects)
    assert (done.objects, done.damaged) == (9, 1)
    assert path.read_bytes() == before
    assert {key for one in objects.inspect().problems for key in one.object_ids} == {ids[-1]}
    assert [objects.read(key) for key in others] == [text + b"x" for text in TABLES[:9]]
    assert objects.leftovers(now_ms() + HOUR) == []


def test_a_disk_that_gives_back_other_bytes(
    objects: ObjectManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = put(objects, *TABLES)
    spoil(objects, monkeypatch)
    with pytest.raises(StoreUnavailableError, match="Look after the disk"):
        compress(objects)
    check(objects, *ids)


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    database = Database(tmp_path / "rows.db")
    objects = ObjectManager(small_disk / "objects", database)
    ids = put(objects, *TABLES)
    with filled(small_disk), pytest.raises(StoreUnavailableError, match="is full"):
        compress(objects)
    check(objects, *ids)
    database.close()


def test_what_is_erased_meanwhile_is_gone(
    objects: ObjectManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = put(objects, *TABLES)
    real = Repacker._index

    def late(self: Repacker, *arguments: Any) -> bool:
        objects.erase(ids[:1], Reason({ids[0]: []}, "ana", "asked"))
        return real(self, *arguments)

    with monkeypatch.context() as rival:
        rival.setattr(Repacker, "_index", late)
        assert compress(objects).objects == 0
    assert TABLES[0] not in on_disk(tmp_path)
    check(objects, *ids[1:])
    assert compress(objects).objects == 39


def test_a_crash_at_any_step_leaves_a_valid_store(tmp_path: Path) -> None:
    stored = compressed_with_crashes(tmp_path, [*TABLES[:9], noise(SMALL)], 7 * SMALL)
    assert stored == sorted(stored, reverse=True)
    assert len(set(stored)) == 2
    assert len(stored) > 15
