"""Numbers that the outputs of cells name, such as ``accuracy: 0.947``: candidates for metrics.

Only text is read. What a table, a figure or a sentence says is not understood.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .cells import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .notebook import CodeCell

MOST_TEXT = 20_000  # characters of one cell, the last of them: results come at the end
_MOST = 200
_LONGEST = 60
# a sign between name and number, or a blank where the number has a fraction; 12:30 is a time, and
# 1.2.3 a version
_VALUE = re.compile(
    r"(?:\s?=\s?|\s?:[ \t]{1,4}|(?<![\d\s]):|[ \t]{1,3}(?=[-+]?\d*\.\d))"
    r"(?:np\.float(?:64|32)\()?"
    r"(?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.:/]|-\d)"
)
# letters, digits, and _ - . / and blanks, as MLflow has them; the 3 of "epoch 3 loss" is no part
_NAME = re.compile(
    r"(?<![\w./@-])['\"]?(?P<name>[^\W\d_][\w./-]*(?:[ ][^\W\d_][\w./-]*){0,4})['\"]?\s?$"
)


@dataclass(frozen=True)
class PrintedNumber:
    """A number with the name that stands before it, and the cell that printed it."""

    name: str
    value: float
    cell_id: str | None


def numbers(cells: Iterable[CodeCell]) -> dict[str, PrintedNumber]:
    """Return the numbers in the outputs of cells by their names; the one that came last wins."""
    found: dict[str, PrintedNumber] = {}
    for cell in sorted(cells, key=lambda cell: cell.execution_count or 0):
        for name, value in named(text_of(cell.outputs)):
            found.pop(name, None)
            found[name] = PrintedNumber(name, value, cell.cell_id)
    return dict(list(found.items())[-_MOST:])


def named(text: str) -> Iterator[tuple[str, float]]:
    """Yield the names and numbers of a text, line by line."""
    for line in text[-MOST_TEXT:].splitlines():
        if "dtype:" in line:  # what pandas says below a column
            continue
        for match in _VALUE.finditer(line):
            before = _NAME.search(line[max(0, match.start() - _LONGEST) : match.start()])
            value = float(match["number"])
            if before and math.isfinite(value):
                yield before["name"], value


def only_text(contents: Iterator[dict[str, Any]], _: Sequence[int]) -> dict[str, Any]:
    """Return a notebook of whose outputs only ``text_of`` is left."""
    content = next(contents)
    for cell in content["cells"]:
        if cell.get("outputs"):
            cell["outputs"] = [{"name": "stdout", "text": text_of(cell["outputs"])}]
    return content


def text_of(outputs: Iterable[dict[str, Any]]) -> str:
    """Return what a cell printed, and the dictionary that it returned, from its outputs.

    Warnings and errors are left out, and other objects: what they show are their settings.
    """
    parts = []
    for output in outputs:
        if output.get("name") == "stdout":
            parts.append(joined(output.get("text", "")))
        returned = joined(output.get("data", {}).get("text/plain", ""))
        if returned.startswith("{"):
            parts.append(returned)
    return "\n".join(parts)[-MOST_TEXT:]
