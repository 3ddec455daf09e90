"""What importing the server extension adds to a Jupyter server, against importing MLflow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .harness import Result, in_turn
from .peers import peer_python

_PROBE = """
import sys, time
def rss():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
for name in sys.argv[2:]:
    __import__(name)
before, start = rss(), time.perf_counter()
__import__(sys.argv[1])
print((time.perf_counter() - start) * 1000, rss() - before)
"""


def run() -> list[Result]:
    """Measure milliseconds and megabytes."""
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    sizes: dict[str, list[float]] = {"ours": [], "peer": []}

    def ours() -> float:
        return _import(Path(sys.executable), "ours", "jupyter_mlops.app", "jupyterlab.labapp")

    def peer() -> float:
        return _import(peer_python(), "peer", "mlflow")

    def _import(python: Path, who: str, *names: str) -> float:
        done = subprocess.run(
            [str(python), "-c", _PROBE, *names], check=True, capture_output=True, text=True
        )
        milliseconds, megabytes = map(float, done.stdout.split())
        times[who].append(milliseconds)
        sizes[who].append(megabytes)
        return milliseconds

    in_turn(7, ours, peer)
    name = "import added to the server"
    return [
        Result(f"{name}, time", "ms", times["ours"][1:], "import mlflow", times["peer"][1:], 150),
        Result(f"{name}, memory", "MB", sizes["ours"][1:], "import mlflow", sizes["peer"][1:], 40),
    ]
