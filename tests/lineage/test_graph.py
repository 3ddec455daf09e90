from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from jupyter_mlops.lineage.schemas import Lineage, LineageNode
    from jupyter_mlops.snapshots.schemas import Snapshot

    from .conftest import Workshop

RAW, CLEAN = "data/손님 1.csv", "data/clean.csv"


def chain(found: Lineage) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.kind, edge.target) for edge in found.edges}


def node(found: Lineage, identifier: str) -> LineageNode:
    (one,) = [node for node in found.nodes if node.id == identifier]
    return one


@pytest.fixture
def road(workshop: Workshop) -> tuple[Snapshot, Snapshot]:
    """Raw data → etl → clean data → train → model → deployment."""
    workshop.write(RAW, "a,b\n1,2\n")
    workshop.write(CLEAN, "a\n1\n")
    etl = workshop.snapshot("etl.ipynb", [RAW], [CLEAN])
    train = workshop.snapshot("train.ipynb", [CLEAN])
    workshop.deploy("churn-live", workshop.register("churn", train))
    return etl, train


@pytest.mark.parametrize(
    "start",
    [f"data:{RAW}", "notebook:etl.ipynb", "version:churn/1", "deployment:churn-live", None],
)
def test_the_whole_road_is_seen_from_everywhere(
    workshop: Workshop, road: tuple[Snapshot, Snapshot], start: str | None
) -> None:
    etl, train = road
    found = workshop.services.lineage.lineage(start)
    assert chain(found) == {
        (f"data:{RAW}", "reads", "notebook:etl.ipynb"),
        ("notebook:etl.ipynb", "runs", f"snapshot:{etl.id}"),
        (f"snapshot:{etl.id}", "writes", f"data:{CLEAN}"),
        (f"data:{CLEAN}", "reads", "notebook:train.ipynb"),
        ("notebook:train.ipynb", "runs", f"snapshot:{train.id}"),
        (f"snapshot:{train.id}", "registers", "version:churn/1"),
        ("version:churn/1", "serves", "deployment:churn-live"),
    }
    assert (found.start, found.cut) == (start, False)
    assert {one.state for one in found.nodes} == {"current"}
    assert node(found, "version:churn/1").run_id == train.run_id


def test_one_direction_only(workshop: Workshop, road: tuple[Snapshot, Snapshot]) -> None:
    etl, train = road
    lineage = workshop.services.lineage.lineage
    down = lineage(f"snapshot:{train.id}", direction="downstream")
    assert chain(down) == {
        ("notebook:train.ipynb", "runs", f"snapshot:{train.id}"),
        (f"snapshot:{train.id}", "registers", "version:churn/1"),
        ("version:churn/1", "serves", "deployment:churn-live"),
    }
    up = lineage(f"snapshot:{train.id}", direction="upstream")
    assert {one.kind for one in up.nodes} == {"data", "notebook", "snapshot"}
    assert f"snapshot:{etl.id}" in {one.id for one in up.nodes}
    near = lineage(f"snapshot:{train.id}", direction="upstream", depth=1)
    assert near.cut
    assert [one.id for one in near.nodes if one.kind == "data"] == [f"data:{CLEAN}"]


def test_a_copy_is_followed_by_its_content(workshop: Workshop) -> None:
    workshop.write("out.csv", "same")
    workshop.write("elsewhere/in.csv", "same")
    made = workshop.snapshot("make.ipynb", [], ["out.csv"])
    workshop.snapshot("use.ipynb", ["elsewhere/in.csv"])
    up = workshop.services.lineage.lineage("notebook:use.ipynb", direction="upstream")
    assert (f"snapshot:{made.id}", "writes", "data:out.csv") in chain(up)
    assert ("data:out.csv", "copies", "data:elsewhere/in.csv") in chain(up)
    down = workshop.services.lineage.lineage(f"snapshot:{made.id}", direction="downstream")
    assert ("data:out.csv", "copies", "data:elsewhere/in.csv") in chain(down)
    assert "notebook:use.ipynb" in {one.id for one in down.nodes}


