"""Erasing data: everywhere at once, with a record, and again where it failed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from blake3 import blake3

from jupyter_mlops import upkeep
from jupyter_mlops.core import sqlite
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import NotFoundError, StoreUnavailableError
from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.restoring.schemas import RestoreRequest
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.tables import data_profiles
from tests import notebooks
from tests.databases import SHARED
from tests.snapshots.test_manager import kernel_state

from .contents import FIRST, HOUR, PATH, long, snap

if TYPE_CHECKING:
    from pathlib import Path


def test_erased_data(services: Services, tmp_path: Path) -> None:
    taken = snap(services, **{PATH: long(1), "same.csv": long(1)})
    other = snap(services, **{PATH: long(2)})
    digest = services.data.versions(PATH).items[1].digest
    with pytest.raises(NotFoundError, match="no such content"):
        upkeep.erase(services, ["0" * 64], author="ana", reason="test")
    removed = upkeep.erase(services, [digest], author="ana", reason="asked by a customer")
    assert removed.objects == 1
    (record,) = services.objects.erasures()
    assert (record.object_id, record.paths) == (digest, [PATH, "same.csv"])
    said = "by ana: asked by a customer"
    for use in services.snapshots.snapshot(taken.id).manifest.files:
        assert use.object_id is None
        assert (use.digest, (use.note or "").endswith(said)) == (digest, True)
    assert services.snapshots.snapshot(other.id).manifest.files[0].object_id is not None
    version = services.data.versions(PATH).items[1]
    assert (version.kept, (version.note or "").endswith(said)) == (False, True)
    with pytest.raises(NotFoundError, match="asked by a customer"):
        services.data.get(PATH, digest, tmp_path / "out.csv")
    assert upkeep.inspect(services, lambda _: None).problems == []
    request = RestoreRequest(folder="restored")
    folder = services.project.root / "restored"
    restored = services.restorer.restore(taken.id, request, folder, author="ana")
    assert {out.path for out in restored.left_out} == {PATH, "same.csv"}
    assert all("Erased on" in out.reason for out in restored.left_out)


def erasing_fails(services: Services, monkeypatch: pytest.MonkeyPatch, calls: int) -> bool:
    """Erase all versions of ``parts`` on a place that removes nothing after some calls."""
    place = services.objects._place
    real, left = type(place).delete, calls

    def failing(self: Any, name: str, before_ms: int) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            raise StoreUnavailableError("It cannot be written.")
        return real(self, name, before_ms)

    digests = [item.digest for item in services.data.versions("parts").items]
    with monkeypatch.context() as patched:
        patched.setattr(type(place), "delete", failing)
        try:
            upkeep.erase(services, digests, author="ana", reason="asked")
        except StoreUnavailableError:
            return True
    return False


def test_a_folder_whose_erasure_fails_is_erased_the_next_time(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = services.project.root / "parts"
    folder.mkdir()
    contents = [long(1), long(2), "x" * 10 + long(3) * 60]
    for number, content in enumerate(contents):
        (folder / f"{number}.csv").write_text(content)
    path = services.project.root / "train.ipynb"
    notebooks.write(path, ["x = 1"])
    for calls in range(9):
        access = FileAccess(path=str(folder), mode="read", kind="folder")
        services.snapshots.create(path, kernel_state(files=[access]), author="ana")
        failed = erasing_fails(services, monkeypatch, calls)
        (version,) = services.data.versions("parts").items
        if services.objects.leftovers(now_ms() + HOUR):  # they may be of others, being so young
            with pytest.raises(StoreUnavailableError, match="again in an hour"):
                upkeep.erase(services, [version.digest], author="ana", reason="asked")
        monkeypatch.setattr(upkeep, "HOUR_MS", -HOUR)
        upkeep.erase(services, [version.digest], author="ana", reason="asked")
        ids = set(services.objects.ids())
        assert not ids & {blake3(content.encode()).hexdigest() for content in contents}
        assert services.objects.leftovers(now_ms() + HOUR) == []
        monkeypatch.undo()
        if not failed:
            assert calls > 1
            return
    pytest.fail("it fails for ever")


def test_no_profile_stays_of_what_is_erased_meanwhile(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = snap(services, **{PATH: FIRST})
    digest = str(services.snapshots.snapshot(made.id).manifest.files[0].digest)
    run = services.profiles._run

    def erase_meanwhile(*asked: Any) -> Any:
        answer = run(*asked)
        upkeep.erase(services, [digest], author="ana", reason="asked by a customer")
        return answer

    monkeypatch.setattr(services.profiles, "_run", erase_meanwhile)
    with pytest.raises(NotFoundError, match="asked by a customer"):
        services.profiles.profile(made.id, 0)
    assert services.profiles._stored(digest) is None


def test_no_file_has_anything_of_what_was_erased(services: Services) -> None:
    root = services.project.root
    made = snap(services, **{PATH: "city,n\n" + "Marker,1\nMarker,2\n" * 50})
    assert services.profiles.profile(made.id, 0).columns[0].top
    store = services.project.store
    if not SHARED:  # as a migration leaves one
        backup = store / "mlops.0001.backup.db"
        rows = store / "mlops.db"
        with closing(sqlite3.connect(rows)) as source, closing(sqlite3.connect(backup)) as copy:
            source.backup(copy)
        with closing(sqlite3.connect(store / "mlops.0000.backup.db")) as empty:
            empty.execute("CREATE TABLE other (id)")
        assert b"Marker" in backup.read_bytes()
    (use,) = services.snapshots.snapshot(made.id).manifest.files
    with closing(Services(Project(root), root)) as other:  # another server, say
        assert other.snapshots.snapshots().items
        upkeep.erase(services, [str(use.digest)], author="ana", reason="asked")
        files = [path for path in store.rglob("*") if path.is_file()]
        assert [path for path in files if b"Marker" in path.read_bytes()] == []
        assert all(b"Marker" not in other.objects.read(key) for key in other.objects.ids())


@pytest.mark.skipif(SHARED, reason="SQLite's log")
def test_what_others_still_read_is_erased_once_more(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 0.1)
    made = snap(services, **{PATH: FIRST})
    services.profiles.profile(made.id, 0)
    (use,) = services.snapshots.snapshot(made.id).manifest.files
    with services.database.read() as reading:
        reading.execute(sa.select(data_profiles)).all()
        with pytest.raises(StoreUnavailableError, match="read by others"):
            upkeep.erase(services, [str(use.digest)], author="ana", reason="asked")
    upkeep.erase(services, [str(use.digest)], author="ana", reason="asked")
    assert services.objects.erased([str(use.digest)])
    assert not (services.project.store / "mlops.db-wal").stat().st_size
