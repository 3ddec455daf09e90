"""Brings home what processes open that cells start with ``multiprocessing`` or joblib.

Standard library only; lives in a kernel as ``_jupyter_mlops_children``, beside ``lineage``. A
forked process has the audit hook already. To one that is started afresh (``spawn``,
``forkserver``, joblib's loky) the way to our modules goes with what it is sent anyway, so that no
environment variable has to be set. It says that it is watched, or why it is not;
one that ended and said neither is missed. What they tell (``telling.py``) is read when the kernel
is asked.
"""

from __future__ import annotations

import atexit
import functools
import json
import marshal
import os
import sys
import time
import weakref
from bisect import bisect
from contextlib import suppress
from typing import TYPE_CHECKING, Any

try:
    import fcntl
except ImportError:  # on Windows, where none is removed
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from types import ModuleType

_probe = sys.modules["_jupyter_mlops_probe"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_record = sys.modules["_jupyter_mlops_record"]
_telling = sys.modules["_jupyter_mlops_telling"]

# answer questions, which only the kernel is asked
_ANSWERING = {f"_jupyter_mlops_{name}" for name in ("environment", "inspection", "packager")}
_PATIENCE = 60.0  # seconds, in which a process surely begins
_SPEECHLESS = (
    "A process could not tell all that it opened, because its notes could not be written. Is the "
    "disk for temporary files full?"
)

_BEGINNING = 10.0  # seconds, in which a log that was just made is surely locked

_has_children = False
_lock = -1  # on the log, for as long as the kernel and what it forked live
_read_so_far = 0
_begun: list[float] = []  # when cells began, by the clock that all processes share
_cells: list[dict[str, Any]] = []
_awaited: dict[str, _Process] = {}  # by what they were given to name them


class _Process:
    """A process that was started afresh and has not said yet that it is watched.

    Args:
        name: that multiprocessing gave it.
        cell: that started it.
        launcher: what has its number once it runs; None where another child has started it.
    """

    def __init__(self, name: str, cell: dict[str, Any], launcher: Any) -> None:
        self.name = name
        self.cell = cell
        self._launcher = weakref.ref(launcher) if launcher is not None else None
        self._since = time.monotonic()

    def is_over(self) -> bool:
        """Tell whether it has ended: as long as it only begins, it has nothing to tell."""
        if self._launcher is None:
            return time.monotonic() - self._since > _PATIENCE
        launcher = self._launcher()  # is kept until somebody has waited for its process
        number = getattr(launcher, "pid", None)
        if launcher is None or number is None:
            return launcher is None
        try:
            # leaves it to those who wait for it
            return os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except (OSError, AttributeError):  # no child of this process, or macOS
            return not _is_alive(number)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except OSError:
        return False
    return True


def _told() -> list[Any]:
    """Return what children have told since the last time, and who is over and told nothing."""
    global _read_so_far
    if _telling.is_child or not _has_children:
        return []
    over = [token for token, process in list(_awaited.items()) if process.is_over()]
    lines: list[bytes] = []
    try:
        with open(_telling.log, "rb") as file:
            if os.fstat(file.fileno()).st_mode & _telling.MUTE:
                _lineage.NOTES[_SPEECHLESS] = None
            file.seek(_read_so_far)
            text = file.read()
        end = text.rfind(b"\n") + 1
        _read_so_far += end
        lines = text[:end].splitlines()
    except OSError as error:
        _lineage.failed("What processes opened", error)
    facts = [fact for line in lines if (fact := _fact_of(line))]
    silent = [_awaited.pop(token) for token in over if token in _awaited]
    return facts + [(None, "silent", (one.name, one.cell, "", {})) for one in silent]


def _fact_of(line: bytes) -> Any:
    try:
        return _fact(*json.loads(line))
    except (ValueError, TypeError) as error:  # cut off where a disk was full
        _lineage.failed("What a process opened", error)
        return None


def _fact(source: Any, mode: str, reader: str, cwd: str, at: float) -> Any:
    cell = _cells[max(bisect(_begun, at) - 1, 0)] if _cells else {"cell_id": None}
    if mode == "here":
        _awaited.pop(source, None)
        return None
    if mode == "awaited":
        _awaited[source] = _Process(reader, cell, None)
        return None
    named = tuple(source) if isinstance(source, list) else source
    return named, mode, (reader, cell, cwd, {})


def _begin_cell(cell: dict[str, Any]) -> None:
    _begun.append(time.monotonic())
    _cells.append(cell)


def are_there() -> bool:
    """Tell whether the kernel has had children that may have told something."""
    return _has_children


def _have_child() -> None:
    """Make the log, so that who cannot write to it can change its mode."""
    global _has_children, _lock
    if _has_children or _telling.is_child:
        return
    _has_children = True
    try:
        _write(_telling.log, b"")
        if fcntl is not None:
            _lock = os.open(_telling.log, os.O_RDONLY)
            fcntl.flock(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove_abandoned()
    except OSError as error:
        _lineage.failed("What processes open", error)


def _remove_abandoned() -> None:
    """Remove the logs of kernels that were killed."""
    with os.scandir(os.path.dirname(_telling.log)) as entries:
        names = [entry.name for entry in entries if entry.name.startswith(_telling.PREFIX)]
        logs = [name for name in names if name.endswith(_telling.ENDING)]
    for name in logs:
        path = os.path.join(os.path.dirname(_telling.log), name)
        with suppress(OSError):  # somebody else's, or in use, or just gone
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                found = os.fstat(file)
                is_young = abs(time.time() - found.st_mtime) < _BEGINNING
                if found.st_uid == os.getuid() and not is_young:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    _remove(path)
            finally:
                os.close(file)


def _remove(log: str) -> None:
    for path in (log, _telling.modules_of(log)):
        with suppress(OSError):
            os.remove(path)


def _write(path: str, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(content)


def _write_modules() -> None:
    """Put our modules, as code, where a process that is started afresh finds them."""
    path = _telling.modules_of(_telling.log)
    if not os.path.exists(path):
        ours = [name for name in list(sys.modules) if name.startswith("_jupyter_mlops_")]
        code = [(name, sys.modules[name].code) for name in ours if name not in _ANSWERING]
        _write(path, marshal.dumps(code))


# its failure would be the user's: the kernel is told of it, or finds that it was told nothing
_START = """
try:
    import marshal, sys, types
    if version != sys.version:
        raise RuntimeError("it runs another Python, " + sys.version.partition(" ")[0])
    if "_jupyter_mlops_probe" not in sys.modules:
        with open(modules, "rb") as file:
            loaded = marshal.load(file)
        for module_name, code in loaded:
            module = types.ModuleType(module_name)
            module.code = code
            sys.modules[module_name] = module
            exec(code, module.__dict__)
    sys.modules["_jupyter_mlops_telling"].begin(log, token)
except Exception as error:
    try:
        import json, os, time
        text = "it could not be watched (%s: %s)" % (type(error).__name__, error)
        file = os.open(log, os.O_WRONLY | os.O_APPEND)
        for fact in [text, "failed", name], [token, "here", name]:
            os.write(file, json.dumps([*fact, "", time.monotonic()]).encode() + b"\\n")
        os.close(file)
    except Exception:
        pass
"""


class _Companion:
    """Loads our modules where it is unpickled; they need no compiling there."""

    def __init__(self, name: str, launcher: Any) -> None:
        self._process = _Process(name, _cells[-1] if _cells else {"cell_id": None}, launcher)
        self._given = {
            "version": sys.version,
            # in what it is sent they would fill the pipe, and its parent would wait
            "modules": _telling.modules_of(_telling.log),
            "log": _telling.log,
            "name": name,
            "token": os.urandom(8).hex(),
        }

    def __reduce__(self) -> Any:
        # only now it is known that it is sent: not all that is prepared is
        _await(self._given["token"], self._process)
        return exec, (_START, self._given)


def _await(token: str, process: _Process) -> None:
    try:
        if _telling.is_child:
            _telling.tell(token, "awaited", process.name, "")
        else:
            _have_child()
            _awaited[token] = process
        _write_modules()
    except Exception as error:
        _lineage.failed(process.name, error)


def accompany(spawn: ModuleType) -> None:
    """Send our modules to the processes that are started afresh."""
    original: Any = vars(spawn)["get_preparation_data"]

    @functools.wraps(original)
    def prepared(name: str, *arguments: Any, **named: Any) -> Any:
        data = original(name, *arguments, **named)
        try:
            launcher = sys._getframe(1).f_locals.get("self")
            data["jupyter_mlops"] = _Companion(name, launcher)
        except Exception as error:
            _lineage.failed(name, error)
        return data

    vars(spawn)["get_preparation_data"] = prepared


def _forget() -> None:
    if not _telling.is_child:
        _remove(_telling.log)


_record.ELSEWHERE.append(_told)
_probe.BEFORE_CELL.append(_begin_cell)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_have_child)
atexit.register(_forget)
