"""Versions of data for those who look at them: who used one, what is there now, back in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from blake3 import blake3

from jupyter_mlops.core.errors import (
    ForbiddenPathError,
    InvalidInputError,
    InvalidStateError,
    NotFoundError,
)
from jupyter_mlops.kernels.schemas import FileAccess
from tests import notebooks
from tests.snapshots.test_manager import kernel_state

from .contents import FIRST, PATH, SECOND, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def digest(text: str) -> str:
    return blake3(text.encode()).hexdigest()


def test_who_used_a_version(services: Services) -> None:
    first = snap(services, **{PATH: FIRST})
    again = snap(services, **{PATH: FIRST})
    snap(services, **{PATH: SECOND})
    page = services.data.uses(PATH, digest(FIRST), limit=1)
    assert [use.snapshot_id for use in page.items] == [again.id]
    rest = services.data.uses(PATH, digest(FIRST), page_token=page.next_token)
    assert [use.snapshot_id for use in rest.items] == [first.id]
    (use,) = rest.items
    assert (use.run_id, use.path, use.modes) == (first.run_id, PATH, ["read"])
    assert rest.next_token is None
    services.history.delete(again.id)
    assert len(services.data.uses(PATH, digest(FIRST)).items) == 1
    with pytest.raises(NotFoundError, match="no version"):
        services.data.uses(PATH, digest("never"))


def test_what_is_there_now(services: Services) -> None:
    snap(services, **{PATH: FIRST})
    file = services.project.root / PATH
    for content in (FIRST, SECOND):
        file.write_text(content)
        present = services.data.versions_now(PATH).present
        assert present is not None
        assert (present.exists, present.digest) == (True, digest(content))
    file.unlink()
    present = services.data.versions_now(PATH).present
    assert present is not None
    assert (present.exists, present.digest) == (False, None)


def test_a_file_of_a_folder(services: Services) -> None:
    root = services.project.root
    path = notebooks.write(root / "train.ipynb", ["x = 1"])
    (root / "parts").mkdir()
    for text in (FIRST, SECOND):
        (root / "parts" / "0.csv").write_text(text)
        access = FileAccess(path=str(root / "parts"), mode="read", kind="folder")
        taken = services.snapshots.create(path, kernel_state(files=[access]), author="ana")
    name = "parts/0.csv"
    (use,) = services.data.uses(name, None).items
    assert (use.snapshot_id, use.path) == (taken.id, "parts")
    found = services.data.profile(name, digest(SECOND))
    assert (found.rows, [column.name for column in found.columns]) == (3, ["id", "city", "age"])
    services.data.put_in_place(name, digest(FIRST), author="ana")
    assert (root / name).read_text() == FIRST
    with pytest.raises(InvalidInputError, match="is a folder"):
        services.data.put_in_place("parts", None, author="ana")


def test_a_version_in_place_of_one_that_is_kept(services: Services) -> None:
    snap(services, **{PATH: FIRST})
    snap(services, **{PATH: SECOND})
    before = len(services.snapshots.snapshots().items)
    copy = services.data.put_in_place(PATH, digest(FIRST), author="ana")
    assert (copy.target, copy.digest) == (PATH, digest(FIRST))
    assert (copy.replaced, copy.safety_snapshot_id) == (digest(SECOND), None)
    assert (services.project.root / PATH).read_text() == FIRST
    assert services.data.put_in_place(PATH, digest(FIRST), author="ana").replaced is None
    assert len(services.snapshots.snapshots().items) == before


def test_what_no_snapshot_has_is_kept_first_and_comes_back(services: Services) -> None:
    snap(services, **{PATH: FIRST})
    file = services.project.root / PATH
    file.write_text(SECOND)
    copy = services.data.put_in_place(PATH, None, author="ana")
    assert file.read_text() == FIRST
    assert copy.replaced == digest(SECOND)
    assert copy.safety_snapshot_id is not None
    assert services.snapshots.snapshot(copy.safety_snapshot_id).origin == "safety"
    services.data.put_in_place(PATH, copy.replaced, author="ana")
    assert file.read_text() == SECOND


def test_a_file_that_is_gone_comes_back(services: Services) -> None:
    snap(services, **{PATH: FIRST})
    (services.project.root / PATH).unlink()
    (services.project.root / "train.ipynb").unlink()
    copy = services.data.put_in_place(PATH, None, author="ana")
    assert (copy.replaced, (services.project.root / PATH).read_text()) == (None, FIRST)


def test_what_nothing_can_keep_stays(services: Services) -> None:
    snap(services, **{PATH: FIRST})
    root = services.project.root
    (root / PATH).write_text(SECOND)
    (root / "train.ipynb").unlink()
    with pytest.raises(InvalidStateError, match="no notebook that used it"):
        services.data.put_in_place(PATH, None, author="ana")
    assert (root / PATH).read_text() == SECOND


def test_what_is_too_large_to_keep_stays(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    snap(services, **{PATH: FIRST})
    (services.project.root / PATH).write_text(SECOND)
    monkeypatch.setattr(services.snapshots, "keep_limit", 3)
    with pytest.raises(InvalidStateError, match="too large"):
        services.data.put_in_place(PATH, None, author="ana")
    assert (services.project.root / PATH).read_text() == SECOND


def test_nothing_outside_of_the_project_is_replaced(services: Services, tmp_path: Path) -> None:
    root = services.project.root
    path = notebooks.write(root / "train.ipynb", ["x = 1"])
    outside = tmp_path / "elsewhere.csv"
    outside.write_text(FIRST)
    access = FileAccess(path=str(outside), mode="read")
    services.snapshots.create(path, kernel_state(files=[access]), author="ana")
    (name,) = [item.path for item in services.data.data().items]
    outside.write_text(SECOND)
    with pytest.raises(ForbiddenPathError):
        services.data.put_in_place(name, None, author="ana")
    assert outside.read_text() == SECOND


def test_a_link_is_left_alone(services: Services) -> None:
    snap(services, **{PATH: FIRST})
    root = services.project.root
    (root / PATH).rename(root / "real.csv")
    (root / PATH).symlink_to("real.csv")
    (root / "real.csv").write_text(SECOND)
    with pytest.raises(InvalidInputError, match="a link"):
        services.data.put_in_place(PATH, None, author="ana")
    assert (root / "real.csv").read_text() == SECOND
