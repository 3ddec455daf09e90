"""A project on a full disk: all that it holds can be had, and what cannot be done is said."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.schemas import SnapshotMarks
from tests import notebooks
from tests.databases import SHARED
from tests.disks import filled
from tests.snapshots.test_manager import kernel_state

from .conftest import start
from .test_read_only import READING

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Command

WRITING = (
    ("snapshot", "a.ipynb"),
    ("run", "a.ipynb"),
    ("annotate", "NEWEST", "--note", "x"),
    ("discard", "NEWEST"),
    ("restore", "NEWEST", "again"),
    ("data", "erase", "raw.csv", "--reason", "x", "--yes"),
    ("gc",),
)
pytestmark = pytest.mark.skipif(SHARED, reason="the rows are on another disk")


@pytest.fixture
def snapshots(folder: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of two snapshots of a project on a small disk, the newest first."""
    assert folder != small_disk  # what a command leaves is ended with that
    monkeypatch.chdir(small_disk)
    path = notebooks.write(small_disk / "a.ipynb", ["x = 1"], parameters=0)
    ids = []
    with closing(Services(Project(small_disk), small_disk)) as services:
        for text in ("a,b\n1,2\n", "a,c\n1,2\n3,4\n"):
            (small_disk / "raw.csv").write_text(text)
            access = FileAccess(path=str(small_disk / "raw.csv"), mode="read")
            state = kernel_state(files=[access])
            ids.append(services.snapshots.create(path, state, author="ana").id)
    return ids[::-1]


def test_all_that_it_holds_can_be_had(
    mlops: Command, small_disk: Path, snapshots: list[str], tmp_path: Path
) -> None:
    reading = [*READING, ("compare", *snapshots)]
    before = [mlops(*command).stdout for command in reading]
    with filled(small_disk):
        assert [mlops(*command).stdout for command in reading] == before
        mlops("restore", snapshots[1], tmp_path / "restored")
    assert (tmp_path / "restored/raw.csv").read_text() == "a,b\n1,2\n"


def test_a_process_that_has_loaded_nothing_else_finds_all_as_written(
    small_disk: Path, snapshots: list[str]
) -> None:
    assert snapshots
    with filled(small_disk), start("fsck") as process:
        said, _ = process.communicate(timeout=60)
        assert (process.returncode, said.endswith("all as written\n")) == (0, True)


def test_what_cannot_be_done_is_said(
    mlops: Command, small_disk: Path, snapshots: list[str]
) -> None:
    with filled(small_disk):
        for command in WRITING:
            arguments = [snapshots[0] if part == "NEWEST" else part for part in command]
            said = mlops(*arguments, code=1).stderr
            assert "is full. Free some space" in said, command
    assert len(json.loads(mlops("snapshots", "--json").stdout)) == 2


def test_a_store_that_is_open_writes_again_when_there_is_room(
    small_disk: Path, snapshots: list[str]
) -> None:
    with filled(small_disk):
        services = Services(Project(small_disk), small_disk)
        before = services.database.data_version()
        assert [item.id for item in services.snapshots.snapshots().items] == snapshots
        assert services.database.data_version() == before
    with closing(services):
        path = small_disk / "a.ipynb"
        services.database.data_version()
        with closing(Services(Project(small_disk), small_disk)) as other:
            before = services.database.data_version()
            made = other.snapshots.create(path, None, author="ana")
        assert services.database.data_version() != before
        assert [item.id for item in services.snapshots.snapshots().items] == [made.id, *snapshots]
        assert services.history.mark(made.id, SnapshotMarks(pinned=True), author="ana").pinned
