"""Versions of data: listing, getting and comparing them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from blake3 import blake3

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import ConflictError, NotFoundError
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.snapshots import manager, tables
from tests import notebooks
from tests.snapshots.test_manager import kernel_state

from .contents import FIRST, HOUR, PATH, SECOND, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def test_the_versions_of_a_path(services: Services, tmp_path: Path) -> None:
    first = snap(services, **{PATH: FIRST, "other.csv": "a\n"})
    snap(services, **{PATH: SECOND})
    snap(services, **{PATH: SECOND})
    data = services.data
    page = data.data(limit=1)
    (item,) = page.items
    assert (item.path, item.versions, item.snapshots) == (PATH, 2, 3)
    assert item.first_seen == first.created_at < item.last_seen
    rest = data.data(limit=1, page_token=page.next_token)
    assert [other.path for other in rest.items] == ["other.csv"]
    assert rest.next_token is None
    assert [other.path for other in data.data(prefix="oth").items] == ["other.csv"]

    found = data.versions(PATH).items
    assert [(one.snapshots, one.size, one.kept) for one in found] == [
        (2, len(SECOND), True),
        (1, len(FIRST), True),
    ]
    assert found[0].digest == item.digest
    copy = data.get(PATH, found[1].digest[:8], tmp_path / "old.csv")
    assert (tmp_path / "old.csv").read_text() == FIRST
    assert copy.digest == found[1].digest
    data.get(PATH, None, tmp_path / "new.csv")
    assert (tmp_path / "new.csv").read_text() == SECOND
    with pytest.raises(ConflictError, match="exists"):
        data.get(PATH, None, tmp_path / "new.csv")
    for version in ("0" * 64, "f" * 6):
        with pytest.raises(NotFoundError, match="no version"):
            data.version(PATH, version)
    with pytest.raises(NotFoundError, match="six at least"):
        data.version(PATH, "ab")
    with pytest.raises(NotFoundError, match="No snapshot names"):
        data.versions("absent.csv")


def test_versions_are_in_the_order_of_histories(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = now_ms()
    for moment, content in ((now + 400 * 24 * HOUR, "ahead\n"), (now, "a\n"), (now + 1, "b\n")):
        monkeypatch.setattr(manager, "now_ms", lambda moment=moment: moment)
        snap(services, **{PATH: content})
    monkeypatch.setattr(manager, "now_ms", lambda: now + 2)
    ids = []
    for number in range(6):  # other notebooks, in the same millisecond
        path = notebooks.write(services.project.root / f"{number}.ipynb", ["x = 1"])
        (services.project.root / PATH).write_text(f"{number}\n")
        state = kernel_state(
            files=[FileAccess(path=str(services.project.root / PATH), mode="read")]
        )
        ids.append((services.snapshots.create(path, state, author="ana").id, f"{number}\n"))
    contents = [content for _, content in sorted(ids, reverse=True)] + ["b\n", "a\n", "ahead\n"]

    data = services.data
    found = [item.digest for item in data.versions(PATH).items]
    assert found == [blake3(content.encode()).hexdigest() for content in contents]
    assert data.data().items[0].digest == data.version(PATH).digest == found[0]
    for old, new in pairwise(reversed(found)):
        assert data.diff(PATH, None, new).old == old
    with pytest.raises(NotFoundError, match="no version before"):
        data.diff(PATH, None, found[-1])


def test_what_a_snapshot_wrote_is_newer_than_what_it_read(services: Services) -> None:
    path = notebooks.write(services.project.root / "a.ipynb", ["x = 1"])
    file = services.project.root / PATH
    file.write_text("written\n")
    state = kernel_state(files=[FileAccess(path=str(file), mode="write")])
    made = services.snapshots.create(path, state, author="ana")
    use = {"snapshot_id": made.id, "position": 9, "path": PATH, "kind": "file", "mode": "read"}
    with services.database.write() as connection:
        row = sa.insert(tables.data_uses).values(**use, digest="0" * 64, size=1)
        connection.execute(row)
    assert services.data.data().items[0].size == len("written\n")
    assert [item.size for item in services.data.versions(PATH).items] == [len("written\n"), 1]


def test_what_is_different(services: Services) -> None:
    first = snap(services, **{PATH: FIRST, "gone.csv": "a\n", "same.csv": "b\n"})
    second = snap(services, **{PATH: SECOND, "new.csv": "a\n", "same.csv": "b\n"})
    found = services.data.diff(PATH, None, None)
    assert (found.added, found.removed, found.changed) == (0, 0, 1)
    assert found.table is not None
    assert (found.table.old_rows, found.table.new_rows) == (2, 3)
    assert (found.table.columns_added, found.table.columns_removed) == (["age"], [])
    assert (found.table.rows_added, found.table.rows_removed) == (3, 2)
    back = services.data.diff(PATH, found.new, found.old)
    assert back.table is not None
    assert back.table.columns_removed == ["age"]

    found = services.data.diff_snapshots(first.id, second.id[:12])
    assert [(change.path, change.change) for change in found.files] == [
        (PATH, "changed"),
        ("gone.csv", "removed"),
        ("new.csv", "added"),
    ]
    assert (found.old, found.new) == (first.id, second.id)
    with pytest.raises(NotFoundError, match="no version before"):
        services.data.diff("same.csv", None, None)


def test_tables_that_are_no_text_are_compared_by_their_profiles(
    services: Services, tmp_path: Path
) -> None:
    root = services.project.root
    path, table = notebooks.write(root / "train.ipynb", ["x = 1"]), root / "t.jsonl"
    access = FileAccess(path=str(table), mode="read")
    for text in ('{"a": 1, "b": 2}\n', '{"a": 1, "c": 2}\n{"a": 3, "c": 4}\n'):
        table.write_text(text)
        services.snapshots.create(path, kernel_state(files=[access]), author="ana")
    found = services.data.diff("t.jsonl", None, None).table
    assert found is not None
    assert (found.old_rows, found.new_rows, found.rows_added) == (1, 2, None)
    assert (found.columns_added, found.columns_removed) == (["c"], ["b"])


def test_folders_are_compared_file_by_file(services: Services, tmp_path: Path) -> None:
    taken = [snap(services, **{PATH: FIRST}) for _ in range(2)]
    folder = tmp_path / "parts"
    folder.mkdir()
    for number, snapshot in enumerate(taken):
        (folder / "a").write_text("a" * (number + 1))
        (folder / f"part {number}").write_text("b")
        tree = services.objects.put_tree(folder)
        row = {
            "snapshot_id": snapshot.id,
            "position": 9,
            "path": "parts",
            "kind": "folder",
            "mode": "read",
            "size": tree.size_bytes,
            "digest": tree.object_id,
            "object_id": tree.object_id,
        }
        with services.database.write() as connection:
            connection.execute(sa.insert(tables.data_uses), row)
    found = services.data.diff("parts", None, None)
    assert [(change.path, change.change, change.old_size) for change in found.files] == [
        ("a", "changed", 1),
        ("part 1", "added", None),
    ]
    services.data.get("parts", None, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a", "part 0", "part 1"]


def test_what_a_folder_of_many_files_is_called(services: Services) -> None:
    made = snap(services, **{PATH: FIRST})
    (use,) = services.snapshots.snapshot(made.id).manifest.files
    # more values than any database takes in one query
    others = [f"{number:064x}" for number in range(300_000)]
    assert services.data.names([*others, str(use.digest)]) == {use.digest: [PATH]}
    services.profiles.forget(others)
