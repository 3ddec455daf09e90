"""Folders of a user: what changed in them is read, and nothing leads out of them."""

from __future__ import annotations

import json
import os
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_mlops.core.errors import (
    ForbiddenPathError,
    InvalidInputError,
    NotFoundError,
)
from jupyter_mlops.objects import documents, lines, trees
from jupyter_mlops.objects.lines import Pieces

from .conftest import age

if TYPE_CHECKING:
    from jupyter_mlops.core.database import Database
    from jupyter_mlops.objects.manager import ObjectManager


def test_links_inside_a_folder_are_followed_and_others_refused(
    objects: ObjectManager, tmp_path: Path
) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "secret"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a").write_text("a")
    (folder / "link").symlink_to("sub/a")
    (folder / "sub link").symlink_to("sub")
    tree = objects.tree(objects.put_tree(folder).object_id)
    assert [entry.path for entry in tree.entries] == ["link", "sub link/a", "sub/a"]

    outside.write_text("secret")
    (folder / "escape").symlink_to(outside)
    with pytest.raises(ForbiddenPathError, match="escape"):
        objects.put_tree(folder)
    (folder / "escape").unlink()
    (folder / "escape").symlink_to("nowhere")
    with pytest.raises(NotFoundError, match="escape"):
        objects.put_tree(folder)
    (folder / "escape").unlink()
    (folder / "sub" / "up").symlink_to(folder)
    with pytest.raises(InvalidInputError, match="circle"):
        objects.put_tree(folder)


