"""Restores in place: nothing is lost, and nothing is touched that need not be."""

from __future__ import annotations

import os
import threading
import time
import unicodedata
from typing import TYPE_CHECKING

import nbformat
import pytest

from jupyter_mlops.core.errors import ConflictError, InvalidStateError
from jupyter_mlops.core.locks import locked
from jupyter_mlops.kernels.schemas import FileAccess, LocalModule
from jupyter_mlops.objects import replacing
from jupyter_mlops.objects.manager import ObjectManager
from jupyter_mlops.restoring import in_place, names
from jupyter_mlops.restoring.schemas import RestoreRequest
from tests import notebooks
from tests.snapshots.test_manager import kernel_state, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.restoring.changes import Change
    from jupyter_mlops.restoring.schemas import Restored
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot

FILES = {"a.csv": "a", "parts/1 하나.csv": "1", "parts/2.csv": "2", "helper.py": "x = 1\n"}


@pytest.fixture
def root(services: Services) -> Path:
    """A project with data, a folder of data and a module."""
    root = services.project.root
    for path, text in FILES.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    notebooks.write(root / "train.ipynb", ["x = 1"])
    return root


def taken(services: Services, root: Path, folder: str = "parts") -> Snapshot:
    """Take a snapshot of all of it."""
    state = kernel_state(
        files=[
            FileAccess(path=str(root / "a.csv"), mode="read"),
            FileAccess(path=str(root / folder), mode="read", kind="folder"),
        ],
        modules=[LocalModule(name="helper", path=str(root / "helper.py"))],
    )
    return snap(services, root / "train.ipynb", state)


def restore(services: Services, snapshot: Snapshot) -> Restored:
    return services.restorer.restore(snapshot.id, RestoreRequest(in_place=True), None, author="me")


def content(root: Path) -> dict[str, str]:
    return {path: (root / path).read_text() for path in FILES}


def statuses(root: Path) -> dict[str, tuple[int, int]]:
    found = {path: (root / path).lstat() for path in [*FILES, "train.ipynb"]}
    return {path: (status.st_ino, status.st_mtime_ns) for path, status in found.items()}


def test_what_is_as_it_was_is_not_touched(services: Services, root: Path, tmp_path: Path) -> None:
    (elsewhere := tmp_path / "cache").write_text("2")
    (root / "parts/2.csv").unlink()
    (root / "parts/2.csv").symlink_to(elsewhere)
    snapshot = taken(services, root)
    before = statuses(root)
    restored = restore(services, snapshot)
    assert len(restored.files) == 4
    assert statuses(root) == before
    (root / "parts/1 하나.csv").write_text("other")
    restore(services, snapshot)
    changed = {path for path, found in statuses(root).items() if found != before[path]}
    assert (changed, content(root)) == ({"parts/1 하나.csv"}, FILES)


def test_a_notebook_that_was_renamed(services: Services, root: Path) -> None:
    snapshot = taken(services, root)
    was = (root / "train.ipynb").read_text()
    (root / "later").mkdir()
    moved = root / "later" / "better name.ipynb"
    (root / "train.ipynb").rename(moved)
    services.history.renamed(root / "train.ipynb", moved)
    notebooks.write(moved, ["x = 2"])
    (root / "a.csv").write_text("other")
    restored = restore(services, snapshot)
    assert restored.notebook_path == "later/better name.ipynb"
    assert (moved.read_text(), content(root)) == (was, FILES)
    assert not (root / "train.ipynb").exists()
    safety = services.snapshots.snapshot(restored.safety_snapshot_id or "")
    assert (safety.notebook_path, safety.parent_id) == ("later/better name.ipynb", snapshot.id)


def test_a_notebook_that_is_gone(services: Services, root: Path) -> None:
    snapshot = taken(services, root)
    was = (root / "train.ipynb").read_text()
    (root / "train.ipynb").unlink()
    assert restore(services, snapshot).safety_snapshot_id is None
    assert (root / "train.ipynb").read_text() == was
    (root / "train.ipynb").unlink()
    (root / "a.csv").write_text("other")
    with pytest.raises(InvalidStateError, match=r"train\.ipynb is not there any more"):
        restore(services, snapshot)
    assert (root / "a.csv").read_text() == "other"


def test_something_else_has_the_name_of_a_file(services: Services, root: Path) -> None:
    snapshot = taken(services, root)
    for path in ("a.csv", "parts/2.csv", "helper.py"):
        (root / path).unlink()
    (root / "a.csv").mkdir()
    os.mkfifo(root / "parts/2.csv")
    (root / "helper.py").symlink_to("nowhere.py")
    (root / "parts/1 하나.csv").write_text("other")
    restored = restore(services, snapshot)
    assert {one.path for one in restored.left_out} == {"a.csv", "parts/2.csv"}
    assert all("no file has its name" in one.reason for one in restored.left_out)
    assert (root / "a.csv").is_dir()
    assert (root / "parts/2.csv").is_fifo()
    assert (root / "parts/1 하나.csv").read_text() == "1"

    (root / "train.ipynb").unlink()
    (root / "train.ipynb").mkdir()
    with pytest.raises(InvalidStateError, match="Restore to a new folder"):
        restore(services, snapshot)


def test_a_file_where_a_folder_was(services: Services, root: Path) -> None:
    snapshot = taken(services, root)
    for path in (root / "parts").iterdir():
        path.unlink()
    (root / "parts").rmdir()
    (root / "parts").write_text("a file")
    assert [one.path for one in restore(services, snapshot).left_out] == ["parts"]
    assert (root / "parts").read_text() == "a file"


