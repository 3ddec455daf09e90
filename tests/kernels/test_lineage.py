"""What a kernel says of the data that cells used, against what an independent oracle saw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .oracle import Oracle, covered, top, uses
from .reading import CASES, PREPARE

if TYPE_CHECKING:
    from .conftest import Kernel, Started


async def test_no_file_is_missed(start: Started, folder: Path, tmp_path: Path) -> None:
    oracle = Oracle(tmp_path, folder)
    wrong: dict[str, set[str]] = {}
    async with start(env=oracle.variables) as kernel:
        await run(kernel, PREPARE, "prepare")
        oracle.opened()
        for name, case in CASES.items():
            await run(kernel, case.code, name)
            opened = oracle.opened()
            blind = set(case.reads + case.writes) - {top(path, case) for path in opened}
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
        missed = wrong[name] - covered(state.files, name, folder)
        assert missed <= {"new.tmp", *modules}, f"{name} missed {missed}"
    assert not [note for note in state.notes if "could not be watched" in note], state.notes


async def run(kernel: Kernel, code: str, cell_id: str) -> None:
    reply = await kernel.run(code, cell_id)
    assert reply["status"] == "ok", (cell_id, reply)
