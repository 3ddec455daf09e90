"""What processes tell that cells start from Python, and that those who cannot are missed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Kernel, Started

WORK = """
import multiprocessing, os
def read(name): return len(open(name).read())
def write(name):
    import pandas as pd
    pd.DataFrame({'a': [1]}).to_parquet('new.parquet'); os.replace('new.parquet', name)
def pass_on(name):
    process = multiprocessing.get_context('spawn').Process(target=read, args=(name,))
    process.start(); process.join()
def read_without_disk(name):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    read(name)
def break_and_read(name):
    import sys
    sys.modules['_jupyter_mlops_lineage']._caller = None
    read(name)
"""


@pytest.fixture(autouse=True)
def work(folder: Path) -> None:
    (folder / "work.py").write_text(WORK)
    (folder / "a.csv").write_text("a\n1\n")
    (folder / "b.csv").write_text("a\n1\n")


async def run(kernel: Kernel, code: str, cell_id: str = "a") -> None:
    reply = await kernel.run(code, cell_id)
    assert reply["status"] == "ok", reply


SPAWNING = """
import work, joblib, multiprocessing
from concurrent.futures import ProcessPoolExecutor
"""
STARTED = {
    "fork": "with multiprocessing.get_context('fork').Pool(2) as p: p.map(work.read, ['a.csv'])",
    "spawn": "with multiprocessing.get_context('spawn').Pool(1) as p: p.map(work.read, ['a.csv'])",
    "forkserver": (
        "with ProcessPoolExecutor(1, multiprocessing.get_context('forkserver')) as p:\n"
        "    list(p.map(work.read, ['a.csv']))"
    ),
    "joblib": "joblib.Parallel(2)(joblib.delayed(work.read)(n) for n in ['a.csv', 'b.csv'])",
    "by a process": (
        "p = multiprocessing.get_context('spawn').Process(target=work.pass_on, args=('b.csv',))\n"
        "p.start(); p.join()"
    ),
    "the same workers again": (
        "joblib.Parallel(2)(joblib.delayed(work.write)(n) for n in ['c.parquet'])"
    ),
}


async def test_processes_however_they_are_started(start: Started) -> None:
    async with start() as kernel:
        await run(kernel, SPAWNING, "imports")
        for name, code in STARTED.items():
            await run(kernel, code, name)
        state = await kernel.state()
        files = {(use.mode, Path(use.path).name): use for use in state.files}
    assert files.keys() == {("read", "a.csv"), ("read", "b.csv"), ("write", "c.parquet")}
    assert files["read", "a.csv"].cell_ids == ["fork", "spawn", "forkserver", "joblib"]
    assert files["read", "b.csv"].cell_ids == ["joblib", "by a process"]
    assert files["write", "c.parquet"].cell_ids == ["the same workers again"]
    assert (state.unseen, state.notes) == ([], [])


SPAWN = """
import multiprocessing, sys, work
def start(target=work.read, method='spawn'):
    context = multiprocessing.get_context(method)
    process = context.Process(target=target, args=('a.csv',), name='worker')
    process.start()
    return process
"""
# how a process comes to be watched badly or not at all, and what is said of it
BLIND = {
    "killed at once": ("p = start(); p.kill(); p.join()", ("silent", None)),
    "no Python": (
        "start().join(); multiprocessing.set_executable('/bin/true'); start().join()",
        ("silent", None),
    ),
    "another Python": (
        "version, sys.version = sys.version, '3.1'; start().join(); sys.version = version",
        ("failed", "it could not be watched (RuntimeError: it runs another Python, 3."),
    ),
    "modules that do not load": (
        "ours = sys.modules['_jupyter_mlops_children']\n"
        "sys.modules['_jupyter_mlops_telling'].modules_of = lambda _: '/dev/null'; start().join()",
        ("failed", "it could not be watched (EOFError"),
    ),
    "an error of ours": (
        "start(work.break_and_read).join()",
        ("failed", "open could not be watched (TypeError"),
    ),
}


@pytest.mark.parametrize("case", BLIND)
async def test_a_process_that_cannot_be_watched_is_missed(start: Started, case: str) -> None:
    code, (reason, detail) = BLIND[case]
    async with start() as kernel:
        await run(kernel, SPAWN, "imports")
        await run(kernel, code, "start")
        (one,) = (await kernel.state()).unseen
        assert (await kernel.state()).unseen == [one]  # and not for each who asks
    assert (one.name, one.reason, one.cell_ids) == ("worker", reason, ["start"])
    assert (one.detail or "").startswith(detail or "")
    assert bool(one.detail) == bool(detail)


async def test_the_disk_for_notes_is_full(start: Started) -> None:
    async with start() as kernel:
        await run(kernel, SPAWN)
        await run(kernel, "start(work.read_without_disk, 'fork').join()")
        state = await kernel.state()
        await run(kernel, "start().join()", "later")
        later = await kernel.state()
    assert state.files == []
    assert [note[:44] for note in state.notes] == ["A process could not tell all that it opened,"]
    assert [use.cell_ids for use in later.files] == [["later"]]


async def test_a_process_that_only_begins_is_not_missed(start: Started) -> None:
    """It is stopped while it begins, so it is neither over nor has it told anything."""
    stopped = "import os, signal; p = start(); os.kill(p.pid, signal.SIGSTOP)"
    async with start() as kernel:
        await run(kernel, SPAWN)
        await run(kernel, stopped, "start")
        before = await kernel.state()
        await run(kernel, "os.kill(p.pid, signal.SIGCONT); p.join()", "wait")
        after = await kernel.state()
    assert (before.unseen, before.files) == ([], [])
    assert (after.unseen, [use.cell_ids for use in after.files]) == ([], [["wait"]])


async def test_lines_that_were_cut_off_cost_no_others(start: Started) -> None:
    cut = (
        "log = sys.modules['_jupyter_mlops_telling'].log\n"
        "start().join(); open(log, 'a').write('[\"/cut\\n'); start().join()"
    )
    async with start() as kernel:
        await run(kernel, SPAWN)
        await run(kernel, cut, "cut")
        state = await kernel.state()
    assert [(Path(use.path).name, use.cell_ids) for use in state.files] == [("a.csv", ["cut"])]
    assert [note[:40] for note in state.notes] == ["What a process opened could not be watch"]


async def test_the_notes_of_a_killed_kernel_are_removed_by_another(
    start: Started, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def notes() -> list[Path]:
        for path in temporary.glob("jupyter-mlops-*"):
            os.utime(path, (1, 1))  # as after a while
        return sorted(temporary.glob("jupyter-mlops-*"))

    spawn = f"{SPAWN}\nstart().join()"
    async with start(env={"TMPDIR": str(temporary)}) as alive:
        await run(alive, spawn)
        kept = notes()
        async with start(env={"TMPDIR": str(temporary)}) as killed:
            await run(killed, spawn)
            left = [path for path in notes() if path not in kept]
            assert len(left) == 2  # what processes tell, and the code that they are given
            await killed.manager.shutdown_kernel(now=True)
        assert set(notes()) == {*kept, *left}
        async with start(env={"TMPDIR": str(temporary)}) as other:
            await run(other, spawn)
            assert not set(left) & set(notes())
            assert set(kept) <= set(notes())
            state = await alive.state()
    assert [Path(use.path).name for use in state.files] == ["a.csv"]
