from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest
from click.testing import CliRunner, Result

from jupyter_mlops.cli.main import mlops as commands
from jupyter_mlops.deployments.gateway_client import GatewayClient
from tests.deployments.conftest import gateway_pid
from tests.processes import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from jupyter_mlops.services import Services

Command = Callable[..., Result]


@pytest.fixture
def folder(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, a project without a store; its gateway ends with the test."""
    monkeypatch.chdir(services.project.root)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    yield services.project.root
    end_gateway(services)


@pytest.fixture
def mlops(folder: Path) -> Command:
    """Call ``jupyter mlops ARGUMENTS`` in the working folder, and see that it ends as it should.

    What a command raises beyond its exit code is the test's.
    """

    def call(*arguments: str | Path, code: int = 0, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(
            commands,
            [str(argument) for argument in arguments],
            input=stdin,
            prog_name="jupyter mlops",
            catch_exceptions=False,
        )
        assert result.exit_code == code, result.output
        return result

    return call


def start(*arguments: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """Run ``jupyter mlops ARGUMENTS`` in a process of its own, as a terminal does."""
    return running(
        [sys.executable, "-m", "jupyter_mlops.cli.main", *arguments],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def end_gateway(services: Services) -> None:
    """End the gateway of a store, and see that its workers end with it."""
    pid = gateway_pid(services)
    if pid is None:
        return
    process = psutil.Process(pid)
    processes = [process, *process.children(recursive=True)]
    GatewayClient(services.project.store, sys.executable).shut_down()
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert not alive
