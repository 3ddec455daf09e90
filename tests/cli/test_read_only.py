"""A project on a disk that nobody can write to: all that it holds can be had, nothing is added."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.services import Services
from tests import notebooks
from tests.disks import read_only
from tests.server.process import Server
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Command

READING = (
    ("snapshots", "--json"),
    ("data", "list"),
    ("data", "list", "raw.csv"),
    ("data", "diff", "raw.csv"),
    ("data", "erasures"),
    ("lineage", "raw.csv"),
    ("lineage", "--stale"),
    ("models",),
    ("deployments",),
    ("fsck",),
)
WRITING = (
    ("snapshot", "a.ipynb"),
    ("run", "a.ipynb"),
    ("annotate", "NEWEST", "--note", "x"),
    ("discard", "NEWEST"),
    ("reproduce", "NEWEST"),
    ("restore", "NEWEST", "--in-place"),
    ("data", "erase", "raw.csv", "--reason", "x", "--yes"),
    ("gc",),
    ("fsck", "--rebuild"),
)


@pytest.fixture
def snapshots(services: Services, folder: Path) -> list[str]:
    """The ids of two snapshots, the newest first."""
    path = notebooks.write(folder / "a.ipynb", ["x = 1"], parameters=0)
    ids = []
    for text in ("a,b\n1,2\n", "a,c\n1,2\n3,4\n"):
        (folder / "raw.csv").write_text(text)
        access = FileAccess(path=str(folder / "raw.csv"), mode="read")
        ids.append(services.snapshots.create(path, kernel_state(files=[access]), author="ana").id)
    services.close()
    return ids[::-1]


def test_all_that_it_holds_can_be_had(
    mlops: Command, folder: Path, snapshots: list[str], tmp_path: Path
) -> None:
    path = folder / "a.ipynb"
    path.write_text(path.read_text().replace("x = 1", "x = 2"))
    reading = [*READING, ("compare", *snapshots)]
    before = [mlops(*command).stdout for command in reading]
    with read_only(folder):
        assert [mlops(*command).stdout for command in reading] == before
        assert mlops("compare", snapshots[0], "--now").stdout
        mlops("data", "get", "raw.csv", tmp_path / "got.csv")
        assert (tmp_path / "got.csv").read_bytes() == (folder / "raw.csv").read_bytes()
        mlops("restore", snapshots[0], tmp_path / "restored")
        assert "x = 1" in (tmp_path / "restored/a.ipynb").read_text()
        with closing(Services(Project(folder), folder)) as services:
            assert services.profiles.profile(snapshots[0], 0).rows == 2


def test_what_cannot_be_done_is_said(mlops: Command, folder: Path, snapshots: list[str]) -> None:
    with read_only(folder):
        for command in WRITING:
            arguments = [snapshots[0] if part == "NEWEST" else part for part in command]
            said = mlops(*arguments, code=1).stderr
            assert "read-only" in said.lower(), command
            assert "Make it writable" in said, command


def test_what_was_not_closed_is_read_too(
    services: Services, mlops: Command, folder: Path, snapshots: list[str]
) -> None:
    """As its process was killed, the newest rows are in the log beside the database."""
    code = (
        "import os, pathlib, sys\n"
        "from jupyter_mlops.core.project import Project\n"
        "from jupyter_mlops.services import Services\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "services = Services(Project(folder), folder)\n"
        "services.snapshots.create(folder / 'a.ipynb', None, author='me', message='the last')\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)
    log = folder / ".mlops/mlops.db-wal"
    assert log.stat().st_size
    with read_only(folder):
        assert len(json.loads(mlops("snapshots", "--json").stdout)) == 3
    log.with_name("mlops.db-shm").unlink()  # as a copy of the two files would be
    with read_only(folder):
        said = mlops("snapshots", code=1).stderr
    assert "was not closed" in said
    assert "Copy the project" in said
    assert len(json.loads(mlops("snapshots", "--json").stdout)) == 3


def test_a_browser_shows_what_it_holds(folder: Path, snapshots: list[str], tmp_path: Path) -> None:
    (tmp_path / "runtime").mkdir()
    with read_only(folder), Server(folder, tmp_path / "runtime") as server:
        listed = server.call("GET", "api/mlops/snapshots")["items"]
        assert [item["id"] for item in listed] == snapshots
        paths = "runs", "data", "stale", "run-columns", f"snapshots/{snapshots[0]}/notebook"
        assert all(server.call("GET", f"api/mlops/{path}") for path in paths)
        compared = server.call("GET", f"api/mlops/comparisons?ids={','.join(snapshots)}")
        assert len(compared["items"]) == 2
        assert server.call("GET", f"api/mlops/snapshots/{snapshots[0]}/tables/0")["rows"] == 2
        with pytest.raises(HTTPError) as refused:
            server.call("POST", "api/mlops/snapshots", {"notebook_path": "a.ipynb"})
        with refused.value as answer:
            assert answer.code == 507
            assert "is read-only" in json.load(answer)["message"]
