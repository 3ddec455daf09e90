"""What of data stays when garbage is collected, and what a rule lets go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import InvalidInputError, StoreUnavailableError
from jupyter_mlops.history import manager as history
from jupyter_mlops.history.retention import Retention, Taken
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.registry.schemas import VersionSource
from jupyter_mlops.snapshots import manager
from jupyter_mlops.snapshots.schemas import SnapshotMarks
from tests import notebooks
from tests.mlflow_models import array_model
from tests.snapshots.test_manager import kernel_state

from .contents import HOUR, PATH, long, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def collect(services: Services, rule: str | None = None) -> upkeep.Collected:
    soon = now_ms() + HOUR
    return upkeep.collect(services, soon, rule, author="ana", dry_run=False)


def test_what_snapshots_need_stays(services: Services) -> None:
    taken = snap(services, **{PATH: long(1)})
    alone = services.objects.put_bytes(b"x" * 3000)
    dry = upkeep.collect(services, now_ms() + HOUR, None, author="ana", dry_run=True)
    assert dry.removed.objects == 1
    assert collect(services).removed == dry.removed
    assert services.objects.missing([alone]) == {alone}
    detail = services.snapshots.snapshot(taken.id)
    services.snapshots.notebook(taken.id)
    assert len(services.objects.read(detail.manifest.files[0].digest or "")) == len(long(1))
    assert upkeep.inspect(services, lambda _: None).problems == []
    assert collect(services).removed.objects == 0


@pytest.mark.parametrize("of_model", [False, True])
def test_nothing_is_removed_while_it_is_not_known_what_a_folder_holds(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_model: bool
) -> None:
    if of_model:
        made = services.registry.register_folder(
            "m", array_model(tmp_path / "m"), author="ana", source=VersionSource()
        )
        folder = made.object_id or ""
    else:
        parts = services.project.root / "parts"
        parts.mkdir()
        (parts / "1.csv").write_text(long(1))
        path = notebooks.write(services.project.root / "a.ipynb", ["1"])
        access = FileAccess(path=str(parts), mode="read", kind="folder")
        taken = services.snapshots.create(path, kernel_state(files=[access]), author="ana")
        (use,) = services.snapshots.snapshot(taken.id).manifest.files
        folder = use.object_id or ""
    needed = services.objects.with_entries(folder)
    read = services.objects.read

    def without_answer(object_id: str) -> bytes:
        if object_id == folder:
            raise StoreUnavailableError("The storage does not answer.")
        return read(object_id)

    with monkeypatch.context() as broken:
        broken.setattr(services.objects, "read", without_answer)
        with pytest.raises(StoreUnavailableError):
            collect(services)
        upkeep.inspect(services, lambda _: None)  # which tells of all that it can
    assert len(needed) > 1
    assert services.objects.missing(needed) == set()
    assert collect(services).removed.objects == 0


def test_old_data_goes_by_a_rule(services: Services) -> None:
    pinned = snap(services, **{PATH: long(1)})
    services.history.mark(pinned.id, SnapshotMarks(pinned=True), author="ana")
    old = snap(services, **{PATH: long(2)})
    snap(services, **{PATH: long(3)})
    assert collect(services, "newest 1, 1h").removed.objects == 0
    soon = now_ms() + HOUR
    shown = upkeep.collect(services, soon, "newest 1", author="ana", dry_run=True)
    (gone,) = shown.data
    assert gone.paths == [PATH]
    assert services.data.version(PATH, old.id).digest == gone.object_id
    done = collect(services, "newest 1")
    assert (done.removed.objects, done.data) == (1, [gone])
    kept = [item.kept for item in services.data.versions(PATH).items]
    assert kept == [True, False, True]
    (use,) = services.snapshots.snapshot(old.id).manifest.files
    assert use.object_id is None
    assert use.note is not None
    assert use.note.endswith("by ana: no longer kept by the rule newest 1")
    services.snapshots.notebook(old.id)
    assert upkeep.inspect(services, lambda _: None).problems == []
    assert collect(services, "newest 1").removed.objects == 0


@pytest.mark.parametrize("rule", ["", "newest", "newest 0", "10", "90 days", "newest 1; 3d"])
def test_what_is_no_rule(rule: str) -> None:
    with pytest.raises(InvalidInputError, match="keep_data"):
        Retention.parse(rule)


def test_rules() -> None:
    assert Retention.parse("off") is None
    rule = Retention.parse(" 2d, newest 2")
    assert rule == Retention(2, 48 * HOUR)
    taken = [Taken("n", day * 24 * HOUR, f"n{day}") for day in range(6)]
    taken.append(Taken("m", 0, "m0"))
    assert rule is not None
    assert rule.kept(taken, 5 * 24 * HOUR) == {"n5", "n4", "m0"}
    assert rule.kept(taken, 0) == {item.snapshot_id for item in taken}  # the clock jumped back
    ahead = [Taken("n", 900 * HOUR * day, f"ahead{day}") for day in (1, 2)]
    found = Retention(2, 0).kept([*taken, *ahead], 5 * 24 * HOUR)
    assert found == {"n5", "n4", "m0", "ahead1", "ahead2"}


def test_a_clock_that_jumps_ahead_lets_nothing_go(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, ahead = now_ms(), now_ms() + 365 * 24 * HOUR
    for number in (1, 2):
        snap(services, **{PATH: long(number)})
    alone = services.objects.put_bytes(b"x" * 3000)  # as of a snapshot that is being taken
    clock = [ahead]
    for module in (upkeep, manager, history):
        monkeypatch.setattr(module, "now_ms", lambda: clock[0])

    def gone(**more: bool) -> int:
        return upkeep.collect(
            services, clock[0] - 24 * HOUR, "90d", author="ana", dry_run=True, **more
        ).removed.objects

    found = upkeep.collect(services, ahead - 24 * HOUR, "90d", author="ana", dry_run=False)
    assert found.removed.objects == 0
    assert found.counted_from is not None
    assert 0 <= found.counted_from.timestamp() * 1000 - start < HOUR
    assert gone(trust_clock=True) == 2
    # nor do snapshots that are taken meanwhile
    for number, later in ((3, HOUR), (4, 2 * HOUR)):
        clock[0] = ahead + later
        snap(services, **{PATH: long(number)})
        assert gone() == 0
    # a clock that has gone for a day is right
    clock[0] = ahead + 26 * HOUR
    assert services.objects.missing([alone]) == set()
    assert gone() == 3
    # it was not, and is put right
    clock[0] = start + HOUR
    assert gone() == 0
