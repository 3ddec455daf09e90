"""Reads stored notebooks: a large one in a process of its own. Nothing is executed.

A parser holds the interpreter's lock, and so the server's loop, for as long as it reads. So the
process ``python -m jupyter_mlops.snapshots.parsing MODULE FUNCTION NUMBERS SIZE…`` takes large
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
from .cells import is_notebook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Stored = tuple[Iterable[bytes], int]
"""A notebook's bytes in chunks, and how many they are."""

Action = Callable[[Iterator[dict[str, Any]], "Sequence[int]"], Any]
"""What is made of the contents of notebooks, which are parsed one by one, and some numbers."""

_IN_PROCESS = 8 * 1024 * 1024
_MOST_QUOTES = 150_000
_SECONDS = 60
_PIECE = 1024 * 1024
_EVERYTHING = 1 << 62
_KINDER = 5
_NO_NOTEBOOK = "This is no notebook of format 4. Open and save it in JupyterLab to convert it."

LEFT_OUT = "mlops_left_out"
"""The key in a cell's metadata that says how many bytes of outputs were left out."""


def answer(
    stored: Sequence[Stored], action: Action, *numbers: int, files: Sequence[int] = ()
) -> Iterator[bytes]:
    """Give the JSON of what ``action`` makes of notebooks, in pieces.

    Args:
        stored: the notebooks.
        action: a function of some module of ours, which has to be light: a process imports it.
        numbers: passed on to it.
        files: descriptors that it may use, passed on behind the numbers.

    Raises:
        InvalidInputError: one of them is no notebook of format 4.
        StoreUnavailableError: large ones could not be parsed in a minute.
    """
    sizes = [size for _, size in stored]
    numbers = (*numbers, *files)
    if not is_large(max(sizes)):
        found = [b"".join(chunks) for chunks, _ in stored]
        # it is the many small pieces that take time, not the few large ones
        if all(data.count(b'"') <= _MOST_QUOTES for data in found):
            yield from pieces(_parse(found, action, numbers))
            return
        stored = [([data], len(data)) for data in found]
    command = [action.__module__, action.__name__, ",".join(map(str, numbers))]
    yield from _elsewhere(chain(*(chunks for chunks, _ in stored)), sizes, command, files)


def is_large(size: int) -> bool:
    """Tell whether a notebook of so many bytes is parsed in a process of its own."""
    return size > _IN_PROCESS


def pieces(data: bytes) -> Iterator[bytes]:
    """Give ``data`` in pieces that are written at once."""
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]


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
    return reduced(stored, thinned, 0)


def reduced(stored: Stored, action: Action, *numbers: int) -> dict[str, Any]:
    """Return the little that ``action`` leaves of a notebook.

    Raises:
        InvalidInputError, StoreUnavailableError: as ``document``.
    """
    return dict(orjson.loads(b"".join(answer([stored], action, *numbers))))


def within(facts: Mapping[str, str], name: str, value: Iterator[bytes]) -> Iterator[bytes]:
    """Give the JSON of ``facts`` and, under ``name``, of what the pieces of ``value`` are."""
    first = next(value)  # an error comes before anything is given
    yield orjson.dumps(facts)[:-1] + b',"%b":%b' % (name.encode(), first)
    yield from value
    yield b"}"


def joined(facts: Mapping[str, str], value: Iterator[bytes]) -> Iterator[bytes]:
    """Give the JSON of ``facts`` and of what is in the map that the pieces of ``value`` are."""
    first = next(value)  # an error comes before anything is given
    yield orjson.dumps(facts)[:-1] + b"," + first[1:]
    yield from value


def _elsewhere(
    chunks: Iterable[bytes], sizes: Sequence[int], arguments: Sequence[str], files: Sequence[int]
) -> Iterator[bytes]:
    # -P: a json.py in the working folder is none of ours
    command = [sys.executable, "-P", "-m", __name__, *arguments, *map(str, sizes)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=files
    ) as process:
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
    if process.returncode == os.EX_DATAERR:
        raise InvalidInputError(_NO_NOTEBOOK)
    if process.returncode:
        raise StoreUnavailableError(
            f"The notebook ({max(sizes) >> 20} MiB) could not be read: it took too long, or there "
            "was too little memory."
        )


def _parse(stored: Sequence[bytes | memoryview], action: Action, numbers: Sequence[int]) -> bytes:
    return dumped(action(map(_content, stored), numbers))


def _content(data: bytes | memoryview) -> dict[str, Any]:
    try:
        content = _parsed(data)
        if is_notebook(content):
            return dict(content)
    except (ValueError, RecursionError):
        pass
    raise InvalidInputError(_NO_NOTEBOOK)


def _parsed(data: bytes | memoryview) -> Any:
    try:
        return orjson.loads(data)
    except ValueError:  # the slow way knows NaN, which plots have in their outputs
        return json.loads(bytes(data))


def dumped(value: Any, *, by_key: bool = False) -> bytes:
    """Return a value as JSON that every reader understands; ``by_key`` sorts what is in maps."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if by_key else None)
    except TypeError:  # half a character, or a number of more than 64 bits
        plain = json.loads(json.dumps(value, sort_keys=by_key), parse_constant=lambda _: None)
        return json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")


def thinned(contents: Iterator[dict[str, Any]], numbers: Sequence[int]) -> dict[str, Any]:
    """Return a notebook with at most so many bytes of outputs; see ``document``."""
    content, (most,) = next(contents), numbers
    for cell in content["cells"] if most < _EVERYTHING else ():
        if cell.get("outputs"):
            size = len(dumped(cell["outputs"]))
            if size > most:
                cell["outputs"] = []
                cell["metadata"] = {**cell.get("metadata", {}), LEFT_OUT: size}
            else:
                most -= size
    return content


def _main(module: str, name: str, numbers: str, *sizes: str) -> None:
    os.nice(_KINDER)  # whoever works in Jupyter goes first
    action: Action = getattr(importlib.import_module(module), name)
    data, start, stored = memoryview(sys.stdin.buffer.read()), 0, []
    for size in map(int, sizes):
        stored.append(data[start : start + size])
        start += size
    try:
        known = [int(number) for number in numbers.split(",") if number]
        sys.stdout.buffer.write(_parse(stored, action, known))
    except InvalidInputError:
        sys.exit(os.EX_DATAERR)


if __name__ == "__main__":
    _main(*sys.argv[1:])
