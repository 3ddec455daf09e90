"""What goes in comes out, whatever its size and content."""

from __future__ import annotations

import os
import random
import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from blake3 import blake3
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from jupyter_mlops.core.database import Database
from jupyter_mlops.core.errors import InvalidInputError, NotFoundError, StoreUnavailableError
from jupyter_mlops.objects.manager import ObjectManager

MEBIBYTE = 1024 * 1024
Make = Callable[[int], bytes]


@pytest.fixture(scope="module")
def shared() -> Iterator[ObjectManager]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "mlops.db")
        yield ObjectManager(Path(folder) / "objects", database)
        database.close()


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311


@given(st.lists(st.binary(max_size=4096) | st.text(max_size=2000).map(str.encode), max_size=20))
@settings(max_examples=60)
def test_a_batch_of_any_bytes_comes_back(shared: ObjectManager, blobs: list[bytes]) -> None:
    with shared.batch() as batch:
        ids = [batch.add_bytes(blob) for blob in blobs]
    assert [shared.read(object_id) for object_id in ids] == blobs
    assert ids == [blake3(blob).hexdigest() for blob in blobs]


names = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="/\0"), min_size=1, max_size=20
).filter(lambda name: name not in {".", ".."} and len(name.encode()) < 200)
trees = st.recursive(
    st.tuples(st.binary(max_size=300), st.booleans()),
    lambda children: st.dictionaries(names, children, min_size=1, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(names, trees, max_size=4))
@settings(max_examples=40)
def test_any_folder_comes_back(shared: ObjectManager, content: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as base:
        source, target = Path(base) / "source", Path(base) / "target"
        write_folder(source, content)
        stored = shared.put_tree(source)
        shared.checkout_tree(stored.object_id, target)
        assert listing(target) == listing(source)
        assert stored.size_bytes == sum(len(data) for data, _ in listing(source).values())
        assert shared.put_tree(target).object_id == stored.object_id


def write_folder(folder: Path, content: dict[str, object]) -> None:
    folder.mkdir()
    for name, child in content.items():
        if isinstance(child, dict):
            write_folder(folder / name, child)
        elif isinstance(child, tuple):
            (folder / name).write_bytes(child[0])
            (folder / name).chmod(0o755 if child[1] else 0o644)


def listing(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), os.access(path, os.X_OK))
        for path in folder.rglob("*")
        if path.is_file()
    }


SIZES = [0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 9 * MEBIBYTE + 17]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [noise, bytes], ids=["noise", "zeros"])
def test_bytes_and_file_of_any_size(
    objects: ObjectManager, tmp_path: Path, size: int, make: Make
) -> None:
    data = make(size)
    (tmp_path / "data 한글.bin").write_bytes(data)
    with objects.batch() as batch:
        stored = batch.add_file(tmp_path / "data 한글.bin")
        assert batch.add_bytes(data) == stored.object_id
    assert (stored.digest, stored.size) == (blake3(data).hexdigest(), size)
    assert objects.read(stored.digest) == data
    assert objects.size(stored.digest) == size
    objects.checkout_file(stored.digest, tmp_path / "new folder" / "copy.bin")
    assert (tmp_path / "new folder" / "copy.bin").read_bytes() == data
    assert [path.name for path in (tmp_path / "new folder").iterdir()] == ["copy.bin"]


def test_what_shrinks_is_compressed_and_what_does_not_is_not(
    objects: ObjectManager, tmp_path: Path
) -> None:
    objects.put_bytes(bytes(3 * MEBIBYTE))
    assert on_disk(tmp_path) < 10_000
    objects.put_bytes(noise(3 * MEBIBYTE))
    assert 3 * MEBIBYTE <= on_disk(tmp_path) < 3 * MEBIBYTE + 10_000


