"""Of what is on its way to the user's folders nothing stays when its process is killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.objects.unfinished import Unfinished
from tests.processes import running

if TYPE_CHECKING:
    from jupyter_mlops.objects.manager import ObjectManager

WORK = """
import sys, time
from pathlib import Path
from jupyter_mlops.objects.unfinished import Unfinished
store, *folders = map(Path, sys.argv[1:])
with Unfinished(store).paths(folders) as (file, folder):
    file.write_text("half")
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "x").write_text("half")
    print("begun", flush=True)
    time.sleep(100)
"""


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """A folder of the user's."""
    folder = tmp_path / os.fsdecode(b"my \xff \xed\x95\x9c")  # not all of it is UTF-8
    folder.mkdir()
    (folder / "mine.part").write_text("mine")
    return folder


def notes(store: Path) -> list[Path]:
    return list((store / "unfinished").iterdir())


def test_what_a_killed_process_left_goes_and_nothing_of_one_that_lives(
    user: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", WORK, str(tmp_path), str(user), str(user)]
    with running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        Unfinished(tmp_path).sweep()
        with Unfinished(tmp_path).paths([user]):
            assert len(list(user.iterdir())) == 3
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(list(user.iterdir())) == 3
    with Unfinished(tmp_path).paths([tmp_path]):
        assert os.listdir(user) == ["mine.part"]
    assert notes(tmp_path) == []


def test_what_is_left_at_the_end_of_the_block_goes(user: Path, tmp_path: Path) -> None:
    def fail() -> None:
        with Unfinished(tmp_path).folder(user) as folder:
            (folder / "x").write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert os.listdir(user) == ["mine.part"]
    assert notes(tmp_path) == []


def test_a_note_leads_to_nothing_but_what_is_ours(user: Path, tmp_path: Path) -> None:
    (tmp_path / "unfinished").mkdir()
    ours = ".mlops-" + 32 * "0" + ".part"
    link = user / ours
    link.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x").write_text("of somebody")
    names = [user / "mine.part", user, Path("/"), user / "gone" / ours, user / "mine.part" / ours]
    written = b"\0".join(os.fsencode(name) for name in [*names, link])
    (tmp_path / "unfinished" / "sent").write_bytes(written)
    (tmp_path / "unfinished" / "torn").write_bytes(os.fsencode(link)[:-3])
    (tmp_path / "unfinished" / "empty").touch()
    Unfinished(tmp_path).sweep()
    assert os.listdir(user) == ["mine.part"]
    assert (tmp_path / "elsewhere" / "x").read_text() == "of somebody"
    assert notes(tmp_path) == []


def test_a_note_that_is_swept_away_before_it_is_locked_is_written_again(
    user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fcntl.flock
    swept: list[list[Path]] = []

    def late(descriptor: int, operation: int) -> None:
        if not swept:
            swept.append(notes(tmp_path))
            Unfinished(tmp_path).sweep()
            swept.append(notes(tmp_path))
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with Unfinished(tmp_path).folder(user):
        Unfinished(tmp_path).sweep()
        assert len(list(user.iterdir())) == 2
        assert (swept[0], swept[1]) == (notes(tmp_path), [])


def test_what_cannot_be_removed_is_tried_again(
    user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError

    with monkeypatch.context() as patched, Unfinished(tmp_path).folder(user):
        patched.setattr(os, "rmdir", refuse)
    assert len(list(user.iterdir())) == 2
    Unfinished(tmp_path).sweep()
    assert os.listdir(user) == ["mine.part"]
    assert notes(tmp_path) == []


def test_what_is_in_an_unfinished_folder_goes_with_it(user: Path, tmp_path: Path) -> None:
    with Unfinished(tmp_path).folder(user) as folder:
        before = notes(tmp_path)
        with Unfinished(tmp_path).paths([folder / "sub"]) as (file,):
            assert notes(tmp_path) == before
            file.parent.mkdir()
            file.touch()
        assert list((folder / "sub").iterdir()) == []


def test_a_store_that_takes_no_note(user: Path, tmp_path: Path) -> None:
    (tmp_path / "unfinished").touch()
    refused = pytest.raises(StoreUnavailableError, match="cannot be written")
    with refused, Unfinished(tmp_path).folder(user):
        pass
    assert os.listdir(user) == ["mine.part"]


def test_a_folder_of_many_files_is_noted_at_once(
    objects: ObjectManager, user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source := tmp_path / "source").mkdir()
    for number in range(20):
        (source / str(number)).write_text(str(number))
    stored = objects.put_tree(source)
    real = os.fsync
    seen: list[int] = []

    def counted(descriptor: int) -> None:
        seen.append(len(notes(tmp_path)))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", counted)
    objects.checkout_tree(stored.object_id, user)
    assert seen == [1]
    assert sorted(os.listdir(user)) == sorted([*os.listdir(source), "mine.part"])
    assert notes(tmp_path) == []
