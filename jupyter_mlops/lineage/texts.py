"""What a stored notebook says of itself: its first text, its code, and where it failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ..snapshots import parsing
from ..snapshots.cells import joined
from ..snapshots.notebook import Notebook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..snapshots.parsing import Stored

_LONGEST = 256 * 1024
_LONGEST_TRACE = 16 * 1024
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Texts(NamedTuple):
    """The first text, the code of all cells, and the trace of the last error; secrets masked."""

    description: str = ""
    source: str = ""
    trace: str = ""


def read_texts(stored: Stored) -> Texts:
    """Return the texts of a notebook, cut where they are long.

    Raises:
        InvalidInputError: it is no notebook.
        StoreUnavailableError: it cannot be read.
    """
    return Texts(**parsing.reduced(stored, told))


def told(contents: Iterator[dict[str, Any]], _: Sequence[int]) -> dict[str, Any]:
    """Return the texts; see ``parsing.Action``."""
    notebook = Notebook(next(contents))
    texts = (
        joined(cell.get("source", ""))
        for cell in notebook.content["cells"]
        if cell.get("cell_type") == "markdown"
    )
    source = "\n\n".join(cell.source for cell in notebook.code_cells)
    return {
        "description": next(texts, "")[:_LONGEST],
        "source": source[:_LONGEST],
        # what failed stands at the end
        "trace": _trace(notebook)[-_LONGEST_TRACE:],
    }


def _trace(notebook: Notebook) -> str:
    for cell in reversed(notebook.code_cells):
        for output in cell.outputs:
            if output.get("output_type") == "error":
                return _COLOURS.sub("", "\n".join(map(str, output.get("traceback", []))))
    return ""