def test_the_same_bytes_are_stored_once(objects: ObjectManager, tmp_path: Path) -> None:
    blobs = [noise(100), noise(2 * MEBIBYTE)]
    with objects.batch() as batch:
        first = [batch.add_bytes(blob) for blob in blobs * 2]
    size = on_disk(tmp_path)
    with objects.batch() as batch:
        assert [batch.add_bytes(blob) for blob in blobs * 2] == first
    assert on_disk(tmp_path) == size


def on_disk(tmp_path: Path) -> int:
    return sum(path.stat().st_size for path in stored_files(tmp_path))


def stored_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


def test_small_objects_share_one_file(objects: ObjectManager, tmp_path: Path) -> None:
    with objects.batch() as batch:
        for number in range(300):
            batch.add_bytes(b"object %d" % number)
    assert len(stored_files(tmp_path)) == 1


def test_more_than_fits_the_memory_buffer_is_one_pack(
    objects: ObjectManager, tmp_path: Path
) -> None:
    blobs = [noise(900_000 + number) for number in range(20)]
    with objects.batch() as batch:
        ids = [batch.add_bytes(blob) for blob in blobs]
    assert len(stored_files(tmp_path)) == 1
    assert [objects.read(object_id) for object_id in ids] == blobs


def test_the_index_can_be_rebuilt_from_the_pack_alone(
    objects: ObjectManager, tmp_path: Path, database: Database
) -> None:
    blobs = [b"", b"text " * 1000, noise(5000)]
    with objects.batch() as batch:
        ids = [batch.add_bytes(blob) for blob in blobs]
    (pack,) = stored_files(tmp_path)
    content = pack.read_bytes()
    assert pack.stem == blake3(content).hexdigest()
    assert content[:8] == b"MLOPSPK1"
    rebuilt, offset = {}, 8
    while offset < len(content):
        tag, digest, codec, size, stored_size = struct.unpack_from("<4s32sBQQ", content, offset)
        offset += 53
        stored = content[offset : offset + stored_size]
        offset += stored_size
        assert tag == b"BLOB"
        rebuilt[digest.hex()] = zstandard.decompress(stored) if codec == 1 else stored
        assert len(rebuilt[digest.hex()]) == size
    assert rebuilt == dict(zip(ids, blobs, strict=True))
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM objects")).scalar_one() == 3


def test_an_unknown_object_is_not_found(objects: ObjectManager, tmp_path: Path) -> None:
    absent = "0" * 64
    for call in (objects.read, objects.size, objects.tree):
        with pytest.raises(NotFoundError):
            call(absent)
    with pytest.raises(NotFoundError):
        objects.checkout_file(absent, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("size", [1000, 2 * MEBIBYTE])
@pytest.mark.parametrize("make", [noise, bytes], ids=["noise", "zeros"])
@pytest.mark.parametrize("harm", ["flip", "truncate", "remove"])
def test_damage_is_noticed_and_never_written_out(
    objects: ObjectManager, tmp_path: Path, size: int, make: Make, harm: str
) -> None:
    object_id = objects.put_bytes(make(size))
    (path,) = stored_files(tmp_path)
    content = bytearray(path.read_bytes())
    path.unlink()
    if harm == "flip":
        content[len(content) - 5] ^= 0xFF
        path.write_bytes(content)
    elif harm == "truncate":
        path.write_bytes(content[:-5])
    with pytest.raises(StoreUnavailableError, match="damaged"):
        objects.read(object_id)
    (tmp_path / "target").write_text("before")
    with pytest.raises(StoreUnavailableError, match="damaged"):
        objects.checkout_file(object_id, tmp_path / "target")
    assert (tmp_path / "target").read_text() == "before"
    assert not list(tmp_path.glob(".mlops-*"))


def test_a_blob_is_no_folder(objects: ObjectManager, tmp_path: Path) -> None:
    object_id = objects.put_bytes(b'{"some": "json"}')
    with pytest.raises(InvalidInputError, match="not a folder"):
        objects.checkout_tree(object_id, tmp_path / "out")
    assert not (tmp_path / "out").exists()
