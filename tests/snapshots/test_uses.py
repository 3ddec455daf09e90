"""Which files are one input together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.kernels.schemas import FileAccess
from jupyter_mlops.snapshots.uses import MANY, group

ROOT = Path("/home/kim/project")


def read(path: str, **more: Any) -> FileAccess:
    return FileAccess(path=str(ROOT / path), mode="read", **more)


def test_a_few_files_stay_files() -> None:
    uses = group([read(f"data/{n}.csv") for n in range(MANY)], ROOT)
    assert [use.kind for use in uses] == ["file"] * MANY


def test_many_files_of_a_folder_are_one_input_with_these_files() -> None:
    accesses = [read(f"data/{n}.csv", cell_ids=["a", f"c{n}"]) for n in range(MANY + 1)]
    (use,) = group([*accesses, *accesses], ROOT)
    assert (use.kind, use.path, len(use.names or ())) == ("folder", str(ROOT / "data"), MANY + 1)
    assert len(use.cell_ids) == MANY + 2


def test_many_folders_of_few_files_are_one_input() -> None:
    accesses = [read(f"images/class {n}/{k}.png") for n in range(100) for k in range(5)]
    (use,) = group(accesses, ROOT)
    assert (use.path, len(use.names or ())) == (str(ROOT / "images"), 500)


def test_the_folders_of_a_split_stay_apart() -> None:
    accesses = [read(f"data/{part}/{n}.png") for part in ("test", "train") for n in range(99)]
    assert [Path(use.path).name for use in group(accesses, ROOT)] == ["test", "train"]


def test_the_project_is_no_input() -> None:
    uses = group([read(f"{n}.csv") for n in range(99)], ROOT)
    assert {use.kind for use in uses} == {"file"}
    outside = [FileAccess(path=f"/home/kim/{n}.csv", mode="read") for n in range(99)]
    assert {use.kind for use in group(outside, ROOT)} == {"file"}


def test_a_named_folder_takes_its_files() -> None:
    uses = group(
        [
            read("part", kind="folder", reader="pyarrow.dataset"),
            read("part/a/0.parquet", cell_ids=["x"]),
            FileAccess(path=str(ROOT / "part/1.parquet"), mode="write"),
        ],
        ROOT,
    )
    assert [(use.kind, use.mode, use.names) for use in uses] == [
        ("folder", "read", None),
        ("file", "write", None),
    ]
    assert uses[0].cell_ids == ["x"]


names = st.sampled_from(["a", "b", "c d", "한글"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)


@given(st.lists(st.tuples(paths, st.integers(0, 200)), max_size=300), st.booleans())
def test_no_file_is_lost(files: list[tuple[str, int]], inside: bool) -> None:
    base = ROOT if inside else Path("/data")
    wanted = {str(base / folder / f"{number}.csv") for folder, number in files}
    uses = group([FileAccess(path=path, mode="read") for path in wanted], ROOT)
    found = {use.path for use in uses if use.kind == "file"}
    for use in uses:
        found |= {os.path.join(use.path, name) for name in use.names or ()}
    assert found == wanted
    assert len({use.path for use in uses}) == len(uses)
