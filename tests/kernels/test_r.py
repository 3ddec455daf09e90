"""An R kernel tells of itself without a probe."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from .conftest import Kernel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@asynccontextmanager
async def started(tmp_path: Path) -> AsyncIterator[Kernel]:
    folder = tmp_path / "my work 한글"
    folder.mkdir()
    manager = AsyncKernelManager(kernel_name="ir")
    try:
        await manager.start_kernel(cwd=str(folder))
    except NoSuchKernel:
        pytest.skip("there is no R kernel here: install IRkernel")
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=180)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def test_what_a_snapshot_needs(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await kernel.run("score <- 0.25 * 3; frame <- data.frame(a = 1:3); f <- function() 1")
        state = await kernel.state()
    assert state.scalars == {"score": 0.75}
    assert state.variables == {"score": "numeric", "frame": "data.frame (3, 1)"}
    assert state.working_directory == str(tmp_path / "my work 한글")
    environment = state.environment
    assert (environment.language, environment.implementation) == ("R", "GNU R")
    assert {"base", "IRkernel", "jsonlite"} <= {package.name for package in environment.packages}
    assert environment.language_version in environment.session_info


async def test_asking_leaves_no_trace(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        await kernel.run("x <- NULL; x <- ls(all.names = TRUE)")
        await kernel.state()
        answer = await kernel.run("stopifnot(identical(ls(all.names = TRUE), x))")
    assert (answer["status"], answer["execution_count"]) == ("ok", 2)


async def test_nothing_is_there_yet(tmp_path: Path) -> None:
    async with started(tmp_path) as kernel:
        state = await kernel.state()
    assert (state.scalars, state.variables) == ({}, {})
