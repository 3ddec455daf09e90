"""Versions of data: listing, getting, comparing and letting go of them."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from blake3 import blake3

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    StoreUnavailableError,
)
from jupyter_mlops.data import tabular
from jupyter_mlops.history.retention import Retention, Taken
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.registry.schemas import VersionSource
from jupyter_mlops.snapshots import manager, tables
from jupyter_mlops.snapshots.schemas import SnapshotMarks
from tests import notebooks
from tests.mlflow_models import array_model
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot

HOUR = 3_600_000
PATH = "data 한글.csv"
FIRST = "id,city\n1,Seoul\n2,Busan\n"
SECOND = "id,city,age\n1,Seoul,30\n3,Jeju,4\n4,Jeju,4\n"


def snap(services: Services, **contents: str) -> Snapshot:
    """Take a snapshot whose kernel read files of these contents."""
    root = services.project.root
    path = root / "train.ipynb"
    if not path.exists():
        notebooks.write(path, ["x = 1"])
    accesses = []
    for name, content in contents.items():
        file = root / name
        file.write_text(content)
        accesses.append(FileAccess(path=str(file), mode="read"))
    return services.snapshots.create(path, kernel_state(files=accesses), author="ana")


def long(number: int) -> str:
    """Return a table so long that it fills a pack by itself."""
    chance = random.Random(number)  # noqa: S311
    return "a,b\n" + "".join(f"{chance.random()},{chance.random()}\n" for _ in range(500))


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


def test_tables_are_compared_in_little_memory() -> None:
    def rows(text: str) -> object:
        return iter([text[:7].encode(), text[7:].encode()])

    def compare(old: str, new: str, most: int = 100) -> tuple[int | None, ...]:
        found = tabular.compare("x.CSV", rows(old), rows(new), most)  # type: ignore[arg-type]
        assert found is not None
        return found.old_rows, found.new_rows, found.rows_added, found.rows_removed

    assert tabular.is_table("a/b.TSV")
    assert not tabular.is_table("a/b.parquet")
    assert compare("a\n1\n1\n2\n", "a\n2\n1\n3\n") == (3, 3, 1, 1)
    assert compare('a\n"x\ny"\n', 'a\n"x\ny"\n') == (1, 1, 0, 0)
    assert compare("", "a\n1\n") == (0, 1, 1, 0)
    assert compare("a\n1\n2\n3\n", "a\n1\n", most=2) == (3, 1, None, None)
    assert compare("a;b\n1;2\n\n", "a;b\n\n1;2\n3;4\n") == (1, 2, 1, 0)
    found = tabular.compare("x.csv", rows("a;b\n1;2\n"), rows("a;c\n1;2\n"))  # type: ignore[arg-type]
    assert found is not None
    assert (found.columns_added, found.columns_removed) == (["c"], ["b"])
    long_field = "a\n" + "x" * 200_000 + "\n"
    assert tabular.compare("x.csv", rows(long_field), rows("a\n")) is None  # type: ignore[arg-type]


def test_many_rows_are_never_sorted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def noting(values: Any) -> list[int]:
        sizes.append(len(values))
        return sorted(values)

    monkeypatch.setattr(tabular, "sorted", noting, raising=False)
    old = "a\n" + "".join(f"{number}\n" for number in range(50_000))
    new = "a\n" + "".join(f"{number}\n" for number in range(10, 50_030))
    found = tabular.compare("x.csv", iter([old.encode()]), iter([new.encode()]))
    assert found is not None
    assert (found.rows_removed, found.rows_added) == (10, 30)
    assert max(sizes) <= 20_000


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


def test_what_a_folder_of_many_files_is_called(services: Services) -> None:
    made = snap(services, **{PATH: FIRST})
    (use,) = services.snapshots.snapshot(made.id).manifest.files
    # more values than any database takes in one query
    others = [f"{number:064x}" for number in range(300_000)]
    assert services.data.names([*others, str(use.digest)]) == {use.digest: [PATH]}
    services.profiles.forget(others)
