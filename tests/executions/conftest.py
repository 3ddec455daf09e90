from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.processes import running

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jupyter_mlops.core.project import Project
    from jupyter_mlops.services import Services


class Papermill:
    """papermill's own command with our engine, called in a folder as a user calls it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def start(
        self, *arguments: str, prefix: tuple[str, ...] = ()
    ) -> AbstractContextManager[subprocess.Popen[str]]:
        """Run ``papermill ARGUMENTS --engine mlops`` in the block."""
        command = Path(sys.executable).with_name("papermill")
        return running(
            [*prefix, str(command), *arguments, "--engine", "mlops", "--no-progress-bar"],
            cwd=self.folder,
            env=self.environment,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str, prefix: tuple[str, ...] = ()) -> tuple[int, str]:
        """Run it to its end; return its exit code and what it said."""
        with self.start(*arguments, prefix=prefix) as process:
            _, said = process.communicate()
        return process.returncode, said


@pytest.fixture
def papermill(services: Services, tmp_path: Path) -> Papermill:
    """Called in the project folder, where no Jupyter server is known."""
    runtime = {"JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    return Papermill(services.project.root, os.environ | runtime)


def add_kernel(folder: Path, name: str, python: Path) -> None:
    """Install a kernel into a Jupyter data folder."""
    spec = folder / "kernels" / name
    spec.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": name, "language": "python"})
    )


def staged(project: Project) -> list[Path]:
    """What a run left behind unfinished."""
    return list(project.staging.iterdir())


@pytest.fixture
def folder(services: Services) -> Path:
    made = services.project.root / "sub dir"
    made.mkdir()
    return made
