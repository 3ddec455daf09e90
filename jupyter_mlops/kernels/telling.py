"""What a process tells its kernel of what it opens; lives there as ``_jupyter_mlops_telling``.

Standard library only. Each writes it to a file that is the kernel's, at once, since it may end at
any time, with the time, which tells the cell; ``children.py`` reads the file. What cannot be
watched is told too, and where nothing can be written, the mode of the file says so.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from typing import Any

_probe = sys.modules["_jupyter_mlops_probe"]
_places = sys.modules["_jupyter_mlops_places"]
_lineage = sys.modules["_jupyter_mlops_lineage"]

_MOST = 100_000  # facts that a process tells
_MOST_NOTES = 50
_PAUSE = 0.05  # seconds for which the same fact is not told again
MUTE = 0o100  # in the mode of a log to which somebody could not write

PREFIX, ENDING = "jupyter-mlops-", ".log"
log = os.path.join(tempfile.gettempdir(), f"{PREFIX}{os.urandom(8).hex()}{ENDING}")
is_child = False
_count = 0
_lately: set[Any] = set()  # told
_until = 0.0


def modules_of(log: str) -> str:
    """Return where the kernel of a log puts our modules for processes that are started afresh."""
    return f"{log}.modules"


def _store(what: Any, mode: str, caller: Any) -> None:
    global _until
    now = time.monotonic()
    if now > _until:  # the kernel may be running another cell by now
        _lately.clear()
        _until = now + _PAUSE
    if (what, mode) not in _lately:
        _lately.add((what, mode))
        tell(what, mode, caller[0], caller[2])


def tell(source: Any, mode: str, reader: str, cwd: str) -> None:
    """Write a fact, as ``lineage.py`` stores it, to the kernel's file.

    Raises:
        OSError: it cannot be written.
    """
    global _count
    _count += 1
    if _count > _MOST:
        return
    if _count == _MOST:
        source = f"it used more than {_MOST} files: the others are not listed"
        mode, reader = "failed", _name()
    line = json.dumps([source, mode, reader, cwd, time.monotonic()]).encode() + b"\n"
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if os.write(file, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(file)


def _failed(what: object, error: BaseException) -> None:
    """Tell once that something could not be watched here."""
    with suppress(Exception):
        sentence = f"{what} could not be watched ({type(error).__name__}: {error})"
        if sentence not in _lineage.NOTES and len(_lineage.NOTES) < _MOST_NOTES:
            _lineage.NOTES[sentence] = None
            try:
                tell(sentence, "failed", _name(), "")
            except OSError:
                os.chmod(log, 0o600 | MUTE)  # needs no room on the disk


def _name() -> str:
    """Return what multiprocessing calls this process."""
    process = sys.modules.get("multiprocessing.process")
    return str(process.current_process().name) if process else f"process {os.getpid()}"


def _renamed(source: Any, target: Any, *_: Any) -> None:
    old, new = (os.path.abspath(os.fsdecode(path)) for path in (source, target))
    tell((old, new), "rename", "open", os.getcwd())


def be_child() -> None:
    """Tell from now on, and keep no record."""
    global is_child, _count
    is_child, _count = True, 0
    # the kernel's own work on its record, under a lock that may be held for ever here
    _lineage.EVENTS.pop("os.remove", None)
    _lineage.EVENTS["os.rename"] = _renamed
    vars(_lineage)["failed"] = _failed
    _lineage.tell_facts(_store)


def begin(kernels: str, token: str) -> None:
    """Watch this process, which was started afresh, and tell it to a kernel by its log."""
    global log
    log = kernels
    _lineage.pass_over(log)
    vars(_probe)["running"] = {"cell_id": None}
    be_child()
    tell(token, "here", "", "")


_lineage.pass_over(log)  # and what begins so
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=be_child)
