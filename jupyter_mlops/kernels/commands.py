"""Notes the files that programs are told to use; lives in a kernel beside ``lineage``.

Standard library only. What another program opens cannot be seen from here: of a command, the files
and URLs that its words name are noted, and that it ran if it may open more than these.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_probe = sys.modules["_jupyter_mlops_probe"]
_places = sys.modules["_jupyter_mlops_places"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_record = sys.modules["_jupyter_mlops_record"]
_children = sys.modules["_jupyter_mlops_children"]
_programs = sys.modules["_jupyter_mlops_programs"]

_MOST_WORDS = 500
_is_settled = True  # nothing was started that may still write
_LONGEST = 10_000  # characters between quotes
_TEXT = re.compile(r"(?<!<)<<-?\s*(['\"]?)(\w+)\1")  # the text of a command follows
_SHELLS = {"bash", "dash", "ksh", "sh", "zsh"}
_SCRIPT = re.compile(r"\s*%%[^\n]*\n")  # the first line of a cell in another language
_PATTERN = re.compile(r"[^*?]*[*?]\S*\.\w+$|.*/\S*[*?]")  # of files, no regular expression


def _started(executable: Any, arguments: Any = None, cwd: Any = None, *_: Any) -> None:
    """Take what ``subprocess.Popen`` is told."""
    if isinstance(arguments, (str, bytes)):
        arguments = [arguments]
    words = [os.fsdecode(word) for word in arguments or () if isinstance(word, (str, bytes))]
    program = os.path.basename(words[0] if words else os.fsdecode(executable or ""))
    if program in _SHELLS and "-c" in words:
        for word in words[words.index("-c") + 1 :][:1]:
            _shell(word, cwd)
    elif program in _SHELLS and len(words) == 1:
        _script(cwd)
    elif len(words) == 1 and " " in words[0]:
        _shell(words[0], cwd)
    else:
        _note_words(words, cwd)


def _replaced(path: Any, arguments: Any, *_: Any) -> None:
    """Take what ``os.exec`` and ``os.posix_spawn`` are told."""
    _started(path, arguments)


def _script(cwd: Any) -> None:
    """Take what a shell reads from its standard input, where that is a cell: ``%%bash``."""
    cell = _lineage.running()
    head = _SCRIPT.match(cell["source"]) if cell else None
    if cell and head:
        _shell(cell["source"][head.end() :], cwd)


def _shell(command: Any, cwd: Any = None) -> None:
    """Take lines of a shell."""
    for line in _lines_of(os.fsdecode(command).replace("\\\n", " ")):
        _shell_line(line, cwd)


def _lines_of(script: str) -> Iterator[str]:
    """Give the lines of a script, those in quotes together, without texts that stand in it."""
    line, end = "", None
    for part in script.splitlines():
        if end is not None:
            end = None if part.strip() == end else end
            continue
        line = f"{line}\n{part}" if line else part
        if len(line) < _LONGEST and _is_open(line):
            continue
        text = _TEXT.search(line)
        end = text[2] if text else None
        yield line
        line = ""
    if line:
        yield line


def _is_open(line: str) -> bool:
    """Tell whether a line ends within quotes."""
    try:
        list(_lexer(line))
    except ValueError:
        return True
    return False


def _lexer(line: str) -> shlex.shlex:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    return lexer


def _shell_line(line: str, cwd: Any) -> None:
    """Take commands with ``|``, ``;``, ``>`` between."""
    lexer = _lexer(line)
    words: list[str] = []
    try:
        for word in lexer:
            if set(word) <= set(";|&()"):
                _note_words(words, cwd)
                words = []
            else:
                words.append(word)
    except ValueError:  # an open quote
        pass
    _note_words(words, cwd)


def _note_words(words: Sequence[str], cwd: Any) -> None:
    global _is_settled
    words = _programs.command(words)
    if not words:
        return
    _is_settled = False
    program = os.path.basename(words[0])
    folder = os.fsdecode(cwd) if cwd else os.getcwd()
    unseen = _programs.unseen(words, folder)
    if unseen:
        _lineage.note(unseen, "run", program)
    opens, is_tool = _programs.opens_named(words), _programs.is_tool(words)
    before = ""
    for word in words[1:_MOST_WORDS]:
        if _places.is_url(word):
            _lineage.note([] if is_tool else word, "r", program)
        elif opens or set(before) & {"<", ">"}:
            _note_names(word, folder, program, redirects=">" in before)
        before = word
    _lineage.note(_programs.also_written(words, folder), "w", program)


def _note_names(word: str, folder: str, program: str, *, redirects: bool) -> None:
    """Note the file that a word of a command names, or one after ``=`` in it."""
    for name in (word, word.partition("=")[2]):
        path = os.path.join(folder, os.path.expanduser(name))
        if not name or name.startswith("-") or os.path.isdir(path):
            continue
        # what is not there yet will be, if it is a file that the program writes
        if redirects or not (os.path.exists(path) or _PATTERN.match(name)):
            _lineage.note(path, "w", program)
        else:
            _lineage.note(path, _places.as_it_is(path), program)


def _settle(_: Any) -> None:
    """See before the next cell whether programs have changed what their commands named."""
    global _is_settled
    try:
        if not _is_settled or _children.are_there():
            _is_settled = True
            _record.work_out()
    except Exception as error:
        _lineage.failed("Programs", error)


_lineage.EVENTS.update(
    {
        "os.exec": _replaced,
        "os.posix_spawn": _replaced,
        "os.system": _shell,
        "subprocess.Popen": _started,
    }
)
_probe.BEFORE_CELL.append(_settle)
