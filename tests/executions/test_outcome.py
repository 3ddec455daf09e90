"""What a result says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_mlops.executions.schemas import ExecutionResult
from jupyter_mlops.tracking.schemas import RunError

ERROR = RunError(name="ValueError", message="no", cell_index=1, cell_id="b")


@pytest.mark.parametrize(
    ("status", "error", "problem", "said"),
    [
        ("FINISHED", None, None, None),
        ("FINISHED", None, "The disk is full.", "The disk is full."),
        ("FAILED", ERROR, None, "Cell 2: ValueError: no"),
        ("FAILED", RunError(name="Dead", message="gone"), "lost", "Dead: gone"),
        ("KILLED", None, "lost", "lost"),
        ("KILLED", None, None, "The run ended as KILLED, and nothing says why."),
    ],
)
def test_trouble(status: Any, error: RunError | None, problem: str | None, said: str) -> None:
    result = ExecutionResult(
        run_id="r",
        status=status,
        notebook_path="a.ipynb",
        output_path="b.ipynb",
        snapshot_id=None,
        parameters={},
        metrics={},
        models=[],
        error=error,
        problem=problem,
        duration_seconds=1.0,
    )
    assert result.trouble() == said
