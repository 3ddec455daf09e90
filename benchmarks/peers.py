"""The peers' environment: MLflow with what the example project needs."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("mlflow==3.17.2", "scikit-learn", "pandas", "dvc==3.67.1")


@cache
def peer_python() -> Path:
    """Return the interpreter that has the peers, installed on first use (minutes)."""
    home = ROOT / ".venv-peers"
    python = home / "bin" / "python"
    if not (home / ".done").exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", str(home)], check=True)
        install = ["pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
        subprocess.run([*uv, *install, *PACKAGES], check=True)
        (home / ".done").touch()
    return python
