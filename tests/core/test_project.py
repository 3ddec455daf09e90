from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_mlops.core.errors import (
    ForbiddenPathError,
    InvalidInputError,
    StoreUnavailableError,
)
from jupyter_mlops.core.project import Project


def test_the_nearest_store_above_is_found(tmp_path: Path) -> None:
    Project(tmp_path).prepare()
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert Project.find(inner).root == tmp_path.resolve()
    Project(inner).prepare()
    assert Project.find(inner / "x.ipynb").root == inner.resolve()


def test_without_a_store_the_default_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    assert Project.find(inner, default=tmp_path).root == tmp_path.resolve()
    assert Project.find(inner).root == inner.resolve()
    assert not (inner / ".mlops").exists()


def test_the_store_is_private_and_ignored_by_git(project: Project) -> None:
    project.root.mkdir()
    project.prepare()
    project.prepare()
    assert project.store.stat().st_mode & 0o077 == 0
    assert (project.store / ".gitignore").read_text() == "*\n"


def test_a_store_has_one_id_whoever_comes_first(project: Project) -> None:
    project.root.mkdir()
    project.prepare()
    (project.store / "id").touch()  # another process, or one that was killed, has just made it
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(lambda _: project.store_id(), range(20)))
    assert [len(one) for one in found] == [32]


def test_a_damaged_id_is_another(project: Project) -> None:
    project.root.mkdir()
    known = project.store_id()
    file = project.store / "id"
    file.write_bytes(b"\xff" + file.read_bytes()[1:])
    assert project.store_id() == project.store_id() == f"\ufffd{known[1:]}"


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreUnavailableError, match="store_root"):
        Project(blocked).prepare()


def test_a_full_disk_is_said_and_leaves_no_store_that_git_would_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path)

    def full(path: Path, *_: object, **__: object) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(StoreUnavailableError, match=r"No space left .* Free some space"):
            project.prepare()
    project.prepare()
    assert (project.store / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "link/x"])
def test_no_path_leaves_the_project(project: Project, path: str) -> None:
    project.root.mkdir()
    (project.root / "link").symlink_to("/etc")
    with pytest.raises(ForbiddenPathError):
        project.resolve(path)


@pytest.mark.parametrize("path", ["a\0b.ipynb", "half \ud800.ipynb", "long" * 1000 + ".ipynb"])
def test_what_no_file_can_be_called(project: Project, path: str) -> None:
    project.root.mkdir()
    with pytest.raises(InvalidInputError, match="cannot be the path"):
        project.resolve(path)


def test_paths_are_relative_inside_and_absolute_outside(project: Project) -> None:
    project.root.mkdir()
    assert project.relative(project.root / "a" / "데이터 1.csv") == "a/데이터 1.csv"
    assert project.relative(Path("/usr")) == Path("/usr").resolve().as_posix()
