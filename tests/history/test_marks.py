"""Notes, tags and pins, and the lists that they make, on a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.snapshots.schemas import SnapshotMarks

from .histories import automatic, ids, in_one_week, mark, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def test_marks_change_one_by_one(services: Services, notebook: Path) -> None:
    made = snap(services, notebook, message="first try")
    assert (made.note, made.tags, made.pinned) == ("first try", [], False)
    assert mark(services, made, tags=["b", "a", " b "]).tags == ["a", "b"]
    assert mark(services, made, pinned=True).tags == ["a", "b"]
    changed = mark(services, made, note="better\nthan before")
    assert (changed.note, changed.tags, changed.pinned) == ("better\nthan before", ["a", "b"], True)
    assert services.snapshots.snapshots().items == [changed]
    assert services.snapshots.snapshot(made.id).note == "better\nthan before"
    assert mark(services, made, note="", tags=[]).note is None


@pytest.mark.parametrize(
    "marks", [{"tags": ["a,b"]}, {"tags": [" "]}, {"tags": ["x" * 51]}, {"note": "x" * 10_001}]
)
def test_marks_have_limits(marks: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SnapshotMarks(**marks)
    with pytest.raises(ValidationError):
        SnapshotMarks(tags=[f"{n}" for n in range(21)])


def test_lists_by_tag_pin_and_origin(services: Services, notebook: Path) -> None:
    first, second = snap(services, notebook), snap(services, notebook)
    third = automatic(services, notebook)
    mark(services, first, tags=["paper"])
    mark(services, second, pinned=True)
    assert ids(services, tag="paper") == [first.id]
    assert ids(services, pinned=True) == [second.id]
    assert set(ids(services, pinned=False)) == {first.id, third.id}
    assert ids(services, automatic=True) == [third.id]
    assert set(ids(services, automatic=False)) == {first.id, second.id}


def test_finds_words_in_what_is_said(services: Services, notebook: Path) -> None:
    first = snap(services, notebook, message="얕은 나무, 10% of the data")
    second, third = snap(services, notebook), snap(services, notebook)
    mark(services, first, tags=["paper"])
    mark(services, second, note="Deep trees", tags=["Paper draft"])
    assert ids(services, text="얕은") == [first.id]
    assert ids(services, text="PAPER") == [second.id, first.id]
    assert ids(services, text="trees paper") == [second.id]
    assert ids(services, text="10%") == [first.id]
    assert ids(services, text="1_%") == []
    assert ids(services, text=third.id[:12]) == [third.id]
    assert ids(services, text=" ") == [third.id, second.id, first.id]
    # a note that was written takes the place of what was said at the snapshot
    mark(services, first, note="")
    assert ids(services, text="나무") == []
    assert len(ids(services, text="me", grade="unknown")) == 3
    assert ids(services, grade="clean") == []


@pytest.mark.parametrize("marks", [{"pinned": True}, {"tags": ["x"]}, {"note": "good"}])
def test_what_is_marked_after_it_was_thinned_is_there_again(
    services: Services, notebook: Path, marks: dict[str, Any]
) -> None:
    old = in_one_week()
    thinned, newest = (automatic(services, notebook, old - index) for index in range(2))
    assert services.history.thin() == [thinned.id]
    assert mark(services, thinned, tags=[], note="", pinned=False).deleted
    assert not mark(services, thinned, **marks).deleted
    assert set(ids(services)) == {thinned.id, newest.id}
    assert services.tracking.run(thinned.run_id).lifecycle_stage == "active"
    assert services.history.thin() == []
    assert services.history.purge(now_ms() + 1) == []
