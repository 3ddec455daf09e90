"""Which cells read a clock, or what another cell has read from one, told from their code."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, TypeVar

from . import names
from .sharing import path_of
from .source import parse

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

Key = TypeVar("Key", bound="Hashable")

_OWNERS = {"DateTime", "Timestamp", "arrow", "date", "datetime", "pendulum"}
_ASKS = {"now", "today", "utcnow"}
_TIME = {"asctime", "ctime", "gmtime", "localtime", "strftime", "time", "time_ns"}
_PARSERS = {"Timestamp", "datetime64", "to_datetime"}
_COMMAND = re.compile(r"^\s*!\s*date\b|^\s*%%(?:ba)?sh\b[^\n]*\n(?:.*\n)*\s*date\b", re.MULTILINE)

_R_COMMENT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\#[^\n]*""")
_R_CLOCK = re.compile(
    r"(?<![\w.$])(?:Sys\.(?:time|Date)\s*\(|date\s*\(\s*\)|(?:now|today)\s*\(\s*\))"
)
_R_NAME = re.compile(r"[A-Za-z.][\w.]*")
_R_BOUND = re.compile(
    r"([A-Za-z.][\w.]*)\s*(?:<<?-|=(?!=))|->>?\s*([A-Za-z.][\w.]*)"  # what is bound, either way
)


def readers(cells: Iterable[tuple[Key, str]], language: str | None) -> dict[Key, set[Key]]:
    """Tell which cells may show the time.

    Args:
        cells: their sources, in the order in which they run.
        language: of their kernel; of others than Python and R nothing is known.

    Returns:
        of each such cell those that read the clock for it, itself among them.
    """
    steps = _r_steps if language == "r" else _Python().steps
    known: dict[str, set[Key]] = {}
    found: dict[Key, set[Key]] = {}
    for key, source in cells if language in {"python", "r", None} else ():
        for reads, uses, defines in steps(source):
            origins = set().union(*(known.get(name, ()) for name in uses))
            if reads or origins:
                origins.add(key)
                found.setdefault(key, set()).update(origins)
            for name in defines:
                if origins:
                    known[name] = origins
                else:
                    known.pop(name, None)
    return found


class _Python:
    """Takes cells apart; knows what was imported under which name."""

    def __init__(self) -> None:
        self._modules: dict[str, tuple[str, ...]] = {}

    def steps(self, source: str) -> Iterator[tuple[bool, set[str], set[str]]]:
        """Give of each statement whether it reads a clock, and the names it uses and defines."""
        tree = parse(source)
        for statement in tree.body if tree else ():
            for node in ast.walk(statement):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    self._imported(node)
            try:
                named = names.of(ast.unparse(statement)) or names.Names()
            except RecursionError:  # too long to be followed
                continue
            reads = any(self._reads(node) for node in ast.walk(statement))
            # a module is no time, though a bare call seems to change it
            yield reads, named.uses - self._modules.keys(), named.defines
        if _COMMAND.search(source):
            yield True, set(), set()

    def _imported(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for one in node.names:
                whole = tuple(one.name.split("."))
                self._modules[one.asname or whole[0]] = whole if one.asname else whole[:1]
        elif node.module and not node.level:
            for one in node.names:
                self._modules[one.asname or one.name] = (*node.module.split("."), one.name)

    def _reads(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and self._path(node.func)[-1:] and node.args:
            first = node.args[0]
            told = isinstance(first, ast.Constant) and first.value in _ASKS
            return told and self._path(node.func)[-1] in _PARSERS
        if not isinstance(node, (ast.Attribute, ast.Name)):
            return False
        *owner, last = self._path(node) or ("",)
        if owner == ["time"]:
            return last in _TIME
        return last in _ASKS and bool(owner) and owner[-1] in _OWNERS

    def _path(self, node: ast.expr) -> tuple[str, ...]:
        """Return the whole name of what an expression names; empty where that is not known."""
        first, *rest = path_of(node) or ("",)
        whole = self._modules.get(first)
        return (*(whole or (first,)), *rest) if first else ()


def _r_steps(source: str) -> Iterator[tuple[bool, set[str], set[str]]]:
    """Give a cell as one step: R's statements are not told apart here."""
    code = _R_COMMENT.sub(lambda found: found[1] or "", source)
    defines = {first or second for first, second in _R_BOUND.findall(code)}
    uses = set(_R_NAME.findall(_R_BOUND.sub(" ", code)))
    yield bool(_R_CLOCK.search(code)), uses, defines
