"""Lives in a user's kernel as ``_jupyter_mlops_probe``: notes which cells ran and opened files.

Standard library only, because the kernel's environment has nothing of ours. It never raises into
user code, never prints, and leaves the user's namespace alone. What it can tell beyond its record
comes from ``inspection.py`` and ``packager.py``, sent when they are first needed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
import tempfile
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "_jupyter_mlops_probe"
_MOST_FILES = 100_000
_WRITES = re.compile(r"[wax+]")
_SKIPPED_PARTS = (
    "/.ipython/",
    "/.cache/",
    "/.config/matplotlib/",
    "/.git/",
    "/.mlops/",
    "/__pycache__/",
    "/site-packages/",
    "/dist-packages/",
)

# what else this kernel can be asked; other modules of ours add to it
QUESTIONS: dict[str, Callable[..., dict[str, Any]]] = {}

_shell: Any = None
_complete = False
_cells: list[dict[str, Any]] = []
_files: dict[tuple[str, str], dict[str, Any]] = {}
_CONTEXT = "MLFLOW_RUN_CONTEXT"  # tags in JSON; one that the user set is left alone
_context: str | None = None
_running: tuple[dict[str, Any], float] | None = None


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
    _cells.extend(_earlier(shell))
    shell.events.register("pre_run_cell", _before)
    shell.events.register("post_run_cell", _after)
    sys.addaudithook(_audit)
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
        "started_at": started_at,
        "duration_seconds": None,
    }


def _before(info: Any = None) -> None:
    global _running
    try:
        if info is None or info.silent or not info.store_history or not info.raw_cell.strip():
            return
        # in milliseconds, as everything of ours that is stored; the count is known afterwards
        started = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        cell = _cell(None, getattr(info, "cell_id", None), info.raw_cell, "unknown", started)
        _running = (cell, time.perf_counter())
        _cells.append(cell)
        _tell_mlflow(cell)
    except Exception:
        pass


def _tell_mlflow(cell: dict[str, Any]) -> None:
    """Have MLflow's client tag the runs that a cell starts with the cell, as it does by itself."""
    global _context
    if os.environ.get(_CONTEXT) in (None, _context) and cell["cell_id"]:
        _context = json.dumps({"mlops.cell_id": cell["cell_id"]})
        os.environ[_CONTEXT] = _context


def _after(result: Any = None) -> None:
    global _running
    try:
        if _running is None or result is None or result.info.silent:
            return
        cell, started = _running
        _running = None
        cell["duration_seconds"] = time.perf_counter() - started
        cell["status"] = "ok" if result.success else "error"
        cell["execution_count"] = result.execution_count
    except Exception:
        pass


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or _running is None:
        return
    try:
        path, mode, flags = arguments
        if isinstance(path, int) or len(_files) > _MOST_FILES:
            return
        _note(os.fsdecode(path), mode, flags)
    except Exception:
        pass


def _note(path: str, mode: str | None, flags: int) -> None:
    path = os.path.abspath(path)
    if not _is_users(path):
        return
    writes = _WRITES.search(mode) if isinstance(mode, str) else flags & (os.O_WRONLY | os.O_RDWR)
    key = (path, "write" if writes else "read")
    if _running is not None:
        _files.setdefault(key, _running[0])


def _accesses() -> list[dict[str, Any]]:
    return [
        {
            "path": path,
            "mode": mode,
            "cell_id": cell["cell_id"],
            "execution_count": cell["execution_count"],
        }
        for (path, mode), cell in list(_files.items())
    ]


def _library_folders() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib", "data")
    folders = {sysconfig.get_paths().get(name) for name in names if name != "data"}
    folders |= {os.path.join(sys.prefix, "lib"), os.path.join(sys.base_prefix, "lib")}
    folders |= {os.path.join(sys.prefix, "share"), os.path.join(sys.prefix, "etc")}
    shared = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/share/", "/usr/lib/")
    return shared + tuple(os.path.abspath(folder) + os.sep for folder in folders if folder)


LIBRARY = _library_folders()
_TEMPORARY = tuple({tempfile.gettempdir() + os.sep, "/tmp/", "/var/tmp/"})


def _is_users(path: str) -> bool:
    if path.startswith(LIBRARY) or path.endswith((".pyc", ".py", ".pyi", ".so")):
        return False
    # a project may itself lie in a temporary folder: then what is below it counts
    if path.startswith(_TEMPORARY) and not path.startswith(os.getcwd() + os.sep):
        return False
    return not any(part in path for part in _SKIPPED_PARTS)


def answer(question: str, arguments: str) -> Answer:
    """Answer a question; a failure is an answer too."""
    if _shell is None or question not in QUESTIONS:
        return Answer({"error": {"kind": "unknown-question", "message": question}})
    try:
        return Answer(QUESTIONS[question](**json.loads(arguments)))
    except Exception as error:
        expected = type(error).__name__ == "UnsupportedError"
        message = str(error) if expected else f"{type(error).__name__}: {error}"
        return Answer({"error": {"kind": "failed", "message": message}})


def history() -> dict[str, Any]:
    """Return the cells in the order they ran."""
    return {"complete": _complete, "cells": list(_cells)}


def record() -> dict[str, Any]:
    """Return what was seen: the cells in the order they ran, and the files they opened."""
    return {**history(), "files": _accesses()}


def namespace() -> dict[str, Any]:
    """Return the user's namespace."""
    names: dict[str, Any] = _shell.user_ns
    return names


def hidden_names() -> set[str]:
    """Name what IPython itself put into the namespace."""
    return set(getattr(_shell, "user_ns_hidden", ()))
