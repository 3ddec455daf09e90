"""Parameters of a headless run: checked against the notebook's parameters cell, then typed.

What the cell declares is read by papermill, whose rules for values these are too.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
from papermill.exceptions import PapermillException
from papermill.utils import any_tagged_cell

from ..core.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def resolve(
    notebook: Any, parameters: Mapping[str, Any], arguments: Mapping[str, str]
) -> dict[str, Any]:
    """Return the values to inject into a loaded notebook; ``arguments`` are texts, and win.

    Raises:
        InvalidInputError: the notebook declares no parameter of that name, or none at all.
    """
    names = [*parameters, *arguments]
    if not names:
        return {}
    declared = _declared(notebook)
    unknown = [name for name in dict.fromkeys(names) if declared and name not in declared]
    if unknown:
        raise InvalidInputError(
            f"The notebook has no parameter {', '.join(unknown)}. It has: {', '.join(declared)}.",
            unknown=unknown,
            parameters=list(declared),
        )
    typed = {name: _typed(name, text, declared.get(name)) for name, text in arguments.items()}
    return {**parameters, **typed}


def _declared(notebook: Any) -> dict[str, Any]:
    """Return papermill's facts of each parameter; none where it cannot read the language."""
    try:
        if not any_tagged_cell(notebook, "parameters"):
            raise InvalidInputError(
                "The notebook takes no parameters: none of its cells is tagged `parameters`. In "
                "JupyterLab, select the cell that sets them, open the property inspector (the "
                "gears at the right) and add the cell tag `parameters`."
            )
        declared = papermill.inspect_notebook(_without_outputs(notebook))
    except (PapermillException, nbformat.ValidationError, ValueError) as error:
        raise InvalidInputError(f"The notebook's parameters cannot be read: {error}") from error
    return dict(declared)


def _without_outputs(notebook: Any) -> Any:
    """Return a notebook of which a copy costs little: papermill makes one."""
    cells = [
        nbformat.from_dict({**cell, "outputs": []})
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return nbformat.from_dict({**notebook, "cells": cells})


def literal(path: str) -> str:
    """Return a path that papermill's formatting leaves alone."""
    return path.replace("{", "{{").replace("}", "}}")


def _typed(name: str, text: str, declared: Mapping[str, Any] | None) -> Any:
    default = _default(declared)
    if isinstance(default, str):  # stays one: 007, say
        return text
    if text in {"True", "False", "None"}:
        return ast.literal_eval(text)
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    if isinstance(default, (list, tuple, dict)) and text.strip().startswith(("[", "(", "{")):
        return _structure(name, text)
    return text


def _structure(name: str, text: str) -> Any:
    try:
        found = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        found = None
    if not isinstance(found, (list, tuple, dict)):
        raise InvalidInputError(
            f"{name} is a list or a map, written as [1, 2] or {{'a': 1}}, not {text}.",
            parameter=name,
        )
    return list(found) if isinstance(found, tuple) else found


def _default(declared: Mapping[str, Any] | None) -> Any:
    """Return the default that a notebook declares; None where it is no literal."""
    if declared is None:
        return None
    if declared["inferred_type_name"] == "str":
        return ""
    try:
        return ast.literal_eval(str(declared["default"]))
    except (ValueError, SyntaxError):
        return None
