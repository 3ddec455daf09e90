"""What the cells of a notebook are, told by digests. Reading notebooks is for ``parsing``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import blake3

from ..snapshots.cells import ADDRESS, INJECTED, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLE = 120
_MOST_CELLS = 50_000
_MOST_OUTPUT = 4 * 1024 * 1024


class Cell(NamedTuple):
    """One cell; ``source`` and ``outputs`` are digests, ``title`` is its first line."""

    cell_id: str | None
    cell_type: str
    title: str
    source: str
    outputs: str


def rows(content: dict[str, Any]) -> list[Cell]:
    """Return the cells of a notebook in document order, at most 50,000.

    What differs from run to run without meaning counts as equal in outputs: execution counts, how
    a stream was cut into pieces, and addresses in memory.
    """
    return [_row(item) for item in content["cells"][:_MOST_CELLS]]


def cell(contents: Iterator[dict[str, Any]], index: int) -> dict[str, Any] | None:
    """Return cell number ``index`` from 0: cell_type, source, outputs, outputs_size, language.

    Outputs that are too large to be shown are left out; the size is theirs. None where the
    notebook has fewer cells.
    """
    content = next(contents)
    if not 0 <= index < len(content["cells"]):
        return None
    found = content["cells"][index]
    outputs = found.get("outputs", [])
    size = len(json.dumps(outputs))
    metadata = content.get("metadata", {})
    return {
        "cell_type": found.get("cell_type", "raw"),
        "source": joined(found.get("source", "")),
        "outputs": outputs if size <= _MOST_OUTPUT else [],
        "outputs_size": None if size <= _MOST_OUTPUT else size,
        "language": metadata.get("language_info", {}).get("name")
        or metadata.get("kernelspec", {}).get("language"),
    }


def _row(item: dict[str, Any]) -> Cell:
    source = joined(item.get("source", ""))
    # papermill's own cell has a new id in each run
    injected = INJECTED in item.get("metadata", {}).get("tags", ())
    title = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return Cell(
        cell_id=INJECTED if injected else item.get("id"),
        cell_type=item.get("cell_type", "raw"),
        title=title[:_TITLE],
        source=_digest(source.encode("utf-8", "surrogatepass")),
        outputs=_digest(json.dumps(_essence(item.get("outputs", [])), sort_keys=True).encode()),
    )


def _essence(outputs: list[dict[str, Any]]) -> list[Any]:
    found: list[Any] = []
    for output in outputs:
        if output.get("output_type") == "stream":
            name, text = output.get("name"), joined(output.get("text", ""))
            if found and found[-1][0] == name:
                found[-1][1] += text
            else:
                found.append([name, text])
        elif output.get("output_type") == "error":
            found.append(["error", output.get("ename"), output.get("evalue")])
        else:
            data = {key: _value(key, value) for key, value in output.get("data", {}).items()}
            found.append(["data", data])
    return found


def _value(mime_type: str, value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if mime_type == "text/plain" and isinstance(value, str):
        return ADDRESS.sub("0x", value)
    return value


def _digest(data: bytes) -> str:
    return blake3.blake3(data).hexdigest(length=16)
