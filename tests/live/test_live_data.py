"""How the data of a live kernel stands against the newest snapshot."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
import sqlalchemy as sa

from jupyter_mlops.kernels.schemas import DataRecord, FileAccess, Unseen
from jupyter_mlops.notebooks import live_data as module
from jupyter_mlops.notebooks.live_data import live_data
from jupyter_mlops.objects.cache import stat_cache
from tests import notebooks
from tests.snapshots.test_manager import SOURCES, kernel_state, snap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from jupyter_mlops.notebooks.schemas import DataState, LiveData
    from jupyter_mlops.services import Services


UNSEEN = Unseen(name="make", reason="program", cell_ids=["c"])


class Desk:
    """A project with a notebook that reads a file and a folder."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.root = services.project.root
        self.file = self.root / "a 한글.csv"
        self.folder = self.root / "part"
        self.folder.mkdir()
        self.file.write_text("a\n1\n")
        (self.folder / "0.csv").write_text("0")
        self.files = [
            FileAccess(path=str(self.file), mode="read", cell_ids=["c"], reader="pandas"),
            FileAccess(path=str(self.folder), mode="read", kind="folder"),
            FileAccess(path="https://example.org/a", mode="read", kind="url"),
        ]
        self.notebook = notebooks.write(self.root / "n.ipynb", SOURCES)

    def snapshot(self) -> None:
        snap(self.services, self.notebook, kernel_state(files=self.files))

    def look(self) -> LiveData:
        last = self.services.snapshots.newest(self.notebook)
        record = DataRecord(files=self.files, unseen=[UNSEEN], notes=["A note."])
        return live_data(self.services.project, self.services.objects, record, last)

    def states(self) -> list[DataState | None]:
        return [item.state for item in self.look().items]


@pytest.fixture
def desk(services: Services) -> Desk:
    return Desk(services)


class HalfSilentProbe:
    """A kernel that does not tell all of its data."""

    def __init__(self, files: list[FileAccess]) -> None:
        self._files = files

    async def data(self) -> DataRecord:
        return DataRecord(watched=False, files=self._files, notes=[])


async def test_of_a_notebook_in_r_the_data_is_told_that_its_code_names(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [FileAccess(path=str(desk.folder / "0.csv"), mode="read", cell_ids=["cell0"])]

    @asynccontextmanager
    async def half_silent(_: str) -> AsyncIterator[HalfSilentProbe]:
        yield HalfSilentProbe(told)

    path = notebooks.write(desk.root / "r 한글.ipynb", ["d <- read.csv('a 한글.csv')", "x <- 1"])
    monkeypatch.setattr(desk.services.notebooks, "_probe", half_silent)
    content: Any = nbformat.read(path, 4)
    content.metadata["language_info"] = {"name": "R"}
    nbformat.write(content, path)
    found = await desk.services.notebooks.data(path.name)
    folder = desk.folder.name
    assert [one.path for one in found.items] == [f"{folder}/0.csv"]
    content.cells[0].execution_count = 1
    nbformat.write(content, path)
    found = await desk.services.notebooks.data(path.name)
    assert found.live
    assert [(one.path, one.mode, one.cell_ids) for one in found.items] == [
        (f"{folder}/0.csv", "read", ["cell0"]),
        ("a 한글.csv", "read", ["cell0"]),
    ]


def age(path: Path) -> None:
    """Make a file's times old, so that the store trusts them."""
    os.utime(path, (1_700_000_000, 1_700_000_000))


def test_without_a_snapshot_there_is_nothing_to_compare_with(desk: Desk) -> None:
    found = desk.look()
    assert desk.states() == [None, None, None]
    assert (found.live, found.unseen, found.notes) == (True, [UNSEEN], ["A note."])
    first = found.items[0]
    assert (first.path, first.cell_ids, first.reader, first.size) == (
        "a 한글.csv",
        ["c"],
        "pandas",
        4,
    )


@pytest.mark.parametrize("old", [True, False])
def test_unchanged_then_changed_then_gone(desk: Desk, old: bool) -> None:
    if old:
        age(desk.file)
        age(desk.folder / "0.csv")
    desk.snapshot()
    assert desk.states() == ["unchanged", "unchanged", "unknown"]
    desk.file.write_text("a\n2\n")
    (desk.folder / "1.csv").write_text("1")
    assert desk.states() == ["changed", "changed", "unknown"]
    desk.file.unlink()
    assert desk.states()[0] == "missing"


def test_a_folder_that_the_snapshot_kept_is_not_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(desk.folder / "0.csv")
    desk.snapshot()
    with desk.services.database.write() as connection:
        connection.execute(sa.delete(stat_cache))
    monkeypatch.setattr(module, "_READ", 0)
    assert desk.states()[1] == "unchanged"
    (desk.folder / "1.csv").write_text("1")
    assert desk.states()[1] == "unknown"


def test_written_again_with_the_same_content(desk: Desk) -> None:
    desk.snapshot()
    desk.file.write_text("a\n1\n")
    assert desk.states()[0] == "unchanged"


def test_what_the_snapshot_does_not_have_is_new(desk: Desk) -> None:
    desk.snapshot()
    desk.files.append(FileAccess(path=str(desk.notebook), mode="read"))
    assert desk.states()[-1] == "new"


def test_without_a_kernel(services: Services) -> None:
    found = live_data(services.project, services.objects, None, None)
    assert (found.live, found.items) == (False, [])
