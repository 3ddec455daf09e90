"""What notebooks have in them: texts as nbformat writes them, papermill's cell, addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

INJECTED = "injected-parameters"
"""The tag of the cell in which papermill puts the values that a run is given."""

MOST_TEXT = 20_000
"""Characters of what one cell printed, the last of them: results come at the end."""

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
"""An address in memory, which is another one in each run."""


def is_notebook(content: Any) -> bool:
    """Tell whether a document is a notebook of format 4, as far as anything of ours reads it."""
    if not isinstance(content, dict) or not isinstance(content.get("metadata", {}), dict):
        return False
    cells, about = content.get("cells"), content.get("metadata", {})
    return (
        isinstance(cells, list)
        and all(isinstance(about.get(key, {}), dict) for key in ("kernelspec", "language_info"))
        and all(map(_is_cell, cells))
    )


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    outputs = cell.get("outputs", [])
    return (
        _is_text(cell.get("source", ""))
        and isinstance(cell.get("metadata", {}).get("tags", []), list)
        and isinstance(outputs, list)
        and all(
            isinstance(output, dict)
            and isinstance(output.get("data", {}), dict)
            and _is_text(output.get("text", ""))
            for output in outputs
        )
    )


def _is_text(text: Any) -> bool:
    parts = text if isinstance(text, list) else [text]
    return all(isinstance(part, str) for part in parts)


def storable(text: str) -> str:
    """Return a text with a question mark for each byte of a file's name that is no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def joined(text: str | list[str]) -> str:
    """Return a text that nbformat may have cut into lines."""
    return text if isinstance(text, str) else "".join(text)


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