def test_an_original_does_not_come_from_its_copy(workshop: Workshop) -> None:
    workshop.write("in.csv", "same")
    workshop.write("copy.csv", "same")
    copied = workshop.snapshot("copy.ipynb", ["in.csv"], ["copy.csv"])
    workshop.snapshot("use.ipynb", ["in.csv"])
    for start in (None, "data:in.csv", "data:copy.csv", "notebook:use.ipynb"):
        found = workshop.services.lineage.lineage(start)
        assert "copies" not in {edge.kind for edge in found.edges}
    workshop.notebook("copy.ipynb", "edited = 1")
    assert [one.name for one in workshop.services.lineage.stale().items] == ["copy.ipynb"]
    assert copied.notebook_path == "copy.ipynb"


def test_the_contents_of_one_file_are_one_node(workshop: Workshop) -> None:
    for text in ("1", "22", "1"):
        workshop.write("a.csv", text)
        last = workshop.snapshot("use.ipynb", ["a.csv"])
    found = workshop.services.lineage.lineage("data:a.csv")
    (data,) = [one for one in found.nodes if one.kind == "data"]
    assert data.contents == 2
    (use,) = workshop.services.snapshots.snapshot(last.id).manifest.files
    assert data.digest == use.digest
    assert len([one for one in found.nodes if one.kind == "snapshot"]) == 3


def test_old_snapshots_give_way_unless_a_model_came_from_them(workshop: Workshop) -> None:
    workshop.write("a.csv", "1")
    made = [workshop.snapshot("use.ipynb", ["a.csv"]) for _ in range(6)]
    workshop.register("model", made[0])
    workshop.register("model", made[1], by_run=True)
    for start in ("data:a.csv", "notebook:use.ipynb"):
        found = workshop.services.lineage.lineage(start, fan=2)
        shown = {one.name for one in found.nodes if one.kind == "snapshot"}
        assert shown == {made[0].id, made[1].id, made[4].id, made[5].id}
        assert node(found, "notebook:use.ipynb").hidden
        assert found.cut
        assert {one.id for one in found.nodes} >= {"version:model/1", "version:model/2"}


def test_what_is_read_and_written_is_written(workshop: Workshop) -> None:
    workshop.write("log.db", "1")
    made = workshop.snapshot("log.ipynb", ["log.db"], ["log.db"])
    assert chain(workshop.services.lineage.lineage("notebook:log.ipynb")) == {
        ("notebook:log.ipynb", "runs", f"snapshot:{made.id}"),
        (f"snapshot:{made.id}", "writes", "data:log.db"),
    }


def test_notebooks_in_a_circle_come_to_an_end(workshop: Workshop) -> None:
    workshop.write("a.csv", "a")
    workshop.write("b.csv", "b")
    workshop.snapshot("one.ipynb", ["a.csv"], ["b.csv"])
    workshop.snapshot("two.ipynb", ["b.csv"], ["a.csv"])
    found = workshop.services.lineage.lineage("notebook:one.ipynb", depth=50)
    assert len(found.nodes) == 6
    assert not found.cut


def test_deleted_runs_and_other_versions_are_not_there(
    workshop: Workshop, road: tuple[Snapshot, Snapshot]
) -> None:
    _, train = road
    again = workshop.register("churn", train)
    workshop.deploy("churn-live", again)
    lineage = workshop.services.lineage.lineage
    up = lineage("deployment:churn-live", direction="upstream")
    assert "version:churn/1" not in {one.id for one in up.nodes}
    workshop.services.tracking.delete_run(train.run_id)
    found = lineage("deployment:churn-live")
    assert {one.id for one in found.nodes} == {"deployment:churn-live", "version:churn/2"}
    assert node(found, "version:churn/2").state == "unknown"
    with pytest.raises(NotFoundError):
        lineage(f"snapshot:{train.id}")


