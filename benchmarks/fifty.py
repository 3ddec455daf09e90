"""A typical notebook's fifty snapshots: parameters, metrics, curves, data, packages, figures."""

from __future__ import annotations

import base64
import json
import math
import random
import struct
import zlib
from typing import TYPE_CHECKING, Any

from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.schemas import FileAccess, KernelState, Package
from jupyter_mlops.services import Services
from jupyter_mlops.tracking.entities import Point
from tests.kernel_states import environment, kernel_state

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 50
_CELLS, _FIGURES, _PACKAGES, _METRICS, _STEPS = 30, 4, 180, 12, 100
_START_MS = 1_760_000_000_000


def fill(root: Path) -> list[str]:
    """Take the snapshots and log their curves; return the ids of their runs."""
    services = Services(Project(root), root)
    values = random.Random(0)  # noqa: S311 - the same each time
    made = []
    for at in range(COUNT):
        parameters = {
            "learning_rate": 0.1 / (1 + at % 5),
            "max_depth": 2 + at % 7,
            "n_estimators": 100 * (1 + at % 3),
            "optimizer": ("adam", "sgd", "rmsprop with a very long name of its own")[at % 3],
            "batch_size": 32,
            "seed": at % 2,
        }
        path = _notebook(root, parameters, at)
        files = [
            _data(root, name, at if at % 10 == 0 and name == "part 3" else 0) for name in _DATA
        ]
        state = _state(path, parameters, files, at, values)
        snapshot = services.snapshots.create(path, state, author="bench")
        _log(services, snapshot.run_id, at, values)
        made.append(snapshot.run_id)
    services.close()
    return made


_DATA = (
    "customers",
    "orders",
    "part 3",
    "고객 명단",
    "a/rather/deep/folder/of/data/with/its/own/labels",
)


def _notebook(root: Path, parameters: dict[str, Any], at: int) -> Path:
    sources = [f"step_{cell} = prepare({cell})\nprint(step_{cell})" for cell in range(_CELLS)]
    sources[0] = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    sources[5] = f"model = fit(step_4, depth={at % 7})"
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{cell}",
            "metadata": {"tags": ["parameters"]} if cell == 0 else {},
            "source": source,
            "execution_count": cell + 1,
            "outputs": [_figure(at)] if cell >= _CELLS - _FIGURES else [],
        }
        for cell, source in enumerate(sources)
    ]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = root / "a notebook with a long name.ipynb"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _figure(at: int, width: int = 240, height: int = 160) -> dict[str, Any]:
    """A curve that differs with ``at``, as a PNG."""
    top = [int(height * (0.5 + 0.4 * math.sin(x / 20 + at / 5))) for x in range(width)]
    rows = (
        b"\0" + b"".join(b"\x1f\x77\xb4" if y > top[x] else b"\xff\xff\xff" for x in range(width))
        for y in range(height)
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows))),
        (b"IEND", b""),
    ]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    picture = base64.b64encode(png).decode()
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}


def _data(root: Path, name: str, version: int) -> FileAccess:
    path = root / "data" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a,b\n" + "1,2\n" * (100 + version), encoding="utf-8")
    return FileAccess(path=str(path), mode="read", reader="pandas", cell_ids=["cell1"])


def _state(
    path: Path, parameters: dict[str, Any], files: list[FileAccess], at: int, values: random.Random
) -> KernelState:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = [cell["source"] for cell in cells]
    packages = [
        Package(name=f"package-{number}", version=f"1.{at % 4 if number % 30 == 0 else 0}.0")
        for number in range(_PACKAGES)
    ]
    numbers = {name: value for name, value in parameters.items() if not isinstance(value, str)}
    metrics = {f"metric_{number}": values.random() for number in range(_METRICS)}
    return kernel_state(
        sources,
        scalars=numbers | metrics,
        files=files,
        environment=environment(packages=packages),
        working_directory=str(path.parent),
        seeds={"random_state": at % 2},
    )


def _log(services: Services, run_id: str, at: int, values: random.Random) -> None:
    points = [
        Point(name, math.exp(-step / (20 + at)) + values.random() / 20, _START_MS + step, step)
        for name in ("loss", "val_loss")
        for step in range(_STEPS)
    ]
    services.run_logger.log(run_id, metrics=points)
