"""The grade of notebooks in R against what really comes out of a run from top to bottom."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.kernels.schemas import CellRun, RCode
from jupyter_mlops.notebooks import apart
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.notebook import CodeCell
from tests import notebooks
from tests.kernel_states import environment, kernel_state

from .r_notebooks import made, play

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services

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


@pytest.mark.parametrize("depth", [10, 10_000])
def test_code_that_is_too_deep_to_be_followed(depth: int) -> None:
    texts = ["+", "total", "<-", "1"]
    terms = "[1,[" * depth + "2" + ',{"v":4}],[0,0]]' * depth
    source = "total <- total" + " + 1" * depth
    code = RCode(
        sources=[source],
        texts=texts,
        trees=[f"[[3,[2,{terms}],[0,0]]]"],
        functions={"+": ["base"], "<-": ["base"]},
        rich=[],
        drew=[False, False],
    )
    ran = CellRun(execution_count=1, cell_id="a", source=source, status="ok")
    cells = [CodeCell(index, name, source, (), []) for index, name in enumerate("ab")]
    history = [ran.model_copy(update={"cell_id": "b"}), ran]
    verdict, reasons = grade(cells, history, (), code)
    assert verdict == ("stale" if depth == 10 else "unknown")
    assert reasons[0].code == ("order" if depth == 10 else "hidden")


def test_a_large_notebook_keeps_its_grade(services: Services) -> None:
    path = notebooks.write(services.project.root / "large.ipynb", ["1"])
    code = RCode(sources=["1"], texts=["1"], trees=["[[4]]"], functions={}, rich=[], drew=[False])
    state = kernel_state(["1"], environment=environment(language="R"), r_code=code)
    here = services.snapshots.create(path, state, author="me")
    apart_made = apart.take_and_tell(services, path, state, author="me")
    assert apart_made is not None
    assert apart_made.grade == here.grade == "clean"
