"""What the cells of a notebook are, told by digests. Reading notebooks is for ``parsing``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import blake3

from ..snapshots.cells import ADDRESS, INJECTED, joined
from ..snapshots.parsing import dumped
from . import kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TITLE = 120
MOST_CELLS = 200_000
_MOST_OUTPUT = 4 * 1024 * 1024


# tags are apart; the others tell of a run, or of how the notebook is looked at
_PASSING = {
    "ExecuteTime",
    "collapsed",
    "execution",
    "executionInfo",
    "outputId",
    "papermill",
    "scrolled",
    "tags",
    "trusted",
}
_LOOKS = {"outputs_hidden", "source_hidden"}


class Cell(NamedTuple):
    """One cell; ``title`` is its first line, what follows are digests but for the sorted tags."""

    cell_id: str | None
    cell_type: str
    title: str
    source: str
    outputs: str
    tags: tuple[str, ...] = ()
    attachments: str = ""
    metadata: str = ""


def rows(content: dict[str, Any]) -> list[Cell]:
    """Return the first ``MOST_CELLS`` of a notebook in document order.

    What differs from run to run without meaning counts as equal in outputs: execution counts, how
    a stream was cut into pieces, and addresses in memory. So do times and folding in metadata.
    """
    return [_row(item) for item in content["cells"][:MOST_CELLS]]


def cell(contents: Iterator[dict[str, Any]], numbers: Sequence[int]) -> dict[str, Any] | None:
    """Return the cell whose number from 0 is the first one, as ``StoredCell`` has it.

    Outputs that are too large to be shown are left out, so are metadata and attachments; the size
    is theirs. None where the notebook has fewer cells.
    """
    cells = next(contents)["cells"]
    return _cell(cells[numbers[0]]) if 0 <= numbers[0] < len(cells) else None


def keep(contents: Iterator[dict[str, Any]], files: Sequence[int]) -> None:
    """Write the cells of notebooks, as ``cell`` returns them, to open files; see ``kept``."""
    for content, file in zip(contents, files, strict=True):
        keep_cells(content, file)


def keep_cells(content: dict[str, Any], file: int) -> None:
    """Write the cells of one notebook."""
    kept.write((dumped(_cell(item)) for item in content["cells"]), file)


def _cell(item: dict[str, Any]) -> dict[str, Any]:
    outputs, outputs_size = _shown(item.get("outputs", []), [])
    about, about_size = _shown((_metadata(item), _attachments(item)), ({}, {}))
    return {
        "cell_type": item.get("cell_type", "raw"),
        "source": joined(item.get("source", "")),
        "outputs": outputs,
        "outputs_size": outputs_size,
        "tags": _tags(item),
        "metadata": about[0],
        "attachments": about[1],
        "about_size": about_size,
    }


def _shown(value: Any, nothing: Any) -> tuple[Any, int | None]:
    """Return what is shown of a value, and its size if that is nothing."""
    size = len(dumped(value))
    return (value, None) if size <= _MOST_OUTPUT else (nothing, size)


def _tags(item: dict[str, Any]) -> list[str]:
    tags = item.get("metadata", {}).get("tags", [])
    return sorted({tag for tag in tags if isinstance(tag, str)})


def _metadata(item: dict[str, Any]) -> dict[str, Any]:
    """Return metadata that somebody meant; the tags are apart."""
    found = {
        name: value for name, value in item.get("metadata", {}).items() if name not in _PASSING
    }
    if isinstance(own := found.pop("jupyter", {}), dict):
        own = {name: value for name, value in own.items() if name not in _LOOKS}
    return {**found, "jupyter": own} if own else found


def _attachments(item: dict[str, Any]) -> dict[str, Any]:
    found = item.get("attachments")
    return found if isinstance(found, dict) else {}


def _row(item: dict[str, Any]) -> Cell:
    source = joined(item.get("source", ""))
    # papermill's own cell has a new id in each run
    tags = tuple(_tags(item))
    injected = INJECTED in tags
    title = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return Cell(
        cell_id=INJECTED if injected else item.get("id"),
        cell_type=item.get("cell_type", "raw"),
        title=title[:_TITLE],
        source=_digest(source.encode("utf-8", "surrogatepass")),
        outputs=_digest(dumped(_essence(item.get("outputs", [])), by_key=True)),
        tags=tags,
        attachments=_digest(dumped(_attachments(item), by_key=True)),
        metadata=_digest(dumped(_metadata(item), by_key=True)),
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
