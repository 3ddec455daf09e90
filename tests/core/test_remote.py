from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import InvalidInputError, NotFoundError, StoreUnavailableError
from jupyter_mlops.core.remote import RemoteEntry, RemoteFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.s3 import S3Server


@pytest.fixture
def folder(s3: S3Server) -> RemoteFolder:
    return RemoteFolder(s3.make())


def test_files_go_in_and_come_out(folder: RemoteFolder, tmp_path: Path) -> None:
    source = tmp_path / "source"
    content = bytes(range(256)) * 50_000
    source.write_bytes(content)
    for name in ("a/b 한글", "a/c/d", "e"):
        folder.put(source, name)
    with folder.open("a/b 한글") as file:
        assert file.read(10) == content[:10]
        assert file.read() == content[10:]
    assert folder.read("e", 1000, 300) == content[1000:1300]
    assert (folder.size("e"), folder.size("a"), folder.size("x")) == (len(content), None, None)
    assert folder.list() == [RemoteEntry("a", None), RemoteEntry("e", len(content))]
    assert [entry.name for entry in folder.list("a")] == ["b 한글", "c"]
    assert folder.list("e") == folder.list("x") == []
    (tmp_path / "copy").mkdir()
    folder.download("a", tmp_path / "copy")
    assert (tmp_path / "copy" / "c" / "d").read_bytes() == content
    folder.delete("a")
    folder.delete("a")
    assert folder.list() == [RemoteEntry("e", len(content))]


def test_what_others_write_is_seen(s3: S3Server, folder: RemoteFolder) -> None:
    assert folder.list() == []
    s3.put(folder.url, "new", b"1")
    assert folder.list() == [RemoteEntry("new", 1)]
    s3.put(folder.url, "new", b"22")
    assert folder.size("new") == 2


def test_what_is_not_there(folder: RemoteFolder) -> None:
    with pytest.raises(NotFoundError):
        folder.open("x")
    with pytest.raises(NotFoundError):
        folder.read("x", 0, 1)


@pytest.mark.usefixtures("s3")
def test_a_bucket_that_is_not_there(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    folder = RemoteFolder("s3://no-such-bucket/x")
    with pytest.raises((NotFoundError, StoreUnavailableError), match="s3://no-such-bucket/x"):
        folder.put(source, "a")


@pytest.mark.parametrize(
    "url",
    ["", "s3://", "s3://B/x", "file:///etc", "/etc", "http://h/b", "s3://key:secret@bucket/x"],
)
def test_other_urls_are_refused_and_never_shown(url: str) -> None:
    with pytest.raises(InvalidInputError, match="s3://bucket/prefix") as caught:
        RemoteFolder(url)
    assert "secret" not in str(caught.value)


def test_the_client_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(StoreUnavailableError, match=r"pip install 'jupyter-mlops\[s3\]'"):
        RemoteFolder("s3://bucket")
