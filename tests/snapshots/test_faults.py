"""A crash or a full disk at any step leaves a whole snapshot or none, and a valid store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services
from tests.databases import SHARED
from tests.disks import filled

from .crash_child import make_project, snap

pytestmark = pytest.mark.skipif(SHARED, reason="the store is no folder that can be copied")

HOUR = 3_600_000
ROOT = Path(__file__).parents[2]


def check(root: Path) -> int:
    """See that there are whole snapshots only, and that what is left over can be collected."""
    services = Services(Project(root), root)
    found = services.snapshots.snapshots().items
    for snapshot in found:
        manifest = services.snapshots.snapshot(snapshot.id).manifest
        services.snapshots.notebook(snapshot.id)
        assert all(use.object_id for use in manifest.files)
        for use in manifest.files:
            for object_id in services.objects.expanded([use.object_id or ""]):
                services.objects.read(object_id)
    runs = services.tracking.runs().items
    assert [run.snapshot_id for run in runs] == [snapshot.id for snapshot in found]
    assert upkeep.inspect(services, lambda _: None).problems == []
    soon = now_ms() + HOUR
    upkeep.collect(services, soon, None, author="ana", dry_run=False)
    again = upkeep.collect(services, soon, None, author="ana", dry_run=True)
    assert (again.removed.objects, again.leftovers) == (0, [])
    assert upkeep.inspect(services, lambda _: None).problems == []
    assert list(services.project.store.rglob("*.part")) == []
    services.close()
    return len(found)


def test_a_crash_at_any_step(tmp_path: Path) -> None:
    make_project(tmp_path / "template")
    command = [sys.executable, "-m", "tests.snapshots.crash_child"]
    folders = [tmp_path / "template", tmp_path / "crashed"]
    subprocess.run([*command, *map(str, folders)], cwd=ROOT, check=True, timeout=100)
    taken = [check(root) for root in sorted(folders[1].iterdir())]
    # none of it, then the whole snapshot
    assert taken == sorted(taken)
    assert set(taken) == {1, 2}
    assert len(taken) > 60


def test_a_disk_that_fills_up(small_disk: Path) -> None:
    root = small_disk / "project"
    make_project(root)
    failures = 0
    for kilobytes in (0, 8, 40, 200, 1000, 1180, 1200, 1220, 1260, 1300):
        before = check(root)
        with filled(small_disk, left=kilobytes * 1024):
            message = tried(root)
        if message:
            assert "full" in message, kilobytes
            failures += 1
        assert check(root) == before + (not message)
    assert failures > 4
    snap(root)
    assert check(root) >= 2


def tried(root: Path) -> str:
    """Take a snapshot, or return why there is none."""
    try:
        snap(root)
    except StoreUnavailableError as error:
        return error.message
    return ""
