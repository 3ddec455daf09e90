"""Settings of a store, and a database that knows its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jupyter_mlops.core.errors import InvalidInputError, StoreUnavailableError
from jupyter_mlops.core.opening import open_database, places
from jupyter_mlops.core.project import Project
from jupyter_mlops.core.settings import StoreSettings, read_settings, variable
from tests.databases import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.databases import PostgreSQLServer

pytestmark = pytest.mark.skipif(SHARED, reason="makes stores of its own")


@pytest.fixture
def url(postgresql: PostgreSQLServer) -> Iterator[str]:
    made = postgresql.make()
    yield made
    postgresql.drop(made)


def made(folder: Path, text: str = "") -> Project:
    (folder / ".mlops").mkdir(parents=True, exist_ok=True)
    (folder / ".mlops" / "config.toml").write_text(text, encoding="utf-8")
    return Project(folder.resolve())


def opened(project: Project) -> str:
    database = open_database(project)
    with database.read() as connection:
        place: str = connection.execute(sa.select(places.c.place)).scalar_one()
    database.close()
    return place


@pytest.mark.usefixtures("profiles")
def test_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = made(tmp_path, 'database_url = "postgresql://a/b"\nstorage_url = "s3://c/d"\n')
    assert project.settings == StoreSettings("postgresql://a/b", "s3://c/d")
    monkeypatch.setenv("MLOPS_DATABASE_URL", "postgresql://e/f")
    monkeypatch.setenv("MLOPS_STORAGE_URL", "")
    assert project.settings == StoreSettings("postgresql://e/f", "s3://c/d")
    assert read_settings(tmp_path / "nothing") == StoreSettings("postgresql://e/f", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("database_url", "cannot be read"),
        (
            "database = 'x'",
            "have database; there are database_url, keep_automatic, keep_data, "
            "openlineage_url, profiles, storage_url",
        ),
        ("database_url = 1", "have database_url; .* each a text"),
    ],
)
def test_settings_that_are_none(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(StoreUnavailableError, match=said):
        open_database(made(tmp_path, text))


def test_a_store_moves_with_its_folder(tmp_path: Path) -> None:
    assert opened(made(tmp_path / "a")) == "here"
    (tmp_path / "a").rename(tmp_path / "b")
    assert opened(made(tmp_path / "b")) == "here"


def test_files_that_moved_without_their_rows(tmp_path: Path) -> None:
    opened(made(tmp_path))
    with pytest.raises(StoreUnavailableError, match="same storage_url"):
        open_database(made(tmp_path, 'storage_url = "s3://bucket/x"'))
    assert opened(made(tmp_path)) == "here"


def test_servers_share_rows_only_with_their_files(tmp_path: Path, url: str) -> None:
    text = f'database_url = "{url}"\n'
    first, second = made(tmp_path / "a", text), made(tmp_path / "b", text)
    assert opened(first) == opened(first) == first.store_id()
    with pytest.raises(StoreUnavailableError, match=r"belongs to the files in .*/a/\.mlops;"):
        open_database(second)


def test_servers_share_rows_and_a_bucket(tmp_path: Path, url: str) -> None:
    text = f'database_url = "{url}"\nstorage_url = "s3://bucket/x'
    assert opened(made(tmp_path / "a", f'{text}"')) == "s3://bucket/x"
    assert opened(made(tmp_path / "b", f'{text}/"')) == "s3://bucket/x"
    with pytest.raises(StoreUnavailableError, match="same storage_url"):
        open_database(made(tmp_path / "c", f'{text}y"'))


def test_keys_in_a_url_are_neither_kept_nor_shown(tmp_path: Path) -> None:
    project = made(tmp_path, 'storage_url = "s3://key:secret@bucket/x"')
    with pytest.raises(InvalidInputError, match="without keys") as caught:
        open_database(project)
    assert "secret" not in str(caught.value)
    assert opened(made(tmp_path, "")) == "here"


def test_a_wrong_url_is_said_before_anything_is_written(tmp_path: Path) -> None:
    project = made(tmp_path, 'database_url = "mysql://u:secret@h/d"')
    with pytest.raises(InvalidInputError, match="none of PostgreSQL"):
        open_database(project)
    assert not (tmp_path / ".mlops" / "mlops.db").exists()
    assert variable("database_url") == "MLOPS_DATABASE_URL"
