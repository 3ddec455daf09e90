"""The reruns are listed as they ended, also when what ran them is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.clock import from_ms, now_ms
from jupyter_mlops.core.errors import ConflictError, NotFoundError, StoreUnavailableError
from jupyter_mlops.lineage.rerun_rows import RerunStore
from jupyter_mlops.lineage.schemas import Rerun, RerunCreate, RerunStep
from jupyter_mlops.services import Services

if TYPE_CHECKING:
    from typing import Literal

    from .conftest import Workshop


def rerun(number: int, state: Literal["running", "finished"], *, days: float = 0) -> Rerun:
    names: list[Literal["finished", "running", "waiting"]] = ["finished", "running", "waiting"]
    return Rerun(
        rerun_id=f"{number:032}",
        state=state,
        created_at=from_ms(now_ms()) + timedelta(days=days, seconds=number),
        author="me",
        steps=[
            RerunStep(notebook_path=f"{name} 노트.ipynb", state=name, changes=[], after=[])
            for name in names
        ],
    )


@pytest.fixture
def store(services: Services) -> RerunStore:
    return RerunStore(services.project, services.database)


def test_after_a_restart_it_is_listed_as_it_ended(workshop: Workshop) -> None:
    workshop.write("in.csv", "1")
    workshop.notebook("good.ipynb", "len(open('in.csv').read())")
    workshop.notebook("bad.ipynb", "1 / 0")
    for name in ("good.ipynb", "bad.ipynb"):
        workshop.snapshot(name, ["in.csv"])
    workshop.write("in.csv", "2")
    ended = workshop.services.reruns.run(RerunCreate(), author="Kim")
    assert ended.state == "failed"
    restarted = Services(workshop.services.project, workshop.root)
    try:
        assert restarted.reruns.reruns().items == [ended]
    finally:
        restarted.close()
    messages = {step.notebook_path: step.message for step in ended.steps}
    assert messages == {
        "bad.ipynb": "Cell 1: ZeroDivisionError: division by zero",
        "good.ipynb": None,
    }
    assert (ended.author, ended.created_at.tzinfo is not None) == ("Kim", True)


def test_one_that_was_killed_is_told_once(services: Services) -> None:
    told: list[Rerun] = []
    store = RerunStore(services.project, services.database, told.append)
    folder = services.project.store / "reruns"
    with store.living(rerun(1, "running").rerun_id):
        store.add(rerun(1, "running"))
        store.close_vanished()
        assert told == []
    store.save(rerun(1, "finished"))
    for number in (2, 3):  # what a killed process leaves, with a row and without one
        (folder / rerun(number, "running").rerun_id).touch()
    store.add(rerun(2, "running"))
    for _ in range(2):
        store.close_vanished()
        assert [(one.rerun_id, one.state) for one in told] == [(f"{2:032}", "stopped")]
    assert list(folder.iterdir()) == []


def test_while_it_lives_it_is_running_and_no_other_begins(store: RerunStore) -> None:
    with store.living(rerun(1, "running").rerun_id):
        store.add(rerun(1, "running"))
        assert [one.state for one in store.newest()] == ["running"]
        with pytest.raises(ConflictError):
            store.add(rerun(2, "running"))
    (cut,) = store.newest()
    assert (cut.state, [step.state for step in cut.steps]) == (
        "stopped",
        ["finished", "stopped", "stopped"],
    )
    assert [step.message is None for step in cut.steps] == [True, False, True]
    assert store.get(cut.rerun_id) == cut
    store.add(rerun(2, "running"))  # what is gone is not in the way


def test_the_oldest_are_forgotten(store: RerunStore) -> None:
    for number in range(25):
        store.add(rerun(number, "finished"))
    assert [int(one.rerun_id) for one in store.newest()] == list(range(24, 4, -1))
    with pytest.raises(NotFoundError):
        store.get(rerun(0, "finished").rerun_id)


def test_the_last_is_first_also_where_the_clock_is_set_back(store: RerunStore) -> None:
    for number, days in enumerate((400, 0, 0, -0.5)):
        store.add(rerun(number, "finished", days=days))
    assert [int(one.rerun_id) for one in store.newest()] == [3, 2, 1, 0]


def test_others_who_share_the_rows_have_their_own(services: Services, store: RerunStore) -> None:
    store.add(rerun(1, "finished"))
    (services.project.store / "id").write_text("other")
    other = RerunStore(services.project, services.database)
    assert other.newest() == []
    other.add(rerun(2, "running"))
    assert len(store.newest()) == 1


def test_a_store_that_cannot_be_written_does_not_end_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    workshop.write("in.csv", "1")
    workshop.notebook("use.ipynb", "len(open('in.csv').read())")
    workshop.snapshot("use.ipynb", ["in.csv"])
    workshop.write("in.csv", "2")

    def full(*_: object) -> None:
        raise StoreUnavailableError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(RerunStore, "save", full)
        ended = workshop.services.reruns.run(RerunCreate(), author="me")
    assert ended.state == "finished"
    assert "The disk is full." in caplog.text
    # what is not known to have ended well is not told so
    (listed,) = workshop.services.reruns.reruns().items
    assert listed.state == "stopped"
