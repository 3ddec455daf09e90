"""Reads stored notebooks: a large one in a process of its own. Nothing is executed.

A parser holds the interpreter's lock, and so the server's loop, for as long as it reads. So the
process ``python -m jupyter_mlops.snapshots.parsing MODULE FUNCTION NUMBER SIZE…`` takes large
notebooks on its standard input, one behind the other, and answers with JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

from ..core.errors import InvalidInputError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Stored = tuple[Iterable[bytes], int]
"""A notebook's bytes in chunks, and how many they are."""

Action = Callable[[Iterator[dict[str, Any]], int], Any]
"""What is made of the contents of notebooks, which are parsed one by one, and a number."""

_IN_PROCESS = 8 * 1024 * 1024
_MOST_QUOTES = 150_000
_SECONDS = 60
_PIECE = 1024 * 1024
_EVERYTHING = 1 << 62
_KINDER = 5
_NO_NOTEBOOK = "This is no notebook of format 4. Open and save it in JupyterLab to convert it."

LEFT_OUT = "mlops_left_out"
"""The key in a cell's metadata that says how many bytes of outputs were left out."""


def answer(stored: Sequence[Stored], action: Action, number: int = 0) -> Iterator[bytes]:
    """Give the JSON of what ``action`` makes of notebooks, in pieces.

    Args:
        stored: the notebooks.
        action: a function of some module of ours, which has to be light: a process imports it.
        number: passed on to it.

    Raises:
        InvalidInputError: one of them is no notebook of format 4.
        StoreUnavailableError: large ones could not be parsed in a minute.
    """
    sizes = [size for _, size in stored]
    if max(sizes) <= _IN_PROCESS:
        found = [b"".join(chunks) for chunks, _ in stored]
        # it is the many small pieces that take time, not the few large ones
        if all(data.count(b'"') <= _MOST_QUOTES for data in found):
            yield _parse(found, action, number)
            return
        stored = [([data], len(data)) for data in found]
    where = action.__module__, action.__name__, str(number)
    yield from _elsewhere(chain(*(chunks for chunks, _ in stored)), sizes, *where)


def document(stored: Stored, most: int | None = None) -> Iterator[bytes]:
    """Give a notebook as JSON that every reader understands, in pieces.

    Args:
        stored: the notebook.
        most: bytes of outputs, all cells together. The outputs of a cell that has more than is
            left of them are left out, and ``LEFT_OUT`` in its metadata says how many they were.

    Raises:
        InvalidInputError: it is no notebook of format 4.
        StoreUnavailableError: a large one could not be parsed in a minute.
    """
    return answer([stored], thinned, _EVERYTHING if most is None else most)


def without_outputs(stored: Stored) -> dict[str, Any]:
    """Return what a notebook holds but for its outputs.

    Raises:
        InvalidInputError, StoreUnavailableError: as ``document``.
    """
    return dict(orjson.loads(b"".join(document(stored, 0))))


def within(facts: Mapping[str, str], name: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the JSON of ``facts`` and, under ``name``, of what ``pieces`` are."""
    first = next(pieces)  # an error comes before anything is given
    yield orjson.dumps(facts)[:-1] + b',"%b":%b' % (name.encode(), first)
    yield from pieces
    yield b"}"


def _elsewhere(chunks: Iterable[bytes], sizes: Sequence[int], *arguments: str) -> Iterator[bytes]:
    # -P: a json.py in the working folder is none of ours
    command = [sys.executable, "-P", "-m", __name__, *arguments, *map(str, sizes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 - for the type checker
        assert process.stdout is not None  # noqa: S101
        limit = threading.Timer(_SECONDS, process.kill)
        limit.start()
        try:
            with suppress(BrokenPipeError):  # it found no notebook, and says so
                for chunk in chunks:
                    process.stdin.write(chunk)
            with suppress(BrokenPipeError):  # there is still something in the buffer then
                process.stdin.close()
            while piece := process.stdout.read(_PIECE):
                limit.cancel()  # from now on it waits for whoever reads
                yield piece
        except BaseException:
            process.kill()
            raise
        finally:
            limit.cancel()
    if process.returncode < 0:
        raise StoreUnavailableError(
            f"The notebook ({max(sizes) >> 20} MiB) could not be read: it took too long, or there "
            "was too little memory."
        )
    if process.returncode > 0:
        raise InvalidInputError(_NO_NOTEBOOK)


def _parse(stored: Sequence[bytes | memoryview], action: Action, number: int) -> bytes:
    return _dumped(action(map(_content, stored), number))


def _content(data: bytes | memoryview) -> dict[str, Any]:
    try:
        content = _parsed(data)
        if isinstance(content["cells"], list):
            return dict(content)
    except (ValueError, TypeError, KeyError):
        pass
    raise InvalidInputError(_NO_NOTEBOOK)


def _parsed(data: bytes | memoryview) -> Any:
    try:
        return orjson.loads(data)
    except ValueError:  # the slow way knows NaN, which plots have in their outputs
        return json.loads(bytes(data))


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # half a character, or a number of more than 64 bits
        plain = json.loads(json.dumps(value), parse_constant=lambda _: None)
        return json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")


def thinned(contents: Iterator[dict[str, Any]], most: int) -> dict[str, Any]:
    """Return a notebook with at most so many bytes of outputs; see ``document``."""
    content = next(contents)
    for cell in content["cells"] if most < _EVERYTHING else ():
        if cell.get("outputs"):
            size = len(_dumped(cell["outputs"]))
            if size > most:
                cell["outputs"] = []
                cell["metadata"] = {**cell.get("metadata", {}), LEFT_OUT: size}
            else:
                most -= size
    return content


def _main(module: str, name: str, number: str, *sizes: str) -> None:
    os.nice(_KINDER)  # whoever works in Jupyter goes first
    action: Action = getattr(importlib.import_module(module), name)
    data, start, stored = memoryview(sys.stdin.buffer.read()), 0, []
    for size in map(int, sizes):
        stored.append(data[start : start + size])
        start += size
    try:
        sys.stdout.buffer.write(_parse(stored, action, int(number)))
    except InvalidInputError:
        sys.exit(1)


if __name__ == "__main__":
    _main(*sys.argv[1:])
