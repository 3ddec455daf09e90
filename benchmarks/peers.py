"""The peers' environment: MLflow with what the example project needs."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@contextmanager
def peer(code: str, store: Path, cwd: Path | None = None) -> Iterator[Callable[[str], float]]:
    """Run a program of the peers' that measures; yields what asks it.

    Args:
        code: reads a line, does what it says and prints the seconds, again and again.
        store: its only argument.
        cwd: its working folder.
    """
    process = subprocess.Popen(
        [str(peer_python()), "-c", code, str(store)],
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    wishes, answers = process.stdin, process.stdout

    def ask(wish: str) -> float:
        wishes.write(f"{wish}\n")
        wishes.flush()
        return float(answers.readline())

    try:
        yield ask
    finally:
        wishes.close()
        process.wait(60)
