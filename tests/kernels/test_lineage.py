"""What a kernel says of the data that cells used, against what an independent oracle saw."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .reading import CASES, PREPARE, Case

if TYPE_CHECKING:
    from .conftest import Kernel, Started

COMPILER = shutil.which("cc")
# what SQLite and DuckDB write beside a database and remove
BESIDE = ("-journal", "-wal", "-shm", ".wal")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The oracle: sees every open of the kernel's process and of those that it starts."""
    if sys.platform != "linux" or COMPILER is None:
        pytest.skip("the oracle is built with cc, for Linux")
    built = tmp_path_factory.mktemp("oracle") / "opens.so"
    source = Path(__file__).with_name("opens.c")
    subprocess.run([COMPILER, "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True)
    return built


async def test_no_file_is_missed(start: Started, folder: Path, shim: Path, tmp_path: Path) -> None:
    log = tmp_path / "opens.log"
    log.touch()
    env = {"LD_PRELOAD": str(shim), "OPENS_LOG": str(log), "OPENS_BELOW": f"{folder}/"}
    wrong: dict[str, Any] = {}
    async with start(env=env) as kernel:
        await run(kernel, PREPARE, "prepare")
        for name, case in CASES.items():
            before = log.stat().st_size
            await run(kernel, case.code, name)
            opened = opens(log.read_bytes()[before:].decode(), folder)
            blind = set(case.reads + case.writes) - {top(path, case) for _, path in opened}
            assert not blind - {"new.txt", "moved.txt"}, f"{name}: the oracle did not see {blind}"
            wrong[name] = opened
        state = await kernel.state()
    said = {name: uses(state.files, name, folder) for name in CASES}
    modules = [Path(module.path).name for module in state.modules]
    assert modules == ["module.py"]  # and no data
    for name, case in CASES.items():
        assert said[name] == {
            *(("read", path) for path in case.reads),
            *(("write", path) for path in case.writes),
        }, name
        missed = {path for _, path in wrong[name]} - covered(state.files, name, folder)
        assert missed <= {"new.tmp", *modules}, f"{name} missed {missed}"
    assert not [note for note in state.notes if "could not be watched" in note], state.notes


async def run(kernel: Kernel, code: str, cell_id: str) -> None:
    reply = await kernel.run(code, cell_id)
    assert reply["status"] == "ok", (cell_id, reply)


def opens(text: str, folder: Path) -> set[tuple[str, str]]:
    lines = [line.split(" ", 1) for line in text.splitlines()]
    found = {(mode, str(Path(path).relative_to(folder))) for mode, path in lines}
    return {(mode, path) for mode, path in found if not path.endswith(BESIDE)}


def top(path: str, case: Case) -> str:
    """Name the folder of the case that a file lies in, else the file."""
    named = case.reads + case.writes
    return next((name for name in named if path.startswith(f"{name}/")), path)


def uses(files: list[Any], cell_id: str, folder: Path) -> set[tuple[str, str]]:
    """Name the files and folders of a cell; what lies in one of these folders belongs to it."""
    own = [use for use in files if cell_id in use.cell_ids and use.kind in {"file", "folder"}]
    folders = {(use.mode, use.path) for use in own if use.kind == "folder"}
    return {
        (use.mode, str(Path(use.path).relative_to(folder)))
        for use in own
        if not any((use.mode, str(above)) in folders for above in Path(use.path).parents)
    }


def covered(files: list[Any], cell_id: str, folder: Path) -> set[str]:
    paths = {path for _, path in uses(files, cell_id, folder)}
    inside = {
        str(file.relative_to(folder))
        for path in paths
        if (folder / path).is_dir()
        for file in (folder / path).rglob("*")
    }
    return paths | inside
