"""Real kernels, started as the server starts them."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_mlops.kernels.manager import connected
from jupyter_mlops.kernels.provisioner import NAME
from tests.kernel_requests import send_cell

if TYPE_CHECKING:
    from pathlib import Path

Started = Callable[..., AbstractAsyncContextManager["Kernel"]]


class Kernel:
    """A running kernel; ``run`` executes a cell as JupyterLab does."""

    def __init__(self, manager: AsyncKernelManager, client: Any) -> None:
        self.manager = manager
        self._client = client

    async def run(self, source: str, cell_id: str = "a", **options: Any) -> dict[str, Any]:
        message = await self.send(source, cell_id, **options)
        while True:
            reply = await self._client.get_shell_msg(timeout=180)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                content: dict[str, Any] = reply["content"]
                if content["status"] != "aborted":
                    return content
                # it came before the kernel was done with the error of the cell before
                message = await self.send(source, cell_id, **options)

    async def send(self, source: str, cell_id: str = "a", **options: Any) -> dict[str, Any]:
        return send_cell(self._client, source, cell_id, **options)

    async def wait_until_busy(self) -> None:
        while True:
            message = await self._client.get_iopub_msg(timeout=180)
            if message["msg_type"] == "execute_input":
                return

    async def state(self) -> Any:
        async with connected(self.manager) as probe:
            return await probe.state()


@pytest.fixture
def start(tmp_path: Path) -> Started:
    """Start a kernel in a folder with a space and 한글; with the probe unless told otherwise."""
    folder = tmp_path / "my work 한글"
    folder.mkdir()

    @asynccontextmanager
    async def start_one(
        python: Path | None = None, *, probe: bool = True, env: dict[str, str] | None = None
    ) -> AsyncIterator[Kernel]:
        manager = AsyncKernelManager(kernel_name="python3")
        spec = manager.kernel_spec
        assert spec is not None
        if python is not None:
            spec.argv = [str(python), *spec.argv[1:]]
        name = NAME if probe else "local-provisioner"
        spec.metadata = {"kernel_provisioner": {"provisioner_name": name}}
        await manager.start_kernel(cwd=str(folder), env={**os.environ, **(env or {})})
        async with running(manager) as kernel:
            yield kernel

    return start_one


@asynccontextmanager
async def running(manager: AsyncKernelManager) -> AsyncIterator[Kernel]:
    """Give a kernel that was started as soon as it answers, and end it."""
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=180)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


@pytest.fixture
def folder(start: Started, tmp_path: Path) -> Path:
    """Where the kernels work."""
    return tmp_path / "my work 한글"


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
