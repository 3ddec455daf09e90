from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops import upkeep
from jupyter_mlops.core.errors import (
    ConflictError,
    ForbiddenPathError,
    InvalidStateError,
    NotFoundError,
    StoreUnavailableError,
)
from jupyter_mlops.kernels.schemas import FileAccess, LocalModule
from jupyter_mlops.objects.manager import ObjectManager
from jupyter_mlops.restoring.plan import place
from jupyter_mlops.restoring.schemas import RestoreRequest
from jupyter_mlops.services import Services
from tests import notebooks
from tests.snapshots.test_manager import kernel_state, snap

if TYPE_CHECKING:
    from jupyter_mlops.core.project import Project
    from jupyter_mlops.restoring.schemas import Restored
    from jupyter_mlops.snapshots.schemas import Snapshot

SOURCES = ["import helper", "open('../자료/in put.csv')"]


class Experiment:
    """A notebook in a folder, with a module, data beside, above and outside, and an output."""

    def __init__(self, services: Services, outside: Path) -> None:
        root = services.project.root
        self.services = services
        self.root = root
        self.path = root / "sub" / "train 1.ipynb"
        self.files = {
            "sub/helper.py": "x = 1\n",
            "자료/in put.csv": "a\n1\n",
            "sub/out/model.bin": "weights",
            ".env": "KEY=hunter2hunter2\n",
        }
        for path, text in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        notebooks.write(self.path, SOURCES)
        self.outside = outside
        outside.write_text("from elsewhere")

    def snap(self, **changes: Any) -> Snapshot:
        names = [("자료/in put.csv", "read"), (".env", "read"), ("sub/out/model.bin", "write")]
        files = [FileAccess(path=str(self.root / path), mode=mode) for path, mode in names]
        state = kernel_state(
            files=[*files, FileAccess(path=str(self.outside), mode="read")],
            modules=[LocalModule(name="helper", path=str(self.root / "sub/helper.py"))],
            **changes,
        )
        return snap(self.services, self.path, state)

    def restore(self, snapshot: Snapshot, folder: Path | None, **options: Any) -> Restored:
        request = RestoreRequest(
            folder=str(folder) if folder else None, in_place=folder is None, **options
        )
        return self.services.restorer.restore(snapshot.id[:12], request, folder, author="me")


@pytest.fixture
def experiment(services: Services, tmp_path: Path) -> Experiment:
    return Experiment(services, tmp_path / "elsewhere.txt")


