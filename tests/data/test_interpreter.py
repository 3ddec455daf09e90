"""Which interpreter a table is looked at with: none that came with a store from elsewhere."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from jupyter_mlops.data.interpreter import interpreter_of
from tests import notebooks
from tests.snapshots.test_manager import SOURCES, kernel_state, snap

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Manifest


def named(services: Services, executable: str) -> Manifest:
    """Return a manifest that names an interpreter."""
    path = notebooks.write(services.project.root / "a.ipynb", SOURCES)
    environment = kernel_state().environment.model_copy(update={"executable": executable})
    made = snap(services, path, kernel_state(environment=environment))
    return services.snapshots.snapshot(made.id).manifest


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_one_of_the_project_has_to_be_a_kernels(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = services.project.root
    python = program(root / "env" / "bin" / "python")
    monkeypatch.chdir(root)
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(root, target_is_directory=True)
    ways = python, link / "env/bin/python", "/proc/self/cwd/env/bin/python", "env/bin/python"
    for way in ways:
        assert interpreter_of(named(services, str(way)), root) == sys.executable, way
    spec = tmp_path / "data" / "kernels" / "mine" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "mine", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))
    assert interpreter_of(named(services, str(python)), root) == str(python)
    monkeypatch.delenv("JUPYTER_PATH")
    monkeypatch.setattr(sys, "executable", str(python))
    assert interpreter_of(named(services, str(python)), root) == str(python)


def test_one_of_elsewhere_is_taken_where_it_is_there(services: Services, tmp_path: Path) -> None:
    elsewhere = program(tmp_path.parent / f"{tmp_path.name}-env" / "bin" / "python")
    found = interpreter_of(named(services, str(elsewhere)), services.project.root)
    assert found == os.path.realpath(elsewhere)
    elsewhere.unlink()
    found = interpreter_of(named(services, str(elsewhere)), services.project.root)
    assert found == sys.executable
