"""Notes what data the cells read and wrote; lives in a kernel as ``_jupyter_mlops_lineage``.

Standard library only. While a cell runs, bare facts go into a list, a microsecond each; what they
mean is worked out when the kernel is asked. Python's own opens come from an audit hook, all else
from ``commands.py`` and ``readers.py``. Processes forked from the kernel write what they open to
a file, which the kernel reads when it is asked.
"""

from __future__ import annotations

import atexit
import glob
import json
import os
import re
import sys
import tempfile
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    Fact = tuple[Any, str, dict[str, Any], str, str]

_probe = sys.modules["_jupyter_mlops_probe"]

_MOST = 100_000  # pieces of data, and files of one folder that a pattern names
_WRITES = re.compile(r"[wax+]")
_READS = re.compile("r")
_FOLDER = getattr(os, "O_DIRECTORY", 0)  # also a part of O_TMPFILE
_URL = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_SECRET = re.compile(r"key|token|secret|sig|pass|pwd|auth|credential|session|code", re.IGNORECASE)
_TEMPORARY_NAME = re.compile(r"tmp[a-z0-9_]{8}|ipykernel_\d+|pip-|pymp-|joblib_memmapping")
_LIBRARY: tuple[str, ...] = _probe.LIBRARY
_ANSWERING: set[int] = _probe.answering
_LIBRARY_CODE = (*_LIBRARY, "<frozen")
_CODE = (".pyc", ".py", ".pyi", ".so", ".pyd")
_SKIPPED_PARTS = (
    "/.cache/",
    "/.git/",
    "/.ipynb_checkpoints/",
    "/.ipython/",
    "/.mlops/",
    "/__pycache__/",
    "/dist-packages/",
    "/site-packages/",
)
_SCRATCH = os.environ.get("MLOPS_SCRATCH")
_TEMPORARY = tuple({os.path.abspath(tempfile.gettempdir()) + os.sep, "/tmp/", "/var/tmp/"})

# what happens to a cell's data besides opens: audit event → function of its arguments
EVENTS: dict[str, Callable[..., None]] = {}
# what could not be watched, as sentences
NOTES: dict[str, None] = {}

_pending: list[Fact] = []
_seen: set[Any] = set()  # in this cell
_found: dict[tuple[str, str, str], dict[str, Any]] = {}
_left_out = 0
_programs: dict[str, None] = {}  # that were started
_temporary: set[str] = set()  # made by tempfile
_labels: dict[Any, str] = {}
_cwd: str | None = None
_lock = threading.RLock()
_child_log = os.path.join(tempfile.gettempdir(), f"jupyter-mlops-{os.urandom(8).hex()}.log")
_is_child = False
_read_so_far = 0


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        cell = _probe.running
        if cell is None:
            return
        try:
            path, mode, flags = arguments
            # each call would cost as much as all the rest
            if arguments in _seen or (path.__class__ is str and path.startswith(_LIBRARY)):
                return
            _seen.add(arguments)
            if not _is_ours(path, flags):
                frame = sys._getframe(1)
                reader = _labels.get(frame.f_code) or label(frame)
                _put(path, mode or _mode(flags), cell, reader)
        except Exception:
            pass
    elif event in EVENTS and _probe.running is not None:
        try:
            if not _probe.is_answering():
                EVENTS[event](*arguments)
        except Exception as error:
            failed(event, error)


def _is_ours(path: Any, flags: int) -> bool:
    """Tell what to pass over: our own doings, descriptors, folders and files without a name."""
    if flags & _FOLDER or path.__class__ is int or path == _child_log:
        return True
    return bool(_ANSWERING) and _probe.is_answering()


def _mode(flags: int) -> str:
    if flags & os.O_RDWR:
        return "w" if flags & os.O_TRUNC else "r+"
    return "w" if flags & os.O_WRONLY else "r"


def running() -> dict[str, Any] | None:
    """Return the cell that runs, if what happens in this thread is the user's doing."""
    cell: dict[str, Any] | None = _probe.running
    return None if cell is None or _probe.is_answering() else cell


def note(source: Any, mode: str, reader: str) -> None:
    """Note that the running cell uses what a path or URL names; others than these are passed over.

    Args:
        source: a path, a URL, a pattern, or a list of these.
        mode: as ``open`` takes it; ``run`` for a program.
        reader: what the user knows the library by.
    """
    cell = running()
    if cell is None:
        return
    for one in source if isinstance(source, (list, tuple)) else (source,):
        text = os.fsdecode(one) if isinstance(one, (str, bytes, os.PathLike)) else None
        if text and (text, mode, reader) not in _seen:
            _seen.add((text, mode, reader))
            _put(text, mode, cell, reader)


