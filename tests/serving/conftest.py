from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..mlflow_models import array_model, frame_model
from .gateway_process import GatewayProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    process = GatewayProcess(tmp_path)
    process.start()
    yield process
    if process.process is not None:
        process.end()


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway that serves ``frames`` and ``arrays``, shared by a module's tests."""
    folder = tmp_path_factory.mktemp("serving")
    process = GatewayProcess(folder)
    process.start("--max-request-bytes", "100000")
    process.put("frames", 1, frame_model(folder / "frames"))
    process.put("arrays", 1, array_model(folder / "arrays"))
    process.wait("frames", "running")
    process.wait("arrays", "running")
    yield process
    process.end()
