"""Real R kernels, where there are any; in CI there have to be."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from jupyter_mlops.kernels.provisioner import NAME

from .conftest import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from .conftest import Kernel


@asynccontextmanager
async def started(
    tmp_path: Path, *, probe: bool = True, env: Mapping[str, str] | None = None
) -> AsyncIterator[Kernel]:
    """Start one in a folder with a space and 한글; with the probe unless told otherwise."""
    folder = tmp_path / "my work 한글"
    folder.mkdir(exist_ok=True)
    manager = AsyncKernelManager(kernel_name="ir")
    try:
        spec = manager.kernel_spec
        assert spec is not None
        name = NAME if probe else "local-provisioner"
        spec.metadata = {"kernel_provisioner": {"provisioner_name": name}}
        await manager.start_kernel(cwd=str(folder), env={**os.environ, **(env or {})})
    except NoSuchKernel:
        lacks("there is no R kernel here: install IRkernel")
    async with running(manager) as kernel:
        yield kernel


def lacks(reason: str) -> None:
    """Skip a test, where CI has not said that nothing of R is missing."""
    if os.environ.get("MLOPS_TEST_R") == "whole":
        pytest.fail(reason)
    pytest.skip(reason)
