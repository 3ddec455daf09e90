"""Small notebooks for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write(path: Path, sources: Sequence[str], *, parameters: int | None = None) -> Path:
    """Write a notebook of code cells with ids ``cell0``…; one may be tagged ``parameters``."""
    cells = []
    for index, source in enumerate(sources):
        cell = nbformat.v4.new_code_cell(source, id=f"cell{index}")
        if index == parameters:
            cell.metadata["tags"] = ["parameters"]
        cells.append(cell)
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook: Any = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
    nbformat.write(notebook, path)
    return path


def showing(outputs: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Any]:
    """Return a notebook, as JSON has it, of code cells that were run and show these outputs."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{number}",
            "source": "show()",
            "metadata": {},
            "execution_count": number + 1,
            "outputs": list(shown),
        }
        for number, shown in enumerate(outputs)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
