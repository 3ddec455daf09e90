"""Notes what data the cells read and wrote; lives in a kernel as ``_jupyter_mlops_lineage``.

Standard library only. While a cell runs, bare facts go into a dictionary, a microsecond each; what
they mean is worked out by ``record.py`` when the kernel is asked. Python's own opens come from an
audit hook, all else from ``commands.py`` and the readers' modules, what other processes open from
``children.py``.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    # who uses it, library, cell and working folder, and what, by its mode
    Caller = tuple[str, dict[str, Any], str, dict[str, list[Any]]]
    # a path, URL, pattern or (database, table); the mode; by whom
    Fact = tuple[Any, str, Caller]

_probe = sys.modules["_jupyter_mlops_probe"]
_places = sys.modules["_jupyter_mlops_places"]

_EXACT = 4  # facts of a cell, of one caller, whose library is told one by one
# pieces of data, facts of a cell and caller, and files of one folder that a pattern names
MOST = 100_000
_FULL = 2 * MOST
_FOLDER = getattr(os, "O_DIRECTORY", 0)  # also a part of O_TMPFILE
LIBRARY_CODE = (*_places.LIBRARY, "<frozen")
_ANSWERING: set[int] = _probe.answering
_frame = sys._getframe

# what happens to a cell's data besides opens: audit event → function of its arguments
EVENTS: dict[str, Callable[..., None]] = {}
# what could not be watched, as sentences
NOTES: dict[str, None] = {}
# what others know for as long as this cell runs, in this working folder
KNOWN: dict[Any, Any] = {}

_passed: tuple[str, ...] = _places.LIBRARY  # over, with no more than a look at the name
_ours = os.path.dirname(sys._getframe().f_code.co_filename)
if _ours and not _ours.startswith(_passed):
    _passed = (*_passed, _ours + os.sep)  # tracebacks show lines of it
_record: list[Caller] = []  # of this cell, in this working folder
_pending = [_record]
_noted: set[Any] = set()
_callers: dict[Any, Caller] = {}  # by where their code is, or by their library
# what to do with a file by the end of its name, after some of a kind: mode, function, its list;
# nothing while no cell runs, or a question is answered
_quick: dict[str, tuple[str, Callable[[str], None], list[Any]]] = {}
_cwd: str | None = None
_former = os.getcwd()
left_out = 0

# threads that go on after the cell that started them, by their numbers: its, if they do its work;
# None if they do that of whatever cell gives them some
outliving: dict[int, dict[str, Any] | None] = {}
# in a task of asyncio: the cell that made it
task_of: ContextVar[dict[str, Any] | None] = ContextVar("_jupyter_mlops_cell", default=None)


def _audit(event: str, arguments: Any) -> None:
    if event == "open":
        try:
            # a call, or a look at whether a cell runs, would cost as much as all the rest
            path, mode, _ = arguments
            kind, keep, kept = _quick[path[-1]]
            if kind == mode and len(kept) < _FULL:
                keep(path)
                return
        except (KeyError, TypeError, IndexError):  # another kind; no path; no name
            pass
        if _probe.running is not None or outliving or task_of.get() is not None:
            _opened(*arguments)
    elif event in EVENTS and running() is not None:
        _happened(event, arguments)


def _opened(path: Any, mode: str | None, flags: int) -> None:
    try:
        cell = running()
        if cell is not None:
            _look(path, mode, flags, cell)
    except Exception as error:
        failed("open", error)


def _happened(event: str, arguments: Any) -> None:
    try:
        EVENTS[event](*arguments)
    except Exception as error:
        failed(event, error)


def _look(path: Any, mode: str | None, flags: int, cell: dict[str, Any]) -> None:
    """Note an open, with a look at who does it: that costs more than the rest."""
    if flags & _FOLDER or type(path) is int:
        return  # a folder, a file without a name, a descriptor
    text = os.fsdecode(path)
    if text.startswith(_passed):
        return
    if mode is None:  # os.open
        if os.path.isdir(text):  # to have it written to the disk, say
            return
        mode = _mode(flags)
    frame = _frame(3)  # of who opens: above this function, its caller and the hook
    code = frame.f_code
    # the code's own hash reads all of it
    key = (code.co_filename, code.co_firstlineno, id(cell))
    caller = _callers.get(key) or _caller(key, label(frame), cell)
    _store(text, mode, caller)
    kept = caller[3].get(mode)
    # a cell that opens many files opens many of a kind
    if kept and len(kept) > _EXACT and text and caller[0] != "tempfile":
        _quick[text[-1]] = (mode, kept.append, kept)
        # from another thread, meanwhile or later
        if _ANSWERING or _probe.running is not cell or any(outliving.values()):
            _quick.clear()


def _keep(what: Any, mode: str, caller: Caller) -> None:
    global left_out
    kept = caller[3].get(mode)
    if kept is None:
        kept = caller[3][mode] = []
    if len(kept) >= _FULL and kept[0] is not None:
        kept[:] = dict.fromkeys(kept)
        if len(kept) >= MOST:
            kept[:0] = [None]  # it takes no more
    if kept and kept[0] is None:
        left_out += 1
    else:
        kept.append(what)


_store: Callable[[Any, str, Caller], None] = _keep


def _mode(flags: int) -> str:
    if flags & os.O_RDWR:
        return "w" if flags & os.O_TRUNC else "r+"
    return "w" if flags & os.O_WRONLY else "r"


def _caller(key: Any, reader: str, cell: dict[str, Any]) -> Caller:
    caller = _callers[key] = (reader, cell, folder(), {})
    _record.append(caller)
    return caller


def folder() -> str:
    """Return the working folder."""
    global _cwd, _former
    if _cwd is None:
        with suppress(OSError):  # it was removed, and nothing can be in it
            _former = os.getcwd()
        _cwd = _former
    return _cwd


def label(frame: FrameType | None) -> str:
    """Name the library that the user's code called and that now opens a file."""
    name = "open"
    while frame and frame.f_code.co_filename.startswith(LIBRARY_CODE):
        name = str(frame.f_globals.get("__name__", name)).partition(".")[0]
        frame = None if name == "tempfile" else frame.f_back
    # cells have an ``open`` of IPython's, and may have a thread call it
    return "open" if name in {"IPython", "threading"} else name


