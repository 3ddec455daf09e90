"""Erasing data: everywhere at once, with a record, and again where it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from blake3 import blake3

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import NotFoundError, StoreUnavailableError
from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.restoring.schemas import RestoreRequest
from tests import notebooks
from tests.snapshots.test_manager import kernel_state

from .contents import FIRST, HOUR, PATH, long, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


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
