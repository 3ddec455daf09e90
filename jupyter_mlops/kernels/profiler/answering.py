"""Answers a request on standard input, as JSON.

Request: ``path``, ``rows`` (the most that are looked at), ``memory`` (bytes). Answer, one line:
``{"profile": …}`` or ``{"error": …}``, with ``lacks`` where another interpreter may do better.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import Any

from .files import Unreadable, ending
from .readers import READERS


class _LacksError(Exception):
    """The names of the libraries that would be needed."""


def profile(path: str, rows: int) -> dict[str, Any]:
    """Return what the table in a file holds, judged by its first ``rows`` rows."""
    kind = ending(path)
    if kind not in READERS:
        raise Unreadable(f"{kind or 'This'} is no kind of table that can be read.")
    return _first(READERS[kind], path, rows, {})


def _first(readers: Any, path: str, rows: int, lacks: dict[str, None]) -> dict[str, Any]:
    if not readers:
        raise _LacksError(*lacks)
    try:
        found: dict[str, Any] = readers[0](path, rows)
    except ImportError as error:
        return _first(readers[1:], path, rows, {**lacks, str(error.name): None})
    return found


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (request["memory"], request["memory"]))
    with suppress(OSError):
        os.nice(10)
    try:
        answer: dict[str, Any] = {"profile": profile(request["path"], request["rows"])}
    except MemoryError:
        answer = {"error": "It takes more memory than a profile may."}
    except _LacksError as error:
        names = " and ".join(error.args)
        answer = {"error": f"The notebook's environment lacks {names}.", "lacks": error.args}
    except Unreadable as error:
        answer = {"error": str(error)}
    except Exception as error:
        answer = {"error": f"It cannot be read as a table ({type(error).__name__}: {error})."}
    sys.stdout.write(json.dumps(answer) + "\n")
