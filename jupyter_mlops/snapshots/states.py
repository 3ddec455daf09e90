"""Tells by a digest whether anything has happened to a notebook and its kernel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from blake3 import blake3

if TYPE_CHECKING:
    from ..kernels.schemas import KernelState


def state_digest(data: bytes, state: KernelState | None) -> str:
    """Return a digest of a notebook file and of what its kernel has run, and with what packages."""
    digest = blake3(data, max_threads=blake3.AUTO)
    if state is not None:
        ran = [
            (cell.execution_count, cell.cell_id, cell.status, str(cell.started_at))
            for cell in state.cells
        ]
        digest.update(json.dumps(ran).encode())
        digest.update(state.environment.model_dump_json().encode())
    return digest.hexdigest()
