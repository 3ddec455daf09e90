from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import InvalidInputError, NotFoundError
from jupyter_mlops.tracking.manager import AUTOMATIC_EXPERIMENT
from jupyter_mlops.tracking.schemas import RunError

if TYPE_CHECKING:
    from jupyter_mlops.services import Services


def test_a_run_from_start_to_end(services: Services) -> None:
    tracking = services.tracking
    run = tracking.start_run("a", author="me", params={"depth": 4, "name": "x"})
    assert (run.status, run.ended_at) == ("RUNNING", None)
    assert run.params == {"depth": "4", "name": "x"}
    error = RunError(name="ValueError", message="no", cell_index=3)
    done = tracking.finish_run(run.run_id, "FAILED", error)
    assert (done.status, done.error) == ("FAILED", error)
    assert done.ended_at is not None
    assert tracking.run(run.run_id) == done


def test_what_was_logged_to_a_run_stays_when_it_is_described(services: Services) -> None:
    tracking = services.tracking
    run_id = tracking.start_run("a", author="me", params={"depth": 3}).run_id
    for value in (math.nan, 3.0):
        params, metrics = {"depth": 4, "k": value}, {"loss": value, "f1": 1.0}
        with services.database.write() as connection:
            tracking.describe(
                connection, run_id, params=params, metrics=metrics, tags={"t": str(value)}
            )
    run = tracking.run(run_id)
    assert run.metrics == {"loss": None, "f1": 1.0}
    assert (run.params, run.tags) == ({"depth": "3", "k": "NaN"}, {"t": "3.0"})


def test_pages_hold_every_run_once_newest_first(services: Services) -> None:
    tracking = services.tracking
    made = [tracking.start_run(str(n), author="me").run_id for n in range(7)]
    seen: list[str] = []
    token = None
    while True:
        page = tracking.runs(limit=3, page_token=token)
        seen += [run.run_id for run in page.items]
        token = page.next_token
        if token is None:
            break
    assert sorted(seen) == sorted(made)
    starts = [tracking.run(run_id).started_at for run_id in seen]
    assert starts == sorted(starts, reverse=True)


def test_a_deleted_run_can_be_restored(services: Services) -> None:
    tracking = services.tracking
    run_id = tracking.start_run("a", author="me").run_id
    assert tracking.delete_run(run_id).lifecycle_stage == "deleted"
    assert tracking.runs().items == []
    tracking.restore_run(run_id)
    assert [run.run_id for run in tracking.runs().items] == [run_id]


def test_runs_of_one_experiment(services: Services) -> None:
    tracking = services.tracking
    tracking.start_run("a", author="me")
    run = tracking.start_run("b", author="me", experiment="churn")
    page = tracking.runs(experiment_id=run.experiment_id)
    assert [found.name for found in page.items] == ["b"]
    assert [item.name for item in tracking.experiments().items] == ["Default", "churn"]


def test_bad_questions(services: Services) -> None:
    with pytest.raises(NotFoundError):
        services.tracking.run("0" * 32)
    with pytest.raises(NotFoundError):
        services.tracking.delete_run("0" * 32)
    with pytest.raises(InvalidInputError):
        services.tracking.runs(experiment_id="x")


def test_runs_of_automatic_snapshots_are_listed_and_counted_when_asked_for(
    services: Services,
) -> None:
    tracking = services.tracking
    tracking.start_run("a", author="me")
    tracking.start_run("b", author="me", experiment=AUTOMATIC_EXPERIMENT)
    for automatic, names in ((False, {"a"}), (True, {"a", "b"})):
        assert {run.name for run in tracking.runs(automatic=automatic).items} == names
        assert tracking.count(automatic=automatic).count == len(names)
