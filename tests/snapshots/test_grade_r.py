"""The grade of notebooks in R against what really comes out of a run from top to bottom."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.snapshots.grade import grade

from .r_notebooks import made, play

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOKS = 60


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no R here: install IRkernel")
def test_a_good_grade_is_never_a_lie(tmp_path: Path) -> None:
    good = 0
    for number, notebook in enumerate(play(tmp_path, list(map(made, range(NOTEBOOKS))))):
        history = notebook.history
        verdict, reasons = grade(notebook.cells, history.cells, (), history.r_code)
        assert bool(reasons) == (verdict != "clean")
        if notebook.steady and verdict in {"clean", "valid"}:
            assert notebook.honest, f"notebook {number}: {notebook.cells}, {notebook.order}"
            good += 1
    assert good > NOTEBOOKS / 10
