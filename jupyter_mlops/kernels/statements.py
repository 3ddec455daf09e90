"""Tells which files and tables SQL names; lives in a kernel as ``_jupyter_mlops_statements``.

Standard library only. It knows no dialect and resolves nothing: it follows the words that stand
before the name of a table in any of them. Of a name that a statement makes for itself, as ``WITH``
does, nothing is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LITERAL = re.compile(r"'((?:[^']|'')*)'|\"([^\"]+)\"")
_LOOKS_LIKE_PATH = re.compile(r"[./*]")
_WRITES_TO = re.compile(r"\bcopy\b.*\bto\s*$|\bexport\s+database\s*$", re.IGNORECASE | re.DOTALL)
_READS_ALL = re.compile(r"\bimport\s+database\s*$", re.IGNORECASE)
_MAY_BE_TOLD = re.compile(r"\b(?:attach|database|exists|to)\s*$", re.IGNORECASE)
_ATTACHES = re.compile(
    r"\battach\s+(?:or\s+replace\s+)?(?:database\s+)?(?:if\s+not\s+exists\s+)?$", re.IGNORECASE
)
_READ_ONLY = re.compile(r"[^;]*\bread_only\b(?!\s*=?\s*false)", re.IGNORECASE)
_SERVER = re.compile(r":|\w{2,}:|.*=", re.DOTALL)  # no file, and may hold a password
_LOCAL = re.compile(r"(?:duckdb|sqlite):(?!memory)", re.IGNORECASE)

# the rows of an INSERT name nothing
_ROWS = re.compile(
    r"(\s*(?:insert|replace)\b.{1,20000}?)\bvalues\s*[(%:?]", re.IGNORECASE | re.DOTALL
)
_LONGEST = 50_000  # characters that are read
_NAME = r"(?:[^\W\d][\w$]*|\"(?:[^\"]|\"\")*\"|`[^`]+`|\[[^\]\['\d][^\]\[']*\])"
_TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|(?P<text>'(?:[^']|'')*'|\$(\w*)\$.*?\$\2\$)"
    rf"|(?P<name>{_NAME}(?:\s*\.\s*{_NAME})*)|(?P<mark>[(),;])|\w+",
    re.DOTALL,
)
_QUOTES = re.compile(r"[\"`\[\]]|\s*(?=\.)|(?<=\.)\s*")
_SYSTEM = re.compile(r"(?:information_schema|pg_catalog|sys|mysql|sqlite_\w+)\b", re.IGNORECASE)

_BEGINS = {"", ")", "explain", "analyze"}  # before the verb of a statement
_VERBS = {"alter", "create", "delete", "drop", "insert", "merge", "truncate", "update"}
_ON_TABLES = {"alter", "create", "drop", "truncate"}
_TEMPORARY = {"temp", "temporary"}
# stand between a verb and its table
_BETWEEN = {*_TEMPORARY, "exists", "if", "into", "lateral", "not", "only", "overwrite", "table"}
_QUERIES = {"select", "values", "with"}
_ENDS_TABLES = {  # after which no more come behind a comma
    *_QUERIES,
    *("except", "group", "having", "intersect", "limit", "offset", "order", "returning", "set"),
    *("union", "where", "window"),
}
_HAVE_FROM = {"extract", "overlay", "position", "substring", "trim"}  # as functions
_BEFORE_QUERY = {"as", "materialized", "not"}


def files(statement: str) -> Iterator[tuple[str, str]]:
    """Give the files that literals name, as DuckDB takes them, each with a mode.

    ``r``, ``w``; ``a`` is a database, which may be read and may be written, ``d`` a folder that
    is read.
    """
    for found in _LITERAL.finditer(statement):
        text, start = (found[1] or found[2] or "").replace("''", "'"), found.start()
        before = ""
        if _MAY_BE_TOLD.search(statement[max(0, start - 20) : start]):
            before = statement[max(0, start - 2000) : start].rpartition(";")[2]
        if _ATTACHES.search(before):
            text = _LOCAL.sub("", text)
            if text and not _SERVER.match(text):
                yield text, "r" if _READ_ONLY.match(statement, found.end()) else "a"
        elif _WRITES_TO.search(before):
            yield text, "w"
        elif _READS_ALL.search(before):
            yield text, "d"
        elif _LOOKS_LIKE_PATH.search(text):
            yield text, "r"


def tables(statement: str) -> list[tuple[str, str]]:
    """Return the tables that a statement names, each with ``r``, ``w`` or, if temporary, ``t``."""
    rows = _ROWS.match(statement)
    found = dict.fromkeys(_Reading(rows[1] if rows else statement[:_LONGEST]).tables)
    return [(name, mode) for name, mode in found if not _SYSTEM.match(name)]


class _Level:
    """What stands between two brackets.

    Args:
        named: what ``WITH`` calls it.
        awaits: in which mode the next name is a table's, or "".
        is_arguments: whether ``FROM`` says nothing of tables.
    """

    def __init__(self, named: str = "", awaits: str = "", *, is_arguments: bool = False) -> None:
        self.named = named
        self.awaits = self.more = awaits  # more: after a comma
        self.is_arguments = is_arguments
        self.last = ""  # word
        self.candidate = ""  # for what WITH calls the next brackets


class _Reading:
    """One way through a statement, word by word."""

    def __init__(self, statement: str) -> None:
        self.tables: list[tuple[str, str]] = []
        self._begin()
        tokens = [one for one in _TOKEN.finditer(statement) if one.lastgroup]
        followers = [*(one[0].lower() for one in tokens[1:]), ""]
        for token, following in zip(tokens, followers):
            if token["mark"]:
                self._mark(token["mark"])
            elif token["text"]:
                self._levels[-1].awaits = ""
            elif not self._table(token["name"], following):
                self._word(token["name"].lower(), following)

    def _begin(self) -> None:
        self._levels = [_Level()]
        self._own: set[str] = set()  # names that the statement has made
        self._verb = ""
        self._is_recursive = self._is_temporary = False

    def _mark(self, mark: str) -> None:
        level = self._levels[-1]
        if mark == "(":
            named = level.candidate if level.last in _BEFORE_QUERY else ""
            if self._is_recursive:
                self._own.add(named)
            self._levels.append(_Level(named, level.awaits, is_arguments=level.last in _HAVE_FROM))
            level.awaits = ""
        elif mark == ")":
            if len(self._levels) > 1:
                self._own.add(self._levels.pop().named)
            self._levels[-1].last = mark
        elif mark == ",":
            level.awaits = level.more
        else:
            self._begin()

    def _table(self, name: str, following: str) -> bool:
        """Take a name for a table's, where one is awaited."""
        level, word = self._levels[-1], name.lower()
        mode = level.awaits
        if not mode or word in _BETWEEN:
            return False
        level.awaits = ""
        if word in _ENDS_TABLES:
            return False
        level.last = level.candidate = word
        plain = _QUOTES.sub("", name)
        if plain.lower() not in self._own and not (mode == "r" and following == "("):
            self.tables.append((plain, "t" if mode == "w" and self._is_temporary else mode))
        return True

    def _word(self, word: str, following: str) -> None:
        level = self._levels[-1]
        if word in _VERBS and level.last in _BEGINS and following != "(":
            self._verb = word
            level.awaits = "w" if word in {"truncate", "update"} else ""
        elif word == "from" and not level.is_arguments and level.last != "distinct":
            level.awaits = level.more = "r"
            if level.last == "delete":
                level.awaits, level.more = "w", ""
        elif word == "join" or (word == "using" and self._verb in {"delete", "merge"}):
            level.awaits = level.more = "r" if following != "(" or word == "join" else ""
        elif word in {"into", "overwrite"} or (word == "table" and self._verb in _ON_TABLES):
            level.awaits = "w"
            level.more = "w" if self._verb == "drop" else ""
        elif word in _ENDS_TABLES:
            level.more = ""
        self._is_recursive |= word == "recursive"
        self._is_temporary |= word in _TEMPORARY and self._verb == "create"
        if following in {"as", "("} and word not in _BEFORE_QUERY:
            level.candidate = _QUOTES.sub("", word)
        level.last = word
