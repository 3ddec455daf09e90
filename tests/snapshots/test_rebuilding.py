"""Rows that were lost are made again from the files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops import upkeep
from jupyter_mlops.services import Services
from tests.databases import SHARED

from .crash_child import make_project, snap

if TYPE_CHECKING:
    from jupyter_mlops.core.project import Project

pytestmark = pytest.mark.skipif(SHARED, reason="the rows are in no file that can be lost")


def opened(project: Project) -> Services:
    return Services(project, project.root)


def test_a_store_without_its_database(project: Project) -> None:
    make_project(project.root)
    taken = snap(project.root)
    before = opened(project)
    snapshots = before.snapshots.snapshots().items
    versions = before.data.data().items
    folder = before.objects.put_tree(project.root / "parts")
    tree = before.objects.tree(folder.object_id)
    before.close()
    for file in project.store.glob("mlops.*"):
        file.unlink()
    packs = project.store / "objects" / "packs"
    (packs / ("0" * 64 + ".pack")).write_bytes(b"not what it says")

    after = opened(project)
    assert after.snapshots.snapshots().items == []
    objects, found = upkeep.rebuild(after)
    assert (objects > 5, found) == (True, 2)
    assert after.snapshots.snapshots().items == snapshots
    assert after.data.data().items == versions
    runs = after.tracking.runs().items
    assert next((run.snapshot_id, run.params) for run in runs) == (taken.id, taken.parameters)
    assert upkeep.inspect(after, lambda _: None).problems == []
    assert after.objects.tree(folder.object_id) == tree
    assert after.objects.folders([folder.object_id, taken.id]) == {folder.object_id}
    assert upkeep.rebuild(after) == (0, 0)
    after.close()


def test_data_of_snapshots_from_before(project: Project) -> None:
    make_project(project.root)
    snap(project.root)
    services = opened(project)
    versions = services.data.data().items
    with services.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM data_uses")
    assert services.data.data().items == []
    assert upkeep.rebuild(services) == (0, 1)
    assert services.data.data().items == versions
    services.close()


def test_what_was_erased_does_not_come_back(project: Project) -> None:
    make_project(project.root)
    snap(project.root)
    services = opened(project)
    digest = services.data.version("small.csv").digest
    pack_id = services.objects._locate(digest).pack_id
    pack = project.store / "objects" / "packs" / f"{pack_id}.pack"
    content = pack.read_bytes()
    upkeep.erase(services, [digest], author="ana", reason="test")
    pack.write_bytes(content)  # as if a crash had left it
    upkeep.rebuild(services)
    assert services.objects.missing([digest]) == {digest}
    assert upkeep.inspect(services, lambda _: None).problems == []
    services.close()
