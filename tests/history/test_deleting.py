"""Snapshots that are deleted, brought back and purged, on a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jupyter_mlops.core.clock import HOUR_MS, now_ms
from jupyter_mlops.core.errors import ConflictError, NotFoundError
from jupyter_mlops.registry.schemas import VersionSource
from jupyter_mlops.tracking.entities import KERNEL_TAG
from jupyter_mlops.tracking.tables import runs
from tests.mlflow_models import array_model

from .histories import automatic, capture, ids, in_one_week, mark, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


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


def test_purged_automatic_runs_leave_no_rows(services: Services, notebook: Path) -> None:
    made = capture(services, notebook)
    assert made
    services.history.delete(made.id)
    services.history.purge(now_ms() + 1)
    with services.database.read() as connection:
        assert connection.execute(sa.select(runs.c.run_id)).all() == []