def test_a_folder_of_too_many_files_is_refused(objects: ObjectManager, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for number in range(4):
        (folder / "sub" / str(number)).write_text("x")
    with objects.batch() as batch:
        assert batch.add_tree(folder, most=4).count == 4
        with pytest.raises(InvalidInputError, match="more than 3 files"):
            batch.add_tree(folder, most=3)


def test_a_folder_is_looked_at_by_all_that_shows_a_change(
    objects: ObjectManager, tmp_path: Path, opened: list[Path]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b", "한글"):
        (folder / name).write_text(name)
        age(folder / name)
    first = objects.put_tree(folder)
    assert len(opened) == 3
    assert objects.put_tree(folder) == first
    assert len(opened) == 3
    (folder / "b").rename(folder / "c")
    assert objects.put_tree(folder).object_id != first.object_id
    (folder / "c").rename(folder / "b")
    assert objects.put_tree(folder) == first
    (folder / "a").chmod(0o755)
    assert objects.put_tree(folder).object_id != first.object_id
    (folder / "a").unlink()
    assert objects.put_tree(folder).count == 2
    (folder / "a").write_text("a")
    assert objects.put_tree(folder) == first
    with objects.batch() as batch:
        assert batch.add_tree(folder, limit=4).kept is False


def test_one_row_knows_all_files_of_a_folder(
    objects: ObjectManager, database: Database, tmp_path: Path, opened: list[Path]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b", "한글"):
        (folder / name).write_text(name)
        age(folder / name)
    first = objects.put_tree(folder)
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM stat_cache")
    opened.clear()
    (folder / "b").write_text("changed")
    age(folder / "b")
    (folder / "new").write_text("it may change within the clock's grain")
    second = objects.put_tree(folder)
    assert opened == [folder / "b", folder / "new"]
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM stat_cache")
    opened.clear()
    assert objects.put_tree(folder) == second
    with objects.batch() as batch:
        assert batch.add_tree(folder, limit=-1).object_id == second.object_id
    assert opened == [folder / "new", folder / "new"]
    before = {entry.path: entry.object_id for entry in objects.tree(first.object_id).entries}
    after = {entry.path: entry.object_id for entry in objects.tree(second.object_id).entries}
    assert {name for name in after if before.get(name) != after[name]} == {"b", "new"}


def test_a_folder_is_asked_as_a_whole_what_of_it_is_unread(
    objects: ObjectManager, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "folder 한글"
    (folder / "sub").mkdir(parents=True)
    for name in ("a", "sub/b", "sub/c"):
        (folder / name).write_text(name)
        age(folder / name)

    def unread() -> int:
        return objects.unread_bytes(folder, trees.list_files(folder))

    assert unread() == len("a" + "sub/b" + "sub/c")
    objects.put_tree(folder)
    assert unread() == 0
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM stat_cache")
    assert unread() == 0
    (folder / "sub/c").unlink()
    (folder / "sub/b").write_text("changed")
    age(folder / "sub/b")
    (folder / "new").write_text("new")
    assert unread() == len("changed" + "new")
    with objects.batch() as batch:
        batch.add_file(folder / "sub/b", keep=False)
    assert unread() == len("new")
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM folder_cache")
    assert unread() == len("a" + "new")


def test_of_a_folder_of_which_parts_are_asked_for_no_file_is_read_twice(
    objects: ObjectManager, tmp_path: Path, opened: list[Path]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / name).write_text(name)
        age(folder / name)
    for names in ("ab", "bc", "ab"):
        with objects.batch() as batch:
            files = [(name, (folder / name).stat()) for name in names]
            batch.add_tree(folder, files=files, whole=False)
    assert opened == [folder / "a", folder / "b", folder / "c"]


def test_a_folder_whose_document_is_damaged_is_read_again(
    objects: ObjectManager, database: Database, tmp_path: Path, opened: list[Path]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / name).write_text(name)
        age(folder / name)
    objects.put_tree(folder)
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM stat_cache")
    (pack,) = (tmp_path / "objects").rglob("*.pack")
    pack.chmod(0o600)
    pack.write_bytes(bytes(pack.stat().st_size))
    opened.clear()
    (folder / "b").write_text("changed")
    tree = objects.tree(objects.put_tree(folder).object_id)
    assert [entry.path for entry in tree.entries] == ["a", "b"]
    assert opened == [folder / "a", folder / "b"]


_NAMES = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1)


@given(st.dictionaries(_NAMES, st.booleans()))
def test_lines_of_a_folder_come_back(names: dict[str, bool]) -> None:
    status = os.stat(__file__)
    listing = trees.listed(Path("/data"), [(name, status) for name in names])
    fresh = [number for number, name in enumerate(sorted(names)) if names[name]]
    kept = lines.without(listing.lines(), fresh)
    lengths = array("I", range(len(names)))
    unpacked, lengths_unpacked = lines.unpack(lines.pack(kept, lengths))
    assert list(unpacked) == list(kept)
    assert [number for number, line in enumerate(unpacked) if not line] == fresh
    assert lengths_unpacked == lengths
    found = [listing.found(line) for line in listing.lines()]
    assert [file.path for file in found] == [f"/data/{name}" for name in sorted(names)]
    assert len(lines.unpack((3).to_bytes(8, "little") + b"as once")[0]) == 0


@given(st.dictionaries(_NAMES | st.sampled_from("abc"), st.sampled_from(["", *"abcdefg"])))
@example({f"{number:03}": "abcdefg"[number % 97 % 7] for number in range(1000)})
def test_lines_are_compared_with_those_before(names: dict[str, str]) -> None:
    # what has become of each file: (device then, device now), None where it is not there
    fates: dict[str, tuple[int | str | None, int | None]]
    fates = {"a": (1, None), "b": (None, 1), "c": (1, 2), "d": ("", 1)}
    then: list[bytes] = []
    now: list[bytes] = []
    for name in sorted(names):
        was, is_now = fates.get(names[name], (1, 1))
        if was is not None:
            then.append(_line(name, was) if isinstance(was, int) else b"")
        if is_now is not None:
            now.append(_line(name, is_now))
    runs = list(lines.compare(Pieces.of(now), Pieces.of(then)))
    assert [number for run in runs for number in range(run.begin, run.end)] == list(range(len(now)))
    for begin, end, was in runs:
        if was is None:
            assert not set(now[begin:end]) & set(then)
        else:
            assert now[begin:end] == then[was : was + end - begin]


_TIMES = {"st_mtime_ns": 1, "st_ctime_ns": 2}


def _line(name: str, device: int) -> bytes:
    return lines.line_of(name, os.stat_result((0o100644, 7, device, 1, 0, 0, 10, 0, 0, 0), _TIMES))


@given(
    st.lists(
        st.tuples(
            _NAMES | st.sampled_from(['},{"executable":', 'a"},{"executable":true', "\\"]),
            st.binary(min_size=32, max_size=32).map(bytes.hex),
            st.integers(0, 1 << 62),
            st.booleans(),
        )
    )
)
def test_a_document_is_the_sum_of_its_entries(files: list[tuple[str, str, int, bool]]) -> None:
    entries = [
        documents.entry(path, digest, size, executable=executable)
        for path, digest, size, executable in files
    ]
    document = documents.encode(entries)
    lengths = documents.lengths_of(entries)
    found = documents.entries_of(document, lengths)
    assert list(found or []) == entries
    middle = len(entries) // 2
    if found and middle:
        halves = [found.part(0, middle), found.part(middle, len(entries))]
        assert documents.encode(halves) == document
    assert documents.entries_of(document + b" ", lengths) is None
    said = [
        {"executable": executable, "object_id": digest, "path": path, "size": size}
        for path, digest, size, executable in files
    ]
    assert document == orjson.dumps({"entries": said, "kind": "tree", "version": 1})


def test_a_folder_that_holds_the_store_is_refused(objects: ObjectManager, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="store itself"):
        objects.put_tree(tmp_path)


def test_checkout_refuses_paths_that_escape(objects: ObjectManager, tmp_path: Path) -> None:
    blob = objects.put_bytes(b"evil")
    bad = ["../out", "/tmp/out", "a/../../out", "..", ".", "a//b", "a/./b", "a\0b", "a/"]  # noqa: S108
    for name in bad:
        entry = {"path": name, "object_id": blob, "size": 4, "executable": False}
        document = {"kind": "tree", "version": 1, "entries": [entry]}
        tree = objects.put_bytes(json.dumps(document).encode())
        with pytest.raises(ForbiddenPathError):
            objects.checkout_tree(tree, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()
    assert not (tmp_path / "out").exists()


def test_checkout_does_not_follow_a_link_out_of_the_target(
    objects: ObjectManager, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "file").write_text("new")
    tree = objects.put_tree(source).object_id
    target, outside = tmp_path / "target", tmp_path / "outside"
    target.mkdir()
    outside.mkdir()
    (target / "sub").symlink_to(outside)
    with pytest.raises(ForbiddenPathError):
        objects.checkout_tree(tree, target)
    assert not list(outside.iterdir())


def test_checkout_into_a_used_folder_keeps_the_rest(objects: ObjectManager, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (source / "a").write_text("new")
    (target / "a").write_text("old")
    (target / "b").write_text("mine")
    objects.checkout_tree(objects.put_tree(source).object_id, target)
    assert {path.name: path.read_text() for path in target.iterdir()} == {"a": "new", "b": "mine"}


def test_two_threads_check_out_the_same_folder(objects: ObjectManager, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    for number in range(50):
        (source / str(number)).write_text(str(number))
    tree = objects.put_tree(source).object_id
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: objects.checkout_tree(tree, target), range(4)))
    assert objects.put_tree(target).object_id == tree
