"""A notebook stays one thing in the graph and on the radar, whatever it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import NotFoundError
from jupyter_mlops.lineage.schemas import RerunCreate

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.lineage.schemas import Lineage

    from .conftest import Workshop


def notebooks_of(found: Lineage) -> list[str]:
    return sorted(node.name for node in found.nodes if node.kind == "notebook")


@pytest.fixture
def renamed(workshop: Workshop) -> Workshop:
    """in.csv → train → out.csv → report, of which train was renamed between two snapshots."""
    workshop.write("in.csv", "1")
    workshop.write("out.csv", "2")
    workshop.snapshot("train.ipynb", ["in.csv"], ["out.csv"])
    workshop.snapshot("report.ipynb", ["out.csv"])
    workshop.rename("train.ipynb", "모델 1/train v2.ipynb")
    return workshop


def test_a_renamed_notebook_is_one_card(renamed: Workshop) -> None:
    lineage = renamed.services.lineage
    whole = ["report.ipynb", "모델 1/train v2.ipynb"]
    assert notebooks_of(lineage.lineage()) == whole
    renamed.snapshot("모델 1/train v2.ipynb", ["in.csv"], ["out.csv"])
    for start in (None, "data:in.csv", "notebook:모델 1/train v2.ipynb", "notebook:train.ipynb"):
        found = lineage.lineage(start)
        assert notebooks_of(found) == whole, start
    # who asks by the old name gets the new one
    assert found.start == "notebook:모델 1/train v2.ipynb"
    assert len([node for node in found.nodes if node.kind == "snapshot"]) == 3
    assert lineage.find("train.ipynb") == "notebook:모델 1/train v2.ipynb"


def test_a_rename_makes_nothing_stale(renamed: Workshop) -> None:
    found = renamed.services.lineage.stale()
    assert (found.items, found.unknown, found.checked) == ([], [], 2)
    renamed.notebook("모델 1/train v2.ipynb", "pass  # edited")
    names = [item.name for item in renamed.services.lineage.stale().items]
    assert names == ["모델 1/train v2.ipynb", "report.ipynb"]
    steps = renamed.services.reruns.plan(RerunCreate(notebook_paths=["report.ipynb"]))
    assert [step.notebook_path for step in steps] == names


def test_a_notebook_in_the_place_of_another_one(workshop: Workshop) -> None:
    workshop.write("a.csv", "a")
    workshop.write("b.csv", "b")
    workshop.snapshot("new.ipynb", ["a.csv"])
    workshop.snapshot("old.ipynb", ["b.csv"])
    (workshop.root / "old.ipynb").unlink()
    workshop.rename("new.ipynb", "old.ipynb")
    workshop.write("b.csv", "changed")  # only the one that is gone has read it
    assert workshop.services.lineage.stale().items == []
    assert workshop.services.lineage.stale().checked == 1
    workshop.write("a.csv", "changed")
    (item,) = workshop.services.lineage.stale().items
    assert (item.name, [change.path for change in item.changes]) == ("old.ipynb", ["a.csv"])
    # its snapshots are still to be seen
    assert notebooks_of(workshop.services.lineage.lineage("data:b.csv")) == ["old.ipynb"]


@pytest.mark.parametrize("new", ["data/고객 2.csv", "data/moved\nhere.csv"])
def test_a_renamed_file_is_found_by_its_content(workshop: Workshop, new: str) -> None:
    lineage = workshop.services.lineage
    workshop.write("data/a.csv", "one")
    workshop.write("data/same size.csv", "two")
    workshop.write("data/empty.csv", "")
    workshop.snapshot("train.ipynb", ["data/a.csv", "data/empty.csv"])
    (workshop.root / "data/a.csv").rename(workshop.root / new)
    (workshop.root / "data/empty.csv").rename(workshop.root / "data/nothing.csv")
    (item,) = lineage.stale().items
    assert [(one.kind, one.path, one.moved_to) for one in item.changes] == [
        ("moved", "data/a.csv", new),
        ("missing", "data/empty.csv", None),
    ]
    assert lineage.find(new) == "data:data/a.csv"
    found = lineage.lineage(f"data:{new}")
    assert (found.start, notebooks_of(found)) == ("data:data/a.csv", ["train.ipynb"])
    for unknown in ("data/same size.csv", "data/nothing.csv", "data", "no.csv", "../a.csv"):
        with pytest.raises(NotFoundError):
            lineage.lineage(f"data:{unknown}")
    # who reads it by its new name goes on where the old one ended
    workshop.snapshot("train.ipynb", [new])
    workshop.snapshot("first.ipynb", writes=["data/a.csv"])
    assert lineage.stale().items == []


def test_nothing_outside_of_the_project_is_read_for_who_asks(
    workshop: Workshop, tmp_path: Path
) -> None:
    workshop.write("a.csv", "secret")
    workshop.snapshot("train.ipynb", ["a.csv"])
    (tmp_path / "outside.csv").write_text("secret")
    (workshop.root / "link.csv").symlink_to(tmp_path / "outside.csv")
    for path in (str(tmp_path / "outside.csv"), "../outside.csv", "link.csv"):
        with pytest.raises(NotFoundError):
            workshop.services.lineage.lineage(f"data:{path}")


@pytest.fixture
def deleted(workshop: Workshop) -> Workshop:
    """in.csv → first → a.csv → gone → b.csv → last, of which gone was deleted."""
    for name in ("in", "a", "b"):
        workshop.write(f"{name}.csv", name)
    workshop.snapshot("first.ipynb", ["in.csv"], ["a.csv"])
    made = workshop.snapshot("gone.ipynb", ["a.csv"], ["b.csv"])
    workshop.deploy("live", workshop.register("churn", made))
    workshop.snapshot("last.ipynb", ["b.csv"])
    (workshop.root / "gone.ipynb").unlink()
    return workshop


def test_what_a_deleted_notebook_made_stays_as_it_is(deleted: Workshop) -> None:
    lineage = deleted.services.lineage
    deleted.write("in.csv", "2")
    found = lineage.stale()
    # of its model it still matters that nobody can make it again
    assert [item.name for item in found.items] == ["first.ipynb", "churn", "live"]
    assert ("missing", "gone.ipynb") in [(c.kind, c.path) for c in found.items[-1].changes]
    assert (found.gone, found.checked, found.unknown) == (["gone.ipynb"], 2, [])
    cards = {node.id: node for node in lineage.lineage().nodes}
    assert cards["notebook:last.ipynb"].state == "current"
    card = cards["notebook:gone.ipynb"]
    assert (card.state, [one.reason for one in card.unchecked]) == ("unknown", ["gone"])


def test_a_deleted_notebook_is_not_run_again(deleted: Workshop) -> None:
    deleted.write("in.csv", "2")
    deleted.write("b.csv", "2")
    reruns = deleted.services.reruns
    steps = reruns.plan(RerunCreate())
    assert {step.notebook_path: step.after for step in steps} == {
        "first.ipynb": [],
        "last.ipynb": [],
    }
    with pytest.raises(NotFoundError, match="restore a snapshot"):
        reruns.plan(RerunCreate(notebook_paths=["gone.ipynb"]))
    deleted.notebook("gone.ipynb")  # it is back
    assert len(reruns.plan(RerunCreate())) == 3
    assert deleted.services.lineage.stale().gone == []
