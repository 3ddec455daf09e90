"""Parameters as typed on a command line, against the notebook's parameters cell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlops.core.errors import InvalidInputError, StoreUnavailableError
from jupyter_mlops.executions.parameters import literal, resolve
from jupyter_mlops.executions.source import read
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
def notebook(tmp_path: Path) -> Any:
    folder = tmp_path / "my {work} 한글"
    folder.mkdir()
    return read(str(notebooks.write(folder / "train {1}.ipynb", ["x = 1", DECLARED], parameters=1)))


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
    notebook: Any, name: str, text: str, value: Any
) -> None:
    found = resolve(notebook, {}, {name: text})[name]
    assert (type(found), found) == (type(value), value)


def test_a_list_that_is_none_is_refused(notebook: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"columns is a list or a map, written as \[1, 2\]"):
        resolve(notebook, {}, {"columns": "['a'"})


def test_a_number_need_not_be_finite(notebook: Any) -> None:
    assert resolve(notebook, {}, {"rate": "inf"}) == {"rate": math.inf}


def test_typed_values_stay_and_arguments_win(notebook: Any) -> None:
    parameters = {"columns": ["b"], "depth": 1, "name": 3}
    found = resolve(notebook, parameters, {"depth": "2"})
    assert found == {"columns": ["b"], "depth": 2, "name": 3}


@pytest.mark.parametrize(
    "given", [({"dept": 1}, {}), ({}, {"dept": "1"}), ({"dept": 1}, {"x": "1"})]
)
def test_an_unknown_parameter_is_refused(
    notebook: Any, given: tuple[dict[str, Any], dict[str, str]]
) -> None:
    with pytest.raises(InvalidInputError, match="has no parameter dept") as refused:
        resolve(notebook, *given)
    assert "It has: depth, rate, name, code, flag, columns, label." in refused.value.message
    assert refused.value.details["unknown"] == list({**given[0], **given[1]})


def test_a_notebook_without_a_parameters_cell(tmp_path: Path) -> None:
    path = str(notebooks.write(tmp_path / "in.ipynb", ["depth = 3"]))
    notebook = read(path)
    assert resolve(notebook, {}, {}) == {}
    with pytest.raises(InvalidInputError, match="none of its cells is tagged `parameters`"):
        resolve(notebook, {}, {"depth": "4"})


def test_a_language_that_papermill_cannot_inspect(tmp_path: Path) -> None:
    """Then any name goes, as with papermill, rather than none."""
    path = notebooks.write(tmp_path / "in.ipynb", ["n = 3L"], parameters=0)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    nbformat.write(notebook, path)
    assert resolve(read(str(path)), {}, {"n": "4"}) == {"n": 4}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not JSON", "x {1}.txt is not a notebook: it is not JSON."),
        (b"\xff\xfe", "x {1}.txt is not a notebook: it is not text."),
        (b"[1]", "x {1}.txt is not a notebook"),
        (b'{"a": 1}', "x {1}.txt is not a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "x {1}.txt is not a notebook"),
        (b'{"nbformat": 99, "metadata": {}, "cells": []}', "x {1}.txt is not a notebook"),
        (b'{"nbformat": 4, "metadata": {}, "cells": [3]}', "x {1}.txt is not a notebook"),
    ],
)
def test_a_file_that_is_no_notebook(tmp_path: Path, content: bytes, sentence: str) -> None:
    (path := tmp_path / "x {1}.txt").write_bytes(content)
    with pytest.raises(InvalidInputError) as refused:
        read(str(path))
    assert refused.value.message.startswith(sentence)


def test_a_notebook_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="No such file"):
        read(str(tmp_path / "gone.ipynb"))


def test_braces_in_a_path_are_no_place_for_a_parameter() -> None:
    assert literal("a {depth}.ipynb").format(depth=1) == "a {depth}.ipynb"
