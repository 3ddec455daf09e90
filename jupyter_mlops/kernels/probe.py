"""Lives in a user's kernel as ``_jupyter_mlops_probe``: notes which cells ran, answers questions.

Standard library only, because the kernel's environment has nothing of ours. It never raises into
user code, never prints, and leaves the user's namespace alone. Loaded with it are ``lineage.py``
and what belongs to it, which note what data the cells read and wrote. What else it can tell comes
from ``environment.py``, ``inspection.py`` and ``packager.py``, sent when they are first needed.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import threading
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "_jupyter_mlops_probe"
# what else this kernel can be asked; other modules of ours add to it
QUESTIONS: dict[str, Callable[..., dict[str, Any]]] = {}
# what belongs to the record beside the cells
RECORDS: list[Callable[[], dict[str, Any]]] = []
# called with a cell that begins
BEFORE_CELL: list[Callable[[dict[str, Any]], None]] = []
# called with a cell that has ended, and IPython's result of it
AFTER_CELL: list[Callable[[dict[str, Any], Any], None]] = []
# called when a cell has ended, and before a question is answered
PAUSES: list[Callable[[], None]] = []

_shell: Any = None
_complete = False
cells: list[dict[str, Any]] = []  # in the order they ran
_CONTEXT = "MLFLOW_RUN_CONTEXT"  # tags in JSON; one that the user set is left alone
_context: str | None = None
running: dict[str, Any] | None = None  # the cell
_started = 0.0
answering: set[int] = set()  # threads


class Answer:
    """What a question is answered with; goes out as a MIME bundle, which nothing shortens."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def __repr__(self) -> str:
        return "<answer>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"application/vnd.jupyter-mlops+json": self._data}


def install(complete: bool = True) -> None:
    """Begin to watch the kernel; does nothing the second time."""
    global _shell, _complete
    if _shell is not None:
        return
    from IPython import get_ipython

    shell: Any = get_ipython()
    _complete = complete
    cells.extend(_earlier(shell))
    shell.events.register("pre_run_cell", _before)
    shell.events.register("post_run_cell", _after)
    # last: who asks before gets the answer of a kernel that knows nothing yet, and waits
    _shell = shell


def _earlier(shell: Any) -> list[dict[str, Any]]:
    """History from before the probe came: sources and counts, no more."""
    sources = shell.user_ns.get("_ih", [""])[1:]
    return [_cell(count + 1, None, source, "unknown", None) for count, source in enumerate(sources)]


def _cell(
    count: int | None, cell_id: str | None, source: str, status: str, started_at: str | None
) -> dict[str, Any]:
    return {
        "execution_count": count,
        "cell_id": cell_id,
        "source": source,
        "status": status,
        "failed_line": None,
        "started_at": started_at,
        "duration_seconds": None,
    }


def _before(info: Any = None) -> None:
    global running, _started, _complete
    try:
        if info is None or info.silent or not info.store_history or not info.raw_cell.strip():
            return
        # in milliseconds, as everything of ours that is stored; the count is known afterwards
        started = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        cell = _cell(None, getattr(info, "cell_id", None), info.raw_cell, "unknown", started)
        cell["unnamed"] = getattr(info, "cell_id", "") is None
        cells.append(cell)
        for begin in BEFORE_CELL:
            begin(cell)
        _tell_mlflow(cell)
        running, _started = cell, time.perf_counter()
    except Exception:
        _complete = False  # the user's code goes on, and nobody takes the history for whole


def _tell_mlflow(cell: dict[str, Any]) -> None:
    """Have MLflow's client tag the runs that a cell starts with the cell, as it does by itself."""
    global _context
    if os.environ.get(_CONTEXT) in (None, _context) and cell["cell_id"]:
        _context = json.dumps({"mlops.cell_id": cell["cell_id"]})
        os.environ[_CONTEXT] = _context


def _after(result: Any = None) -> None:
    global running
    try:
        if running is None or result is None or result.info.silent:
            return
        _pause()  # threads of the cell are still its
        cell, running = running, None
        _pause()
        cell["duration_seconds"] = time.perf_counter() - _started
        cell["status"] = "ok" if result.success else "error"
        cell["execution_count"] = result.execution_count
        cell["failed_line"] = _failed_line(result.error_in_exec, cell["source"])
        for end in AFTER_CELL:
            end(cell, result)
    except Exception:
        pass


def _failed_line(error: Any, source: str) -> int | None:
    """Return the line of a cell that raised an error; an interrupt says nothing of the code."""
    if not isinstance(error, Exception):
        return None
    trace: Any = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals is not _shell.user_ns:
        trace = trace.tb_next
    if trace is None:
        return None
    # IPython runs a cell without the blank lines that it begins with
    blank = source[: len(source) - len(source.lstrip())].count("\n")
    line: int = trace.tb_lineno
    return blank + line


def _library_folders() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib", "data")
    folders = {sysconfig.get_paths().get(name) for name in names if name != "data"}
    folders |= {os.path.join(sys.prefix, "lib"), os.path.join(sys.base_prefix, "lib")}
    folders |= {os.path.join(sys.prefix, "share"), os.path.join(sys.prefix, "etc")}
    shared = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/share/", "/usr/lib/")
    found = [*shared, *(os.path.abspath(folder) + os.sep for folder in folders if folder)]
    # each costs a look at every open of a file
    return tuple(
        one for one in found if not any(one != top and one.startswith(top) for top in found)
    )


LIBRARY = _library_folders()


def answer(question: str, arguments: str) -> Answer:
    """Answer a question; a failure is an answer too."""
    if _shell is None or question not in QUESTIONS:
        return Answer({"error": {"kind": "unknown-question", "message": question}})
    thread = threading.get_ident()
    answering.add(thread)
    _pause()
    try:
        return Answer(QUESTIONS[question](**json.loads(arguments)))
    except Exception as error:
        expected = type(error).__name__ == "UnsupportedError"
        message = str(error) if expected else f"{type(error).__name__}: {error}"
        return Answer({"error": {"kind": "failed", "message": message}})
    finally:
        answering.discard(thread)


def _pause() -> None:
    for pause in PAUSES:
        pause()


def is_answering() -> bool:
    """Tell whether what runs in this thread is ours, beside a cell of the user's."""
    return threading.get_ident() in answering


def history() -> dict[str, Any]:
    """Return the cells in the order they ran."""
    return {"complete": _complete, "cells": list(cells)}


def record() -> dict[str, Any]:
    """Return what was seen: the cells in the order they ran, and the data they used."""
    seen = history()
    for part in RECORDS:
        seen.update(part())
    return seen


def namespace() -> dict[str, Any]:
    """Return the user's namespace."""
    names: dict[str, Any] = _shell.user_ns
    return names


def displayed(result: Any) -> list[dict[Any, Any]]:
    """Return the dictionaries in which IPython keeps what cells have displayed."""
    outputs = namespace().get("_oh")
    found = [vars(result), vars(_shell.displayhook), _shell.user_ns_hidden]
    return [*found, outputs] if type(outputs) is dict else found


def hidden_names() -> set[str]:
    """Name what IPython itself put into the namespace."""
    return set(getattr(_shell, "user_ns_hidden", ()))
