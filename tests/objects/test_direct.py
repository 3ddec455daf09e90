"""Large files that are written past the system's cache, in parts."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import time
from typing import TYPE_CHECKING, Any

import pytest
from blake3 import blake3

from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.objects import direct
from jupyter_mlops.objects.direct import WORTHWHILE, DirectFile

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.objects.manager import ObjectManager

PART = 8192


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "_PART", PART)


def write(path: Path, data: bytes) -> None:
    chance = random.Random(len(data))  # noqa: S311
    with DirectFile(path) as file:
        done = 0
        while done < len(data):
            done += file.write(data[done : done + chance.randrange(1, 3 * PART)])
        assert file.size == len(data)
        file.sync()


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 3 * PART, 20 * PART + 5])
def test_any_size_comes_back(tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)  # noqa: S311
    write(tmp_path / "file", data)
    assert (tmp_path / "file").read_bytes() == data


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("fault", ["short", "not aligned", "no such way"])
def test_where_the_system_cannot_do_it_the_file_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    pwrite, control = os.pwrite, fcntl.fcntl
    calls = 0

    def faulty_pwrite(descriptor: int, data: Any, offset: int) -> int:
        nonlocal calls
        calls += 1
        if fault == "short" and calls == 2:
            flags = control(descriptor, fcntl.F_GETFL)
            control(descriptor, fcntl.F_SETFL, flags & ~os.O_DIRECT)
            done = pwrite(descriptor, data[:100], offset)
            control(descriptor, fcntl.F_SETFL, flags)
            return done
        if fault == "not aligned" and control(descriptor, fcntl.F_GETFL) & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return pwrite(descriptor, data, offset)

    def faulty_control(descriptor: int, command: int, value: int = 0) -> int:
        if fault == "no such way" and value & os.O_DIRECT:
            raise OSError(errno.EINVAL, "Invalid argument")
        return control(descriptor, command, value)

    monkeypatch.setattr(os, "pwrite", faulty_pwrite)
    monkeypatch.setattr(fcntl, "fcntl", faulty_control)
    data = random.Random(1).randbytes(7 * PART + 100)  # noqa: S311
    write(tmp_path / "file", data)
    assert (tmp_path / "file").read_bytes() == data


def test_a_disk_that_fills_up_says_so_and_keeps_nothing(
    objects: ObjectManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.bin"
    data = random.Random(1).randbytes(WORTHWHILE)  # noqa: S311
    path.write_bytes(data)
    real = os.pwrite

    def full(descriptor: int, part: Any, offset: int) -> int:
        if offset > 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, part, offset)

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(StoreUnavailableError, match="full"), objects.batch() as batch:
            batch.add_file(path)
    assert not [left for left in (tmp_path / "objects").rglob("*") if left.is_file()]
    with objects.batch() as batch:
        stored = batch.add_file(path)
    assert stored.object_id == blake3(data).hexdigest()
    assert objects.read(stored.object_id) == data


def test_a_slow_disk_is_found_to_be_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.pwrite

    def slow(descriptor: int, part: Any, offset: int) -> int:
        time.sleep(0.05)
        return real(descriptor, part, offset)

    monkeypatch.setattr(os, "pwrite", slow)
    with DirectFile(tmp_path / "file") as file:
        assert not file.is_sooner(b"x" * direct._PART, 0.05)
        assert file.is_sooner(b"x" * direct._PART, 60)


@pytest.mark.parametrize(("sooner", "stored"), [(True, 1.0), (False, 0.5)], ids=["fast", "slow"])
def test_what_shrinks_is_compressed_unless_the_disk_is_faster(
    objects: ObjectManager,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sooner: bool,
    stored: float,
) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"".join(b"%d,%d\n" % (row, row % 97) for row in range(WORTHWHILE // 6)))
    data = path.read_bytes()
    monkeypatch.setattr(DirectFile, "is_sooner", lambda *_: sooner)
    with objects.batch() as batch:
        object_id = batch.add_file(path).digest
    monkeypatch.undo()
    (file,) = (path for path in (tmp_path / "objects").rglob("*") if path.is_file())
    assert file.stat().st_size <= stored * len(data)
    assert (file.suffix == ".zst") == (not sooner)
    assert objects.read(object_id) == data
    assert objects.inspect().problems == []
