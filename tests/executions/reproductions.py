"""What the tests of reproductions share: notebooks, snapshots of them, and how they run again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlops.executions.receipt_schemas import ReproductionRequest
from tests import notebooks
from tests.databases import SHARED

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.executions.receipt_schemas import Receipt
    from jupyter_mlops.kernels.schemas import KernelState
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot

SLOW = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)"
local = pytest.mark.skipif(SHARED, reason="the same with any store")


def run(services: Services, path: Path, **options: Any) -> Snapshot:
    """Run a notebook headless, and return its snapshot."""
    result = services.executions.run(path, author="me", **options)
    assert result.snapshot_id, result.problem
    return services.snapshots.snapshot(result.snapshot_id)


def shown(path: Path, *cells: tuple[str, str]) -> Path:
    """Write a notebook of cells that have printed something."""
    notebooks.write(path, [source for source, _ in cells])
    content = nbformat.read(path, as_version=4)
    for cell, (_, text) in zip(content.cells, cells, strict=True):
        cell.execution_count = 1
        cell.outputs = [nbformat.v4.new_output("stream", text=text)] if text else []
    nbformat.write(content, path)
    return path


def with_kernel(state: KernelState, **changes: Any) -> KernelState:
    """Change what a kernel says of its environment."""
    environment = state.environment.model_copy(update=changes)
    return state.model_copy(update={"environment": environment})


def begin(services: Services, snapshot: Snapshot, **options: Any) -> Receipt:
    return services.reproductions.start(
        snapshot.id[:12], ReproductionRequest(**options), author="someone"
    )


def ended(services: Services, receipt: Receipt) -> Receipt:
    assert services.reproductions.wait(receipt.receipt_id, 300)
    found = services.reproductions.receipt(receipt.receipt_id)
    end = time.monotonic() + 60
    while list((services.project.store / "reproductions").iterdir()):  # until its kernel is gone
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def reproduce(services: Services, snapshot: Snapshot, **options: Any) -> Receipt:
    return ended(services, begin(services, snapshot, **options))
