from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops.core.errors import (
    ForbiddenPathError,
    InvalidInputError,
    MLOpsError,
    NotFoundError,
    StoreUnavailableError,
)
from jupyter_mlops.core.remote import RemoteFolder
from jupyter_mlops.tracking.artifacts import ArtifactStore, FileInfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.s3 import S3Server

UNSAFE = [
    "../x", "a/../../x", "/etc/passwd", "..", ".", "a/./b", "a\\..\\x", "C:/x", "a\x00b",
    "%2e%2e/x", "%252e%252e/x", "a/%2e%2e%2fx", "..%2fx", "%5c..%5cx", ".uploads/x", "\nx",
]  # fmt: skip


@pytest.fixture(params=["local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ArtifactStore:
    if request.param == "local":
        return ArtifactStore(tmp_path / "files")
    s3: S3Server = request.getfixturevalue("s3")
    return ArtifactStore(tmp_path / "files", RemoteFolder(s3.make()))


@pytest.fixture
def local(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "files")


def put(store: ArtifactStore, path: str, content: bytes = b"x") -> None:
    with store.writing(path) as file:
        file.write(content)


def read(store: ArtifactStore, path: str) -> bytes:
    size, blocks = store.read(path)
    content = b"".join(blocks)
    assert len(content) == size
    return content


def test_files_come_back(store: ArtifactStore) -> None:
    for path in ("0/r/artifacts/한 글.txt", "0/r/artifacts/plots/a b.png", "0/r/empty", "x%41y"):
        put(store, path, path.encode())
        assert read(store, path) == path.encode()
    assert store.list("0/r") == [
        FileInfo("0/r/artifacts", True, None),
        FileInfo("0/r/empty", False, 9),
    ]
    assert [item.path for item in store.list("0/r/artifacts/")] == [
        "0/r/artifacts/plots",
        "0/r/artifacts/한 글.txt",
    ]
    assert store.list("nothing") == store.list("0/r/empty") == []
    assert [item.path for item in store.list("")] == ["0", "x%41y"]


def test_a_write_that_fails_leaves_what_was_there(store: ArtifactStore, tmp_path: Path) -> None:
    put(store, "a", b"old")
    with pytest.raises(TypeError), store.writing("a") as file:
        file.write("no bytes")  # type: ignore[call-overload]
    assert read(store, "a") == b"old"
    assert [item.path for item in store.list("")] == ["a"]
    assert list((tmp_path / "files" / ".uploads").iterdir()) == []


def test_what_stands_in_the_way_is_said(store: ArtifactStore) -> None:
    put(store, "a/b")
    for path in ("a", ""):
        with pytest.raises(InvalidInputError):
            put(store, path)
    with pytest.raises(InvalidInputError, match="255 bytes"):
        put(store, "x" * 256)
    with pytest.raises(NotFoundError):
        store.read("a")


def test_a_file_is_no_folder(local: ArtifactStore) -> None:
    put(local, "a/b")
    with pytest.raises(InvalidInputError, match="a file stands where a folder would have to be"):
        put(local, "a/b/c")


def test_a_local_copy_of_a_folder(store: ArtifactStore) -> None:
    for path in ("m/MLmodel", "m/한글/a b.pkl"):
        put(store, path, path.encode())
    with store.folder("m") as folder:
        assert folder is not None
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.pkl")}
        assert found == {"한글/a b.pkl"}
        assert (folder / "MLmodel").read_bytes() == b"m/MLmodel"
    with store.folder("nothing") as none:
        assert none is None


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises((InvalidInputError, StoreUnavailableError)):
        put(ArtifactStore(tmp_path / "file" / "deeper"), "a")


def test_deleting(store: ArtifactStore) -> None:
    put(store, "a/b")
    put(store, "a/c")
    store.delete("a/b")
    store.delete("a/b")
    assert [item.path for item in store.list("a")] == ["a/c"]
    store.delete("a")
    assert store.list("") == []
    with pytest.raises(InvalidInputError):
        store.delete("")


@pytest.mark.parametrize("path", UNSAFE)
def test_no_path_leads_out(store: ArtifactStore, path: str) -> None:
    for what in (store.read, store.list, store.delete, lambda p: store.begin_upload(p, 1)):
        with pytest.raises(ForbiddenPathError):
            what(path)
    with pytest.raises(ForbiddenPathError):
        put(store, path)


def test_no_link_leads_out(local: ArtifactStore, tmp_path: Path) -> None:
    store = local
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("s")
    put(store, "a/b")
    (tmp_path / "files" / "a" / "link").symlink_to(outside)
    for what in (lambda: store.read("a/link/secret"), lambda: put(store, "a/link/new")):
        with pytest.raises(ForbiddenPathError):
            what()
    assert [item.path for item in store.list("a")] == ["a/b"]
    assert [path.name for path in outside.iterdir()] == ["secret"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    path=st.lists(
        st.sampled_from(["..", ".", "/", "\\", "%2e", "%2f", "a", "한", "\x00", "~", "C:", " "])
        | st.text(max_size=5)
    ).map("".join)
)
def test_whatever_the_path_nothing_outside_is_touched(
    local: ArtifactStore, tmp_path: Path, path: str
) -> None:
    store = local
    for what in (
        lambda: put(store, path),
        lambda: store.read(path),
        lambda: store.list(path),
        lambda: store.delete(path),
    ):
        try:
            what()
        except MLOpsError:
            continue
    assert {entry.name for entry in tmp_path.iterdir()} <= {"files"}


def test_an_upload_in_parts(store: ArtifactStore, tmp_path: Path) -> None:
    parts = [b"one", b"two", b"three"]
    upload = store.begin_upload("a/whole", 3)
    for number in (3, 1, 2):
        with store.writing_part(upload, number) as file:
            file.write(parts[number - 1])
    etags = [
        (number, hashlib.md5(part, usedforsecurity=False).hexdigest())
        for number, part in enumerate(parts, 1)
    ]
    with pytest.raises(InvalidInputError, match="Part 2 of the upload is damaged"):
        store.end_upload(upload, "a/whole", [etags[0], (2, "0" * 32), etags[2]])
    with pytest.raises(InvalidInputError, match="Part 4 of the upload is missing"):
        store.end_upload(upload, "a/whole", [*etags, (4, "0" * 32)])
    assert store.list("a") == []
    store.end_upload(upload, "a/whole", etags)
    assert read(store, "a/whole") == b"onetwothree"
    assert list((tmp_path / "files" / ".uploads").iterdir()) == []
    with pytest.raises(NotFoundError):
        store.end_upload(upload, "a/whole", etags)


def test_an_upload_that_is_aborted(store: ArtifactStore, tmp_path: Path) -> None:
    upload = store.begin_upload("a", 2)
    with pytest.raises(TypeError), store.writing_part(upload, 1) as file:
        file.write("no bytes")  # type: ignore[call-overload]
    assert list((tmp_path / "files" / ".uploads" / upload).iterdir()) == []
    store.abort_upload(upload)
    for unknown in (upload, "../../x", ""):
        with pytest.raises(NotFoundError):
            store.abort_upload(unknown)
    for parts in (0, 10_001):
        with pytest.raises(InvalidInputError):
            store.begin_upload("a", parts)
