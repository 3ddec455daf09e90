"""Notes what data the cells read and wrote; lives in a kernel as ``_jupyter_mlops_lineage``.

Standard library only. While a cell runs, bare facts go into a dictionary, a microsecond each; what
they mean is worked out by ``record.py`` when the kernel is asked. Python's own opens come from an
audit hook, all else from ``commands.py`` and the readers' modules, what other processes open from
``children.py``.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    # what ``open`` was told: path, mode, flags
    Opened = tuple[Any, Any, Any]
    # who told it: library, cell, working folder, code
    Caller = tuple[str, dict[str, Any], str, Any]
    Fact = tuple[Opened, Caller]

_probe = sys.modules["_jupyter_mlops_probe"]
_places = sys.modules["_jupyter_mlops_places"]

_EXACT = 8  # facts of one cell whose library is told one by one
# pieces of data, facts of one cell, and files of one folder that a pattern names
MOST = 100_000
_LIBRARY_CODE = (*_places.LIBRARY, "<frozen")
_ANSWERING: set[int] = _probe.answering
_frame = sys._getframe

# what happens to a cell's data besides opens: audit event → function of its arguments
EVENTS: dict[str, Callable[..., None]] = {}
# what could not be watched, as sentences
NOTES: dict[str, None] = {}

_passed: tuple[str, ...] = _places.LIBRARY  # over, with no more than a look at the name
_opened: dict[Opened, Caller] = {}  # by this cell, in this working folder
_pending = [_opened]
_callers: dict[Any, Caller] = {}  # by the id of their code, which they keep alive; by endings
_cwd: str | None = None
left_out = 0


def _audit(event: str, arguments: Any) -> None:
    if event == "open":
        cell = _probe.running
        if cell is None:
            return
        try:
            # each call would cost as much as all the rest
            if arguments in _opened:
                return
            path = arguments[0]
            is_text = path.__class__ is str
            if (is_text and path.startswith(_passed)) or (_ANSWERING and _probe.is_answering()):
                return
            count = len(_opened)
            ending = path[-4:] if is_text else ""
            # to look at frames costs most; a cell that opens many files opens many of a kind
            caller = _callers.get(ending) if count >= _EXACT else None
            if caller is None:
                caller = _caller(_frame(1), ending, cell)
            if count < MOST:
                _opened[arguments] = caller
            else:
                leave_out()
        except Exception as error:
            failed(event, error)
    elif event in EVENTS and _probe.running is not None:
        _happened(event, arguments)


def _happened(event: str, arguments: Any) -> None:
    try:
        if not _probe.is_answering():
            EVENTS[event](*arguments)
    except Exception as error:
        failed(event, error)


def _caller(frame: FrameType, ending: str, cell: dict[str, Any]) -> Caller:
    code = frame.f_code
    caller = _callers.get(id(code)) or (label(frame), cell, _folder(), code)
    _callers[id(code)] = caller
    if caller[0] != "tempfile":  # what it opens is left out
        _callers[ending] = caller
    return caller


def _folder() -> str:
    global _cwd
    if _cwd is None:
        _cwd = os.getcwd()
    return _cwd


def leave_out() -> None:
    """Count a use that there is no place for."""
    global left_out
    left_out += 1


def label(frame: FrameType | None) -> str:
    """Name the library that the user's code called and that now opens a file."""
    name = "open"
    while frame and frame.f_code.co_filename.startswith(_LIBRARY_CODE):
        name = str(frame.f_globals.get("__name__", name)).partition(".")[0]
        frame = None if name == "tempfile" else frame.f_back
    return "open" if name == "IPython" else name  # cells have an ``open`` of IPython's


def running() -> dict[str, Any] | None:
    """Return the cell that runs, if what happens in this thread is the user's doing."""
    cell: dict[str, Any] | None = _probe.running
    return None if cell is None or (_ANSWERING and _probe.is_answering()) else cell


def note(source: Any, mode: str, reader: str) -> None:
    """Note that the running cell uses what a path or URL names; others than these are passed over.

    Args:
        source: a path, a URL, a pattern, or a list of these.
        mode: as ``open`` takes it; ``run`` for a program.
        reader: what the user knows the library by.
    """
    for one in source if isinstance(source, (list, tuple)) else (source,):
        text = os.fsdecode(one) if isinstance(one, (str, bytes, os.PathLike)) else None
        if text:
            _put(text, mode, reader)


def note_table(database: str, table: str, mode: str, reader: str) -> None:
    """Note that the running cell uses a table; ``database`` is a path or a URL."""
    _put((database, table), mode, reader)


def _put(source: Any, mode: str, reader: str) -> None:
    cell = running()
    what = (source, mode, 0)
    if cell is not None and what not in _opened:
        if len(_opened) < MOST:
            _opened[what] = (reader, cell, _folder(), None)
        else:
            leave_out()


def failed(what: object, error: BaseException) -> None:
    """Note that something could not be watched; the user's code goes on."""
    with suppress(Exception):  # what failed may fail again when it is to be named
        if len(NOTES) < 50:  # noqa: PLR2004
            NOTES[f"{what} could not be watched ({type(error).__name__}: {error})."] = None


def pass_over(path: str) -> None:
    """Say nothing of a file."""
    global _passed
    _passed = (*_passed, path)


def start_record(record: dict[Opened, Caller]) -> None:
    """Put facts into another record from now on: what is in this one says nothing any more."""
    global _opened, _cwd
    _opened, _cwd = record, None
    _callers.clear()
    _pending.append(record)


def _begin_cell(_: dict[str, Any]) -> None:
    start_record(type(_opened)())


def _changed_folder(_path: Any) -> None:
    start_record(type(_opened)())  # the event comes before the folder is changed


def _made_temporary(path: Any) -> None:
    _places.temporary.add(os.path.abspath(os.fsdecode(path)))


def take_facts() -> list[Fact]:
    """Take the facts out of the records; a thread may still add to one that is over."""
    facts: list[Fact] = []
    for record in _pending:
        taken = []
        while record:
            taken.append(record.popitem())
        facts += reversed(taken)
    del _pending[:-2]
    return facts


EVENTS.update(
    {
        "os.chdir": _changed_folder,
        "tempfile.mkdtemp": _made_temporary,
        "tempfile.mkstemp": _made_temporary,
    }
)
_probe.BEFORE_CELL.append(_begin_cell)
sys.addaudithook(_audit)
