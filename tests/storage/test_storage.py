"""What a store lets go and erases, told before and done when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from jupyter_mlops.core.clock import DAY_MS, now_ms
from jupyter_mlops.core.errors import InvalidInputError, NotFoundError
from jupyter_mlops.storage import manager
from jupyter_mlops.storage.schemas import ErasureRequest
from tests.data.contents import PATH, long, snap

if TYPE_CHECKING:
    from jupyter_mlops.services import Services


def test_what_would_go_by_a_rule_goes(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    snap(services, **{PATH: long(1)})
    snap(services, **{PATH: long(2)})
    later = now_ms() + 2 * DAY_MS
    for module in ("storage.manager", "history.manager", "upkeep"):
        monkeypatch.setattr(f"jupyter_mlops.{module}.now_ms", lambda: later)
    kept = manager.would_go(services, None, author="ana")
    assert (kept.keep_data, kept.set_rule, kept.would_go.data) == ("off", "off", [])
    found = manager.would_go(services, "newest 1", author="ana")
    assert found.keep_data == "newest 1"
    (data,) = found.would_go.data
    assert data.paths == [PATH]
    assert services.data.versions(PATH).items[1].kept  # it was only asked
    gone = manager.let_go(services, "newest 1", author="ana")
    assert (gone.data, gone.removed.objects) == ([data], found.would_go.removed.objects)
    newest, oldest = services.data.versions(PATH).items
    assert (newest.kept, oldest.kept) == (True, False)
    assert (oldest.note or "").endswith("no longer kept by the rule newest 1")


def test_what_is_young_stays(services: Services) -> None:
    snap(services, **{PATH: long(1)})
    snap(services, **{PATH: long(2)})
    assert manager.would_go(services, "newest 1", author="ana").would_go.removed.objects == 0
    manager.let_go(services, "newest 1", author="ana")
    assert all(item.kept for item in services.data.versions(PATH).items)


def test_a_wrong_rule_is_told(services: Services) -> None:
    with pytest.raises(InvalidInputError, match="newest 10, 90d"):
        manager.would_go(services, "newest ten", author="ana")


def test_an_erasure_is_told_before_and_recorded_after(services: Services) -> None:
    snap(services, **{PATH: long(1), "same.csv": long(1)})
    snap(services, **{PATH: long(2)})
    oldest = services.data.versions(PATH).items[1]
    found = manager.erasable(services, PATH, oldest.digest[:10])
    assert (found.versions, found.size_bytes) == (1, oldest.size)
    assert (found.paths, found.path_count) == (sorted([PATH, "same.csv"]), 2)
    assert (found.in_project, found.notebooks, found.notebook_count) == (True, ["train.ipynb"], 1)
    assert manager.erasures(services).count == 0
    done = manager.erase_data(services, PATH, oldest.digest, author="ana", reason="asked")
    assert (done.objects, done.erasable) == (1, found)
    (record,) = manager.erasures(services).items
    assert (record.object_id, record.author, record.reason) == (oldest.digest, "ana", "asked")
    assert services.data.versions(PATH).items[0].kept
    everything = manager.erasable(services, PATH, None)
    assert everything.versions == 1
    manager.erase_data(services, PATH, None, author="ana", reason="all of it")
    assert manager.erasures(services).count == 2
    with pytest.raises(NotFoundError):
        manager.erasable(services, "none.csv", None)


def test_an_erasure_needs_a_reason() -> None:
    with pytest.raises(ValidationError, match="say why"):
        ErasureRequest(path=PATH, reason="  ")
