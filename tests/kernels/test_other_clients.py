"""Kernels in which not only the notebook's front end runs cells, or that begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_client.asynchronous.client import AsyncKernelClient

from jupyter_mlops.kernels.manager import connected
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.matching import Live
from jupyter_mlops.snapshots.notebook import CodeCell

if TYPE_CHECKING:
    from jupyter_mlops.snapshots.grade import Verdict

    from .conftest import Kernel, Started

SOURCES = ("a = 1", "print(a)")


async def graded(kernel: Kernel, *counts: int | None) -> Verdict:
    """Grade a notebook of ``SOURCES`` that shows these numbers of runs, as its front end does."""
    async with connected(kernel.manager) as probe:
        history = await probe.history()
    assert history is not None
    cells = [
        CodeCell(index, f"c{index}", source, (), [], count)
        for index, (source, count) in enumerate(zip(SOURCES, counts, strict=True))
    ]
    return grade(cells, history.cells, live=Live())


async def run_all(kernel: Kernel) -> None:
    for index, source in enumerate(SOURCES):
        await kernel.run(source, f"c{index}")


async def run_elsewhere(kernel: Kernel, *sources: str) -> None:
    """Run code as ``jupyter console`` does, which names no cells."""
    client = AsyncKernelClient()  # with an identity of its own
    client.load_connection_info(kernel.manager.get_connection_info())
    client.start_channels()
    try:
        for source in sources:
            await client.execute(source, reply=True, timeout=60)
    finally:
        client.stop_channels()


async def test_what_a_console_ran_is_no_run_of_the_notebooks(start: Started) -> None:
    async with start() as kernel:
        await run_all(kernel)
        assert await graded(kernel, 1, 2) == ("clean", [])
        await run_elsewhere(kernel, "b = 2", SOURCES[0])
        assert (await graded(kernel, 1, 2))[0] == "valid"  # it left the same
        await run_elsewhere(kernel, "a = 3")
        verdict, reasons = await graded(kernel, 1, 2)
        assert (verdict, reasons[0].code) == ("stale", "state")
        await kernel.run(SOURCES[1], "c1")
        verdict, reasons = await graded(kernel, 1, 6)
        assert (verdict, reasons[0].code, reasons[0].cell_id) == ("stale", "deleted", "c1")


async def test_outputs_from_before_a_restart_are_not_taken_for_new_ones(start: Started) -> None:
    async with start() as kernel:
        await run_all(kernel)
        await kernel.manager.restart_kernel(now=True)
        verdict, reasons = await graded(kernel, 1, 2)
        assert (verdict, reasons[0].code) == ("unknown", "no-history")
        await run_elsewhere(kernel, *SOURCES)  # with the numbers that the notebook shows
        verdict, reasons = await graded(kernel, 1, 2)
        assert (verdict, [one.code for one in reasons]) == ("stale", ["not-run", "not-run"])
        await kernel.run(SOURCES[1], "c1")
        assert [one.code for one in (await graded(kernel, 1, 3))[1]] == ["not-run", "deleted"]


async def test_a_cell_that_runs_has_not_shown_all(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("a = 1", "c0")
        await kernel.send("import time\nprint(a, flush=True)\ntime.sleep(1000)", "c1")
        await kernel.wait_until_busy()
        async with connected(kernel.manager) as probe:
            history = await probe.history()
        assert history is not None
        cells = [CodeCell(i, f"c{i}", run.source, (), []) for i, run in enumerate(history.cells)]
        verdict, reasons = grade(cells, history.cells, live=Live())
        assert (verdict, [one.code for one in reasons]) == ("unknown", ["running"])
        await kernel.manager.interrupt_kernel()
