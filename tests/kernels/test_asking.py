"""Kernels that are asked while they start again, are busy, or end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.channels import AsyncZMQSocketChannel

from jupyter_mlops.core.errors import KernelBusyError, KernelUnavailableError
from jupyter_mlops.kernels import manager as probes
from jupyter_mlops.kernels.manager import connected

if TYPE_CHECKING:
    from .conftest import Started


async def test_a_restarted_kernel_has_the_probe_and_no_history(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("a = 1")
        await kernel.manager.restart_kernel(now=True)
        state = await kernel.state()
    assert (state.complete, state.cells) == (True, [])


@pytest.mark.parametrize("kind", ["kernel_info_request", "create_subshell_request"])
async def test_a_question_that_was_lost_is_asked_again(
    start: Started, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """As is one that comes to a kernel that is not quite there yet."""
    send = AsyncZMQSocketChannel.send
    lost: list[AsyncZMQSocketChannel] = []

    def lose(channel: AsyncZMQSocketChannel, message: dict[str, Any]) -> None:
        if channel in lost or message["header"]["msg_type"] != kind:
            send(channel, message)
        else:
            lost.append(channel)

    async with start() as kernel:
        await kernel.run("a = 1")
        with monkeypatch.context() as patched:
            patched.setattr(AsyncZMQSocketChannel, "send", lose)
            state = await kernel.state()
    assert len(lost) == (2 if kind == "kernel_info_request" else 1)
    assert state.scalars == {"a": 1}


async def test_a_kernel_that_is_restarted_while_it_is_asked(start: Started) -> None:
    async with start() as kernel, connected(kernel.manager) as probe:
        await kernel.manager.restart_kernel(now=True)
        with pytest.raises(KernelUnavailableError, match="restarted"):
            await probe.state()


async def test_a_restart_is_waited_for(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("a = 1")
        restart = asyncio.ensure_future(kernel.manager.restart_kernel(now=True))
        while not kernel.manager.shutting_down:  # noqa: ASYNC110
            await asyncio.sleep(0)
        state = await kernel.state()
        await restart
    assert (state.complete, state.cells) == (True, [])


async def test_a_busy_kernel_answers_in_a_subshell(start: Started) -> None:
    async with start() as kernel:
        await kernel.run("a = 1", "done")
        await kernel.send("import time; time.sleep(60)", "running")
        await kernel.wait_until_busy()
        await kernel.wait_until_busy()
        cells = (await kernel.state()).cells
    assert [(c.cell_id, c.status) for c in cells] == [("done", "ok"), ("running", "unknown")]


async def test_a_busy_kernel_without_subshells_says_so(
    start: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start() as kernel:
        await kernel.send("import time; time.sleep(60)")
        await kernel.wait_until_busy()
        async with connected(kernel.manager, timeout=1) as probe:
            monkeypatch.setattr(probe, "_subshell", None)
            with pytest.raises(KernelBusyError, match="interrupt"):
                await probe.state()


async def test_a_dead_kernel_says_so(start: Started) -> None:
    async with start() as kernel:
        await kernel.manager.provisioner.kill()  # type: ignore[union-attr]
        with pytest.raises(KernelUnavailableError, match="dead"):
            await kernel.state()


async def test_a_kernel_that_is_shut_down_is_not_waited_for(
    start: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "_RESTART_SECONDS", 1e6)
    async with start() as kernel:
        assert await probes.is_kept(kernel.manager)
        ending = asyncio.ensure_future(kernel.manager.shutdown_kernel())
        while not kernel.manager.shutting_down:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert not await probes.is_kept(kernel.manager)
        await ending
        with pytest.raises(KernelUnavailableError, match="dead"):
            await kernel.state()


async def test_a_kernel_that_dies_while_it_is_asked(start: Started) -> None:
    async with start() as kernel:
        await kernel.send("import os, time; time.sleep(1); os._exit(1)")
        async with connected(kernel.manager) as probe:
            probe._subshell = None
            with pytest.raises(KernelUnavailableError, match="dead"):
                await probe.state()