def test_a_link_in_a_folder_is_not_followed_out_of_it(
    services: Services, root: Path, tmp_path: Path
) -> None:
    (root / "parts/sub").mkdir()
    (root / "parts/sub/3.csv").write_text("3")
    snapshot = taken(services, root)
    (root / "parts/sub/3.csv").unlink()
    (root / "parts/sub").rmdir()
    (tmp_path / "victim").mkdir()
    (root / "parts/sub").symlink_to(tmp_path / "victim")
    (root / "parts/2.csv").write_text("other")
    assert [one.path for one in restore(services, snapshot).left_out] == ["parts/sub/3.csv"]
    assert os.listdir(tmp_path / "victim") == []
    assert (root / "parts/2.csv").read_text() == "2"


def test_a_folder_that_holds_the_notebook_and_its_module(services: Services, root: Path) -> None:
    notebook = notebooks.write(root / "parts/train.ipynb", ["x = 1"])
    (root / "parts/helper.py").write_text("x = 1\n")
    state = kernel_state(
        files=[FileAccess(path=str(root / "parts"), mode="read", kind="folder")],
        modules=[LocalModule(name="helper", path=str(root / "parts/helper.py"))],
    )
    snapshot = snap(services, notebook, state)
    before = {path.name: path.read_text() for path in (root / "parts").iterdir()}
    for path in (root / "parts").iterdir():
        path.write_text("other")
    notebooks.write(notebook, ["x = 2"])
    assert restore(services, snapshot).left_out == []
    assert {path.name: path.read_text() for path in (root / "parts").iterdir()} == before


def test_what_somebody_changes_meanwhile_stays(
    services: Services, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = taken(services, root)
    (root / "helper.py").write_text("other")
    (root / "a.csv").unlink()
    real = ObjectManager.checkout_file

    def late(self: ObjectManager, object_id: str, target: Path) -> None:
        (root / "a.csv").write_text("just typed")
        real(self, object_id, target)

    monkeypatch.setattr(ObjectManager, "checkout_file", late)
    with pytest.raises(ConflictError, match=r"a\.csv is being changed.*holds what was there"):
        restore(services, snapshot)
    assert (root / "a.csv").read_text() == "just typed"


def test_two_at_a_time(services: Services, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = taken(services, root)
    for path in FILES:
        (root / path).write_text("second")
    second = taken(services, root)
    for path in FILES:
        (root / path).write_text("other")
    begun, real = threading.Event(), in_place.InPlace._carry_out

    def slow(self: in_place.InPlace, change: Change) -> None:
        real(self, change)
        begun.set()
        time.sleep(0.1)  # long enough for another one to write all of it

    monkeypatch.setattr(in_place.InPlace, "_carry_out", slow)
    thread = threading.Thread(target=restore, args=(services, first))
    thread.start()
    assert begun.wait(60)
    restored = restore(services, second)
    thread.join()
    assert set(content(root).values()) == {"second"}
    restore(services, services.snapshots.snapshot(restored.safety_snapshot_id or ""))
    assert content(root) == FILES


def clashing(services: Services, root: Path) -> Snapshot:
    """Take a snapshot of files of which some have the same name on other disks."""
    (root / "A.csv").write_text("A")
    for name in ("Other.csv", "other.csv", "가.csv", unicodedata.normalize("NFD", "가.csv")):
        (root / "parts" / name).write_text(name)
    (root / "Train.ipynb").write_text("data")
    read = [FileAccess(path=str(root / name), mode="read") for name in ("A.csv", "Train.ipynb")]
    folder = FileAccess(path=str(root / "parts"), mode="read", kind="folder")
    data = FileAccess(path=str(root / "a.csv"), mode="read")
    return snap(services, root / "train.ipynb", kernel_state(files=[data, *read, folder]))


def test_a_disk_that_takes_two_names_for_one(services: Services, root: Path) -> None:
    snapshot = clashing(services, root)
    assert restore(services, snapshot).left_out == []
    (root / ".MLOPS").symlink_to(".mlops")
    left_out = {one.path: one.reason for one in restore(services, snapshot).left_out}
    nfd = unicodedata.normalize("NFD", "parts/가.csv")
    assert set(left_out) in [
        {data, "Train.ipynb", other, korean}
        for data in ("a.csv", "A.csv")
        for other in ("parts/other.csv", "parts/Other.csv")
        for korean in ("parts/가.csv", nfd)
    ]
    assert left_out["Train.ipynb"] == "This disk takes its name for that of train.ipynb."


def test_a_new_folder_on_such_a_disk(
    services: Services, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = clashing(services, root)
    monkeypatch.setattr(names, "is_blind", lambda folder: folder.name.startswith(".mlops-"))
    request = RestoreRequest(folder="x")
    restored = services.restorer.restore(snapshot.id, request, tmp_path / "x", author="me")
    found = [path.relative_to(tmp_path / "x") for path in (tmp_path / "x").rglob("*")]
    folded = {unicodedata.normalize("NFC", str(path)).casefold() for path in found}
    assert len(folded) == len(found) == 7
    assert len(restored.left_out) == 4
    assert nbformat.read(tmp_path / "x" / "train.ipynb", as_version=4)


def test_another_one_that_hangs_is_not_waited_for_for_ever(
    services: Services, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = taken(services, root)
    monkeypatch.setattr(replacing, "_LOCK_SECONDS", 0.1)
    with (
        locked(services.project.store / "in-place.lock"),
        pytest.raises(ConflictError, match="Another restore in place"),
    ):
        restore(services, snapshot)
    assert restore(services, snapshot).left_out == []
