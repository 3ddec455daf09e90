"""Compressing what was stored as it is, while others read, write, remove and die."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from blake3 import blake3

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.database import Database
from jupyter_mlops.core.errors import NotFoundError, StoreUnavailableError
from jupyter_mlops.core.remote import RemoteFolder
from jupyter_mlops.objects import compression
from jupyter_mlops.objects.collection import Reason
from jupyter_mlops.objects.compression import Compressor
from jupyter_mlops.objects.disk import OutputFile
from jupyter_mlops.objects.manager import ObjectManager
from tests.databases import SHARED
from tests.disks import filled

from .test_collection import HOUR, LARGE, NOBODY, noise, on_disk

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.objects.schemas import Compressed
    from tests.s3 import S3Server


def table(number: int, size: int = LARGE) -> bytes:
    """Return bytes of which half can be saved."""
    return random.Random(number).randbytes(size // 2).hex().encode()  # noqa: S311


@pytest.fixture(autouse=True)
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes everything sooner than it can be compressed."""
    monkeypatch.setattr(OutputFile, "is_sooner", lambda *_: True)
    monkeypatch.setattr("jupyter_mlops.objects.places.RemotePlace.is_far", False)


def put(objects: ObjectManager, *blobs: bytes) -> list[str]:
    with objects.batch() as batch:
        return [batch.add_bytes(blob) for blob in blobs]


def compress(
    objects: ObjectManager, *, before_ms: int | None = None, dry_run: bool = False
) -> Compressed:
    soon = before_ms or now_ms() + HOUR
    return objects.compress(soon, lambda _: None, dry_run=dry_run)


def files(folder: Path) -> dict[str, int]:
    found = (path for path in (folder / "objects").rglob("*") if path.is_file())
    return {path.name: path.stat().st_size for path in found}


def check(objects: ObjectManager, *ids: str) -> None:
    """Everything is there, and nothing that should not be."""
    assert [blake3(objects.read(key)).hexdigest() for key in ids] == list(ids)
    assert objects.inspect().problems == []
    assert objects.leftovers(now_ms() + HOUR) == []


