"""A crash or a full disk at any step leaves a whole snapshot or none, and a valid store."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.core.project import Project
from jupyter_mlops.restoring.schemas import RestoreRequest
from jupyter_mlops.services import Services
from tests.databases import SHARED
from tests.disks import filled

from .crash_child import SECRET, change, collect, erase, make_project, newest, restore, snap

if TYPE_CHECKING:
    from collections.abc import Callable

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
    services.close()
    assert unfinished(root) == []
    return len(found)


def unfinished(root: Path) -> list[Path]:
    """Return what something that did not come to its end has left."""
    return [*root.rglob(".mlops-*"), *(root / ".mlops" / "unfinished").glob("*")]


def crashed(work: str, template: Path) -> list[Path]:
    """Let something die at each of its steps, each time in a copy; return the copies."""
    command = [sys.executable, "-m", "tests.snapshots.crash_child", work]
    folders = [template, template.with_name("crashed")]
    subprocess.run([*command, *map(str, folders)], cwd=ROOT, check=True, timeout=100)
    return sorted(folders[1].iterdir())


def test_a_crash_at_any_step(tmp_path: Path) -> None:
    make_project(tmp_path / "template")
    taken = [check(root) for root in crashed("snap", tmp_path / "template")]
    # none of it, then the whole snapshot
    assert taken == sorted(taken)
    assert set(taken) == {1, 2}
    assert len(taken) > 60


def content(root: Path) -> dict[str, bytes]:
    """Read the user's files."""
    files = (path for path in root.rglob("*") if path.is_file() and ".mlops" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_a_crash_of_a_restore_in_place(tmp_path: Path) -> None:
    template = tmp_path / "template"
    make_project(template)
    snap(template)
    wanted = content(template)
    change(template)
    before = content(template)
    progress, left = [], []
    for root in crashed("restore", template):
        # each file as it was or as it is to be, and what it was is in a snapshot
        found = {path: data for path, data in content(root).items() if path in wanted}
        assert found.keys() == wanted.keys()
        assert all(data in {wanted[path], before[path]} for path, data in found.items())
        progress.append(sum(found[path] == wanted[path] for path in wanted))
        left.append(bool(unfinished(root)))
        snapshots = check(root)
        assert snapshots == 3 if progress[-1] else snapshots in {2, 3}
    assert progress == sorted(progress)
    assert (progress[0], progress[-1], set(left)) == (0, len(wanted), {False, True})
    restore(root := sorted((tmp_path / "crashed").iterdir())[len(progress) // 2])
    assert wanted.items() <= content(root).items()


def test_a_crash_of_a_restore_to_a_folder(tmp_path: Path) -> None:
    template = tmp_path / "template"
    make_project(template)
    snap(template)
    wanted = content(template)
    whole, left = [], []
    for root in crashed("restore to a folder", template):
        assert {path: content(root)[path] for path in wanted} == wanted
        folder = root / "restored"
        whole.append(folder.exists())
        assert not folder.exists() or content(folder) == wanted
        left.append(bool(unfinished(root)))
        restore(root, root / "again")
        assert unfinished(root) == []
        assert check(root) == 2
    assert whole == sorted(whole)
    assert set(whole) == set(left) == {False, True}


def test_a_crash_while_data_is_written(tmp_path: Path) -> None:
    template = tmp_path / "template"
    make_project(template)
    snap(template)
    before = content(template)
    found, left = [], []
    for root in crashed("get", template):
        left.append(bool(list(root.glob(".mlops-*"))))
        assert check(root) == 2
        now = content(root)
        found.append((root / "copied parts").exists() + (root / "copied.bin").exists())
        copies = {f"copied {path}": data for path, data in before.items() if "parts" in path}
        copies["copied.bin"] = before["large.bin"]
        assert (before | copies).items() >= now.items() >= before.items()
    assert found == sorted(found)
    assert (set(found), set(left)) == ({0, 1, 2}, {False, True})


def test_a_crash_of_a_collection(tmp_path: Path) -> None:
    template = tmp_path / "template"
    make_project(template)
    snap(template)
    change(template)
    snap(template)
    for root in crashed("collect", template):
        services = Services(Project(root), root)
        assert upkeep.inspect(services, lambda _: None).problems == []
        services.restorer.restore(
            newest(services), RestoreRequest(folder="new"), root / "new", author="ana"
        )
        services.close()
        assert content(root / "new").items() <= content(template).items()
        collect(root)
        assert SECRET[:1000] not in stored(root)
        assert unfinished(root) == []


def test_a_crash_of_an_erasure(tmp_path: Path) -> None:
    template = tmp_path / "template"
    make_project(template)
    snap(template)
    for root in crashed("erase", template):
        services = Services(Project(root), root)
        assert upkeep.inspect(services, lambda _: None).problems == []
        manifest = services.snapshots.snapshot(newest(services)).manifest
        gone = [use for use in manifest.files if use.object_id is None]
        assert len(services.objects.erasures()) == len(gone)
        services.close()
        if len(gone) < 2:
            erase(root)
        collect(root)
        assert SECRET[:1000] not in stored(root)


def stored(root: Path) -> bytes:
    """Return what large objects hold, as it was before they were compressed."""
    found = b""
    for path in (root / ".mlops" / "objects").rglob("*.zst"):
        found += zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
    return found


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


def test_restores_on_a_disk_that_fills_up(small_disk: Path) -> None:
    root = small_disk / "project"
    make_project(root)
    snap(root)
    wanted = content(root)
    change(root)
    before = content(root)
    failures = 0
    for kilobytes in (0, 8, 100, 1000, 2000):
        for folder in (root / "restored", None):
            with filled(small_disk, left=kilobytes * 1024):
                message = tried(root, lambda at: restore(at, folder))  # noqa: B023
            failures += bool(message)
            assert not message or "full" in message, (kilobytes, folder)
            found = content(root)
            assert all(found[path] in {before[path], wanted[path]} for path in wanted)
            if folder is not None:
                assert folder.exists() == (not message)
                assert unfinished(root) == []
                shutil.rmtree(folder, ignore_errors=True)
            else:
                change(root)
    assert failures > 4
    check(root)


def test_a_profile_on_a_disk_that_fills_up(small_disk: Path) -> None:
    root = small_disk / "project"
    make_project(root)
    made = snap(root)
    services = Services(Project(root), root)
    paths = [use.path for use in services.snapshots.snapshot(made.id).manifest.files]
    at = paths.index("customers.csv")
    with filled(small_disk), pytest.raises(StoreUnavailableError, match="full"):
        services.profiles.profile(made.id, at)
    assert list(services.project.staging.iterdir()) == []
    assert services.profiles.profile(made.id, at).rows
    services.close()


def tried(root: Path, work: Callable[[Path], object] = snap) -> str:
    """Do something, or return why it could not be done."""
    try:
        work(root)
    except StoreUnavailableError as error:
        return error.message
    return ""