def listing(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_new_folder_holds_the_experiment_as_it_was(
    experiment: Experiment, tmp_path: Path
) -> None:
    before = experiment.path.read_text()
    taken = experiment.snap()
    for path in [*experiment.files, "sub/train 1.ipynb"]:
        (experiment.root / path).unlink()
    target = tmp_path / "some where" / "복원"
    restored = experiment.restore(taken, target)
    outside = f"outside-project{experiment.outside}"
    assert listing(target) == {
        "sub/train 1.ipynb": before,
        "sub/helper.py": "x = 1\n",
        "자료/in put.csv": "a\n1\n",
        outside: "from elsewhere",
    }
    assert (target / "sub/out").is_dir()  # which the notebook may not make
    assert restored.notebook_path == str(target / "sub/train 1.ipynb")
    assert {(file.path, file.kind) for file in restored.files} == {
        ("sub/train 1.ipynb", "notebook"),
        ("sub/helper.py", "module"),
        ("자료/in put.csv", "input"),
        (outside, "input"),
    }
    (secret,) = restored.left_out
    assert secret.path == ".env"
    assert "secrets" in secret.reason
    assert "BLAKE3" in secret.advice  # it is not there any more
    assert os.listdir(target.parent) == ["복원"]


def test_data_and_outputs_are_a_choice(experiment: Experiment, tmp_path: Path) -> None:
    taken = experiment.snap()
    experiment.restore(taken, tmp_path / "bare", data=False)
    assert set(listing(tmp_path / "bare")) == {"sub/train 1.ipynb", "sub/helper.py"}
    full = experiment.restore(taken, tmp_path / "full", outputs=True)
    assert listing(tmp_path / "full")["sub/out/model.bin"] == "weights"
    (secret,) = full.left_out
    assert secret.advice == f"It is unchanged where it was: copy it from {experiment.root}/.env."


def test_a_large_folder_is_taken_from_where_it_is_while_it_is_the_same(
    project: Project, tmp_path: Path
) -> None:
    parts = project.root / "parts"
    parts.mkdir(parents=True)
    for number in range(3):
        (parts / f"{number}.csv").write_text("123456")
    path = notebooks.write(project.root / "a.ipynb", ["1"])
    services = Services(project, project.root, keep_limit=10)
    read = [FileAccess(path=str(part), mode="read") for part in sorted(parts.iterdir())]
    folder = FileAccess(path=str(parts), kind="folder", mode="read")
    taken = services.snapshots.create(path, kernel_state(files=[folder, *read]), author="me")
    manifest = services.snapshots.snapshot(taken.id).manifest
    (use,) = manifest.files
    assert (use.kind, use.object_id) == ("folder", None)
    (scratch := tmp_path / "scratch").mkdir()
    assert services.restorer.scratch(manifest, scratch) == []
    assert listing(scratch / "parts") == {f"{number}.csv": "123456" for number in range(3)}
    assert (scratch / "parts").is_symlink()
    writes = use.model_copy(update={"mode": "write", "path": "parts/1.csv", "kind": "file"})
    (apart := tmp_path / "apart").mkdir()
    both = manifest.model_copy(update={"files": [use, writes]})
    assert services.restorer.scratch(both, apart) == []
    (apart / "parts" / "1.csv").write_text("of a rerun")
    assert (parts / "1.csv").read_text() == "123456"
    (parts / "1.csv").write_text("654321")
    (again := tmp_path / "again").mkdir()
    (missing,) = services.restorer.scratch(manifest, again)
    assert (missing.path, missing.reason.startswith("Larger")) == ("parts", True)
    services.close()


def test_nothing_is_overwritten(experiment: Experiment, tmp_path: Path) -> None:
    taken = experiment.snap()
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("mine")
    with pytest.raises(ConflictError, match="not empty"):
        experiment.restore(taken, full)
    with pytest.raises(ConflictError, match="no folder"):
        experiment.restore(taken, full / "mine")
    with pytest.raises(ForbiddenPathError, match="part of the store"):
        experiment.restore(taken, experiment.root / ".mlops/x")
    assert listing(full) == {"mine": "mine"}
    (empty := tmp_path / "empty").mkdir()
    experiment.restore(taken, empty)
    assert (empty / "sub/train 1.ipynb").exists()


def test_a_failure_half_way_leaves_nothing(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = experiment.snap()
    checkout = ObjectManager.checkout_file

    def full(self: ObjectManager, object_id: str, target: Path) -> None:
        if target.name == "train 1.ipynb":
            raise StoreUnavailableError("The disk is full.")
        checkout(self, object_id, target)

    monkeypatch.setattr(ObjectManager, "checkout_file", full)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreUnavailableError, match="full"):
        experiment.restore(taken, tmp_path / "a/b")
    assert sorted(tmp_path.iterdir()) == before


def test_in_place_keeps_what_it_replaces(experiment: Experiment) -> None:
    taken = experiment.snap()
    as_it_was = listing_of_project(experiment)
    changed = {"sub/helper.py": "x = 2\n", "자료/in put.csv": "a\n2\n"}
    for path, text in changed.items():
        (experiment.root / path).write_text(text)
    notebooks.write(experiment.path, ["# other"])
    before = listing_of_project(experiment)
    restored = experiment.restore(taken, None)
    assert listing_of_project(experiment) == as_it_was
    assert experiment.outside.read_text() == "from elsewhere"
    assert str(experiment.outside) in {left.path for left in restored.left_out}

    assert restored.safety_snapshot_id
    safety = experiment.services.snapshots.snapshot(restored.safety_snapshot_id)
    assert (safety.origin, safety.author) == ("safety", "me")
    assert taken.id[:12] in (safety.message or "")
    experiment.restore(safety, None)
    assert listing_of_project(experiment) == before


def listing_of_project(experiment: Experiment) -> dict[str, str]:
    return {path: (experiment.root / path).read_text() for path in experiment.files} | {
        "notebook": experiment.path.read_text()
    }


def test_a_failure_in_place_names_the_safety_snapshot(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = experiment.snap()
    (experiment.root / "sub/helper.py").write_text("x = 2\n")

    def full(*_: object) -> None:
        raise StoreUnavailableError("The disk is full.")

    monkeypatch.setattr(ObjectManager, "checkout_file", full)
    with pytest.raises(StoreUnavailableError) as raised:
        experiment.restore(taken, None)
    safety_id = raised.value.details["safety_snapshot_id"]
    assert safety_id[:12] in raised.value.message
    manifest = experiment.services.snapshots.snapshot(safety_id).manifest
    assert "sub/helper.py" in {use.path for use in manifest.files}


def test_in_place_never_loses_a_secret(experiment: Experiment) -> None:
    taken = experiment.snap()
    notebooks.write(experiment.path, ["api_key = 'abcdefgh12345678'"])
    with_secret = experiment.path.read_text()
    with pytest.raises(InvalidStateError, match="does not keep it whole"):
        experiment.restore(taken, None)
    masked = experiment.snap()
    with pytest.raises(InvalidStateError, match="were masked"):
        experiment.restore(masked, None)
    assert experiment.path.read_text() == with_secret


def test_in_place_does_not_follow_links_out_of_the_project(
    experiment: Experiment, tmp_path: Path
) -> None:
    taken = experiment.snap()
    (experiment.root / "자료/in put.csv").unlink()
    (experiment.root / "자료").rmdir()
    (tmp_path / "victim").mkdir()
    (experiment.root / "자료").symlink_to(tmp_path / "victim")
    restored = experiment.restore(taken, None)
    assert "자료/in put.csv" in {left.path for left in restored.left_out}
    assert list((tmp_path / "victim").iterdir()) == []


def test_masked_places_are_named(experiment: Experiment, tmp_path: Path) -> None:
    notebooks.write(experiment.path, ["api_key = 'abcdefgh12345678'"])
    restored = experiment.restore(experiment.snap(), tmp_path / "x")
    assert restored.masked == ["notebook"]


def test_an_unknown_snapshot(experiment: Experiment, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        experiment.services.restorer.restore(
            "f" * 64, RestoreRequest(folder="x"), tmp_path / "x", author="me"
        )


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("a/b.csv", "a/b.csv"),
        ("/data/b.csv", "outside-project/data/b.csv"),
        ("../b.csv", None),
        ("a/../../b", None),
        (".mlops/mlops.db", None),
        ("/x/.mlops/config.toml", None),
        ("/", None),
        ("", None),
        (".", None),
        ("a\0b", None),
    ],
)
def test_where_paths_go(origin: str, expected: str | None) -> None:
    placed = place(origin)
    assert (None if placed is None else str(placed)) == expected


@given(st.text(alphabet=st.sampled_from("./a\0\\ 한"), max_size=12))
def test_no_path_escapes(origin: str) -> None:
    placed = place(origin)
    if placed is not None:
        assert not placed.is_absolute()
        assert ".." not in placed.parts
        assert placed != PurePosixPath(".")


def many(experiment: Experiment) -> Snapshot:
    """Take a snapshot that reads a folder."""
    for number in range(3):
        path = experiment.root / f"parts/하나 {number}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(number))
    reads = FileAccess(path=str(experiment.root / "parts"), kind="folder", mode="read")
    return snap(experiment.services, experiment.path, kernel_state(files=[reads]))


def erase(experiment: Experiment, text: str) -> None:
    digest = blake3(text.encode()).hexdigest()
    upkeep.erase(experiment.services, [digest], author="ana", reason="a customer asked")


def test_a_folder_of_which_a_file_was_erased(experiment: Experiment, tmp_path: Path) -> None:
    taken = many(experiment)
    erase(experiment, "1")
    parts = experiment.root / "parts"
    restored = experiment.restore(taken, tmp_path / "new")
    (out,) = restored.left_out
    assert (out.path, out.erased) == ("parts/하나 1.csv", True)
    assert out.reason.endswith("by ana: a customer asked.")
    assert out.advice == f"It is unchanged where it was: copy it from {parts / '하나 1.csv'}."
    rest = {"하나 0.csv": "0", "하나 2.csv": "2"}
    assert listing(tmp_path / "new/parts") == rest

    for path in parts.iterdir():
        path.write_text("other")
    restored = experiment.restore(taken, None)
    assert [out.advice for out in restored.left_out] == ["That cannot be undone."]
    assert listing(parts) == rest | {"하나 1.csv": "other"}
    assert experiment.services.objects.missing([str(restored.safety_snapshot_id)]) == set()