def test_what_shrinks_is_compressed_once(
    objects: ObjectManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = put(objects, table(1), table(2, 2 * LARGE), noise(LARGE), b"small" * 1000)
    before = files(tmp_path)
    assert not any(name.endswith(".zst") for name in before)
    expected = compress(objects, dry_run=True)
    assert files(tmp_path) == before
    done = compress(objects)
    assert (done.objects, done.size_bytes, done.damaged) == (2, 3 * LARGE, 0)
    assert expected.objects == 2
    assert expected.stored_bytes == pytest.approx(done.stored_bytes, rel=0.05)
    after = files(tmp_path)
    assert sum(before.values()) - sum(after.values()) == done.size_bytes - done.stored_bytes
    assert done.stored_bytes < 0.6 * done.size_bytes
    check(objects, *ids)
    monkeypatch.setattr(Compressor, "_estimate", None)
    assert compress(objects).objects == 0


def test_what_is_young_stays(objects: ObjectManager, tmp_path: Path) -> None:
    put(objects, table(1))
    before = files(tmp_path)
    assert compress(objects, before_ms=now_ms() - HOUR).objects == 0
    assert files(tmp_path) == before


def test_a_sample_that_promised_too_much(objects: ObjectManager, tmp_path: Path) -> None:
    data = bytearray(noise(3_000_000))
    for number in range(5):
        at = number * (len(data) - compression._PIECE) // 4
        data[at : at + 30_000] = bytes(30_000)
    ids = put(objects, bytes(data))
    before = files(tmp_path)
    assert compress(objects, dry_run=True).objects == 1
    assert compress(objects).objects == 0
    assert compress(objects, dry_run=True).objects == 0
    assert files(tmp_path) == before
    check(objects, *ids)


def test_readers_find_it_meanwhile(objects: ObjectManager, tmp_path: Path) -> None:
    ids = put(objects, table(1), table(2))
    begun, location = objects.chunks(ids[0]), objects._locate(ids[1])
    first = next(begun)
    assert compress(objects).objects == 2
    assert b"".join([first, *begun]) == table(1)
    objects._checkouts.file(location, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == table(2)


def test_fsck_meanwhile(objects: ObjectManager) -> None:
    put(objects, table(1), table(2), noise(LARGE), b"small")

    def progress(_: int) -> None:
        compress(objects)

    found = objects.inspect(progress)
    assert (found.problems, found.objects) == ([], 4)
    assert compress(objects).objects == 0


def test_a_damaged_object_is_left_to_fsck(objects: ObjectManager, tmp_path: Path) -> None:
    ids = put(objects, table(1), table(2), table(3), table(4))
    flipped, cut, emptied = (tmp_path / "objects" / key[:2] / key[2:] for key in ids[:3])
    for path in (flipped, cut, emptied):
        path.chmod(0o600)
    flipped.write_bytes(table(1)[:-1] + b"x")
    cut.write_bytes(table(2)[:1000])
    emptied.write_bytes(b"")
    done = compress(objects)
    assert (done.objects, done.damaged) == (1, 3)
    assert flipped.read_bytes().endswith(b"x")
    assert {key for one in objects.inspect().problems for key in one.object_ids} == {*ids[:3]}
    assert objects.read(ids[3]) == table(4)
    assert objects.leftovers(now_ms() + HOUR) == []


def test_a_disk_that_gives_back_other_bytes(
    objects: ObjectManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = put(objects, table(1))
    spoil(objects, monkeypatch)
    with pytest.raises(StoreUnavailableError, match="Look after the disk"):
        compress(objects)
    check(objects, *ids)


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    database = Database(tmp_path / "rows.db")
    objects = ObjectManager(small_disk / "objects", database)
    ids = put(objects, table(1), table(2, 2 * LARGE))
    with filled(small_disk), pytest.raises(StoreUnavailableError, match="is full"):
        compress(objects)
    check(objects, *ids)
    with filled(small_disk, left=LARGE):  # for the small one, whose space the other one needs
        assert compress(objects).objects == 2
    check(objects, *ids)
    database.close()


def spoil(objects: ObjectManager, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the disk keep other bytes than it is given."""
    place = type(objects._place)
    real = place.put

    def put_badly(place: Any, names: dict[str, Path]) -> None:
        for path in names.values():
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:-9] + b"123456789")
        real(place, names)

    monkeypatch.setattr(place, "put", put_badly)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Have something done once between a compressed file and its row."""
    real = Compressor._index

    def late(self: Compressor, found: Any) -> bool:
        monkeypatch.setattr(Compressor, "_index", real)
        act()
        return real(self, found)

    monkeypatch.setattr(Compressor, "_index", late)


def test_what_is_erased_meanwhile_is_gone(
    objects: ObjectManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = put(objects, table(1), table(2))
    why = Reason({first: ["people.csv"]}, "ana", "asked by a customer")
    order = sorted((first, second))  # in which they are compressed
    meanwhile(monkeypatch, lambda: objects.erase([order[0]], why._replace(paths={order[0]: []})))
    assert compress(objects).objects == 1
    assert objects.missing([first, second]) == {order[0]}
    gone = {first: table(1), second: table(2)}[order[0]]
    assert gone[:1000] not in on_disk(tmp_path)
    check(objects, order[1])
    with pytest.raises(NotFoundError, match="was erased on"):
        objects.read(order[0])


def test_what_is_compressed_before_it_is_erased_is_gone(
    objects: ObjectManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = put(objects, table(1))
    store = objects._store
    real = store.locate

    def locate_and_compress(ids: Any) -> Any:
        found = real(ids)
        monkeypatch.setattr(store, "locate", real)
        assert compress(objects).objects == 1
        return found

    monkeypatch.setattr(store, "locate", locate_and_compress)
    assert objects.erase([key], NOBODY).objects == 1
    assert files(tmp_path) == {}


def test_two_at_once(
    objects: ObjectManager, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one's zstd is of another version: it gives other bytes."""
    ids = put(objects, table(1))
    rival = ObjectManager(tmp_path / "objects", database)

    def compress_otherwise() -> None:
        monkeypatch.setattr(compression, "_LEVEL", 9)
        compress(rival)

    meanwhile(monkeypatch, compress_otherwise)
    compress(objects)
    check(objects, *ids)


def compressed_with_crashes(folder: Path, contents: list[bytes], most: int) -> list[int]:
    """Compress copies of a store of its own, each dying one step later, and look at all of them.

    In processes of processes without threads, since those that die are forked.

    Args:
        folder: where the copies go.
        contents: what is stored.
        most: bytes that a copy takes once it is compressed to the end.

    Returns:
        how many bytes each copy's index counts after the crash.
    """
    if SHARED:
        pytest.skip("it has rows and files of its own")
    template = folder / "template"
    template.mkdir()
    rows = Database(template / "mlops.db")
    ids = put(ObjectManager(template / "objects", rows), *contents)
    rows.close()
    command = [sys.executable, "-m", "tests.objects.compression_child"]
    command += [str(template), str(folder / "crashed")]
    child = subprocess.run(command, capture_output=True, check=False)
    assert child.returncode == 0, child.stderr
    stored = []
    for store in sorted((folder / "crashed").iterdir()):
        rows = Database(store / "mlops.db")
        after = ObjectManager(store / "objects", rows)
        assert [after.read(key) for key in ids] == contents
        assert after.inspect().problems == []
        stored.append(sum(after._store.locate(ids)[key].stored_size for key in ids))
        for leftover in after.leftovers(now_ms() + HOUR):
            assert after.remove(leftover, now_ms() + HOUR)
        compress(after)
        check(after, *ids)
        assert sum(files(store).values()) < most
        rows.close()
    return stored


def test_a_crash_at_any_step_leaves_a_valid_store(tmp_path: Path) -> None:
    stored = compressed_with_crashes(tmp_path, [table(1), noise(LARGE)], int(1.7 * LARGE))
    assert stored == sorted(stored, reverse=True)
    assert len(set(stored)) == 2
    assert len(stored) > 20


def test_in_s3_the_file_before_stays_for_who_reads_it(
    s3: S3Server, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = s3.make()
    objects = ObjectManager(tmp_path / "objects", database, RemoteFolder(url))
    ids = put(objects, table(1, 9 * LARGE), noise(LARGE))
    monkeypatch.undo()
    begun = objects.chunks(ids[0])
    first = next(begun)
    done = compress(objects)
    assert done.objects == 1
    assert b"".join([first, *begun]) == table(1, 9 * LARGE)
    assert objects.read(ids[0]) == table(1, 9 * LARGE)
    assert len(s3.keys(url)) == 3
    (left,) = objects.leftovers(now_ms() + HOUR)
    assert left.size_bytes == 9 * LARGE
    assert objects.remove(left, now_ms() + HOUR)
    check(objects, *ids)
    assert list((tmp_path / "objects").iterdir()) == []
