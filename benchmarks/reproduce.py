"""Running the example's snapshot again, request to verdict, against its own run time."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_mlops.core.project import Project
from jupyter_mlops.executions.receipt_schemas import ReproductionRequest
from jupyter_mlops.services import Services

from .harness import Result, in_turn
from .peers import ROOT

_EXAMPLE = ROOT / "examples" / "breast-cancer"
_ROUNDS = 5


def run() -> list[Result]:
    """Measure seconds to a verdict, beside papermill alone, and those beyond the cells' own."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        folder = Path(name).resolve() / "project"
        shutil.copytree(_EXAMPLE, folder)
        services = Services(Project(folder), folder)
        try:
            return _measure(services, folder)
        finally:
            services.close()


def _measure(services: Services, folder: Path) -> list[Result]:
    notebook = folder / "train.ipynb"
    snapshot_id = services.executions.run(notebook, author="bench").snapshot_id
    assert snapshot_id
    beyond: list[float] = []

    def ours() -> float:
        start = time.perf_counter()
        begun = services.reproductions.start(snapshot_id, ReproductionRequest(), author="bench")
        assert services.reproductions.wait(begun.receipt_id, 600)
        seconds = time.perf_counter() - start
        receipt = services.reproductions.receipt(begun.receipt_id)
        assert receipt.verdict == "reproduced", receipt.summary
        beyond.append(seconds - _in_cells(services, receipt.run_ids[0]))
        return seconds

    def papermill() -> float:
        start = time.perf_counter()
        command = Path(sys.executable).with_name("papermill")
        subprocess.run(
            [str(command), "train.ipynb", "out.ipynb", "--no-progress-bar"],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        return time.perf_counter() - start

    mine, theirs = in_turn(_ROUNDS, ours, papermill)
    note = "request to verdict; papermill writes no receipt and compares nothing"
    return [
        Result("reproduce the example notebook", "s", mine, "papermill", theirs, note=note),
        Result("… beyond papermill's own time", "s", _differences(mine, theirs)),
        Result("… beyond the time in its cells", "s", beyond[1:], limit=2),
    ]


def _differences(mine: list[float], theirs: list[float]) -> list[float]:
    return [one - other for one, other in zip(mine, theirs, strict=True)]


def _in_cells(services: Services, run_id: str) -> float:
    snapshot_id = services.tracking.run(run_id).snapshot_id
    assert snapshot_id
    cells = services.snapshots.snapshot(snapshot_id).manifest.cells
    return sum(cell.duration_seconds or 0 for cell in cells)
