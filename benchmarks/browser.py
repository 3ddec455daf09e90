"""Runs a benchmark of ``ui-tests/benchmarks`` in a browser, on a store that was filled before."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

_UI_TESTS = Path(__file__).parents[1] / "ui-tests"


def measure(name: str, root: Path, **more: str) -> Any:
    """Return what ``name.spec.ts`` wrote down.

    Args:
        name: of the file in ``ui-tests/benchmarks``.
        root: the project folder that Jupyter is started in.
        more: further settings for the test, as ``MLOPS_BENCH_…`` in its environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as folder:
        result = Path(folder) / "result.json"
        settings = {"root": str(root), "result": str(result), **more}
        subprocess.run(
            ["jlpm", "playwright", "test", "--config", "benchmark.config.ts", f"{name}.spec.ts"],  # noqa: S607
            cwd=_UI_TESTS,
            env=os.environ
            | {"MLOPS_UI_PORT": str(port)}
            | {f"MLOPS_BENCH_{key.upper()}": value for key, value in settings.items()},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return json.loads(result.read_text(encoding="utf-8"))
