"""What the cells used, worked out from facts; lives in a kernel as ``_jupyter_mlops_record``.

Standard library only. Many files that a pattern names are one input; what is written under a
temporary name and then moved is written where it is in the end; what is written and removed again
is nothing. Code that is run from its file is an input, if it is no module.
"""

from __future__ import annotations

import glob
import os
import re
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Caller = tuple[str, dict[str, Any], str, dict[str, list[Any]]]
    Fact = tuple[Any, str, Caller]

_probe = sys.modules["_jupyter_mlops_probe"]
_places = sys.modules["_jupyter_mlops_places"]
_lineage = sys.modules["_jupyter_mlops_lineage"]

_MOST: int = _lineage.MOST
_MOST_UNSEEN = 200
_WRITES = re.compile(r"[wax+]")
_READS = re.compile("r")

# give what else there is to know, in the order in which it happened
ELSEWHERE: list[Callable[[], list[Fact]]] = []

_unsettled: list[Fact] = []
_found: dict[tuple[str, str, str], dict[str, Any]] = {}
_left_out = 0
# what else was started: how it went, its name, what is to be said of it → by which cells
_unseen: dict[tuple[str, str, str | None], list[dict[str, Any]]] = {}
_lock = threading.RLock()


def _removed(*_: Any) -> None:
    work_out()  # later, nothing tells that it was there


def _renamed(source: Any, target: Any, *_: Any) -> None:
    work_out()
    old, new = (os.path.abspath(os.fsdecode(path)) for path in (source, target))
    with _lock:
        if not _move(old, new):
            _lineage.note(new, "w", _lineage.label(sys._getframe(3)))


def _linked(source: Any, target: Any, *_: Any) -> None:
    _lineage.note(source, "r", "open")
    _lineage.note(target, "w", "open")


def _truncated(path: Any, *_: Any) -> None:
    _lineage.note(path, "w", "open")


def _move(old: str, new: str) -> bool:
    """What is written under another name first, and then moved, is written here.

    It tells whether anything was: if not, what was there before has another name now.
    """
    below = old + os.sep
    is_folder = os.path.isdir(old) or os.path.isdir(new)  # before or after it has been moved
    moved = False
    for key in list(_found) if is_folder else [("file", old, "write")]:
        kind, path, mode = key
        if mode == "write" and key in _found and (path == old or path.startswith(below)):
            _found[kind, new + path[len(old) :], mode] = _found.pop(key)
            moved = True
    return moved


def work_out() -> None:
    """Turn the facts so far into the record."""
    with _lock:
        facts = [*_unsettled, *_lineage.take_facts()]
        _unsettled.clear()
        for elsewhere in ELSEWHERE:
            facts += elsewhere()
        for fact in facts:
            _, mode, caller = fact
            if _places.is_settled(mode) or caller[1] is not _probe.running:
                _take_safely(fact)
            else:
                _unsettled.append(fact)  # its program may still run


def _take_safely(fact: Fact) -> None:
    try:
        _take(*fact)
    except Exception as error:
        _lineage.failed(fact[0], error)


def _take(source: Any, mode: str, caller: Caller) -> None:
    reader, cell, *_ = caller
    if mode == "run":
        _miss("program", source, None, cell)
    elif mode in {"silent", "failed"}:
        _miss(mode, reader, source, cell)
    elif mode == "rename":
        if not _move(*source):
            _take_path(source[1], ["write"], caller)
    elif isinstance(source, tuple):
        _add("table", "#".join(source), "write" if mode == "w" else "read", cell, reader)
    elif reader != "tempfile":
        text = source
        mode = _places.settled(text, mode)
        modes = [name for name, has in (("read", _READS), ("write", _WRITES)) if has.search(mode)]
        if not _places.is_text(text):
            _lineage.NOTES[f"The file {text!a} is not listed: its name is no UTF-8."] = None
        elif _places.is_url(text):
            for name in modes:
                _add("url", _places.without_secrets(text), name, cell, reader)
        else:
            _take_path(text, modes, caller)


def _miss(reason: str, name: str, detail: str | None, cell: dict[str, Any]) -> None:
    key = (reason, name, detail)
    if key in _unseen or len(_unseen) < _MOST_UNSEEN:
        cells = _unseen.setdefault(key, [])
        if not any(cell is known for known in cells):
            cells.append(cell)


def _take_path(text: str, modes: list[str], caller: Caller) -> None:
    reader, cell, cwd, _ = caller
    text = text[len("file://") :] if text.startswith("file://") else text
    path = os.path.normpath(os.path.join(cwd, os.path.expanduser(text)))
    if not _places.is_users(path, cwd):
        return
    for name in modes:
        if name == "write" or os.path.lexists(path):
            _add("file", path, name, cell, reader)
        elif glob.has_magic(path):
            _take_pattern(path, cell, reader)


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


def accesses() -> dict[str, Any]:
    """Return what was used, by which cells, and what could not be seen."""
    with _lock:
        work_out()
        modules = _modules()
        files = [
            _access(*key, found)
            for key, found in list(_found.items())
            if _is_there(*key) and key[1] not in modules
        ]
    notes = list(_lineage.NOTES)
    left_out = _left_out + _lineage.left_out
    if left_out:
        notes.append(f"Of more than {_MOST} pieces of data, {left_out} uses are not listed.")
    unseen = [
        {"reason": reason, "name": name, "detail": detail, "cell_ids": _ids(cells)}
        for (reason, name, detail), cells in list(_unseen.items())
    ]
    return {"files": files, "unseen": unseen, "notes": notes}


def _ids(cells: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(cell["cell_id"] for cell in cells if cell["cell_id"]))


def _modules() -> set[str]:
    """Return the files of modules, which are told apart from data, if any was opened."""
    files: set[str] = set()
    if any(path.endswith(".py") for _, path, _ in _found):
        for module in list(sys.modules.values()):
            with suppress(Exception):  # what stands for a module may be anything
                files.add(os.path.abspath(str(module.__file__)))
    return files


def _is_there(kind: str, path: str, mode: str) -> bool:
    """What the notebook wrote and removed again was temporary."""
    written = mode == "write" or (kind, path, "write") in _found
    return kind != "file" or not written or os.path.lexists(path)


def _access(kind: str, path: str, mode: str, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "path": path,
        "kind": "folder" if kind == "file" and os.path.isdir(path) else kind,
        "mode": mode,
        "reader": found["reader"],
        "cell_ids": _ids(found["cells"]),
        "files": found["files"],
    }


_lineage.EVENTS.update(
    {
        "os.link": _linked,
        "os.remove": _removed,
        "os.rename": _renamed,
        "os.truncate": _truncated,
    }
)
_probe.RECORDS.append(accesses)
_probe.QUESTIONS["data"] = accesses
