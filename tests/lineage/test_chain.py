"""A → a.csv → B and C at once → D, and B → E: run again by real headless runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.lineage.schemas import RerunCreate
from tests import notebooks

if TYPE_CHECKING:
    from jupyter_mlops.lineage.schemas import Rerun, RerunStep

    from .conftest import Workshop

COPY = """
texts = [open(name).read() for name in {reads!r}]
assert {forbidden!r} not in texts[0], "told to fail"
open({writes!r}, "w").write("".join(texts))
"""
# each waits for the other one, so they only end if both run at once
MEET = """
import pathlib, time
pathlib.Path({mine!r}).touch()
end = time.monotonic() + 180
while not pathlib.Path({other!r}).exists():
    assert time.monotonic() < end, "alone"
    time.sleep(0.05)
"""
ROAD = {
    "a": ["in.csv"],
    "b": ["a.csv"],
    "c": ["a.csv"],
    "d": ["b.csv", "c.csv"],
    "e": ["b.csv"],
}
MEETING = {"b": "c", "c": "b"}


def copy(name: str, *, forbidden: str) -> str:
    return COPY.format(reads=ROAD[name], forbidden=forbidden, writes=f"{name}.csv")


@pytest.fixture
def road(workshop: Workshop) -> Workshop:
    workshop.write("in.csv", "1")
    for name in ROAD:
        workshop.write(f"{name}.csv", "old")
    for name, reads in ROAD.items():
        sources = [copy(name, forbidden=name.upper())]
        if other := MEETING.get(name):
            sources.insert(0, MEET.format(mine=f"{name}.here", other=f"{other}.here"))
        notebooks.write(workshop.root / f"{name} 노트.ipynb", sources)
        workshop.snapshot(f"{name} 노트.ipynb", reads, [f"{name}.csv"])
    return workshop


def rerun(road: Workshop) -> tuple[Rerun, list[tuple[str, str]]]:
    told: list[RerunStep] = []
    found = road.services.reruns.run(RerunCreate(jobs=2), author="me", told=told.append)
    return found, [(step.notebook_path[0], step.state) for step in told]


def test_what_may_runs_at_once_and_a_failure_stops_only_what_needs_it(road: Workshop) -> None:
    assert road.services.lineage.stale().items == []
    road.write("in.csv", "C")
    planned = road.services.reruns.plan(RerunCreate())
    assert {step.notebook_path[0]: [name[0] for name in step.after] for step in planned} == {
        "a": [],
        "b": ["a"],
        "c": ["a"],
        "d": ["b", "c"],
        "e": ["b"],
    }
    found, told = rerun(road)
    assert {step.notebook_path[0]: step.state for step in found.steps} == {
        "a": "finished",
        "b": "finished",
        "c": "failed",
        "d": "skipped",
        "e": "finished",
    }
    assert told[:2] == [("a", "running"), ("a", "finished")]
    assert set(told[2:4]) == {("b", "running"), ("c", "running")}
    messages = {step.notebook_path[0]: step.message for step in found.steps}
    assert messages["c"] == "Cell 2: AssertionError: told to fail"
    assert messages["d"] == "c 노트.ipynb did not finish"
    assert (road.root / "e.csv").read_text() == "C"
    assert (road.root / "d.csv").read_text() == "old"
    # what was not run is stale still, and the next time all the rest is run
    stale = {item.name[0] for item in road.services.lineage.stale().items}
    assert stale == {"c", "d"}
    notebooks.write(road.root / "c 노트.ipynb", [copy("c", forbidden="none")])
    found, told = rerun(road)
    assert found.state == "finished"
    assert told == [(name, state) for name in "cd" for state in ("running", "finished")]
    assert (road.root / "d.csv").read_text() == "CC"
    assert road.services.lineage.stale().items == []
