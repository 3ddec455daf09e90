"""Objects in S3: the same as in a folder, and damage there is noticed too."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.core.remote import RemoteFolder
from jupyter_mlops.objects.manager import ObjectManager

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.core.database import Database
    from tests.s3 import S3Server

SIZES = (0, 1, 1000, 1_048_575, 1_048_576, 9_000_000)


@pytest.fixture
def url(s3: S3Server) -> str:
    return s3.make()


@pytest.fixture
def remote(url: str, tmp_path: Path, database: Database) -> ObjectManager:
    return ObjectManager(tmp_path / "objects", database, RemoteFolder(url))


def test_a_folder_comes_back(
    remote: ObjectManager, s3: S3Server, url: str, tmp_path: Path, database: Database
) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    for size in SIZES:
        # half of it shrinks
        content = random.Random(size).randbytes(size)  # noqa: S311
        (folder / "deep" / f"{size} 한글").write_bytes(content if size % 2 else b"ab" * (size // 2))
    stored = remote.put_tree(folder)
    assert list((tmp_path / "objects").iterdir()) == []
    assert sum(key.startswith("objects/packs/") for key in s3.keys(url)) == 1
    # another machine, with the same database
    other = ObjectManager(tmp_path / "other", database, RemoteFolder(url))
    other.checkout_tree(stored.object_id, tmp_path / "out")
    for size in SIZES:
        name = f"deep/{size} 한글"
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()
    assert other.put_tree(tmp_path / "out") == stored


@pytest.mark.parametrize("size", [1000, 2_000_000])
def test_damage_is_noticed(
    remote: ObjectManager, s3: S3Server, url: str, size: int, tmp_path: Path
) -> None:
    object_id = remote.put_bytes(random.Random(size).randbytes(size))  # noqa: S311
    (key,) = s3.keys(url)
    body = bytearray(s3.client().get_object(Bucket="mlops-test", Key=_key(url, key))["Body"].read())
    body[-5] ^= 1
    s3.put(url, key, bytes(body))
    with pytest.raises(StoreUnavailableError, match="damaged"):
        remote.checkout_file(object_id, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    s3.client().delete_object(Bucket="mlops-test", Key=_key(url, key))
    with pytest.raises(StoreUnavailableError, match="damaged or missing"):
        remote.read(object_id)


def test_what_cannot_be_uploaded_is_not_indexed(
    tmp_path: Path, database: Database, s3: S3Server
) -> None:
    assert s3.keys("s3://mlops-test/none") == []
    gone = ObjectManager(tmp_path / "objects", database, RemoteFolder("s3://no-such-bucket"))
    with pytest.raises(StoreUnavailableError, match="s3://no-such-bucket"):
        gone.put_bytes(b"x")
    assert list((tmp_path / "objects").iterdir()) == []
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM objects").scalar_one() == 0


def _key(url: str, key: str) -> str:
    return f"{url.removeprefix('s3://mlops-test/')}/{key}"
