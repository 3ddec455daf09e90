"""Numbers that the outputs of cells name, such as ``accuracy: 0.947``: candidates for metrics.

Only text is read. What a table, a figure or a sentence says is not understood.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cells import MOST_TEXT, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .notebook import CodeCell

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
