"""Two who say something of one snapshot at once, on a real store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import ConflictError, InvalidInputError
from jupyter_mlops.snapshots.schemas import SeenMarks

from .histories import ids, mark, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def test_tags_of_both_stay(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)
    mark(services, made, tags=["a", "b"])
    seen = SeenMarks(note="", tags=["a", "b"])
    assert mark(services, made, tags=["a", "b", "mine"], seen=seen).tags == ["a", "b", "mine"]
    assert mark(services, made, tags=["b", "theirs"], seen=seen).tags == ["b", "mine", "theirs"]
    assert mark(services, made, tags=["last"]).tags == ["last"]  # who has not looked, wins


def test_tags_written_at_once_all_stay(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)

    def write(number: int) -> None:
        mark(services, made, tags=[f"tag {number}"], pinned=True, seen=SeenMarks(tags=[]))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(12)))
    found = services.snapshots.snapshot(made.id)
    assert (set(found.tags), found.pinned) == ({f"tag {number}" for number in range(12)}, True)


def test_a_note_that_nobody_has_seen_is_not_overwritten(services: Services, notebook: Path) -> None:
    made = snap(services, notebook, message="first")
    seen = SeenMarks(note="first", tags=[])
    assert mark(services, made, note="theirs", tags=["t"], seen=seen).note == "theirs"
    with pytest.raises(ConflictError, match="somebody else") as caught:
        mark(services, made, note="mine", tags=["m"], pinned=True, seen=seen)
    assert caught.value.details == {"note": "theirs"}
    found = services.snapshots.snapshot(made.id)
    assert (found.note, found.tags, found.pinned) == ("theirs", ["t"], False)
    assert mark(services, made, note="theirs", seen=seen).note == "theirs"  # the same twice
    assert mark(services, made, pinned=True, seen=seen).pinned
    now = SeenMarks(note="theirs", tags=[])
    assert mark(services, made, note="mine", tags=["m"], seen=now).tags == ["m", "t"]


def test_of_notes_written_at_once_one_is_kept_and_the_others_are_told(
    services: Services, notebook: Path
) -> None:
    made = snap(services, notebook)

    def write(number: int) -> str | None:
        try:
            return mark(services, made, note=f"note {number}", seen=SeenMarks(note="")).note
        except ConflictError:
            return None

    with ThreadPoolExecutor(6) as pool:
        written = [note for note in pool.map(write, range(12)) if note is not None]
    assert written == [services.snapshots.snapshot(made.id).note]


def test_too_many_tags_of_both_are_told(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)
    mark(services, made, tags=[f"{number}" for number in range(15)])
    more = [f"more {number}" for number in range(10)]
    with pytest.raises(InvalidInputError, match="25"):
        mark(services, made, tags=more, seen=SeenMarks(tags=[]))
    assert len(services.snapshots.snapshot(made.id).tags) == 15


def test_what_is_marked_while_another_deletes_it_is_there_again(
    services: Services, notebook: Path
) -> None:
    made = snap(services, notebook)
    services.history.delete(made.id)
    assert services.snapshots.snapshot(made.id).deleted
    back = mark(services, made, note="worth it", seen=SeenMarks(note="", tags=[]))
    assert (back.deleted, ids(services)) == (False, [made.id])
    # and the other way round, what was said comes back with it
    services.history.delete(made.id)
    assert services.history.undelete(made.id).note == "worth it"
