"""Automatic snapshots, and which of them stay as they grow old, on a real store."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.clock import DAY_MS, HOUR_MS, now_ms
from jupyter_mlops.core.errors import InvalidInputError
from tests import notebooks
from tests.snapshots.test_manager import kernel_state

from .histories import automatic, capture, ids, in_one_week, mark, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot


def test_the_same_state_is_never_taken_twice(services: Services, notebook: Path) -> None:
    state = kernel_state()
    made = capture(services, notebook)
    assert made
    assert made.origin == "run-all"
    assert capture(services, notebook) is None
    notebooks.write(notebook, ["depth = 5"])
    assert capture(services, notebook)
    assert capture(services, notebook, cells=state.cells[:1])
    services.snapshots.create(notebook, state, author="me")
    assert capture(services, notebook) is None  # one that was asked for counts
    assert services.history.capture_changed(notebook, None, author="me", origin="save")


def test_two_at_once_take_one(services: Services, notebook: Path) -> None:
    made: list[Snapshot | None] = []
    threads = [
        threading.Thread(target=lambda: made.append(capture(services, notebook))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in made) == 1


def test_automatic_ones_stay_out_of_the_list_of_runs(services: Services, notebook: Path) -> None:
    made, asked = capture(services, notebook), snap(services, notebook)
    assert made
    assert [run.run_id for run in services.tracking.runs().items] == [asked.run_id]
    everything = services.tracking.runs(automatic=True).items
    assert {run.run_id for run in everything} == {made.run_id, asked.run_id}
    by_id = services.tracking.runs(filter_string=f"attributes.run_id = '{made.run_id}'").items
    assert [run.run_id for run in by_id] == [made.run_id]
    names = [experiment.name for experiment in services.tracking.experiments().items]
    assert "Automatic snapshots" in names


def test_thinning_spares_what_somebody_wants(services: Services, notebook: Path) -> None:
    old = in_one_week()
    noted, tagged, pinned, plain, newest = (
        automatic(services, notebook, old - index) for index in range(5)
    )
    asked = snap(services, notebook)
    mark(services, noted, note="x")
    mark(services, tagged, tags=["x"])
    mark(services, pinned, pinned=True)
    assert services.history.thin() == [plain.id]
    assert set(ids(services)) == {noted.id, tagged.id, pinned.id, newest.id, asked.id}
    assert services.tracking.run(plain.run_id).lifecycle_stage == "deleted"
    assert services.history.thin() == []
    services.history.undelete(plain.id)
    assert plain.id in ids(services)


def test_a_restore_in_place_can_be_taken_back_for_a_week(
    services: Services, notebook: Path
) -> None:
    old = 2 * DAY_MS + now_ms() % HOUR_MS - HOUR_MS // 2  # in one hour
    before = automatic(services, notebook, old)
    safety = snap(services, notebook, origin="safety")
    assert safety.parent_id == before.id
    after = automatic(services, notebook, old - 1)
    assert services.history.thin() == []
    assert services.history.thin(now_ms() + 8 * DAY_MS) == sorted([before.id])
    assert after.id in ids(services)


def test_what_was_taken_for_safety_is_thinned_after_a_week(
    services: Services, notebook: Path
) -> None:
    old, said = in_one_week(), "Before 0123456789ab was restored in place"
    older, newer = (
        automatic(services, notebook, old - index, origin="safety", message=said)
        for index in range(2)
    )
    noted = automatic(services, notebook, old + 1, origin="safety", message=said)
    mark(services, noted, note="keep")
    assert services.history.thin() == [older.id]
    assert newer.id in ids(services)


def test_thinning_waits_where_the_clock_may_be_wrong(
    services: Services, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (automatic(services, notebook, index) for index in range(2))
    ahead = now_ms() + 400 * DAY_MS
    monkeypatch.setattr("jupyter_mlops.history.manager.now_ms", lambda: ahead)
    monkeypatch.setattr("jupyter_mlops.snapshots.manager.now_ms", lambda: ahead)
    assert capture(services, notebook)
    assert {first.id, second.id} < set(ids(services))
    monkeypatch.undo()
    assert services.history.thin() == []  # what comes from the future is young


def test_the_rule_is_a_setting(
    services: Services, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(3):
        automatic(services, notebook, in_one_week() - index)
    monkeypatch.setenv("MLOPS_KEEP_AUTOMATIC", "off")
    assert services.history.thin() == []
    monkeypatch.setenv("MLOPS_KEEP_AUTOMATIC", "sometimes")
    with pytest.raises(InvalidInputError, match="sometimes"):
        services.history.thin()
    monkeypatch.setenv("MLOPS_KEEP_AUTOMATIC", "daily 7d")
    assert len(services.history.thin()) == 3
