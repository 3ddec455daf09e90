"""A history stays in order when the clock is set back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.history import manager as history
from jupyter_mlops.snapshots import manager as snapshots
from jupyter_mlops.snapshots.dating import LONG_PAUSE_MS, believed, moment
from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot

MINUTE, DAY = 60_000, 86_400_000
NOW = 1_800_000_000_000


class Clock:
    """What the snapshots take for the time."""

    def __init__(self, services: Services, patch: pytest.MonkeyPatch) -> None:
        self.now = NOW
        self._services = services
        self._count = 0
        for module in (snapshots, history):
            patch.setattr(module, "now_ms", lambda: self.now)

    @property
    def path(self) -> Path:
        return self._services.project.root / "a.ipynb"

    def snap(self, change: int) -> Snapshot:
        """Let the clock change by so much, and take a snapshot of a changed notebook."""
        self.now += change
        self._count += 1
        notebooks.write(self.path, [f"x = {self._count}"])
        return self._services.snapshots.create(self.path, None, author="ana")


@pytest.fixture
def clock(services: Services, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(services, monkeypatch)


def test_a_clock_that_goes_back_a_little(services: Services, clock: Clock) -> None:
    taken = [clock.snap(change) for change in (0, MINUTE, -5 * MINUTE, 1, -DAY // 2, 0)]
    listed = services.snapshots.snapshots(notebook_path="a.ipynb").items
    assert [one.id for one in listed] == [one.id for one in reversed(taken)]
    parents = [None, *(one.id for one in taken[:-1])]
    assert [one.parent_id for one in taken] == parents
    assert services.snapshots.is_current(clock.path, None)
    nothing = services.history.capture_changed(clock.path, None, author="ana", origin="save")
    assert nothing is None
    clock.now += 2 * DAY
    assert clock.snap(0).created_at.timestamp() * 1000 == clock.now


def test_a_date_that_cannot_be_is_not_the_newest(services: Services, clock: Clock) -> None:
    first = clock.snap(0)
    ahead = clock.snap(400 * DAY)
    assert ahead.parent_id == first.id
    clock.now = NOW + MINUTE
    second = clock.snap(0)
    third = clock.snap(MINUTE)
    assert (second.parent_id, third.parent_id) == (first.id, second.id)
    assert third.created_at.timestamp() * 1000 == clock.now
    assert services.snapshots.is_current(clock.path, None)
    # one whose history has no other date follows what there is
    services.history.delete(first.id)
    services.history.delete(second.id)
    services.history.delete(third.id)
    assert clock.snap(MINUTE).parent_id == ahead.id


def test_automatic_snapshots_survive_a_clock_that_is_wrong(
    services: Services, clock: Clock
) -> None:
    taken = []
    for number, change in enumerate((0, MINUTE, 400 * DAY, -400 * DAY, MINUTE)):
        clock.now += change
        services.history._thinned_at = None  # as after an hour
        notebooks.write(clock.path, [f"x = {number}"])
        made = services.history.capture_changed(clock.path, None, author="ana", origin="save")
        assert made
        taken.append(made.id)
    listed = services.snapshots.snapshots(notebook_path="a.ipynb").items
    assert {one.id for one in listed} == set(taken)


def test_one_wrong_date_does_not_have_the_old_thinned_after_every_pause(
    services: Services, clock: Clock
) -> None:
    taken = []
    for number, change in enumerate((0, 400 * DAY, MINUTE - 400 * DAY, 60 * DAY)):
        clock.now += change
        notebooks.write(clock.path, [f"x = {number}"])
        services.history._thinned_at = None
        made = services.history.capture_changed(clock.path, None, author="ana", origin="save")
        assert made
        taken.append(made.id)
    listed = services.snapshots.snapshots(notebook_path="a.ipynb").items
    assert {one.id for one in listed} == set(taken)


def test_what_was_deleted_while_the_clock_was_ahead_goes_a_day_after(
    services: Services, clock: Clock
) -> None:
    deleted = clock.snap(0)
    clock.now += 400 * DAY
    services.history.delete(deleted.id)
    clock.now = NOW + MINUTE
    assert services.history.purge(clock.now - DAY) == []
    clock.now += DAY + 1
    assert services.history.purge(clock.now - DAY) == [deleted.id]


def test_from_when_ages_are_counted() -> None:
    ahead = NOW + 400 * DAY
    week = [NOW + day * DAY for day in range(7)]
    assert believed([], NOW) == NOW
    assert believed(week, week[-1] + LONG_PAUSE_MS) == week[-1] + LONG_PAUSE_MS
    assert believed(week, ahead) == week[-1]
    assert believed([*week, ahead], ahead + DAY - 1) == week[-1]
    assert believed([*week, ahead], ahead + DAY) == ahead + DAY
    assert believed([*week, ahead, ahead + DAY], ahead + 400 * DAY) == ahead + DAY
    assert believed([*week, ahead], ahead + 400 * DAY) == week[-1]
    # a clock that was put right, and one that is too early
    assert believed([*week, ahead], week[-1] + MINUTE) == week[-1] + MINUTE
    assert believed(week, NOW - 400 * DAY) == NOW - 400 * DAY
    assert believed([ahead, *week], NOW + MINUTE) == NOW + MINUTE


@given(
    st.lists(st.integers(0, 2000 * DAY), max_size=20), st.integers(0, 2000), st.integers(0, 2000)
)
def test_ages_are_never_counted_from_the_future(taken: list[int], now: int, later: int) -> None:
    first, second = sorted((now * DAY, later * DAY))
    known = [moment for moment in taken if moment <= first]
    assert believed(known, first) <= first
    assert believed(known, first) <= believed(known, second) or believed(known, second) in known


@given(st.lists(st.integers(-DAY // 3, DAY // 3), max_size=30))
def test_moments_grow_while_the_clock_is_off_by_less_than_a_day(changes: list[int]) -> None:
    before: int | None = None
    for change in changes:
        found = moment(NOW + change, before)
        assert before is None or found > before
        assert found >= NOW + change
        before = found
