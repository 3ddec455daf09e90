"""A built wheel, in a clean environment without Node.js, has both extensions enabled."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str, env: dict[str, str] | None = None) -> str:
    """Run a command and return all that it printed, without colours."""
    done = subprocess.run(
        command, check=True, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    run(*build, "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_package_and_the_front_end(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "jupyter_mlops/kernels/probe.py" in names
    assert "jupyter_mlops/serving/worker/__main__.py" in names
    assert any(name.endswith("labextensions/jupyter-mlops/package.json") for name in names)
    assert not any(name.startswith(("tests/", "src/", "ui-tests/")) for name in names)


@pytest.mark.timeout(300)
def test_both_extensions_are_enabled_without_node(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    python = home / "bin" / "python"
    run(sys.executable, "-m", "uv", "venv", "--python", sys.executable, str(home))
    run(sys.executable, "-m", "uv", "pip", "install", "--python", str(python), str(wheel))
    clean = {
        "PATH": f"{home / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "HOME": str(tmp_path),
    }
    server, lab = (
        run(str(python), "-m", "jupyter", *words, "list", env=clean)
        for words in (["server", "extension"], ["labextension"])
    )
    assert re.search(r"jupyter_mlops enabled", server)
    assert re.search(r"jupyter-mlops v\S+ enabled OK", lab)