def running() -> dict[str, Any] | None:
    """Return the cell whose doing it is what happens in this thread, if it is the user's."""
    if _ANSWERING and _probe.is_answering():
        return None
    cell: dict[str, Any] | None = _probe.running
    if outliving:
        number = threading.get_ident()
        if number in outliving:
            return outliving[number] or cell or _probe.cells[-1]
    return task_of.get() if cell is None else cell


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
    if cell is None:
        return
    fact, key = (source, mode, reader, id(cell)), (reader, id(cell))
    if fact not in _noted:
        _noted.add(fact)
        _store(source, mode, _callers.get(key) or _caller(key, reader, cell))


def failed(what: object, error: BaseException) -> None:
    """Note that something could not be watched; the user's code goes on."""
    with suppress(Exception):  # what failed may fail again when it is to be named
        if len(NOTES) < 50:  # noqa: PLR2004
            NOTES[f"{what} could not be watched ({type(error).__name__}: {error})."] = None


def pass_over(path: str) -> None:
    """Say nothing of a file."""
    global _passed
    _passed = (*_passed, path)


def tell_facts(store: Callable[[Any, str, Caller], None]) -> None:
    """Have a function called with facts from now on, and keep none."""
    global _store
    _store = store
    _begin()


def _begin(_: Any = None) -> None:
    """Begin a record: what is in the last one says nothing of this cell or working folder."""
    global _record, _cwd
    _record, _cwd = [], None
    for known in (KNOWN, _noted, _callers, _quick):
        known.clear()
    _pending.append(_record)


def _made_temporary(path: Any) -> None:
    _places.temporary.add(os.path.abspath(os.fsdecode(path)))


def take_facts() -> list[Fact]:
    """Take the facts out of the records; a thread may still add to one that is over."""
    found: list[Fact] = []
    for record in _pending:
        for caller in record[:]:
            for mode, kept in list(caller[3].items()):
                count = len(kept)
                found += [(what, mode, caller) for what in dict.fromkeys(kept[:count]) if what]
                del kept[:count]
    _noted.clear()
    del _pending[:-2]
    return found


EVENTS.update(
    {
        "os.chdir": _begin,  # comes before the folder is changed
        "tempfile.mkdtemp": _made_temporary,
        "tempfile.mkstemp": _made_temporary,
    }
)
_probe.BEFORE_CELL.append(_begin)
_probe.PAUSES.append(_quick.clear)
sys.addaudithook(_audit)
