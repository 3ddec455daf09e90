"""Stale notebooks are run again, by real headless runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

from jupyter_mlops.core.errors import ConflictError, NotFoundError
from jupyter_mlops.lineage.plan import overrides
from jupyter_mlops.lineage.schemas import RerunCreate
from tests import notebooks

from .conftest import wait_for
from .openlineage_schema import events

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from jupyter_mlops.lineage.schemas import Rerun, RerunStep

    from .conftest import Workshop

COPY = "text = open({!r}).read()\nwith open({!r}, 'w') as f:\n    f.write(text[:factor])"


def states(found: Rerun) -> dict[str, str]:
    return {step.notebook_path: step.state for step in found.steps}


def rerun_events(workshop: Workshop, found: Rerun) -> list[dict[str, Any]]:
    return [
        event
        for event in events(workshop.root)
        if event["run"]["runId"].replace("-", "") == found.rerun_id
    ]


@pytest.fixture
def road(workshop: Workshop) -> Workshop:
    """in.csv → first → a.csv → second → b.csv; second was run with a parameter of its own."""
    for name, text in (("in", "12345"), ("a", "1234"), ("b", "12")):
        workshop.write(f"{name}.csv", text)
    for name, source, target in (("first", "in.csv", "a.csv"), ("second", "a.csv", "b.csv")):
        path = workshop.root / f"{name} 노트.ipynb"
        notebooks.write(path, ["factor = 4", COPY.format(source, target)], parameters=0)
        written = path.read_bytes()
        if name == "second":
            inject(path, "factor = 2")
        workshop.snapshot(path.name, [source], [target])
        path.write_bytes(written)
    return workshop


def inject(path: Path, source: str) -> None:
    """Give a notebook parameters for a run, as papermill does."""
    content: Any = nbformat.read(path, 4)
    injected = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    content.cells.insert(1, injected)
    nbformat.write(content, path)


def test_what_is_stale_is_run_in_order_as_it_was_run(road: Workshop) -> None:
    reruns = road.services.reruns
    assert reruns.run(RerunCreate(), author="me").steps == []
    road.write("in.csv", "98765")
    (first, second) = reruns.plan(RerunCreate())
    assert (first.notebook_path, second.after) == ("first 노트.ipynb", ["first 노트.ipynb"])
    told: list[RerunStep] = []
    found = reruns.run(RerunCreate(), author="me", told=told.append)
    assert found.state == "finished"
    assert states(found) == {"first 노트.ipynb": "finished", "second 노트.ipynb": "finished"}
    assert [step.state for step in told] == ["running", "finished"] * 2
    assert (road.root / "a.csv").read_text() == "9876"
    assert (road.root / "b.csv").read_text() == "98"  # with factor 2 again
    assert road.services.lineage.stale().items == []
    run = road.services.tracking.run(str(found.steps[1].run_id))
    assert (run.status, run.params["factor"]) == ("FINISHED", "2")
    road.services.announcer.close()
    told_events = rerun_events(road, found)
    assert [event["eventType"] for event in told_events] == ["START", "COMPLETE"]
    for step in found.steps:
        of_step = [
            event
            for event in events(road.root)
            if event["run"]["runId"].replace("-", "") == step.run_id
        ]
        assert [event["eventType"] for event in of_step] == ["START", "COMPLETE"]
        for event in of_step:
            parent = event["run"]["facets"]["parent"]
            assert parent["job"]["name"] == parent["root"]["job"]["name"] == "repro"
            ids = {one["run"]["runId"].replace("-", "") for one in (parent, parent["root"])}
            assert ids == {found.rerun_id}


def test_what_comes_out_the_same_stops_there(road: Workshop) -> None:
    road.write("in.csv", "1234x")  # only the first four letters count
    assert states(road.services.reruns.run(RerunCreate(), author="me")) == {
        "first 노트.ipynb": "finished",
        "second 노트.ipynb": "unchanged",
    }
    assert road.services.lineage.stale().items == []


def test_what_depends_on_a_failure_is_skipped(road: Workshop) -> None:
    (road.root / "in.csv").unlink()
    found = road.services.reruns.run(RerunCreate(), author="me")
    assert found.state == "failed"
    assert states(found) == {"first 노트.ipynb": "failed", "second 노트.ipynb": "skipped"}
    first, second = found.steps
    assert "Cell 2: FileNotFoundError" in str(first.message)
    assert "first 노트.ipynb did not finish" in str(second.message)
    assert {item.name for item in road.services.lineage.stale().items} == set(states(found))
    road.services.announcer.close()
    *_, end = rerun_events(road, found)
    assert end["eventType"] == "FAIL"
    message = end["run"]["facets"]["errorMessage"]["message"]
    assert message == "Not run: first 노트.ipynb, second 노트.ipynb"


def test_in_place(road: Workshop) -> None:
    road.write("in.csv", "98765")
    path = "first 노트.ipynb"
    request = RerunCreate(notebook_paths=[path], in_place=True)
    assert states(road.services.reruns.run(request, author="me")) == {path: "finished"}
    cells = nbformat.read(road.root / path, 4).cells
    assert [cell.execution_count for cell in cells] == [1, 2]
    assert path not in [item.name for item in road.services.lineage.stale().items]
    assert [path.name for path in road.root.glob(".*")] == [".mlops"]


def test_in_place_secrets_stay_in_the_notebook(workshop: Workshop) -> None:
    secret = "ghp_" + "a1B2c3D4" * 5
    workshop.write("in.csv", "1")
    path = workshop.notebook("code.ipynb", f"token = '{secret}'\nprint(open('in.csv').read())")
    workshop.snapshot("code.ipynb", ["in.csv"])
    workshop.write("in.csv", "22")
    request = RerunCreate(in_place=True)
    assert states(workshop.services.reruns.run(request, author="me")) == {"code.ipynb": "finished"}
    (cell,) = nbformat.read(path, 4).cells
    assert secret in cell.source
    assert cell.outputs[0].text == "22\n"
    for file in workshop.services.project.store.rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes()


def test_it_can_be_stopped(workshop: Workshop) -> None:
    workshop.write("in.csv", "1")
    path = workshop.notebook(
        "slow.ipynb", "open('begun', 'w').close()\nimport time\ntime.sleep(600)"
    )
    workshop.snapshot("slow.ipynb", ["in.csv"])
    workshop.snapshot("other.ipynb", ["in.csv"])
    workshop.write("in.csv", "2")
    reruns = workshop.services.reruns
    begun = reruns.start(RerunCreate(jobs=1, notebook_paths=["slow.ipynb"]), author="me")
    assert begun.state == "running"
    with pytest.raises(ConflictError):
        reruns.start(RerunCreate(), author="me")
    wait_for(lambda: path.with_name("begun").exists())
    reruns.stop(begun.rerun_id)
    wait_for(lambda: reruns.reruns().items[0].state != "running")
    (found,) = reruns.reruns().items
    assert (found.state, states(found)) == ("stopped", {"slow.ipynb": "stopped"})
    assert workshop.services.tracking.run(str(found.steps[0].run_id)).status == "KILLED"
    with pytest.raises(NotFoundError):
        reruns.stop("0" * 32)


def test_a_circle_keeps_nothing_out_but_what_needs_it(workshop: Workshop) -> None:
    for name in "abcde":
        workshop.write(f"{name}.csv", name)
    workshop.snapshot("one.ipynb", ["a.csv"], ["b.csv"])
    workshop.snapshot("two.ipynb", ["b.csv"], ["a.csv"])
    workshop.snapshot("behind.ipynb", ["a.csv"], ["c.csv"])
    workshop.snapshot("last.ipynb", ["c.csv"])
    workshop.snapshot("other.ipynb", ["d.csv"], ["e.csv"])
    workshop.snapshot("more.ipynb", ["e.csv"])
    workshop.write("b.csv", "edited")
    workshop.write("d.csv", "edited")
    circle = "in a circle, in which each needs what the one before it makes: "
    ways = ["one.ipynb → two.ipynb → one.ipynb", "two.ipynb → one.ipynb → two.ipynb"]
    told: list[RerunStep] = []
    found = workshop.services.reruns.run(RerunCreate(), author="me", told=told.append)
    assert found.state == "failed"
    steps = {step.notebook_path: step for step in found.steps}
    assert {path: step.state for path, step in steps.items()} == {
        "other.ipynb": "finished",
        "more.ipynb": "unchanged",  # what the other one makes came out the same
        "one.ipynb": "skipped",
        "two.ipynb": "skipped",
        "behind.ipynb": "skipped",
        "last.ipynb": "skipped",
    }
    assert list(steps)[:2] == ["other.ipynb", "more.ipynb"]
    assert list(steps)[4:] == ["behind.ipynb", "last.ipynb"]
    for path in ("one.ipynb", "two.ipynb"):
        assert sorted(steps[path].circle) == ["one.ipynb", "two.ipynb"]
        assert steps[path].message in [circle + way for way in ways]
    assert steps["behind.ipynb"].message == "two.ipynb, which makes an input, is not run"
    assert steps["last.ipynb"].message == "behind.ipynb, which makes an input, is not run"
    assert steps["last.ipynb"].circle == []
    assert [step.state for step in told].count("skipped") == 4
    names = {item.name for item in workshop.services.lineage.stale().items}
    assert names == {"one.ipynb", "two.ipynb", "behind.ipynb", "last.ipynb"}
    with pytest.raises(ConflictError, match=r"^(one|two)\.ipynb is in a circle, "):
        workshop.services.reruns.run(RerunCreate(), author="me")
    with pytest.raises(ConflictError, match=r"one\.ipynb → two\.ipynb|two\.ipynb → one\.ipynb"):
        workshop.services.reruns.start(RerunCreate(notebook_paths=["last.ipynb"]), author="me")


def test_only_what_is_named_and_what_it_needs(workshop: Workshop) -> None:
    for name in ("in", "a", "b"):
        workshop.write(f"{name}.csv", name)
    workshop.snapshot("x/one.ipynb", ["in.csv"], ["a.csv"])
    workshop.snapshot("y/two.ipynb", ["a.csv"], ["b.csv"])
    workshop.snapshot("y/three.ipynb", ["in.csv"])
    workshop.write("in.csv", "new")

    def planned(*names: str) -> list[str]:
        steps = workshop.services.reruns.plan(RerunCreate(notebook_paths=list(names)))
        return [step.notebook_path for step in steps]

    assert planned("x/one.ipynb") == ["x/one.ipynb"]
    assert planned("y/two.ipynb") == ["x/one.ipynb", "y/two.ipynb"]
    assert set(planned("y")) == {"x/one.ipynb", "y/two.ipynb", "y/three.ipynb"}
    assert planned(".") == planned()
    with pytest.raises(NotFoundError):
        planned("z.ipynb")


def test_masked_parameters_are_left_to_the_notebook(workshop: Workshop) -> None:
    path = workshop.root / "secret.ipynb"
    notebooks.write(path, ["api_token = 'hunter2hunter2'\ndepth = 1"], parameters=0)
    made = workshop.snapshot("secret.ipynb")
    assert made.parameters["depth"] == 1
    assert overrides(workshop.services.snapshots, made.id) == {}
