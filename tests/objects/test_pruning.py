"""What is known of files is forgotten when they are gone, of those in the project alone."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.objects import pruning
from jupyter_mlops.objects.cache import folder_cache, stat_cache
from jupyter_mlops.upkeep import collect

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from jupyter_mlops.core.database import Database
    from jupyter_mlops.services import Services


def known(database: Database) -> set[str]:
    with database.read() as connection:
        return {
            path
            for table in (stat_cache, folder_cache)
            for path in connection.execute(sa.select(table.c.path)).scalars()
        }


def test_a_collection_forgets_what_is_gone(services: Services, tmp_path: Path) -> None:
    root = services.project.root
    outside = tmp_path / "outside"
    for folder in (root / "a 하나", root / "b/c", outside):
        folder.mkdir(parents=True)
        for name in ("1", "2"):
            (folder / name).write_text(f"{folder}{name}")
            os.utime(folder / name, (1, 1))
    (root / "link").symlink_to(outside)
    with services.objects.batch() as batch:
        for folder in (root / "a 하나", root / "b/c", outside, root / "link"):
            batch.add_file(folder / "1")
            batch.add_file(folder / "2", keep=False)
            batch.add_tree(folder)
    before = known(services.database)
    assert len(before) == 12
    (root / "a 하나/1").unlink()
    shutil.rmtree(root / "b")
    shutil.rmtree(outside)  # or its disk is away
    collect(services, now_ms(), None, author="me", dry_run=True)
    assert known(services.database) == before
    collect(services, now_ms(), None, author="me", dry_run=False)
    gone = {str(root / name) for name in ("a 하나/1", "b/c", "b/c/1", "b/c/2")}
    assert before - known(services.database) == gone
    assert services.objects.prune(root) == 0


def test_of_what_lies_elsewhere_and_is_not_kept_the_newest_stay(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "network"
    outside.mkdir()
    for name in ("kept", "1", "2", "3"):
        (outside / name).write_text(name)
        os.utime(outside / name, (1, 1))
    with services.objects.batch() as batch:
        for name in ("1", "2", "3"):
            batch.add_file(outside / name, keep=False)
        batch.add_file(outside / "kept")
    with services.database.write() as connection:
        for name in ("1", "2", "3"):
            this = stat_cache.c.path == str(outside / name)
            connection.execute(sa.update(stat_cache).where(this).values(ctime_ns=int(name)))
    assert services.objects.prune(services.project.root) == 0
    monkeypatch.setattr(pruning, "_MOST_ELSEWHERE", 2)
    assert services.objects.prune(services.project.root) == 1
    assert known(services.database) == {str(outside / name) for name in ("kept", "2", "3")}


def test_thousands_are_seconds(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    root = services.project.root
    for number in range(50):
        (root / f"{number}").mkdir()
        (root / f"{number}/0").write_text("here")
    facts = dict.fromkeys(("device", "inode", "size", "mtime_ns", "ctime_ns"), 0)
    rows = [
        {"path": f"{root}/{number % 100}/{number // 100}", "object_id": "0" * 64, **facts}
        for number in range(30_000)
    ]
    with services.database.write() as connection:
        connection.execute(sa.insert(stat_cache), rows)
    with monkeypatch.context() as hurried:
        hurried.setattr(pruning, "_SECONDS", 0)
        # the root alone is listed, which lacks 50 folders
        assert services.objects.prune(root) == 15_000
    begun = time.thread_time()
    assert services.objects.prune(root) == 30_000 - 15_000 - 50
    assert time.thread_time() - begun < 10
    assert known(services.database) == {f"{root}/{number}/0" for number in range(50)}


def test_a_folder_without_end_is_left(services: Services) -> None:
    deep = f"{services.project.root}{'/d' * 1500}/file"
    facts = dict.fromkeys(("device", "inode", "size", "mtime_ns", "ctime_ns"), 0)
    with services.database.write() as connection:
        row = {"path": deep, "object_id": "0" * 64, **facts}
        connection.execute(sa.insert(stat_cache), [row])
    assert services.objects.prune(services.project.root) == 0
