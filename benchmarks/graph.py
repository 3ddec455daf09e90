"""The lineage graph in a browser: five hundred cards of a project that has grown."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.schemas import FileAccess, KernelState
from jupyter_mlops.services import Services
from tests import notebooks
from tests.kernel_states import kernel_state

from .browser import measure
from .harness import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTEBOOKS = 160
_CARDS = 500
_FRAME = 1000 / 60


class _Found(TypedDict):
    drawn: int
    opened: list[float]
    blocked: list[float]
    panned: list[float]
    zoomed: list[float]


def run() -> list[Result]:
    """Measure milliseconds until the first card is seen, and the frames while the graph moves."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root = Path(name) / "project"
        root.mkdir()
        fill(root, _NOTEBOOKS)
        found: _Found = measure("graph", root)
    note = f"over {_CARDS} cards, {found['drawn']} in sight"
    frames = [
        Result(f"lineage graph, frame while {name}", "ms", sorted(values), limit=1.1 * _FRAME)
        for name, values in (("panning", found["panned"]), ("zooming", found["zoomed"]))
    ]
    return [
        Result("lineage graph, first card", "ms", found["opened"], limit=2000, note=note),
        Result("lineage graph, longest hold of the page", "ms", found["blocked"], limit=200),
        *frames,
    ]


def fill(root: Path, count: int) -> None:
    """Take snapshots of notebooks, each of which reads what some before it wrote."""
    services = Services(Project(root), root)
    values = random.Random(0)  # noqa: S311 - the same graph each time
    for at in range(count):
        made = [f"made-{before}.csv" for before in range(max(0, at - 12), at)]
        reads = values.sample(made, min(len(made), values.randint(1, 2)))
        if at % 6 == 0:
            reads.append(f"raw-{at}.csv")
            (root / reads[-1]).write_text(f"{at}\n")
        written = f"made-{at}.csv"
        (root / written).write_text(f"{at} made\n")
        notebook = notebooks.write(root / f"step-{at}.ipynb", ["pass"])
        services.snapshots.create(notebook, _state(root, reads, written), author="bench")
    services.close()


def _state(root: Path, reads: Sequence[str], written: str) -> KernelState:
    """Return what a kernel would say."""
    files = [FileAccess(path=str(root / name), mode="read") for name in reads]
    return kernel_state(
        files=[*files, FileAccess(path=str(root / written), mode="write")],
        working_directory=str(root),
    )
