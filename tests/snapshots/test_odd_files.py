"""A whole snapshot of what no program likes to read: it is taken, and says what it lacks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops import upkeep
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.objects import files
from jupyter_mlops.restoring.schemas import RestoreRequest
from jupyter_mlops.snapshots import keeping
from tests import notebooks
from tests.snapshots.test_manager import SOURCES, kernel_state, snap

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import FileUse

_DEEP = 1200  # more than Python calls itself


def used(services: Services, *paths: Path) -> dict[str, FileUse]:
    """Take a snapshot that reads files and folders; it can be restored, and nothing is wrong."""
    notebook = notebooks.write(services.project.root / "a.ipynb", SOURCES)
    accesses = [
        FileAccess(path=str(path), mode="read", kind="folder" if path.is_dir() else "file")
        for path in paths
    ]
    made = snap(services, notebook, kernel_state(files=accesses))
    target = services.project.root / "restored"
    services.restorer.restore(made.id, RestoreRequest(folder="restored"), target, author="ana")
    assert (target / "a.ipynb").exists()
    assert upkeep.inspect(services, lambda _: None).problems == []
    manifest = services.snapshots.snapshot(made.id).manifest
    return {use.path: use for use in manifest.files}


def test_loops_sockets_pipes_and_what_cannot_be_read(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = services.project.root
    folder = root / "odd 자료"
    folder.mkdir()
    (folder / "good.csv").write_text("a\n1\n")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere").symlink_to("gone")
    os.mkfifo(folder / "pipe")
    os.mkfifo(root / "pipe")
    (root / "itself").symlink_to("itself")
    monkeypatch.chdir(folder)  # a socket's address is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        names = ("odd 자료", "pipe", "itself", "gone")
        found = used(services, *(root / name for name in names), folder / "socket")
    assert (found["odd 자료"].count, found["odd 자료"].object_id is not None) == (1, True)
    assert found.keys() == set(names)  # the socket is in the folder, which names what it has
    assert "not a regular file" in str(found["pipe"].note)
    assert all(found[name].note and not found[name].digest for name in ("itself", "gone"))
    assert os.listdir(root / "restored" / "odd 자료") == ["good.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="a file that root cannot read either")
def test_a_file_that_cannot_be_read(services: Services) -> None:
    bad, good = services.project.root / "memory.bin", services.project.root / "good.csv"
    bad.symlink_to("/proc/self/mem")
    good.write_text("a\n")
    lost, kept = used(services, bad, good).values()
    assert (lost.digest, kept.digest is not None) == (None, True)
    assert lost.note


def test_a_file_that_grows_while_it_is_read(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, good = services.project.root / "log.csv", services.project.root / "good.csv"
    path.write_text("a\n")
    good.write_text("a\n")
    real = files._open_at_once

    def growing(*arguments: Any) -> Any:
        opened = real(*arguments)
        with path.open("a") as file:
            file.write("1\n")
        return opened

    monkeypatch.setattr(files, "_open_at_once", growing)
    found = used(services, path, good)
    assert "changes while it is read" in str(found["log.csv"].note)
    assert (found["log.csv"].object_id, found["good.csv"].object_id is not None) == (None, True)


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _replace(path: Path) -> None:
    new = path.with_name("new")
    new.write_bytes(b"other" + path.read_bytes())
    new.replace(path)


def _write_over(path: Path) -> None:
    """As long as before, and as old."""
    status = path.stat()
    with path.open("r+b") as file:
        file.write(os.urandom(8))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


_CHANGES: dict[str, Callable[[Path], object]] = {
    "grows": _grow,
    "is cut": lambda path: os.truncate(path, 5),
    "is replaced": _replace,
    "is written over": _write_over,
    "is deleted": lambda path: path.unlink(),
}


@pytest.mark.parametrize("in_folder", [False, True], ids=["alone", "in a folder"])
@pytest.mark.parametrize("size", [3000, 1_500_000])
@pytest.mark.parametrize("change", _CHANGES)
def test_a_file_that_changes_once_it_is_open(
    services: Services, monkeypatch: pytest.MonkeyPatch, change: str, size: int, in_folder: bool
) -> None:
    """Nothing is kept that the file never held: all of it as it is now, or nothing, with a note."""
    folder = services.project.root / "folder"
    folder.mkdir()
    path = folder / "log.bin"
    path.write_bytes(os.urandom(size))
    clock = services.project.root / "clock"
    clock.touch()
    real = files._open_at_once
    opened: list[str] = []

    def changing(name: str, flags: int) -> int:
        descriptor = real(name, flags)
        if name == str(path) and not opened:
            opened.append(name)
            # a file's times are ticks of the kernel: not in the one in which it was written
            while clock.stat().st_ctime_ns <= path.stat().st_ctime_ns:
                clock.touch()
            _CHANGES[change](path)
        return descriptor

    monkeypatch.setattr(files, "_open_at_once", changing)
    used_path = folder if in_folder else path
    found = used(services, used_path)[str(used_path.relative_to(services.project.root))]
    assert opened
    if change == "is deleted":
        assert (found.object_id, bool(found.note)) == (None, True)
        return
    assert found.object_id is not None
    stored = services.objects.tree(found.object_id).entries if in_folder else []
    object_id = stored[0].object_id if in_folder else found.object_id
    assert services.objects.read(object_id) == path.read_bytes()


def test_a_folder_of_too_many_files(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = services.project.root / "many"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.csv").touch()
    looked_at, status = [], keeping._status

    def noting(child: os.DirEntry[str]) -> os.stat_result | None:
        looked_at.append(child.name)
        return status(child)

    monkeypatch.setattr(keeping, "_status", noting)
    monkeypatch.setattr(keeping, "_MOST_FILES", 5)
    found = used(services, folder)["many"]
    assert (found.digest, found.note) == (None, "has more than 5 files: they are not kept")
    assert len(looked_at) == 6  # however many there are


def test_a_file_that_is_a_hole(services: Services) -> None:
    """A terabyte of zeros is not read; what is written of a file counts, however long it is."""
    folder = services.project.root / "folder"
    folder.mkdir()
    (folder / "good.csv").write_text("a\n")
    hollow = services.project.root / "hollow.bin"
    for path in (hollow, folder / "hollow.bin"):
        with path.open("wb") as file:
            file.truncate(1 << 40)
            file.write(b"head")
    found = used(services, hollow, folder)
    assert (found["hollow.bin"].size, found["hollow.bin"].digest) == (1 << 40, None)
    assert "nearly nothing was ever written: it is not read" in str(found["hollow.bin"].note)
    assert "a file, hollow.bin, of which nearly nothing" in str(found["folder"].note)


def test_a_name_that_is_no_text(services: Services) -> None:
    root, good = services.project.root, services.project.root / "good.csv"
    good.write_text("a\n")
    odd = os.fsdecode(os.fsencode(root) + b"/od\xffd.csv")
    with open(odd, "w", encoding="utf-8") as file:
        file.write("a\n")
    found = used(services, Path(odd), good)
    assert found["good.csv"].object_id is not None
    assert found["od\\udcffd.csv"].note == "its name is no UTF-8: its content is not kept"


def test_folders_that_are_deeper_than_python_calls(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = services.project.root / "deep"
    folder.mkdir()
    (folder / "top.csv").write_text("a\n")
    with monkeypatch.context() as patched:
        patched.chdir(folder)
        for _ in range(_DEEP):
            os.mkdir("d")
            os.chdir("d")
    try:
        found = used(services, folder)["deep"]
        assert (found.count, found.object_id is not None) == (1, True)
    finally:
        subprocess.run(["rm", "-r", str(folder)], check=True)  # noqa: S607 - shutil cannot
