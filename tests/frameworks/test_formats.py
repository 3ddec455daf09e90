"""Libraries of images, sound, maps, arrays and models, against what an independent oracle saw."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from tests.environments import FORMATS, environment
from tests.kernels.conftest import folder, start  # noqa: F401 - fixtures
from tests.kernels.oracle import Oracle, covered, top, uses

from .formats import CASES, PREPARE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kernels.conftest import Started

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("MLOPS_TEST_FRAMEWORKS"), reason="takes gigabytes: make test-frameworks"
    ),
    pytest.mark.timeout(3600),
]


async def test_no_file_is_missed(start: Started, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    python = await asyncio.to_thread(environment, "formats", FORMATS)
    oracle = Oracle(tmp_path, folder)
    opened: dict[str, set[str]] = {}
    async with start(python, env=oracle.variables) as kernel:
        for name, code in {
            "prepare": PREPARE,
            **{name: case.code for name, case in CASES.items()},
        }.items():
            reply = await kernel.run(code, name)
            assert reply["status"] == "ok", (name, reply)
            opened[name] = oracle.opened()
        state = await kernel.state()
    wrong = {}
    for name, case in CASES.items():
        said = uses(state.files, name, folder)
        expected = {("read", one) for one in case.reads} | {("write", one) for one in case.writes}
        blind = {*case.reads, *case.writes} - {top(path, case) for path in opened[name]}
        # LMDB's lock, and what Delta tables write under a name of its own first
        passing = {path for path in opened[name] if not (folder / path).exists()}
        missed = opened[name] - covered(state.files, name, folder) - passing
        if said != expected or missed or blind:
            wrong[name] = (said ^ expected, missed, blind)
    assert wrong == {}
    assert not [note for note in state.notes if "could not be watched" in note], state.notes
