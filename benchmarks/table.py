"""The runs table in a browser, on a store of 100,000 runs with 20 metrics and 5 parameters each."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TypedDict

import sqlalchemy as sa

from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services
from jupyter_mlops.tracking import tables

from .browser import measure
from .harness import Result

_RUNS, _METRICS, _PARAMS = 100_000, 20, 5
_BATCH = 2_000
_START = 1_700_000_000_000
_FRAME = 1000 / 60


class _Found(TypedDict):
    first: float
    opened: list[float]
    frames: list[float]
    rows: float


def run() -> list[Result]:
    """Measure milliseconds until the first row is seen, and the frames while scrolling."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root = Path(name) / "project"
        root.mkdir()
        fill(root, _RUNS)
        found: _Found = measure("table", root)
    frames = sorted(found["frames"])
    smooth = sum(frame < 1.5 * _FRAME for frame in frames) / len(frames)
    note = f"{_RUNS:,} runs × {_METRICS} metrics; {found['rows']:,.0f} rows scrolled through"
    return [
        Result("runs table, first rows", "ms", found["opened"], limit=200, note=note),
        Result("runs table, first rows, code loaded too", "ms", [found["first"]]),
        Result("runs table, frame while scrolling", "ms", frames, limit=1.1 * _FRAME),
        Result("runs table, frames in time", "%", [100 * smooth]),
    ]


def fill(root: Path, count: int) -> None:
    """Put finished runs into a project's store, a second apart."""
    services = Services(Project(root), root)
    values = random.Random(0)  # noqa: S311 - the same runs each time
    for first in range(0, count, _BATCH):
        numbers = range(first, min(first + _BATCH, count))
        ids = {number: f"{number:032x}" for number in numbers}
        with services.database.write(durable=False) as connection:
            connection.execute(sa.insert(tables.runs), [_run(ids[at], at) for at in numbers])
            connection.execute(
                sa.insert(tables.params),
                [
                    {"run_id": ids[at], "key": f"p{key}", "value": str(values.randint(0, 9))}
                    for at in numbers
                    for key in range(_PARAMS)
                ],
            )
            connection.execute(
                sa.insert(tables.latest_metrics),
                [
                    {
                        "run_id": ids[at],
                        "key": f"m{key}",
                        "experiment_id": tables.DEFAULT_EXPERIMENT_ID,
                        "value": values.random(),
                        "step": 0,
                        "timestamp": _START + at,
                    }
                    for at in numbers
                    for key in range(_METRICS)
                ],
            )
    services.close()


def _run(run_id: str, number: int) -> dict[str, str | int]:
    return {
        "run_id": run_id,
        "experiment_id": tables.DEFAULT_EXPERIMENT_ID,
        "name": f"run-{number}",
        "status": "FINISHED",
        "lifecycle_stage": "active",
        "author": "bench",
        "started_at": _START + 1000 * number,
        "ended_at": _START + 1000 * number + 500,
    }
