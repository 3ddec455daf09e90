"""A folder is an input: it is known whether it is as it was."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jupyter_mlops.lineage import folders, present
from jupyter_mlops.lineage.manager import LineageManager
from jupyter_mlops.objects.cache import stat_cache
from jupyter_mlops.snapshots.tables import data_uses

if TYPE_CHECKING:
    from jupyter_mlops.lineage.schemas import LineageNode

    from .conftest import Workshop

PARTS = "data/부분 1"


Facts = list[tuple[str, str]]


def told(workshop: Workshop) -> tuple[Facts, Facts]:
    """Return the changes of what is stale, and the reasons for what is unknown."""
    found = workshop.services.lineage.stale()
    changes: Facts = [(one.kind, one.path) for node in found.items for one in node.changes]
    return changes, [(one.reason, one.path) for node in found.unknown for one in node.unchecked]


def graph_state(workshop: Workshop) -> str:
    nodes = workshop.services.lineage.lineage(f"data:{PARTS}").nodes
    (node,) = (one for one in nodes if one.kind == "data")
    return node.state


@pytest.fixture
def parts(workshop: Workshop) -> Workshop:
    for number in range(3):
        workshop.write(f"{PARTS}/year={number}/{number}.csv", f"{number}\n")
    return workshop


def test_all_files_of_a_folder(parts: Workshop) -> None:
    parts.snapshot("use.ipynb", folders={PARTS: []})
    assert told(parts) == ([], [])
    assert graph_state(parts) == "current"
    parts.write(f"{PARTS}/year=1/1.csv", "7\n")
    assert told(parts) == ([("data", PARTS)], [])
    parts.write(f"{PARTS}/year=1/1.csv", "1\n")
    assert told(parts) == ([], [])
    parts.write(f"{PARTS}/year=9/9.csv", "9\n")  # it would be read the next time
    assert told(parts) == ([("data", PARTS)], [])
    assert graph_state(parts) == "stale"
    shutil.rmtree(parts.root / PARTS / "year=9")
    (parts.root / PARTS / "year=2/2.csv").unlink()
    assert told(parts) == ([("data", PARTS)], [])
    shutil.rmtree(parts.root / PARTS)
    assert told(parts) == ([("missing", PARTS)], [])
    parts.write(PARTS, "a file now")
    assert told(parts) == ([("data", PARTS)], [])


def test_some_files_of_a_folder(parts: Workshop) -> None:
    parts.snapshot("use.ipynb", folders={PARTS: ["year=0/0.csv", "year=1/1.csv"]})
    assert told(parts) == ([], [])
    parts.write(f"{PARTS}/year=2/2.csv", "other\n")
    parts.write(f"{PARTS}/year=9/9.csv", "9\n")
    assert told(parts) == ([], [])  # none of these was read
    assert graph_state(parts) == "current"
    parts.write(f"{PARTS}/year=1/1.csv", "7\n")
    assert told(parts) == ([("data", PARTS)], [])
    (parts.root / PARTS / "year=1/1.csv").unlink()
    assert told(parts) == ([("data", PARTS)], [])


def test_a_snapshot_that_does_not_say_which(parts: Workshop) -> None:
    """Older ones do not: what can be told is told."""
    parts.snapshot("use.ipynb", folders={PARTS: []})
    with parts.services.database.write() as connection:
        connection.execute(sa.update(data_uses).values(whole=None))
    assert told(parts) == ([], [])
    parts.write(f"{PARTS}/year=9/9.csv", "9\n")
    assert told(parts) == ([], [("folder", PARTS)])
    parts.write(f"{PARTS}/year=0/0.csv", "7\n")
    assert told(parts) == ([("data", PARTS)], [])


def test_a_folder_of_which_only_the_digest_is_kept(parts: Workshop) -> None:
    parts.services.snapshots.keep_limit = 1
    parts.snapshot("all.ipynb", folders={PARTS: []})
    assert told(parts) == ([], [])
    parts.write(f"{PARTS}/year=0/0.csv", "7\n")
    assert told(parts) == ([("data", PARTS)], [])
    parts.snapshot("some.ipynb", folders={PARTS: ["year=0/0.csv"]})
    assert told(parts) == ([("data", PARTS)], [("folder", PARTS)])


def test_a_moved_folder(parts: Workshop) -> None:
    parts.snapshot("use.ipynb", folders={PARTS: []})
    shutil.move(parts.root / PARTS, parts.root / "moved")
    parts.snapshot("other.ipynb", folders={"moved": []})
    found = parts.services.lineage.stale()
    ((change,),) = (node.changes for node in found.items)
    assert (change.kind, change.path, change.moved_to) == ("moved", PARTS, "moved")


def test_what_one_look_reads_is_bounded(parts: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    parts.snapshot("use.ipynb", folders={PARTS: []})
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    assert told(parts) == ([], [("large", PARTS)])


def test_a_folder_that_a_snapshot_kept_is_not_read(
    parts: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the store knows of the folder as a whole is enough."""
    parts.snapshot("use.ipynb", folders={PARTS: []})
    with parts.services.database.write() as connection:
        connection.execute(sa.delete(stat_cache))
    monkeypatch.setattr(present, "READ_LIMIT", 0)
    assert told(parts) == ([], [])
    parts.write(f"{PARTS}/year=1/1.csv", "7\n")
    assert told(parts) == ([], [("large", PARTS)])


def test_looking_twice_asks_and_reads_nothing(
    parts: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.snapshot("use.ipynb", folders={PARTS: []})
    services = parts.services
    fresh = LineageManager(services.project, services.database, services.objects)

    def items() -> list[LineageNode]:
        return fresh.stale().items

    parts.write(f"{PARTS}/year=0/0.csv", "7\n")
    first = items()
    assert len(first) == 1
    before = services.database.data_version()
    monkeypatch.setattr("builtins.open", None)
    monkeypatch.setattr("jupyter_mlops.objects.batch.Batch.add_tree", None)
    assert items() == first
    assert services.database.data_version() == before
