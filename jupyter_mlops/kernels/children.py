"""Brings home what processes open that cells start with ``multiprocessing`` or joblib.

Standard library only; lives in a kernel as ``_jupyter_mlops_children``, beside ``lineage``. A
forked process has the audit hook already. To one that is started afresh (``spawn``,
``forkserver``, joblib's loky) our modules go with what it is sent anyway, so that no environment
variable has to be set and no file be put anywhere. Each writes what it opens to a file, with the
time, which tells the cell; the kernel reads the file when it is asked.
"""

from __future__ import annotations

import atexit
import functools
import json
import marshal
import os
import sys
import tempfile
import time
from bisect import bisect
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

_probe = sys.modules["_jupyter_mlops_probe"]
_places = sys.modules["_jupyter_mlops_places"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_record = sys.modules["_jupyter_mlops_record"]

_MOST = 100_000  # facts that a process tells
_PAUSE = 0.05  # seconds for which the same fact is not told again

_log = os.path.join(tempfile.gettempdir(), f"jupyter-mlops-{os.urandom(8).hex()}.log")
_is_child = False
_has_children = False
_read_so_far = 0
_begun: list[float] = []  # when cells began, by the clock that all processes share
_cells: list[dict[str, Any]] = []
_count = 0
_lately: set[Any] = set()  # told
_until = 0.0


def _store(what: Any, mode: str, caller: Any) -> None:
    """Tell the kernel a fact at once, since a child may end at any time."""
    global _until
    now = time.monotonic()
    if now > _until:  # the kernel may be running another cell by now
        _lately.clear()
        _until = now + _PAUSE
    if (what, mode) not in _lately:
        _lately.add((what, mode))
        _tell(what, mode, caller[0], caller[2])


def _tell(source: Any, mode: str, reader: str, cwd: str) -> None:
    global _count
    _count += 1
    if _count > _MOST:
        return
    line = json.dumps([source if _count < _MOST else None, mode, reader, cwd, time.monotonic()])
    log = os.open(_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        os.write(log, line.encode() + b"\n")
    finally:
        os.close(log)


def _told() -> list[Any]:
    """Return what children have told since the last time."""
    global _read_so_far
    if _is_child or not _has_children:
        return []
    try:
        with open(_log, "rb") as file:
            file.seek(_read_so_far)
            text = file.read()
        end = text.rfind(b"\n") + 1
        _read_so_far += end
        return [_fact(*json.loads(line)) for line in text[:end].splitlines()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        _lineage.failed("What subprocesses opened", error)
        return []


def _fact(source: Any, mode: str, reader: str, cwd: str, at: float) -> Any:
    if source is None:
        _lineage.NOTES[f"A process used more than {_MOST} files: the others are not listed."] = None
        source, mode = reader, "run"
    cell = _cells[max(bisect(_begun, at) - 1, 0)]
    named = tuple(source) if isinstance(source, list) else source
    return named, mode, (reader, cell, cwd, {})


def _begin_cell(cell: dict[str, Any]) -> None:
    _begun.append(time.monotonic())
    _cells.append(cell)


def _renamed(source: Any, target: Any, *_: Any) -> None:
    old, new = (os.path.abspath(os.fsdecode(path)) for path in (source, target))
    if old in _places.temporary:
        _lineage.note(new, "w", "open")
    _tell((old, new), "rename", "open", os.getcwd())


def _have_child() -> None:
    global _has_children
    _has_children = True


def _be_child() -> None:
    global _is_child, _count
    _is_child, _count = True, 0
    # the kernel's own work on its record, under a lock that may be held for ever here
    _lineage.EVENTS.pop("os.remove", None)
    _lineage.EVENTS["os.rename"] = _renamed
    _lineage.tell_facts(_store)


def begin(log: str) -> None:
    """Watch this process, which another has started, and tell that by its log."""
    global _log
    _log = log
    _lineage.pass_over(log)
    vars(_probe)["running"] = {"cell_id": None}
    _be_child()


# its failure would be the user's
_START = """
try:
    import marshal, sys, types
    if version == sys.version and "_jupyter_mlops_probe" not in sys.modules:
        for name, code in marshal.loads(modules):
            module = types.ModuleType(name)
            module.code = code
            sys.modules[name] = module
            exec(code, module.__dict__)
        sys.modules["_jupyter_mlops_children"].begin(log)
except Exception:
    pass
"""


class _Companion:
    """Becomes our modules where it is unpickled; they need no compiling there."""

    def __reduce__(self) -> Any:
        return exec, (_START, {"version": sys.version, "modules": _modules(), "log": _log})


@functools.lru_cache(maxsize=1)
def _modules() -> bytes:
    ours = [name for name in list(sys.modules) if name.startswith("_jupyter_mlops_")]
    return marshal.dumps([(name, sys.modules[name].code) for name in ours])


def accompany(spawn: ModuleType) -> None:
    """Send our modules to the processes that are started afresh."""
    original: Any = vars(spawn)["get_preparation_data"]

    @functools.wraps(original)
    def prepared(*arguments: Any, **named: Any) -> Any:
        data = original(*arguments, **named)
        try:
            data["jupyter_mlops"] = _Companion()
            _have_child()
        except Exception as error:
            _lineage.failed("A process", error)
        return data

    vars(spawn)["get_preparation_data"] = prepared


def _forget() -> None:
    if not _is_child:
        with suppress(OSError):
            os.remove(_log)


_lineage.pass_over(_log)
_record.ELSEWHERE.append(_told)
_probe.BEFORE_CELL.append(_begin_cell)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_be_child, after_in_parent=_have_child)
atexit.register(_forget)
