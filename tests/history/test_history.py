"""Marks, renames, deletion, automatic snapshots and their thinning, on a real store."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from jupyter_mlops.core.clock import DAY_MS, HOUR_MS, now_ms
from jupyter_mlops.core.errors import ConflictError, InvalidInputError, NotFoundError
from jupyter_mlops.registry.schemas import VersionSource
from jupyter_mlops.snapshots import tables
from jupyter_mlops.snapshots.schemas import SnapshotMarks
from jupyter_mlops.tracking.entities import KERNEL_TAG, NOTEBOOK_TAG
from jupyter_mlops.tracking.tables import runs
from tests import notebooks
from tests.mlflow_models import array_model
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot


@pytest.fixture
def notebook(services: Services) -> Path:
    return notebooks.write(services.project.root / "train 한글.ipynb", ["depth = 4"])


def snap(services: Services, path: Path, **more: Any) -> Snapshot:
    return services.snapshots.create(path, None, author="me", **more)


def automatic(services: Services, path: Path, age_ms: int = 0, **more: Any) -> Snapshot:
    """Take one that is as old as is said."""
    made = snap(services, path, **{"origin": "save", **more})
    with services.database.write() as connection:
        change = sa.update(tables.snapshots).where(tables.snapshots.c.id == made.id)
        connection.execute(change.values(created_at=now_ms() - age_ms))
    return made


def in_one_week() -> int:
    """Return an age of two months that leads to the middle of a week."""
    return 60 * DAY_MS + now_ms() % (7 * DAY_MS) - 7 * DAY_MS // 2


def ids(services: Services, **wanted: Any) -> list[str]:
    return [item.id for item in services.snapshots.snapshots(**wanted).items]


def mark(services: Services, made: Snapshot, **marks: Any) -> Snapshot:
    return services.history.mark(made.id, SnapshotMarks(**marks), author="kim")


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


def test_a_renamed_notebook_keeps_its_history(services: Services, notebook: Path) -> None:
    first = snap(services, notebook)
    renamed = notebook.rename(notebook.with_name("b.ipynb"))
    services.history.renamed(notebook, renamed)
    second = snap(services, renamed)
    assert second.parent_id == first.id
    assert ids(services, notebook_path="b.ipynb") == [second.id, first.id]
    assert ids(services, notebook_path=notebook.name) == []
    assert services.snapshots.snapshot(first.id).notebook_path == notebook.name
    assert services.tracking.run(first.run_id).notebook_path == "b.ipynb"
    # another one at the old place is another one
    other = snap(services, notebooks.write(notebook, ["x = 1"]))
    assert other.parent_id is None
    # and one that takes the place of another has its own history
    services.history.renamed(notebook, renamed)
    assert ids(services, notebook_path="b.ipynb") == [other.id]


def test_a_renamed_folder_takes_its_notebooks_along(services: Services) -> None:
    root = services.project.root
    for name in ("a", "ab"):
        (root / name).mkdir()
    inside = snap(services, notebooks.write(root / "a" / "x.ipynb", ["x = 1"]))
    beside = snap(services, notebooks.write(root / "ab" / "x.ipynb", ["x = 1"]))
    services.history.renamed(root / "a", root / "c")
    assert ids(services, notebook_path="c/x.ipynb") == [inside.id]
    assert ids(services, notebook_path="ab/x.ipynb") == [beside.id]


def test_what_runs_follows_its_notebook(services: Services) -> None:
    def started(path: str) -> str:
        return services.tracking.start_run("r", author="me", tags={NOTEBOOK_TAG: path}).run_id

    below, other, ended = started("a_b/x.ipynb"), started("aXb/x.ipynb"), started("a_b/x.ipynb")
    services.tracking.finish_run(ended, "FINISHED", None)
    root = services.project.root
    services.history.renamed(root / "a_b", root / "c")
    services.history.renamed(root / "c" / "x.ipynb", root / "한글 y.ipynb")
    now = [services.tracking.run(one).notebook_path for one in (below, other, ended)]
    assert now == ["한글 y.ipynb", "aXb/x.ipynb", "a_b/x.ipynb"]


def test_deleting_hides_and_can_be_undone(services: Services, notebook: Path) -> None:
    first, second = snap(services, notebook), snap(services, notebook)
    mark(services, first, note="good", tags=["a"], pinned=True)
    assert services.history.delete(first.id[:8]).deleted
    assert services.snapshots.snapshot(first.id).deleted
    assert ids(services) == [second.id]
    assert services.tracking.run(first.run_id).lifecycle_stage == "deleted"
    assert services.history.purge(now_ms() - HOUR_MS) == []
    back = services.history.undelete(first.id)
    assert (back.note, back.tags, back.pinned, back.deleted) == ("good", ["a"], True, False)
    assert ids(services) == [second.id, first.id]
    assert services.tracking.run(first.run_id).lifecycle_stage == "active"


def test_what_was_purged_is_gone(services: Services, notebook: Path) -> None:
    first, second = snap(services, notebook), snap(services, notebook)
    mark(services, first, tags=["a"])
    services.history.delete(first.id)
    assert services.history.purge(now_ms() + 1) == [first.id]
    with pytest.raises(NotFoundError):
        services.snapshots.snapshot(first.id)
    with pytest.raises(NotFoundError):
        services.history.undelete(first.id)
    assert services.snapshots.snapshot(second.id).parent_id == "deleted"
    # the run of one that was asked for can still be restored
    assert services.tracking.run(first.run_id).lifecycle_stage == "deleted"


def test_a_run_that_was_logged_to_stays(services: Services, notebook: Path) -> None:
    logged = services.tracking.start_run("mine", author="me", tags={KERNEL_TAG: "k"})
    made = snap(services, notebook, run_id=logged.run_id)
    services.history.delete(made.id)
    run = services.tracking.run(logged.run_id)
    assert (run.lifecycle_stage, run.snapshot_id, run.grade) == ("active", None, None)
    services.history.undelete(made.id)
    assert services.tracking.run(logged.run_id).snapshot_id == made.id


def test_what_a_model_version_needs_stays(services: Services, notebook: Path) -> None:
    made = automatic(services, notebook, in_one_week())
    automatic(services, notebook, in_one_week() - 1)
    folder = array_model(services.project.root / "model")
    source = VersionSource(snapshot_id=made.id)
    services.registry.register_folder("churn", folder, author="me", source=source)
    with pytest.raises(ConflictError, match="churn version 1"):
        services.history.delete(made.id)
    assert services.history.thin() == []
    assert services.snapshots.snapshot(made.id)


def capture(services: Services, path: Path, **more: Any) -> Snapshot | None:
    state = kernel_state(**more)
    return services.history.capture_changed(path, state, author="me", origin="run-all")


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


def test_what_was_registered_after_it_was_thinned_is_not_purged(
    services: Services, notebook: Path
) -> None:
    old = in_one_week()
    thinned, _ = (automatic(services, notebook, old - index) for index in range(2))
    assert services.history.thin() == [thinned.id]
    folder = array_model(services.project.root / "model")
    source = VersionSource(snapshot_id=thinned.id)
    services.registry.register_folder("churn", folder, author="me", source=source)
    assert services.history.purge(now_ms() + 1) == []
    assert services.snapshots.snapshot(thinned.id)


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


def test_purged_automatic_runs_leave_no_rows(services: Services, notebook: Path) -> None:
    made = capture(services, notebook)
    assert made
    services.history.delete(made.id)
    services.history.purge(now_ms() + 1)
    with services.database.read() as connection:
        assert connection.execute(sa.select(runs.c.run_id)).all() == []


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
