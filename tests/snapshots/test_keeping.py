"""What of the data is kept, and what is said of the rest."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.snapshots import keeping
from jupyter_mlops.snapshots.keeping import DataKeeper
from jupyter_mlops.snapshots.masking import Masker

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import FileUse


@pytest.fixture
def folder(services: Services) -> Path:
    made = services.project.root / "part 데이터"
    (made / "p=1").mkdir(parents=True)
    (made / "a.csv").write_text("a\n1\n")
    (made / "p=1" / "b.csv").write_text("b\n")
    return made


def keep(services: Services, *accesses: FileAccess, limit: int = 1000) -> list[FileUse]:
    with services.objects.batch() as batch:
        return DataKeeper(services.project, batch, limit, Masker()).keep(accesses)


def access(path: Path, **more: Any) -> FileAccess:
    return FileAccess(path=str(path), **{"mode": "read", "kind": "folder", **more})


def test_a_folder_is_one_input_and_comes_back(
    services: Services, folder: Path, tmp_path: Path
) -> None:
    (use,) = keep(services, access(folder, reader="polars", cell_ids=["c"]))
    assert (use.path, use.kind, use.count, use.size) == ("part 데이터", "folder", 2, 6)
    assert (use.reader, use.cell_ids, use.digest) == ("polars", ["c"], use.object_id)
    services.objects.checkout_tree(use.object_id or "", tmp_path / "back")
    assert (tmp_path / "back" / "p=1" / "b.csv").read_text() == "b\n"


def test_of_a_folder_only_what_was_used(services: Services, folder: Path) -> None:
    (use,) = keep(services, access(folder, files=["a.csv", "gone.csv"]))
    assert [entry.path for entry in services.objects.tree(use.object_id or "").entries] == ["a.csv"]


def test_a_changed_last_byte_changes_the_digest(services: Services, folder: Path) -> None:
    (before,) = keep(services, access(folder))
    (folder / "p=1" / "b.csv").write_text("c\n")
    (after,) = keep(services, access(folder))
    assert before.digest != after.digest


def test_a_large_folder_keeps_its_digest_only(services: Services, folder: Path) -> None:
    (small,) = keep(services, access(folder))
    (large,) = keep(services, access(folder), limit=5)
    assert (large.digest, large.object_id, large.count) == (small.digest, None, 2)
    assert "limit" in (large.note or "")


def test_secrets_in_a_folder_are_left_out(services: Services, folder: Path) -> None:
    (folder / ".env").write_text("KEY=1")
    (use,) = keep(services, access(folder))
    assert (use.count, "secret" in (use.note or "")) == (2, True)


def test_a_folder_of_too_many_files_says_so(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_MOST_FILES", 1)
    (use,) = keep(services, access(folder))
    assert (use.digest, use.object_id) == (None, None)
    assert "more than 1 files" in (use.note or "")


def test_loops_pipes_sockets_and_what_is_gone_are_survived(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe")
    (folder / "nowhere").symlink_to("gone")
    monkeypatch.chdir(folder)  # a socket's address is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        (use,) = keep(services, access(folder))
        assert (use.count, use.object_id is not None) == (2, True)
        names = ("gone", "pipe", "socket")
        gone, *special = keep(services, *(access(folder / name, kind="file") for name in names))
    assert gone.digest is None
    assert gone.note
    assert all("not a regular file" in (each.note or "") for each in special)


@pytest.mark.skipif(sys.platform != "linux", reason="a file that root cannot read either")
def test_a_file_that_cannot_be_read_is_said(services: Services, folder: Path) -> None:
    (folder / "memory.bin").symlink_to("/proc/self/mem")
    bad, good = keep(
        services,
        access(folder / "memory.bin", kind="file"),
        access(folder / "a.csv", kind="file"),
    )
    assert (bad.digest, good.digest is not None) == (None, True)
    assert bad.note


def test_tables_and_urls(services: Services) -> None:
    database = services.project.root / "d.sqlite"
    table, far, url = keep(
        services,
        access(database.with_name("d.sqlite#customers"), kind="table"),
        FileAccess(path="postgresql://db/shop#orders", mode="read", kind="table"),
        FileAccess(path="https://kim:geheim@example.org/a.csv", mode="read", kind="url"),
    )
    assert (table.path, far.path) == ("d.sqlite#customers", "postgresql://db/shop#orders")
    assert "geheim" not in url.path


def test_what_a_folder_needs_is_not_collected(services: Services, folder: Path) -> None:
    (use,) = keep(services, access(folder))
    entries = services.objects.tree(use.object_id or "").entries
    needed = services.objects.expanded({use.object_id or ""})
    assert {entry.object_id for entry in entries} | {use.object_id} == needed


def test_more_than_can_be_listed_is_said(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_MOST_USES", 1)
    with services.objects.batch() as batch:
        keeper = DataKeeper(services.project, batch, 1000, Masker())
        uses = keeper.keep([access(folder), access(folder / "a.csv", kind="file", mode="write")])
    assert len(uses) == 1
    assert keeper.notes