def note_table(database: str, table: str, mode: str, reader: str) -> None:
    """Note that the running cell uses a table; ``database`` is a path or a URL."""
    cell = _probe.running
    if cell is not None and not _is_child and (database, table, mode) not in _seen:
        _seen.add((database, table, mode))
        with _lock:
            _add("table", f"{database}#{table}", mode, cell, reader)


def failed(what: str, error: BaseException) -> None:
    """Note that something could not be watched; the user's code goes on."""
    if len(NOTES) < 50:  # noqa: PLR2004
        NOTES[f"{what} could not be watched ({type(error).__name__}: {error})."] = None


def _put(source: Any, mode: str, cell: dict[str, Any], reader: str) -> None:
    global _cwd
    if _cwd is None:
        _cwd = os.getcwd()
    if not _is_child:
        _pending.append((source, mode, cell, reader, _cwd))
        return
    line = json.dumps([os.fsdecode(source), mode, _probe.cells.index(cell), reader, _cwd])
    log = os.open(_child_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(log, "w", encoding="utf-8") as file:
        file.write(line + "\n")


def label(frame: FrameType | None) -> str:
    """Name the library that the user's code called and that now opens a file."""
    code = frame.f_code if frame else None
    name = _labels.get(code)
    if name is None:
        name = "open"
        while frame and frame.f_code.co_filename.startswith(_LIBRARY_CODE):
            name = str(frame.f_globals.get("__name__", name)).partition(".")[0]
            frame = None if name == "tempfile" else frame.f_back
        name = "open" if name == "IPython" else name  # cells have an ``open`` of IPython's
        _labels[code] = name
    return name


def _begin_cell() -> None:
    global _cwd
    _seen.clear()
    _labels.clear()
    _cwd = None


def _changed_folder(_path: Any) -> None:
    _begin_cell()  # the event comes before the folder is changed


def _made_temporary(path: Any) -> None:
    _temporary.add(os.path.abspath(os.fsdecode(path)))


def _removed(*_: Any) -> None:
    _work_out()  # later, nothing tells that it was there


def _renamed(source: Any, target: Any, *_: Any) -> None:
    """What is written under another name first, and then moved, is written here."""
    _work_out()
    old, new = (os.path.abspath(os.fsdecode(path)) for path in (source, target))
    with _lock:
        if old in _temporary:
            note(new, "w", label(sys._getframe(2)))
        below = old + os.sep
        is_folder = os.path.isdir(old)
        for key in list(_found) if is_folder else [("file", old, "write")]:
            kind, path, mode = key
            if mode == "write" and key in _found and (path == old or path.startswith(below)):
                _found[kind, new + path[len(old) :], mode] = _found.pop(key)


def _work_out() -> None:
    """Turn the facts so far into the record."""
    with _lock:
        facts = _pending[:]
        del _pending[: len(facts)]
        for fact in (*facts, *_of_children()):
            _take_safely(fact)


def _take_safely(fact: Fact) -> None:
    try:
        _take(*fact)
    except Exception as error:
        failed(str(fact[0]), error)


def _of_children() -> list[Fact]:
    global _read_so_far
    facts: list[Fact] = []
    try:
        with open(_child_log, encoding="utf-8") as file:
            file.seek(_read_so_far)
            for line in file.readlines():
                source, mode, index, reader, cwd = json.loads(line)
                facts.append((source, mode, _probe.cells[index], reader, cwd))
            _read_so_far = file.tell()
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        failed("What subprocesses opened", error)
    return facts


def _take(source: Any, mode: str, cell: dict[str, Any], reader: str, cwd: str) -> None:
    text = os.fsdecode(source)
    if mode == "run":
        _programs[text] = None
        return
    if not _is_text(text):
        NOTES[f"The file {text!a} is not listed: its name is no UTF-8."] = None
        return
    modes = [name for name, has in (("read", _READS), ("write", _WRITES)) if has.search(mode)]
    if _URL.match(text):
        for name in modes:
            _add("url", without_secrets(text), name, cell, reader)
        return
    text = text[len("file://") :] if text.startswith("file://") else text
    path = os.path.normpath(os.path.join(cwd, os.path.expanduser(text)))
    if reader == "tempfile" or not is_users(path, cwd):
        return
    for name in modes:
        if name == "write" or os.path.lexists(path):
            _add("file", path, name, cell, reader)
        elif glob.has_magic(path):
            _take_pattern(path, cell, reader)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _take_pattern(pattern: str, cell: dict[str, Any], reader: str) -> None:
    """A pattern is one input: the folder above its first wild card, and the files it names."""
    folder = os.path.dirname(pattern[: re.search(r"[*?[]", pattern).start()])  # type: ignore[union-attr]
    names: list[str] = []
    for path in glob.iglob(pattern, recursive=True):
        if len(names) > _MOST:
            break
        if os.path.isfile(path):
            names.append(os.path.relpath(path, folder))
    if names:
        found = _add("folder", folder, "read", cell, reader)
        found["files"] = sorted({*found["files"], *names})


def _add(kind: str, path: str, mode: str, cell: dict[str, Any], reader: str) -> dict[str, Any]:
    global _left_out
    new: dict[str, Any] = {"reader": reader, "cells": [], "files": []}
    found = _found.get((kind, path, mode))
    if found is None:
        if len(_found) >= _MOST:
            _left_out += 1
            return new
        found = _found[kind, path, mode] = new
    if found["reader"] == "open":
        found["reader"] = reader
    if not any(cell is known for known in found["cells"]):
        found["cells"].append(cell)
    return found


def is_users(path: str, cwd: str) -> bool:
    """Tell whether a file is the user's: no library, no cache, nothing temporary."""
    if path.startswith(_LIBRARY) or path.endswith(_CODE):
        return False
    # what is run again in a folder of the store has its data there, too
    below = path[len(_SCRATCH) :] if _SCRATCH and path.startswith(_SCRATCH) else path
    if any(part in below for part in _SKIPPED_PARTS):
        return False
    if any(path == made or path.startswith(made + os.sep) for made in _temporary):
        return False
    # a project may itself lie in a temporary or hidden folder
    return path.startswith(cwd + os.sep) or not _is_elsewhere(path, cwd)


def _is_elsewhere(path: str, cwd: str) -> bool:
    """Tell whether a file lies where programs keep what is their own."""
    if path.startswith(os.path.expanduser("~/.")):
        return True
    temporary = next((folder for folder in _TEMPORARY if path.startswith(folder)), None)
    if temporary is None:
        return False
    is_named_so = _TEMPORARY_NAME.match(path[len(temporary) :])
    return is_named_so is not None or not cwd.startswith(temporary)


def without_secrets(url: str) -> str:
    """Return a URL without user, password and what in its query looks like a secret."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(k, "***" if _SECRET.search(k) else v) for k, v in pairs], safe="*/:,")
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def accesses() -> dict[str, Any]:
    """Return what was used, by which cells, and what could not be seen."""
    with _lock:
        _work_out()
        files = [_access(*key, found) for key, found in list(_found.items()) if _is_there(*key)]
    notes = list(NOTES)
    if _left_out:
        notes.append(f"Of more than {_MOST} pieces of data, {_left_out} uses are not listed.")
    if _programs:
        names = ", ".join(list(_programs)[:10])
        notes.append(
            f"Programs were started ({names}): of what they opened, only files that their "
            "commands name are listed."
        )
    return {"files": files, "notes": notes}


def _is_there(kind: str, path: str, mode: str) -> bool:
    """What the notebook wrote and removed again was temporary."""
    written = mode == "write" or (kind, path, "write") in _found
    return kind != "file" or not written or os.path.lexists(path)


def _access(kind: str, path: str, mode: str, found: dict[str, Any]) -> dict[str, Any]:
    cell_ids = dict.fromkeys(cell["cell_id"] for cell in found["cells"] if cell["cell_id"])
    return {
        "path": path,
        "kind": "folder" if kind == "file" and os.path.isdir(path) else kind,
        "mode": mode,
        "reader": found["reader"],
        "cell_ids": list(cell_ids),
        "files": found["files"],
    }


def _in_child() -> None:
    global _is_child, _lock
    _is_child = True
    _lock = threading.RLock()


def _forget() -> None:
    if not _is_child:
        with suppress(OSError):
            os.remove(_child_log)


EVENTS.update(
    {
        "os.chdir": _changed_folder,
        "os.remove": _removed,
        "os.rename": _renamed,
        "tempfile.mkdtemp": _made_temporary,
        "tempfile.mkstemp": _made_temporary,
    }
)
_probe.RECORDS.append(accesses)
_probe.BEFORE_CELL.append(_begin_cell)
_probe.QUESTIONS["data"] = accesses
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
atexit.register(_forget)
sys.addaudithook(_audit)
