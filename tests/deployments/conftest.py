from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.deployments.gateway_client import GatewayClient
from jupyter_mlops.registry.schemas import ModelVersion, VersionSource

from ..mlflow_models import array_model

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.deployments.manager import DeploymentManager
    from jupyter_mlops.services import Services

Register = Callable[..., ModelVersion]


@pytest.fixture
def manager(services: Services) -> Iterator[DeploymentManager]:
    """The deployments of a new store, whose gateway and workers end with the test."""
    store = services.project.store
    yield services.deployments
    GatewayClient(store, sys.executable).shut_down()
    mine = [p for p in psutil.process_iter(["cmdline"]) if str(store) in _command(p)]
    _, alive = psutil.wait_procs(mine, timeout=60)
    assert not alive


@pytest.fixture
def register(services: Services, tmp_path: Path) -> Register:
    """Registers the next version of a model that multiplies the sum of two numbers by slope."""

    def register(
        slope: float = 2.0,
        name: str = "Sum of two",
        executable: str | None = sys.executable,
        folder: Path | None = None,
    ) -> ModelVersion:
        made = folder or array_model(tmp_path / f"{name}-{slope}", slope)
        source = VersionSource(executable=executable)
        return services.registry.register_folder(name, made, author="me", source=source)

    return register


def gateway_pid(services: Services) -> int | None:
    """Return the process id of the store's gateway; None if none runs."""
    if GatewayClient(services.project.store, sys.executable).port() is None:
        return None
    text = (services.project.store / "gateway" / "gateway.json").read_text()
    pid: int = json.loads(text)["pid"]
    return pid


def _command(process: psutil.Process) -> str:
    return " ".join(process.info["cmdline"] or [])
