"""Fixtures that every room's tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.database import Database
from jupyter_mlops.core.project import Project
from jupyter_mlops.core.settings import variable
from jupyter_mlops.objects.manager import ObjectManager
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots import code, locks
from tests.databases import SHARED, PostgreSQLServer, postgresql_server, where
from tests.disks import mounted
from tests.s3 import S3Server, s3_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQLServer]:
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def s3_process() -> Iterator[S3Server]:
    yield from s3_server()


@pytest.fixture
def s3(s3_process: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """S3, with the environment in which every client finds it."""
    for name, value in s3_process.environment.items():
        monkeypatch.setenv(name, value)
    return s3_process


@pytest.fixture(autouse=SHARED)
def shared_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the rows of the test's store in PostgreSQL and its files in S3."""
    server: PostgreSQLServer = request.getfixturevalue("postgresql")
    s3: S3Server = request.getfixturevalue("s3")
    url = server.make()
    monkeypatch.setenv(variable("database_url"), url)
    monkeypatch.setenv(variable("storage_url"), s3.make())
    yield
    server.drop(url)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for git and uv longer than a user would."""
    for module in (code, locks):
        monkeypatch.setattr(module, "_SECONDS", 60)


@pytest.fixture(autouse=True)
def few_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make no profiles of tables but where a test is about them: each takes a process."""
    monkeypatch.setenv(variable("profiles"), "off")


@pytest.fixture
def profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make profiles of tables by themselves, as it comes."""
    monkeypatch.delenv(variable("profiles"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is soon full."""
    with mounted(tmp_path / "disk") as folder:
        yield folder


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(where(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def objects(tmp_path: Path, database: Database) -> ObjectManager:
    return ObjectManager(tmp_path / "objects", database)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project((tmp_path / "my project 한글").resolve())


@pytest.fixture
def services(project: Project) -> Iterator[Services]:
    project.root.mkdir(exist_ok=True)
    made = Services(project, project.root)
    yield made
    made.close()
