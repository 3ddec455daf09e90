"""Profiles are made once for a content, from what the snapshot kept."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import h5py
import pytest
import sqlalchemy as sa
import zstandard

from jupyter_mlops.core.errors import InvalidInputError, NotFoundError
from jupyter_mlops.data.profiles import ProfileManager
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.tables import data_profiles
from jupyter_mlops.upkeep import erase
from tests import notebooks
from tests.environments import bare_environment
from tests.snapshots.test_manager import SOURCES, kernel_state, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.snapshots.schemas import FileUse, Snapshot


@pytest.fixture
def table(services: Services) -> Path:
    path = services.project.root / "customers 고객.csv"
    path.write_text("age,api_key\n31,geheim1\n44,geheim2\n")
    return path


def take(services: Services, *paths: Path, executable: str = sys.executable) -> Snapshot:
    notebook = notebooks.write(services.project.root / "a.ipynb", SOURCES)
    environment = kernel_state().environment.model_copy(update={"executable": executable})
    files = [FileAccess(path=str(path), mode="read") for path in paths]
    return snap(services, notebook, kernel_state(files=files, environment=environment))


def kept(services: Services) -> int:
    with services.database.read() as connection:
        return len(connection.execute(sa.select(data_profiles.c.digest)).all())


def test_the_snapshots_content_whatever_became_of_the_file(services: Services, table: Path) -> None:
    made = take(services, table)
    table.write_text("other\n")
    found = services.profiles.profile(made.id, 0)
    assert (found.rows, [column.name for column in found.columns]) == (2, ["age", "api_key"])
    assert found.columns[0].quantiles == [31, 34.25, 37.5, 40.75, 44]
    assert all("geheim" not in top.value for top in found.columns[1].top)
    assert list(services.project.staging.iterdir()) == []


def test_made_once(services: Services, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = services.profiles.profile(take(services, table).id, 0)
    monkeypatch.setattr(ProfileManager, "_run", None)
    assert services.profiles.profile(take(services, table).id, 0) == first


@pytest.mark.usefixtures("profiles")
def test_in_the_background(services: Services, table: Path) -> None:
    made = take(services, table, services.project.root / "a.ipynb")
    services.profiles.prepare(made.id)
    services.profiles._background.submit(threading.Event().is_set).result(60)
    assert kept(services) == 1


def test_what_a_snapshot_lacks(
    services: Services, table: Path, request: pytest.FixtureRequest
) -> None:
    made = services.snapshots.snapshot(take(services, table, services.project.root / "a.ipynb").id)
    assert not services.profiles.lacks(made.manifest)  # none is made by itself
    services.profiles.prepare(made.id)
    services.profiles._background.submit(threading.Event().is_set).result(60)
    assert kept(services) == 0
    request.getfixturevalue("profiles")
    assert services.profiles.lacks(made.manifest)
    services.profiles.complete(made.id)
    assert (kept(services), services.profiles.lacks(made.manifest)) == (1, False)


def test_what_is_erased_has_no_profile(services: Services, table: Path) -> None:
    made = take(services, table)
    digest = services.profiles.profile(made.id, 0).digest
    erase(services, [digest], author="kim", reason="asked for")
    assert kept(services) == 0


def test_what_the_notebooks_interpreter_lacks_the_servers_may_have(
    services: Services, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = table.with_name("customers.csv.zst")
    packed.write_bytes(zstandard.compress(table.read_bytes()))
    python = str(bare_environment())
    made = take(services, packed, executable=python)
    asked = []
    run = services.profiles._run

    def noting(python: str, path: Path, use: FileUse) -> dict[str, Any]:
        asked.append(python)
        return run(python, path, use)

    monkeypatch.setattr(services.profiles, "_run", noting)
    assert services.profiles.profile(made.id, 0).rows == 2
    assert asked == [python, sys.executable]


def test_an_interpreter_that_does_not_start(
    services: Services, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = table.with_name("python")
    broken.write_text("no program")
    broken.chmod(0o755)
    made = take(services, table, executable=str(broken))
    assert services.profiles.profile(made.id, 0).rows == 2  # by the server's own

    table.write_text("age\n1\n")
    made = take(services, table, executable=str(broken))
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(broken))
        with pytest.raises(InvalidInputError, match=r"no profile. .*python does not start: Exec"):
            services.profiles.profile(made.id, 0)
    assert services.profiles.profile(made.id, 0).rows == 1


def test_of_an_hdf5_file_its_longest_table(services: Services, table: Path) -> None:
    path = table.with_name("측정 1.h5")
    with h5py.File(path, "w") as file:
        file["train"], file["test"] = [1.5, 2.5, 3.5], [1.0]
    found = services.profiles.profile(take(services, path).id, 0)
    assert (found.rows, [column.mean for column in found.columns]) == (3, [2.5])
    assert found.note == "train. The file also holds test."


def test_two_at_once_make_one(services: Services, table: Path) -> None:
    made = take(services, table)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(services.profiles.profile(made.id, 0)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert kept(services) == 1


def test_of_what_was_not_kept_only_while_it_is_the_same(services: Services, table: Path) -> None:
    limited = Services(services.project, services.project.root, keep_limit=1)
    made = take(limited, table)
    table.write_text("age\n1\n")
    with pytest.raises(NotFoundError, match="not kept"):
        limited.profiles.profile(made.id, 0)
    limited.close()


def test_of_a_large_file_in_its_place(
    services: Services, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_mlops.data.profiles._LARGEST", 1)
    monkeypatch.setattr("jupyter_mlops.objects.files._RACY_NS", 0)
    made = take(services, table)
    run = services.profiles._run

    def change(python: str, path: Path, use: FileUse) -> dict[str, Any]:
        assert path == table
        answer = run(python, path, use)
        table.write_text("age\n1\n")
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(services.profiles, "_run", change)
        with pytest.raises(NotFoundError, match="too large for a copy"):
            services.profiles.profile(made.id, 0)
    assert kept(services) == 0
    assert services.profiles.profile(take(services, table).id, 0).rows == 1


def test_what_has_none(services: Services, table: Path) -> None:
    broken = table.with_name("b.parquet")
    broken.write_text("no parquet")
    model = table.with_name("m.pkl")
    model.write_text("x")
    made = take(services, broken, model)
    with pytest.raises(InvalidInputError, match="cannot be read as a table"):
        services.profiles.profile(made.id, 0)
    with pytest.raises(InvalidInputError, match="no table"):
        services.profiles.profile(made.id, 1)
    with pytest.raises(NotFoundError):
        services.profiles.profile(made.id, 2)
    assert kept(services) == 0


def test_a_process_that_takes_too_long_or_dies(services: Services, table: Path) -> None:
    table.write_text("age,name\n" + "31,a name\n" * 300_000)
    made = take(services, table)
    parts = (services.project, services.database, services.objects, services.snapshots)
    slow, poor = ProfileManager(*parts, seconds=0.01), ProfileManager(*parts, memory=1)
    with pytest.raises(InvalidInputError, match="too long"):
        slow.profile(made.id, 0)
    with pytest.raises(InvalidInputError):
        poor.profile(made.id, 0)
    slow.close()
    poor.close()
    assert kept(services) == 0


@pytest.mark.usefixtures("profiles")
def test_closing_ends_what_is_being_made(services: Services, table: Path) -> None:
    made = take(services, table)
    services.profiles.prepare(made.id)
    services.profiles.close()
    services.profiles.prepare(made.id)  # as by a request that was under way
