"""Two notebooks of 5 MB, down to the merge view of their first change, and fifty snapshots."""

from __future__ import annotations

import base64
import json
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services

from . import fifty
from .browser import measure
from .harness import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELLS, _IMAGE = 400, 8_800
_EDITED, _OUTPUTS = range(3, _CELLS, 40), range(5, _CELLS, 30)


class _Found(TypedDict):
    table: list[float]
    cells: list[float]
    total: list[float]


def run() -> list[Result]:
    """Measure milliseconds from the command to the table, and on to the merge view."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root = Path(name) / "project"
        root.mkdir()
        first, second, size = fill(root)
        found: _Found = measure("compare", root, ids=f"{first},{second}")
    note = f"{_CELLS} cells, {size / 1e6:.1f} MB each; {len(_EDITED)} edited"
    return [
        Result("compare, table", "ms", found["table"], note=note),
        Result("compare, cells with a merge view", "ms", found["cells"], note=note),
        Result("compare, both", "ms", found["total"], limit=1000, note=note),
        *_fifty(),
    ]


def _fifty() -> list[Result]:
    """Measure milliseconds that the server takes, and until there is something to see."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root = Path(name) / "project"
        root.mkdir()
        ids = fifty.fill(root)
        found = measure("fifty", root, ids=",".join(ids))
        services = Services(Project(root), root)
        took = []
        for _ in range(6):
            start = time.perf_counter()
            services.comparisons.compare(ids).model_dump_json()
            took.append((time.perf_counter() - start) * 1000)
        services.close()
    note = f"{fifty.COUNT} snapshots of one notebook"
    return [
        Result("compare fifty, server", "ms", took[1:], note=note),
        Result("compare fifty, table", "ms", found["table"], note=note),
        Result("compare fifty, figures", "ms", found["figures"], note=note),
    ]


def fill(root: Path) -> tuple[str, str, int]:
    """Take snapshots of two versions of a notebook; return their ids and the size of one."""
    services = Services(Project(root), root)
    values = random.Random(0)  # noqa: S311 - the same notebooks each time
    cells = [_cell(at, values) for at in range(_CELLS)]
    size = _write(root, cells)
    first = services.snapshots.create(root / "large.ipynb", None, author="bench")
    for at in _EDITED:
        cells[at]["source"] = cells[at]["source"].replace("alpha=0.1", "alpha=0.2, beta=1")
    for at in _OUTPUTS:
        cells[at]["outputs"] = [_image(values)]
    cells.insert(10, cells.pop(200))
    _write(root, cells)
    second = services.snapshots.create(root / "large.ipynb", None, author="bench")
    services.close()
    return first.id, second.id, size


def _cell(at: int, values: random.Random) -> dict[str, Any]:
    lines = [f"frame_{at}_{line} = load({line}, alpha=0.1)" for line in range(12)]
    return {
        "cell_type": "code",
        "id": f"cell{at}",
        "metadata": {},
        "source": "\n".join(lines),
        "execution_count": at,
        "outputs": [_image(values)],
    }


def _image(values: random.Random) -> dict[str, Any]:
    picture = base64.b64encode(values.randbytes(_IMAGE)).decode()
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": picture}}


def _write(root: Path, cells: Sequence[dict[str, Any]]) -> int:
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return (root / "large.ipynb").write_text(json.dumps(document))
