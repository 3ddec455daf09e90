"""Notes the files that programs and SQL are told to use; lives in a kernel beside ``lineage``.

Standard library only. What another program opens cannot be seen from here: of a command, the files
and URLs that its words name are noted, and that it ran if it may open more than these.
"""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
_LITERAL = re.compile(r"'((?:[^']|'')*)'|\"([^\"]+)\"")
_SCRIPT = re.compile(r"\s*%%[^\n]*\n")  # the first line of a cell in another language
_PATTERN = re.compile(r"[^*?]*[*?]\S*\.\w+$|.*/\S*[*?]")  # of files, no regular expression
_LOOKS_LIKE_PATH = re.compile(r"[./*]")
_WRITES_TO = re.compile(r"\bcopy\b[^;]*\bto\s*$|\bexport\s+database\s*$", re.IGNORECASE | re.DOTALL)
_NAME = r"((?:[\w$]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])(?:\.(?:[\w$]+|\"[^\"]+\"|`[^`]+`))*)"
_WRITTEN = re.compile(
    r"\b(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|merge\s+into|update(?:\s+only)?|"
    r"delete\s+from|truncate(?:\s+table)?|create\s+(?:temp\w*\s+)?table(?:\s+if\s+not\s+exists)?"
    rf")\s+{_NAME}",
    re.IGNORECASE,
)
_READ = re.compile(rf"(?<!delete )\b(?:from|join)\s+{_NAME}(?!\s*\()", re.IGNORECASE)
_COMMON = re.compile(rf"(?:\bwith|,)\s+(?:recursive\s+)?{_NAME}\s+as\s*\(", re.IGNORECASE)
_SYSTEM = re.compile(r"^(?:information_schema|pg_catalog|sys|mysql|sqlite_\w+)\b", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


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


def sql_files(statement: Any, reader: str) -> None:
    """Note the files that literals in SQL name, as DuckDB reads and writes them."""
    if not isinstance(statement, str):
        return
    for found in _LITERAL.finditer(statement):
        text = (found[1] or found[2] or "").replace("''", "'")
        if _LOOKS_LIKE_PATH.search(text) and not os.path.isdir(text):
            before = statement[max(0, found.start() - 2000) : found.start()]
            writes = _WRITES_TO.search(before.rpartition(";")[2])
            _lineage.note(text, "w" if writes else "r", reader)


def sql_tables(statement: str) -> Iterator[tuple[str, str]]:
    """Give the tables that SQL names, each with ``r`` or ``w``."""
    text = _COMMENT.sub(" ", statement)
    common = {name.lower() for name in _COMMON.findall(text)}
    written = [_plain(name) for name in _WRITTEN.findall(text)]
    read = [
        _plain(name) for name in _READ.findall(re.sub(r"(?i)delete\s+from", "delete from", text))
    ]
    for mode, names in (("w", written), ("r", read)):
        for name in dict.fromkeys(names):
            if name.lower() not in common and not _SYSTEM.match(name):
                yield name, mode


def _plain(name: str) -> str:
    return re.sub(r"[\"`\[\]]", "", name)


def _connecting(database: Any, *_: Any) -> None:
    path = _database_file(database)
    if path and os.path.exists(path) and os.path.getsize(path):
        _lineage.note(path, "r", "sqlite3")


def _database_file(database: Any) -> str | None:
    text = os.fsdecode(database) if isinstance(database, (str, bytes, os.PathLike)) else ""
    if text.startswith("file:"):
        parts = urlsplit(text)
        text = "" if "mode=memory" in parts.query else unquote(parts.path)
    return os.path.abspath(text) if text and text != ":memory:" else None


def connected(connection: sqlite3.Connection, database: Any) -> None:
    """Watch which tables of a SQLite database are used, and what is attached to it."""
    path = _database_file(database)
    if _lineage.running() and (path is None or _places.is_users(path, os.getcwd())):
        connection.set_authorizer(_authorizer(path))


_OPERATIONS = {
    sqlite3.SQLITE_READ: "r",
    sqlite3.SQLITE_INSERT: "w",
    sqlite3.SQLITE_UPDATE: "w",
    sqlite3.SQLITE_DELETE: "w",
    sqlite3.SQLITE_CREATE_TABLE: "w",
}


def _authorizer(path: str | None) -> Callable[..., int]:
    """Allow everything and note the tables; SQLite asks it once a statement, not once a row."""
    attached: list[str] = []

    def authorize(operation: int, table: Any, _: Any, schema: Any, *__: Any) -> int:
        try:
            mode = _OPERATIONS.get(operation)
            if operation == sqlite3.SQLITE_ATTACH:
                _connecting(table)
                attached.extend(filter(None, [_database_file(table)]))
            elif mode and isinstance(table, str) and not table.startswith("sqlite_"):
                file = path if schema == "main" else _attached(attached, schema)
                if file:
                    _lineage.note_table(file, table, mode, "sqlite3")
                if file and mode == "w":
                    _lineage.note(file, mode, "sqlite3")
        except Exception as error:
            _lineage.failed("sqlite3", error)
        return sqlite3.SQLITE_OK

    return authorize


def _attached(files: list[str], schema: Any) -> str | None:
    """Return the file of an attached database: SQLite does not tell which name it was given."""
    named = [one for one in files if os.path.basename(one).partition(".")[0] == schema]
    found = named or files
    return found[-1] if len(set(found)) == 1 and schema != "temp" else None


_lineage.EVENTS.update(
    {
        "os.exec": _replaced,
        "os.posix_spawn": _replaced,
        "os.system": _shell,
        "sqlite3.connect": _connecting,
        "subprocess.Popen": _started,
    }
)
_probe.BEFORE_CELL.append(_settle)
