"""What the cells of a stored notebook are, told by digests. Nothing is executed.

A large notebook is parsed in a process of its own, since a parser holds the interpreter's lock
for as long as it reads: ``python -m jupyter_mlops.comparison.outline ACTION INDEX``, the action
being ``outline`` or ``cell``, the notebook on standard input.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import blake3
import orjson

from ..core.errors import InvalidInputError, NotFoundError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable

_IN_PROCESS = 8 * 1024 * 1024
_MOST_QUOTES = 150_000
_SECONDS = 60
_TITLE = 120
_MOST_CELLS = 50_000
_MOST_OUTPUT = 4 * 1024 * 1024
_NO_NOTEBOOK = "The stored notebook is none of format 4: its cells are not compared."
_INJECTED = "injected-parameters"
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


class Cell(NamedTuple):
    """One cell; ``source`` and ``outputs`` are digests, ``title`` is its first line."""

    cell_id: str | None
    cell_type: str
    title: str
    source: str
    outputs: str


def outline(chunks: Iterable[bytes], size: int) -> list[Cell]:
    """Return the cells of a notebook in document order, at most 50,000.

    What differs from run to run without meaning counts as equal in outputs: execution counts, how
    a stream was cut into pieces, and addresses in memory.

    Args:
        chunks: the notebook's bytes.
        size: how many they are.

    Raises:
        InvalidInputError: it is no notebook of format 4.
        StoreUnavailableError: a large one could not be parsed in a minute.
    """
    return [Cell(*row) for row in _answer(chunks, size, "outline")]


def cell(chunks: Iterable[bytes], size: int, index: int) -> dict[str, Any]:
    """Return cell number ``index`` from 0: cell_type, source, outputs, outputs_size, language.

    Raises:
        InvalidInputError: it is no notebook of format 4.
        NotFoundError: it has fewer cells.
        StoreUnavailableError: a large one could not be parsed in a minute.
    """
    found = _answer(chunks, size, "cell", index)
    if found is None:
        raise NotFoundError(f"The notebook has no cell number {index + 1}.")
    return dict(found)


def _answer(chunks: Iterable[bytes], size: int, action: str, index: int = 0) -> Any:
    if size <= _IN_PROCESS:
        data = b"".join(chunks)
        # it is the many small pieces that take time, not the few large ones
        if data.count(b'"') <= _MOST_QUOTES:
            return _parse(data, action, index)
        chunks = (data,)
    return _elsewhere(chunks, size, action, str(index))


def _parse(data: bytes, action: str, index: int) -> Any:
    return _outline(data) if action == "outline" else _cell(data, index)


def _outline(data: bytes) -> list[Cell]:
    return [_row(item) for item in _content(data)["cells"][:_MOST_CELLS]]


def _cell(data: bytes, index: int) -> dict[str, Any] | None:
    content = _content(data)
    if not 0 <= index < len(content["cells"]):
        return None
    found = content["cells"][index]
    outputs = found.get("outputs", [])
    size = len(json.dumps(outputs))
    metadata = content.get("metadata", {})
    return {
        "cell_type": found.get("cell_type", "raw"),
        "source": _text(found.get("source", "")),
        "outputs": outputs if size <= _MOST_OUTPUT else [],
        "outputs_size": None if size <= _MOST_OUTPUT else size,
        "language": metadata.get("language_info", {}).get("name")
        or metadata.get("kernelspec", {}).get("language"),
    }


def _content(data: bytes) -> dict[str, Any]:
    try:
        content = _parsed(data)
        if isinstance(content["cells"], list):
            return dict(content)
    except (ValueError, TypeError, KeyError):
        pass
    raise InvalidInputError(_NO_NOTEBOOK)


def _parsed(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except ValueError:  # the slow way knows NaN, which plots have in their outputs
        return json.loads(data)


def _elsewhere(chunks: Iterable[bytes], size: int, *arguments: str) -> Any:
    # -P: a json.py in the working folder is none of ours
    command = [sys.executable, "-P", "-m", __name__, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 - for the type checker
        assert process.stdout is not None  # noqa: S101
        limit = threading.Timer(_SECONDS, process.kill)
        limit.start()
        try:
            with suppress(BrokenPipeError):  # it found no notebook, and says so
                for chunk in chunks:
                    process.stdin.write(chunk)
                process.stdin.close()
            found = process.stdout.read()
        finally:
            limit.cancel()
    if process.returncode < 0:
        raise StoreUnavailableError(
            f"The notebook ({size >> 20} MiB) was not compared: it took too long."
        )
    if process.returncode > 0:
        raise InvalidInputError(_NO_NOTEBOOK)
    return orjson.loads(found)


def _row(item: dict[str, Any]) -> Cell:
    source = _text(item.get("source", ""))
    # papermill's own cell has a new id in each run
    injected = _INJECTED in item.get("metadata", {}).get("tags", ())
    title = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return Cell(
        cell_id=_INJECTED if injected else item.get("id"),
        cell_type=item.get("cell_type", "raw"),
        title=title[:_TITLE],
        source=_digest(source.encode("utf-8", "surrogatepass")),
        outputs=_digest(json.dumps(_essence(item.get("outputs", [])), sort_keys=True).encode()),
    )


def _essence(outputs: list[dict[str, Any]]) -> list[Any]:
    found: list[Any] = []
    for output in outputs:
        if output.get("output_type") == "stream":
            name, text = output.get("name"), _text(output.get("text", ""))
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
        return _ADDRESS.sub("0x", value)
    return value


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _digest(data: bytes) -> str:
    return blake3.blake3(data).hexdigest(length=16)


def _main(action: str, index: str) -> None:
    try:
        found = _parse(sys.stdin.buffer.read(), action, int(index))
    except InvalidInputError:
        sys.exit(1)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _main(*sys.argv[1:])
