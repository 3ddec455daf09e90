"""Knows whose doing it is what goes on after a cell; in a kernel as ``_jupyter_mlops_threads``.

Standard library only. A thread that runs a user's function, or a task of asyncio, belongs to the
cell that started it. One that a library keeps for work belongs to the cell that runs, else to the
last one, which has given it the work.
"""

from __future__ import annotations

import sys
import threading
import weakref
from contextlib import suppress
from typing import Any

_probe = sys.modules["_jupyter_mlops_probe"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_readers = sys.modules["_jupyter_mlops_readers"]

# what cells have started, and whose work it does
_started: weakref.WeakKeyDictionary[threading.Thread, dict[str, Any] | None] = (
    weakref.WeakKeyDictionary()
)


def _starting(arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
    thread = arguments[0]
    if _lineage.running() is not None:
        _started[thread] = _lineage.running() if _is_users(thread) else None


def _is_users(thread: threading.Thread) -> bool:
    """Tell whether a thread runs a function that no library has."""
    if isinstance(thread, threading.Timer):
        return True
    target = getattr(thread, "_target", None) or type(thread).run
    code = getattr(getattr(target, "func", target), "__code__", None)  # of a partial
    return code is not None and not code.co_filename.startswith(_lineage.LIBRARY_CODE)


def _note_outliving(_: Any = None) -> None:
    """Find out which threads still run; done where a cell begins or ends."""
    if not (_started or _lineage.outliving):
        return
    with suppress(RuntimeError):  # another thread has just started one
        alive = {thread.ident: cell for thread, cell in list(_started.items()) if thread.is_alive()}
        _lineage.outliving.clear()
        _lineage.outliving.update(alive)


def _begin_cell(cell: dict[str, Any]) -> None:
    _lineage.task_of.set(cell)


def _end_cell(_: Any, __: Any) -> None:
    _lineage.task_of.set(None)


# Python tells its audit hooks of threads only from 3.12 on
_readers.watch(threading.Thread, "start", _starting)
_probe.BEFORE_CELL.extend([_note_outliving, _begin_cell])
_probe.PAUSES.append(_note_outliving)
_probe.AFTER_CELL.insert(0, _end_cell)
