"""Starts the kernel of a headless run at once, while its process still imports and prepares.

Each takes most of a second, and neither needs the other. So this module imports no more than a
kernel does.
"""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from ..kernels.address import TrackingAddress
from ..kernels.provisioner import is_ipykernel, watch_kernels
from .bound import bound
from .last_words import LastWords
from .sockets import socket_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ENDING_SECONDS = 60
_LONGEST = 90  # the path of a socket has to fit into 108 bytes, with its number


class KernelAhead:
    """A kernel that is on its way, watched, with an address to log to.

    Args:
        name: of the kernel.
        spec: what it is.
        folder: where it runs.
        variables: of its environment, besides those of this process.
    """

    def __init__(
        self, name: str, spec: KernelSpec, folder: Path, variables: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.address = TrackingAddress()
        self.words = LastWords()
        watch_kernels(tracking=lambda _: self.address.variables())
        spec.argv = bound(spec.argv)
        self._manager = AsyncKernelManager(kernel_name=name, kernel_spec_manager=_Only(spec))
        self._sockets = ExitStack()
        file = str(self._sockets.enter_context(socket_folder()) / "kernel.json")
        if is_ipykernel(spec.argv) and len(file) < _LONGEST:
            self._manager.transport, self._manager.connection_file = "ipc", file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mlops-kernel")
        self._started = self._thread.submit(asyncio.run, self._start(spec, folder, variables or {}))
        self._ended: Future[None] | None = None
        self._used = False

    def manager(self) -> AsyncKernelManager:
        """Return the kernel's manager as soon as the process is there; raises what kept it off."""
        self._started.result()
        self._used = True
        return self._manager

    def end(self) -> None:
        """Have the kernel end, in order; does not wait for it."""
        if self._ended is None:
            self._ended = self._thread.submit(asyncio.run, self._end())

    def close(self) -> None:
        """Have the kernel end, and wait until it has."""
        self.end()
        self._thread.shutdown()
        self.address.close()
        self._sockets.close()

    async def _start(self, spec: KernelSpec, folder: Path, variables: Mapping[str, str]) -> None:
        # what runs here is nothing that someone typed
        unseen = ["--HistoryManager.hist_file=:memory:"] if is_ipykernel(spec.argv) else []
        with self.words.starting() as streams:
            await self._manager.start_kernel(
                cwd=str(folder), env=os.environ | variables, extra_arguments=unseen, **streams
            )

    async def _end(self) -> None:
        try:
            await asyncio.wait_for(self._shut_down(), _ENDING_SECONDS)
        except TimeoutError:
            if self._manager.provisioner is not None:
                await self._manager.provisioner.kill()
        await self._manager.cleanup_resources()

    async def _shut_down(self) -> None:
        if await self._manager.is_alive():
            # shutdown_kernel interrupts first, of which a kernel that does nothing complains
            if self._used:
                await self._manager.request_shutdown()
            else:  # one that still starts hears nothing, and would be waited for in vain
                await self._manager.signal_kernel(signal.SIGKILL)
            await self._manager.finish_shutdown()


class _Only(KernelSpecManager):
    """Knows one kernel, which need not be installed."""

    def __init__(self, spec: KernelSpec, **options: Any) -> None:
        super().__init__(**options)
        self._spec = spec

    def get_kernel_spec(self, _: str) -> KernelSpec:
        return self._spec
