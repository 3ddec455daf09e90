"""Notebooks and kernels that say what nobody expects: a snapshot is taken, or says why not."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.errors import InvalidInputError, StoreUnavailableError
from jupyter_mlops.executions.verdict import Outcome, judge
from jupyter_mlops.snapshots import notebook as notebooks
from jupyter_mlops.snapshots import parsing
from tests.kernel_states import kernel_state
from tests.notebooks import showing, write

from .test_manager import snap

if TYPE_CHECKING:
    from jupyter_mlops.services import Services

CELL = {"cell_type": "code", "id": "cell0", "source": "1", "metadata": {}, "outputs": []}
STRANGE: dict[str, Any] = {
    "a list": [],
    "no cells": {"metadata": {}},
    "a cell of nothing": {"cells": [None]},
    "a number for a source": {"cells": [{**CELL, "source": 1}]},
    "no metadata": {"cells": [CELL], "metadata": None},
    "no kernel": {"cells": [CELL], "metadata": {"kernelspec": None}},
    "no metadata of a cell": {"cells": [{**CELL, "metadata": None}]},
    "no tags": {"cells": [{**CELL, "metadata": {"tags": None}}]},
    "no outputs": {"cells": [{**CELL, "outputs": None}]},
    "an output of nothing": {"cells": [{**CELL, "outputs": [None]}]},
    "an output with no data": {"cells": [{**CELL, "outputs": [{"data": None}]}]},
    "numbers for a text": {"cells": [{**CELL, "outputs": [{"name": "stdout", "text": [1]}]}]},
}
LONG = " + ".join(["1"] * 1000)  # more terms than Python calls itself
NO_UTF_8 = "caf\udce9.csv"  # as Python tells a file's name of other bytes


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_notebook_is_refused(kind: str) -> None:
    data = json.dumps(STRANGE[kind]).encode()
    with pytest.raises(InvalidInputError, match="JupyterLab to convert it"):
        notebooks.parse(data, "a.ipynb")
    with pytest.raises(InvalidInputError, match="JupyterLab to convert it"):
        parsing.without_outputs(([data], len(data)))


def test_what_is_nested_without_end_is_refused() -> None:
    data = b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(InvalidInputError, match="not JSON"):
        notebooks.parse(data, "a.ipynb")
    with pytest.raises(InvalidInputError, match="no notebook"):
        parsing.without_outputs(([data], len(data)))


def test_a_large_one_is_refused_for_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps({"cells": [{**CELL, "source": "x" * 9_000_000}]}).encode()
    assert parsing.without_outputs(([data], len(data)))["cells"]
    with pytest.raises(InvalidInputError, match="no notebook"):
        parsing.without_outputs(([data[1:]], len(data) - 1))
    # a process that ends so has not said that it is none: it had no memory, say
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(StoreUnavailableError, match="too little memory"):
        parsing.without_outputs(([data], len(data)))


@pytest.mark.parametrize(
    "source", [f"total = {LONG}", f"seed({LONG})", f"def f():\n  return {LONG}", "a = '\0'"]
)
@pytest.mark.parametrize("edited", [False, True])
def test_code_that_is_too_long_to_be_followed(
    services: Services, source: str, edited: bool
) -> None:
    path = write(services.project.root / "a.ipynb", [source + " # now" * edited, "2"])
    made = snap(services, path, kernel_state([source, "3", "2"]))
    assert made.grade in {"stale", "unknown"}
    run = Outcome(notebooks.read(path)[0], {})
    assert judge(run, run, None, {}).verdict == "reproduced"


def test_what_is_no_text_is_stored_with_question_marks(services: Services) -> None:
    path = services.project.root / "a.ipynb"
    error = {"output_type": "error", "ename": "OSError", "evalue": f"no {NO_UTF_8}"}
    content = showing([[{**error, "traceback": [NO_UTF_8, "api_key = 'hunter22'"]}]])
    content["cells"][0] |= {"source": f"p = {NO_UTF_8!r}", "metadata": {"tags": ["parameters"]}}
    path.write_text(json.dumps(content))
    state = kernel_state([f"open('{NO_UTF_8}')"], secrets=[f"secret of {NO_UTF_8}"])
    cells = [state.cells[0].model_copy(update={"status": "error"})]
    made = snap(services, path, state.model_copy(update={"cells": cells}))
    manifest = services.snapshots.snapshot(made.id).manifest
    assert manifest.error
    assert manifest.error.message == "no caf?.csv"
    assert [cell.source for cell in manifest.cells] == ["open('caf?.csv')"]
    kept = services.snapshots.notebook(made.id).content["cells"][0]["outputs"][0]
    assert kept["traceback"] == ["caf?.csv", "api_key = '«masked»'"]


def test_parameters_that_json_does_not_know_are_none(services: Services) -> None:
    tagged = "a = 1\nb = 1e999\nc = '\\ud800'\nd = b''"
    path = write(services.project.root / "a.ipynb", [tagged], parameters=0)
    assert snap(services, path).parameters == {"a": 1}