def test_a_deleted_snapshot_is_not_there(workshop: Workshop) -> None:
    workshop.write("a.csv", "1")
    old, new = (workshop.snapshot("use.ipynb", ["a.csv"]) for _ in range(2))
    workshop.services.history.delete(new.id)
    for start in (None, "data:a.csv", "notebook:use.ipynb"):
        found = workshop.services.lineage.lineage(start)
        assert [one.name for one in found.nodes if one.kind == "snapshot"] == [old.id]


def test_the_size_is_bounded(workshop: Workshop) -> None:
    names = [f"part {number}.csv" for number in range(30)]
    for name in names:
        workshop.write(name, name)
    workshop.snapshot("many.ipynb", names)
    found = workshop.services.lineage.lineage("notebook:many.ipynb", limit=10)
    assert len(found.nodes) == 10
    assert (found.cut, found.left_out) == (True, 22)
    assert node(found, "notebook:many.ipynb").hidden
    assert workshop.services.lineage.lineage("notebook:many.ipynb").left_out == 0


def test_what_is_left_out_of_the_newest_is_counted(workshop: Workshop) -> None:
    for number in range(5):
        made = workshop.snapshot(f"{number}.ipynb")
    workshop.register("churn", made)
    workshop.register("pricing", made)
    found = workshop.services.lineage.lineage(limit=3)
    assert {one.id for one in found.nodes} >= {"notebook:4.ipynb"}
    # four notebooks and one or two of the versions
    assert (found.cut, found.left_out) == (True, 5)
    assert workshop.services.lineage.lineage(limit=12).left_out == 0


def test_the_newest_come_with_what_joins_them(workshop: Workshop) -> None:
    for number in range(12):
        workshop.write(f"{number}.csv", str(number))
        reads = [f"{number - 1}.csv"] if number else []
        made = workshop.snapshot(f"{number}.ipynb", reads, [f"{number}.csv"])
    workshop.deploy("live", workshop.register("churn", made))
    found = workshop.services.lineage.lineage(limit=20)
    ids = {one.id for one in found.nodes}
    assert ids >= {"version:churn/1", "deployment:live"}
    # each notebook with its snapshot and what it read and wrote; not ten without
    assert len([one for one in ids if one.startswith("notebook:")]) < 8
    for number in range(7, 12):
        assert {f"notebook:{number}.ipynb", f"data:{number}.csv"} <= ids
    assert {edge.kind for edge in found.edges} == {"reads", "runs", "writes", "registers", "serves"}
    assert found.cut
    assert workshop.services.lineage.lineage(limit=38).left_out == 0


@pytest.mark.parametrize("start", ["data:no.csv", "notebook:no.ipynb", "deployment:no"])
def test_what_is_not_there(workshop: Workshop, start: str) -> None:
    with pytest.raises(NotFoundError):
        workshop.services.lineage.lineage(start)


@pytest.mark.parametrize("start", ["nothing", "data:", "cat:1", "version:churn", "version:/1"])
def test_what_is_no_id(workshop: Workshop, start: str) -> None:
    with pytest.raises(InvalidInputError):
        workshop.services.lineage.lineage(start)


def test_things_are_found_by_what_people_call_them(
    workshop: Workshop, road: tuple[Snapshot, Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    etl, train = road
    find = workshop.services.lineage.find
    monkeypatch.chdir(workshop.root / "data")
    expected = {
        RAW: f"data:{RAW}",
        "clean.csv": f"data:{CLEAN}",
        "train.ipynb": "notebook:train.ipynb",
        etl.id[:8]: f"snapshot:{etl.id}",
        train.run_id: f"snapshot:{train.id}",
        "churn": "version:churn/1",
        "churn/1": "version:churn/1",
        "churn-live": "deployment:churn-live",
        "deployment:churn-live": "deployment:churn-live",
    }
    assert {name: find(name) for name in expected} == expected
    for name in ("other.csv", "churn/2", "0" * 12):
        with pytest.raises(NotFoundError):
            find(name)
