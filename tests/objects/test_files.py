"""Files of a user: unchanged ones are not read again, changing ones are noticed."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from blake3 import blake3

from jupyter_mlops.core.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
)
from jupyter_mlops.objects import files

from .conftest import age

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.objects.manager import ObjectManager
    from jupyter_mlops.objects.schemas import StoredFile

MEBIBYTE = 1024 * 1024


def add(objects: ObjectManager, path: Path, *, keep: bool = True) -> StoredFile:
    with objects.batch() as batch:
        return batch.add_file(path, keep=keep)


def test_an_unchanged_file_is_not_read_again(
    objects: ObjectManager, tmp_path: Path, opened: list[Path]
) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\n1,2\n")
    age(path)
    first = add(objects, path)
    assert add(objects, path) == first
    assert opened == [path]


def test_a_file_written_just_now_is_not_trusted(
    objects: ObjectManager, tmp_path: Path, opened: list[Path]
) -> None:
    """Written again within the clock's grain, it would look the same."""
    path = tmp_path / "data.csv"
    path.write_bytes(b"one")
    assert add(objects, path) == add(objects, path)
    assert opened == [path, path]


@pytest.mark.parametrize("change", ["content", "size", "replaced"])
def test_a_changed_file_is_read_again(objects: ObjectManager, tmp_path: Path, change: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"one")
    age(path)
    status = path.stat()
    add(objects, path)
    if change == "replaced":
        (tmp_path / "other").write_bytes(b"two")
        (tmp_path / "other").replace(path)
    else:
        path.write_bytes(b"two" if change == "content" else b"three")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert add(objects, path).digest == blake3(path.read_bytes()).hexdigest()


def test_a_digest_alone_keeps_nothing(objects: ObjectManager, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"x" * MEBIBYTE)
    age(path)
    stored = add(objects, path, keep=False)
    assert stored.object_id is None
    assert stored.digest == blake3(path.read_bytes()).hexdigest()
    with pytest.raises(NotFoundError):
        objects.read(stored.digest)
    assert add(objects, path).object_id == stored.digest
    assert objects.read(stored.digest) == path.read_bytes()


def append(path: Path, call: int) -> None:
    with path.open("ab") as file:
        file.write(b"%d" % call)


def rewrite(path: Path, call: int) -> None:
    path.write_bytes(b"%d" % (call % 10) * path.stat().st_size)
    os.utime(path, (call, call))  # the clock's grain may hide it otherwise


def truncate(path: Path, call: int) -> None:
    os.truncate(path, path.stat().st_size - call)


@pytest.mark.parametrize("size", [100, 3 * MEBIBYTE])
@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("persistent", [True, False])
@pytest.mark.parametrize("change", [append, rewrite, truncate])
def test_a_file_that_changes_while_it_is_read(
    objects: ObjectManager,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    keep: bool,
    persistent: bool,
    change: Callable[[Path, int], None],
) -> None:
    path = tmp_path / "growing.log"
    path.write_bytes(b"x" * size)
    # a small file is looked at before it is opened and once more at the end
    where, name = (files, "_open_at_once") if size < MEBIBYTE else (os, "fstat")
    real, calls = getattr(where, name), 0

    def call_then_change(*arguments: Any) -> Any:
        nonlocal calls
        given = real(*arguments)
        calls += 1
        if calls == 1 or persistent:
            change(path, calls)
        return given

    monkeypatch.setattr(where, name, call_then_change)
    if persistent:
        with pytest.raises(ConflictError, match="changes while it is read"):
            add(objects, path, keep=keep)
        assert not list((tmp_path / "objects").rglob("*.part"))
    else:
        assert add(objects, path, keep=keep).digest == blake3(path.read_bytes()).hexdigest()
    assert calls >= 2


def test_what_is_no_regular_file_is_refused_at_once(objects: ObjectManager, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(InvalidInputError):
            add(objects, path)
    with pytest.raises(NotFoundError, match=r"absent\.csv"):
        add(objects, tmp_path / "absent.csv")


def test_a_name_that_is_no_text(objects: ObjectManager, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / os.fsdecode(b"caf\xe9.csv")
    path.write_bytes(b"data")
    assert add(objects, path).size == 4
    with pytest.raises(InvalidInputError, match="UTF-8"):
        objects.put_tree(folder)


def test_memory_stays_small_for_a_large_file(objects: ObjectManager, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        for number in range(64):
            file.write(number.to_bytes(4, "big") * (MEBIBYTE // 4))
    peak = _peak_while(lambda: add(objects, path))
    assert peak < 16 * MEBIBYTE


def _peak_while(action: Callable[[], Any]) -> int:
    tracemalloc.start()
    try:
        action()
        return int(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
