"""Who writes files into a folder makes what reads the folder, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.lineage.parts import folders_above
from jupyter_mlops.lineage.schemas import RerunCreate
from jupyter_mlops.snapshots.uses import MANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .conftest import Workshop

# names that mean something to LIKE, and a folder beside it whose name begins as that one's
PARTS = "data/부분_1% x"
BESIDE = ["data/부분_1% x2/a.csv", "data/부분A1zz x/a.csv", "DATA/부분_1% x/a.csv"]


def needs(workshop: Workshop) -> dict[str, set[str]]:
    return workshop.services.lineage.survey().needs


def chain(workshop: Workshop, start: str | None) -> set[tuple[str, str, str]]:
    edges = workshop.services.lineage.lineage(start).edges
    return {
        (edge.source, edge.kind, edge.target)
        for edge in edges
        if edge.kind not in {"runs", "registers", "serves"}
    }


@pytest.fixture
def parts(workshop: Workshop) -> Workshop:
    """Two notebooks write a file each into a folder; a third one reads the folder."""
    workshop.write("in.csv", "1")
    for name in ("a", "sub/b"):
        workshop.write(f"{PARTS}/{name}.csv", name)
    for number, path in enumerate(BESIDE):
        workshop.write(path, path)
        workshop.snapshot(f"beside {number}.ipynb", writes=[path])
    workshop.snapshot("a.ipynb", ["in.csv"], [f"{PARTS}/a.csv"])
    workshop.snapshot("b.ipynb", [], [f"{PARTS}/sub/b.csv"])
    return workshop


@pytest.mark.parametrize(
    ("read", "makers"),
    [([], {"a.ipynb", "b.ipynb"}), (["a.csv"], {"a.ipynb"}), (["sub/b.csv"], {"b.ipynb"})],
    ids=["whole", "one", "another"],
)
def test_who_writes_a_file_makes_the_folder_that_holds_it(
    parts: Workshop, read: Sequence[str], makers: set[str]
) -> None:
    parts.snapshot("use.ipynb", folders={PARTS: read})
    assert needs(parts)["use.ipynb"] == makers
    up = parts.services.lineage.lineage("notebook:use.ipynb", direction="upstream")
    assert {node.name for node in up.nodes if node.kind == "notebook"} == {"use.ipynb", *makers}
    for maker in ("a.ipynb", "b.ipynb"):
        down = parts.services.lineage.lineage(f"notebook:{maker}", direction="downstream")
        assert ("use.ipynb" in {node.name for node in down.nodes}) == (maker in makers)


def test_the_road_through_a_folder_is_the_same_from_everywhere(parts: Workshop) -> None:
    use = parts.snapshot("use.ipynb", folders={PARTS: []})
    parts.deploy("live", parts.register("churn", use))
    through = {
        (f"data:{PARTS}/a.csv", "part", f"data:{PARTS}"),
        (f"data:{PARTS}/sub/b.csv", "part", f"data:{PARTS}"),
        (f"data:{PARTS}", "reads", "notebook:use.ipynb"),
    }
    for start in ("notebook:use.ipynb", f"data:{PARTS}", "deployment:live", None):
        assert chain(parts, start) >= through
    from_a = chain(parts, "notebook:a.ipynb")
    assert from_a >= through - {(f"data:{PARTS}/sub/b.csv", "part", f"data:{PARTS}")}


def test_what_reads_the_folder_is_stale_and_run_after_its_makers(parts: Workshop) -> None:
    use = parts.snapshot("use.ipynb", folders={PARTS: []})
    parts.deploy("live", parts.register("churn", use))
    assert parts.services.lineage.stale().items == []
    parts.write("in.csv", "2")
    found = {node.id: node.changes for node in parts.services.lineage.stale().items}
    assert list(found) == [
        "notebook:a.ipynb",
        "notebook:use.ipynb",
        "version:churn/1",
        "deployment:live",
    ]
    (change,) = found["deployment:live"]
    assert (change.kind, change.path) == ("upstream", "a.ipynb")
    planned = parts.services.reruns.plan(RerunCreate(notebook_paths=["use.ipynb"]))
    assert [step.notebook_path for step in planned] == ["a.ipynb", "use.ipynb"]


def test_a_notebook_does_not_need_what_it_writes_into_the_folder_itself(parts: Workshop) -> None:
    parts.snapshot("b.ipynb", [], [f"{PARTS}/sub/b.csv"], folders={PARTS: []})
    assert needs(parts)["b.ipynb"] == {"a.ipynb"}
    parts.write("in.csv", "2")
    assert [node.name for node in parts.services.lineage.stale().items] == ["a.ipynb", "b.ipynb"]


def test_who_writes_a_folder_makes_the_files_in_it(workshop: Workshop) -> None:
    names = [f"{PARTS}/{number}.csv" for number in range(MANY + 1)]
    for name in [*names, f"{PARTS}/other.csv"]:
        workshop.write(name, name)
    workshop.write("in.csv", "1")
    workshop.snapshot("split.ipynb", ["in.csv"], names)
    workshop.snapshot("one.ipynb", names[:1])
    workshop.snapshot("other.ipynb", [f"{PARTS}/other.csv"])
    workshop.snapshot("all.ipynb", folders={PARTS: []})
    assert needs(workshop) == {
        "split.ipynb": set(),
        "one.ipynb": {"split.ipynb"},
        "other.ipynb": set(),
        "all.ipynb": {"split.ipynb"},
    }
    through = {
        (f"data:{PARTS}", "part", f"data:{names[0]}"),
        (f"data:{names[0]}", "reads", "notebook:one.ipynb"),
    }
    for start in ("notebook:split.ipynb", "notebook:one.ipynb", None):
        assert chain(workshop, start) >= through
        assert "data:other.csv" not in {target for _, _, target in chain(workshop, start)}


def test_of_a_folder_whose_files_are_not_known_all_count(parts: Workshop) -> None:
    parts.services.snapshots.keep_limit = 0
    parts.snapshot("use.ipynb", folders={PARTS: ["a.csv"]})
    assert needs(parts)["use.ipynb"] == {"a.ipynb", "b.ipynb"}


def test_the_folders_above() -> None:
    assert folders_above("a/b/c.csv") == ["a/b", "a"]
    assert folders_above("/a/b.csv") == ["/a"]
    assert folders_above("c.csv") == []
