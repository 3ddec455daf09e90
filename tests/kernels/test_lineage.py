"""What a kernel says of the data that cells used, against what an independent oracle saw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .oracle import Oracle, covered, top, uses
from .reading import CASES, PREPARE
from .reading_later import LATER
from .reading_plain import PLAIN

if TYPE_CHECKING:
    from .conftest import Kernel, Started


EVERY = {**CASES, **LATER, **PLAIN}
MODULES = {
    "module.py",
    "polars_tools.py",
    "package/__init__.py",
    "package/inner.py",
    "package/late.py",
}


async def test_no_file_is_missed(start: Started, folder: Path, tmp_path: Path) -> None:
    oracle = Oracle(tmp_path, folder)
    opened: dict[str, set[str]] = {}
    async with start(env=oracle.variables) as kernel:
        await run(kernel, PREPARE, "prepare")
        oracle.opened()
        for name, case in EVERY.items():
            await run(kernel, case.code, name)
            opened[name] = oracle.opened()
            blind = set(case.reads + case.writes) - {top(path, case) for path in opened[name]}
            # what is moved is not opened
            assert blind <= {"new.txt", "moved.txt", "final.txt"}, (name, blind)
        state = await kernel.state()
    assert {str(Path(module.path).relative_to(folder)) for module in state.modules} == MODULES
    wrong = {}
    for name, case in EVERY.items():
        said = uses(state.files, name, folder)
        expected = {("read", path) for path in case.reads} | {
            ("write", path) for path in case.writes
        }
        missed = opened[name] - covered(state.files, name, folder) - MODULES
        missed = {path for path in missed if not path.startswith(("new.tmp", "tmp", "memory/"))}
        if said != expected or missed:
            wrong[name] = (said ^ expected, missed)
    assert wrong == {}
    urls = {use.path for use in state.files if use.kind == "url"}
    assert urls == set()
    assert not [note for note in state.notes if "could not be watched" in note], state.notes


async def run(kernel: Kernel, code: str, cell_id: str) -> None:
    reply = await kernel.run(code, cell_id)
    assert reply["status"] == "ok", (cell_id, reply)
