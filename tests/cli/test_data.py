"""``jupyter mlops data`` and ``gc``, as a terminal sees them."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.objects.disk import OutputFile
from jupyter_mlops.snapshots.schemas import SnapshotMarks
from tests import notebooks
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services

    from .conftest import Command


@pytest.fixture
def snapshots(services: Services, folder: Path) -> list[str]:
    path = notebooks.write(folder / "a.ipynb", ["x = 1"])
    ids = []
    for text in ("a,b\n1,2\n", "a,c\n1,2\n3,4\n"):
        (folder / "raw.csv").write_text(text)
        access = FileAccess(path=str(folder / "raw.csv"), mode="read")
        ids.append(services.snapshots.create(path, kernel_state(files=[access]), author="ana").id)
    return ids


def test_versions(mlops: Command, folder: Path, snapshots: list[str]) -> None:
    assert "raw.csv" in mlops("data", "list").stdout
    (item,) = json.loads(mlops("data", "list", "--json").stdout)
    assert (item["path"], item["versions"]) == ("raw.csv", 2)
    assert mlops("data", "list", folder / "raw.csv").stdout.count("kept") == 2
    newest, oldest = json.loads(mlops("data", "list", "raw.csv", "--json").stdout)["items"]
    said = mlops("data", "get", "raw.csv", "old.csv", "--version", oldest["digest"][:10]).stdout
    assert said == f"raw.csv {oldest['digest'][:12]}, 8 bytes: written to old.csv\n"
    assert (folder / "old.csv").read_text() == "a,b\n1,2\n"
    assert mlops("data", "get", "raw.csv", "old.csv", code=1).stderr.count("exists") == 1

    assert mlops("data", "diff", "raw.csv").stdout.splitlines() == [
        "~ raw.csv  8 bytes → 12 bytes",
        "  rows 1 → 2; 1 new, 0 gone; column c added; column b removed",
        "0 added, 0 removed, 1 changed",
    ]
    found = json.loads(mlops("data", "diff", "--snapshots", *snapshots, "--json").stdout)
    assert (found["old"], found["changed"]) == (snapshots[0], 1)
    mlops("data", "diff", code=2)
    assert newest["kept"]


def test_a_version_by_snapshot_tag_and_name(
    mlops: Command, folder: Path, services: Services, snapshots: list[str]
) -> None:
    services.history.mark(snapshots[0], SnapshotMarks(tags=["v1"]), author="ana")
    for name in ("v1", snapshots[0], snapshots[0][:7]):
        assert mlops("data", "get", "raw.csv", "-", "--version", name).stdout == "a,b\n1,2\n"
    assert mlops("data", "get", "raw.csv", "-", "--version", "@latest").stdout == "a,c\n1,2\n3,4\n"
    (folder / "into").mkdir()
    mlops("data", "get", "raw.csv", "into")
    assert (folder / "into" / "raw.csv").read_text() == "a,c\n1,2\n3,4\n"
    assert "rows 1 → 2" in mlops("data", "diff", "raw.csv", "--old", "v1").stdout
    assert (
        "no version v2. A version is @latest"
        in mlops("data", "get", "raw.csv", "-", "--version", "v2", code=1).stderr
    )


def test_a_version_in_place(mlops: Command, folder: Path, snapshots: list[str]) -> None:
    (folder / "raw.csv").write_text("mine\n")
    said = mlops("data", "get", "raw.csv", "--in-place", "--version", snapshots[0]).stdout
    assert (folder / "raw.csv").read_text() == "a,b\n1,2\n"
    found = re.fullmatch(r"raw.csv \w{12}: in place of \w{12}, in the snapshot (\w{12})\n", said)
    assert found
    kept = found[1]
    mlops("data", "get", "raw.csv", "--in-place", "--version", kept)
    assert (folder / "raw.csv").read_text() == "mine\n"
    assert "nothing was replaced" in mlops("data", "get", "raw.csv", "--in-place").stdout
    assert "Give a TARGET" in mlops("data", "get", "raw.csv", code=2).stderr


def test_a_file_of_a_folder(mlops: Command, folder: Path, services: Services) -> None:
    path = notebooks.write(folder / "a.ipynb", ["x = 1"])
    parts = folder / "내 parts"
    (parts / "k=1").mkdir(parents=True)
    access = FileAccess(path=str(parts), mode="read", kind="folder")
    ids: list[str] = []
    for text in ("a\n1\n", "a\n1\n", "a\n1\n2\n"):
        (parts / "k=1" / "0.csv").write_text(text)
        (parts / "other").write_text(f"{len(ids)}")
        made = services.snapshots.create(path, kernel_state(files=[access]), author="ana")
        ids.append(made.id)
    name = "내 parts/k=1/0.csv"
    found = json.loads(mlops("data", "list", name, "--json").stdout)["items"]
    assert [(item["snapshots"], item["size"], item["kept"]) for item in found] == [
        (1, 6, True),
        (2, 4, True),
    ]
    assert mlops("data", "get", name, "-", "--version", ids[1]).stdout == "a\n1\n"
    assert "rows 1 → 2; 1 new, 0 gone" in mlops("data", "diff", name).stdout
    assert "No snapshot names" in mlops("data", "list", "내 parts/none", code=1).stderr
    assert "is a folder" in mlops("data", "get", "내 parts", "-", code=1).stderr
    erased = mlops("data", "erase", name, "--reason", "asked", "--yes")
    assert erased.stdout == "Erased 2 objects, 10 bytes.\n"
    assert f"Not erased: {name} in the project; what a.ipynb shows of it" in erased.stderr
    assert "erased on" in mlops("data", "list", name).stdout
    assert "erased on" in mlops("data", "get", name, "-", code=1).stderr


def test_the_data_below_a_folder(mlops: Command, folder: Path, services: Services) -> None:
    path = notebooks.write(folder / "a.ipynb", ["x = 1"])
    (folder / "data").mkdir()
    files = [folder / "data" / "a.csv", folder / "data" / "b.csv", folder / "data2.csv"]
    for file in files:
        file.write_text("a\n")
    accesses = [FileAccess(path=str(file), mode="read") for file in files]
    services.snapshots.create(path, kernel_state(files=accesses), author="ana")
    found = json.loads(mlops("data", "list", "data/", "--json").stdout)
    assert [item["path"] for item in found] == ["data/a.csv", "data/b.csv"]
    assert len(json.loads(mlops("data", "list", ".", "--json").stdout)) == 3


def test_a_narrow_terminal_cuts_nothing_off(
    mlops: Command, folder: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = notebooks.write(folder / "a.ipynb", ["x = 1"])
    long = folder / f"{'measured again ' * 5}.csv"
    long.write_text("a\n")
    access = FileAccess(path=str(long), mode="read")
    services.snapshots.create(path, kernel_state(files=[access]), author="ana")
    monkeypatch.setenv("COLUMNS", "60")
    said = mlops("data", "list").stdout
    assert "…" not in said
    assert "VERSIONS  SNAPSHOTS  LAST SEEN" in said
    assert "".join(line[:20] for line in said.splitlines()[1:]).replace(" ", "") == (
        long.name.replace(" ", "")
    )


def test_erasing(mlops: Command, folder: Path, snapshots: list[str]) -> None:
    assert mlops("data", "erasures").stderr == "Nothing was erased.\n"
    _, oldest = json.loads(mlops("data", "list", "raw.csv", "--json").stdout)["items"]
    wish = ("data", "erase", "raw.csv", "--version", oldest["digest"], "--reason", "asked")
    assert "1 version of raw.csv for good" in mlops(*wish, code=1, stdin="n\n").stderr
    assert json.loads(mlops(*wish, "--yes", "--json").stdout)["objects"] == 1
    (record,) = json.loads(mlops("data", "erasures", "--json").stdout)
    assert (record["object_id"], record["paths"], record["reason"]) == (
        oldest["digest"],
        ["raw.csv"],
        "asked",
    )
    assert "asked" in mlops("data", "erasures").stdout
    assert "erased on" in mlops("data", "list", "raw.csv").stdout
    said = mlops("data", "get", "raw.csv", "x", "--version", oldest["digest"], code=1).stderr
    assert "erased on" in said
    assert mlops("fsck").exit_code == 0


def test_erasing_a_folder_names_what_else_has_its_contents(
    mlops: Command, folder: Path, services: Services
) -> None:
    (folder / "parts").mkdir()
    for number in range(30):
        (folder / "parts" / f"{number}.csv").write_text(f"a,b\n{number},1\n")
    (folder / "alike.csv").write_text("a,b\n7,1\n")
    path = notebooks.write(folder / "a.ipynb", ["x = 1"])
    files = [
        FileAccess(path=str(folder / "parts"), mode="read", kind="folder"),
        FileAccess(path=str(folder / "alike.csv"), mode="read"),
    ]
    services.snapshots.create(path, kernel_state(files=files), author="ana")
    wish = ("data", "erase", "parts", "--reason", "asked")
    said = mlops(*wish, code=1, stdin="n\n").stderr
    assert "Erase 1 version of alike.csv, parts, parts/0.csv, " in said
    assert " and 12 more for good?" in said
    mlops(*wish, "--yes")
    assert "erased on" in mlops("data", "list", "alike.csv").stdout


def test_a_file_is_not_taken_for_another_whose_name_goes_on(
    mlops: Command, folder: Path, snapshots: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    assert "sub/raw" in mlops("data", "list", "raw", code=1).stderr


def test_old_data_is_let_go(
    mlops: Command, folder: Path, snapshots: list[str], services: Services
) -> None:
    with services.database.write() as connection:
        connection.exec_driver_sql("UPDATE objects SET used_at = 1")
    # it shares a pack with more that is needed: its bytes stay until most of the pack is dead
    assert mlops("gc", "--keep-data", "newest 1", "--dry-run").stdout.startswith("0 objects")
    assert "keep_data is" in mlops("gc", "--keep-data", "some", code=1).stderr
    (folder / ".mlops" / "config.toml").write_text('keep_data = "newest 1"\n')
    found = json.loads(mlops("gc", "--json").stdout)
    assert found["removed"]["objects"] == 0
    mlops("data", "get", "raw.csv", "new.csv")


def test_what_was_stored_in_a_hurry_is_compressed(
    mlops: Command, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OutputFile, "is_sooner", lambda *_: True)
    monkeypatch.setattr("jupyter_mlops.objects.places.RemotePlace.is_far", False)
    text = random.Random(1).randbytes(1_000_000).hex().encode()  # noqa: S311
    found = services.objects.put_bytes(text)
    with services.database.write() as connection:
        connection.exec_driver_sql("UPDATE objects SET created_at = 1")
    said = mlops("gc", "--compress", "--dry-run").stdout.splitlines()[-1]
    assert said.startswith("1 object, 2.0 MB: about 1.")
    assert said.endswith("kB less")
    done = json.loads(mlops("gc", "--compress", "--json").stdout)["compressed"]
    assert (done["objects"], done["size_bytes"], done["damaged"]) == (1, 2_000_000, 0)
    assert done["stored_bytes"] < 1_200_000
    assert services.objects.read(found) == text
    said = mlops("gc", "--compress").stdout.splitlines()[-1]
    assert said == "0 objects, 0 bytes: 0 bytes now, 0 bytes less"
    assert " now, " not in mlops("gc").stdout
