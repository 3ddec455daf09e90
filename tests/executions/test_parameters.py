"""Parameters as typed on a command line, against the notebook's parameters cell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlops.core.errors import InvalidInputError
from jupyter_mlops.executions.parameters import literal, resolve
from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

DECLARED = (
    "depth = 3\n"
    "rate: float = 0.1\n"
    "name = 'tree'\n"
    "code: str = None\n"
    "flag = False\n"
    "columns = ['a', 'b']  # which to use\n"
    "label = None"
)


@pytest.fixture
def notebook(tmp_path: Path) -> str:
    folder = tmp_path / "my {work} 한글"
    folder.mkdir()
    return str(notebooks.write(folder / "train {1}.ipynb", ["x = 1", DECLARED], parameters=1))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("depth", "4", 4),
        ("depth", "-4", -4),
        ("depth", "0.5", 0.5),
        ("rate", "1e-3", 0.001),
        ("rate", "1", 1),
        ("flag", "True", True),
        ("flag", "None", None),
        ("flag", "true", "true"),
        ("label", "007", 7),
        ("label", "7 trees", "7 trees"),
        # a text stays a text where the default is one
        ("name", "007", "007"),
        ("name", "None", "None"),
        ("code", "1e3", "1e3"),
        ("columns", "['a']", ["a"]),
        ("columns", " ('a', 1)", ["a", 1]),
        ("columns", "a", "a"),
    ],
)
def test_a_text_gets_the_type_that_it_looks_like(
    notebook: str, name: str, text: str, value: Any
) -> None:
    found = resolve(notebook, {}, {name: text})[name]
    assert (type(found), found) == (type(value), value)


def test_a_list_that_is_none_is_refused(notebook: str) -> None:
    with pytest.raises(InvalidInputError, match=r"columns is a list or a map, written as \[1, 2\]"):
        resolve(notebook, {}, {"columns": "['a'"})


def test_a_number_need_not_be_finite(notebook: str) -> None:
    assert resolve(notebook, {}, {"rate": "inf"}) == {"rate": math.inf}


def test_typed_values_stay_and_arguments_win(notebook: str) -> None:
    parameters = {"columns": ["b"], "depth": 1, "name": 3}
    found = resolve(notebook, parameters, {"depth": "2"})
    assert found == {"columns": ["b"], "depth": 2, "name": 3}


@pytest.mark.parametrize(
    "given", [({"dept": 1}, {}), ({}, {"dept": "1"}), ({"dept": 1}, {"x": "1"})]
)
def test_an_unknown_parameter_is_refused(
    notebook: str, given: tuple[dict[str, Any], dict[str, str]]
) -> None:
    with pytest.raises(InvalidInputError, match="has no parameter dept") as refused:
        resolve(notebook, *given)
    assert "It has: depth, rate, name, code, flag, columns, label." in refused.value.message
    assert refused.value.details["unknown"] == list({**given[0], **given[1]})


def test_a_notebook_without_a_parameters_cell(tmp_path: Path) -> None:
    path = str(notebooks.write(tmp_path / "in.ipynb", ["depth = 3"]))
    assert resolve(path, {}, {}) == {}
    with pytest.raises(InvalidInputError, match="none of its cells is tagged `parameters`"):
        resolve(path, {}, {"depth": "4"})


def test_a_language_that_papermill_cannot_inspect(tmp_path: Path) -> None:
    """Then any name goes, as with papermill, rather than none."""
    path = notebooks.write(tmp_path / "in.ipynb", ["n = 3L"], parameters=0)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    nbformat.write(notebook, path)
    assert resolve(str(path), {}, {"n": "4"}) == {"n": 4}


def test_a_file_that_is_no_notebook(tmp_path: Path) -> None:
    path = tmp_path / "in.ipynb"
    path.write_text("not JSON")
    with pytest.raises(InvalidInputError, match="cannot be read"):
        resolve(str(path), {}, {"n": "4"})


def test_braces_in_a_path_are_no_place_for_a_parameter() -> None:
    assert literal("a {depth}.ipynb").format(depth=1) == "a {depth}.ipynb"
