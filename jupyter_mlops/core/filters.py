"""MLflow's grammar for filters and orders, parsed into plain values.

    filter   := comparison (AND comparison)*
    comparison := field (= | != | < | <= | > | >= ) value
                | field (LIKE | ILIKE) value [ESCAPE character]
                | field [NOT] IN (value, ...) | field IS [NOT] NULL
    orders   := field [ASC | DESC] (, field [ASC | DESC])*
    field    := [kind .] key          kind and key may stand in quotes or backticks

What the fields mean and how they are looked up is for the rooms; a room says with a ``Vocabulary``
which there are. Source of the grammar: MLflow's documentation, "Search Runs"; ESCAPE is SQL's, for
who looks for a text that has ``%`` or ``_`` in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

Kind = Literal["attribute", "metric", "param", "tag", "dataset"]
Value = str | int | float | tuple[str, ...] | None

NUMERIC = frozenset({"=", "!=", "<", "<=", ">", ">="})
TEXT = frozenset({"=", "!=", "LIKE", "ILIKE"})
LISTED = TEXT | {"IN", "NOT IN"}
OPTIONAL = TEXT | {"IS NULL", "IS NOT NULL"}

_NO_ESCAPE = "\x1b"


@dataclass(frozen=True)
class Comparison:
    """One condition; ``value`` is None with IS NULL, a tuple with IN.

    In a pattern of LIKE or ILIKE what is behind ``escape`` stands for itself.
    """

    kind: Kind
    key: str
    operator: str
    value: Value
    escape: str | None = None


@dataclass(frozen=True)
class Order:
    """One key to sort by."""

    kind: Kind
    key: str
    ascending: bool = True


@dataclass(frozen=True)
class Vocabulary:
    """Which fields there are.

    Args:
        kinds: by written prefix (``metrics``, ``param``, …), the kind.
        text: attributes that hold text, with their operators.
        numbers: attributes that hold whole numbers.
        aliases: other names of attributes.
        any_key: operators of the kinds whose keys are free.
    """

    kinds: Mapping[str, Kind]
    text: Mapping[str, frozenset[str]]
    numbers: frozenset[str]
    aliases: Mapping[str, str]
    any_key: Mapping[Kind, frozenset[str]]

    def field(self, kind: str | None, key: str) -> tuple[Kind, str]:
        """Return the kind and key that are meant by a written field."""
        known = self.kinds.get(kind) if kind is not None else "attribute"
        if known is None:
            raise InvalidInputError(
                f"There is no {kind}.… to search by; there is {', '.join(sorted(self.kinds))}."
            )
        if known != "attribute":
            return known, key
        key = self.aliases.get(key, key)
        if key not in self.text and key not in self.numbers:
            names = ", ".join(sorted([*self.text, *self.numbers]))
            raise InvalidInputError(f"There is no attribute {key!r}; there is {names}.")
        return known, key

    def operators(self, kind: Kind, key: str) -> frozenset[str]:
        """Return what a field may be compared with."""
        if kind != "attribute":
            return self.any_key[kind]
        return NUMERIC if key in self.numbers else self.text[key]

    def is_number(self, kind: Kind, key: str) -> bool:
        """Tell whether a field is compared with numbers."""
        return kind == "metric" or (kind == "attribute" and key in self.numbers)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))
      | (?P<string>'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<name>(?:[^\W\d]\w*|`[^`]*`)(?:\.(?:[\w.]+|`[^`]*`|"[^"]*"|'[^']*'))?)
      | (?P<operator><=|>=|!=|=|<|>)
      | (?P<mark>[(),])""",
    re.VERBOSE,
)


def parse_filter(text: str | None, vocabulary: Vocabulary) -> list[Comparison]:
    """Return the conditions of ``text``, all of which must hold; none for an empty one.

    Raises:
        InvalidInputError: with what is wrong, and where.
    """
    return _Parser(text or "", vocabulary).filter()


def parse_orders(text: str, vocabulary: Vocabulary) -> list[Order]:
    """Return what ``order_by`` clauses ask for, the first one first.

    Raises:
        InvalidInputError: with what is wrong, and where.
    """
    return _Parser(text, vocabulary).orders()


def compare(column: ColumnElement[Any], comparison: Comparison) -> ColumnElement[bool]:
    """Return the condition of a comparison on a column, its value bound."""
    value: Any = comparison.value
    if comparison.operator in {"LIKE", "ILIKE"}:
        like = column.like if comparison.operator == "LIKE" else column.ilike
        if comparison.escape is None:  # PostgreSQL would take the backslash
            return like(value.replace(_NO_ESCAPE, _NO_ESCAPE * 2), escape=_NO_ESCAPE)
        return like(value, escape=comparison.escape)
    if comparison.operator.startswith("IS"):
        return column.is_(None) if comparison.operator == "IS NULL" else column.is_not(None)
    by_word = {"IN": column.in_, "NOT IN": column.not_in}
    if comparison.operator in by_word:
        return by_word[comparison.operator](value)
    return column.op(comparison.operator, is_comparison=True)(value)


class _Parser:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._tokens = list(_tokens(text))
        self._next = 0

    def filter(self) -> list[Comparison]:
        if not self._tokens:
            return []
        found = [self._comparison()]
        while self._word("AND"):
            found.append(self._comparison())
        if self._next < len(self._tokens):
            raise self._wrong("AND")
        return found

    def orders(self) -> list[Order]:
        found = [self._order()]
        while self._mark(","):
            found.append(self._order())
        if self._next < len(self._tokens):
            raise self._wrong("ASC, DESC or a comma")
        return found

    def _order(self) -> Order:
        kind, key = self._field()
        return Order(kind, key, self._word("ASC") or not self._word("DESC"))

    def _comparison(self) -> Comparison:
        kind, key = self._field()
        operator = self._operator()
        allowed = self._vocabulary.operators(kind, key)
        if operator not in allowed:
            raise InvalidInputError(
                f"{kind} {key!r} cannot be compared with {operator}; "
                f"use one of {', '.join(sorted(allowed))}."
            )
        if operator.startswith("IS"):
            return Comparison(kind, key, operator, None)
        if operator.endswith("IN"):
            return Comparison(kind, key, operator, self._list())
        if self._vocabulary.is_number(kind, key):
            return Comparison(kind, key, operator, self._number())
        value = self._string()
        escape = self._escape(value) if operator.endswith("LIKE") and self._word("ESCAPE") else None
        return Comparison(kind, key, operator, value, escape)

    def _escape(self, pattern: str) -> str:
        escape = self._string()
        # a letter would be another after ILIKE has made all small
        if len(escape) != 1 or escape.isalpha() or not escape.isascii():
            raise InvalidInputError(
                f"ESCAPE wants one character that is no letter, such as '\\', not {escape!r}."
            )
        if re.fullmatch(rf"(?s)(?:[^{re.escape(escape)}]|{re.escape(escape)}.)*", pattern) is None:
            raise InvalidInputError(
                f"The pattern {pattern!r} ends with {escape!r}, which stands before a character."
            )
        return escape

    def _field(self) -> tuple[Kind, str]:
        token = self._take("name", "a field such as metrics.accuracy")
        parts = re.match(r"(`[^`]*`|[^.]*)(?:\.(.*))?$", token.text, re.DOTALL)
        assert parts is not None  # noqa: S101 - the token's own pattern
        first, key = parts.groups()
        if key is None:
            return self._vocabulary.field(None, first.strip("`"))
        return self._vocabulary.field(first.strip("`"), _unquoted(key))

    def _operator(self) -> str:
        if self._word("IS"):
            operator = "IS NOT NULL" if self._word("NOT") else "IS NULL"
            self._need_word("NULL")
            return operator
        if self._word("NOT"):
            self._need_word("IN")
            return "NOT IN"
        for word in ("LIKE", "ILIKE", "IN"):
            if self._word(word):
                return word
        return self._take("operator", "=, !=, <, <=, >, >=, LIKE, ILIKE, IN or IS").text

    def _list(self) -> tuple[str, ...]:
        self._need_mark("(")
        values = [self._string()]
        while self._mark(","):
            values.append(self._string())
        self._need_mark(")")
        return tuple(values)

    def _string(self) -> str:
        text = self._take("string", "a value in quotes").text
        return text[1:-1].replace(text[0] * 2, text[0])

    def _number(self) -> int | float:
        text = self._take("number", "a number").text
        # 18 digits always fit a column of 64 bits
        return int(text) if re.fullmatch(r"[-+]?\d{1,18}", text) else float(text)

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, kind: str, wanted: str) -> _Token:
        token = self._peek()
        if token is None or token.kind != kind:
            raise self._wrong(wanted)
        self._next += 1
        return token

    def _accept(self, kind: str, text: str) -> bool:
        token = self._peek()
        found = token is not None and token.kind == kind and token.text.upper() == text
        self._next += found
        return found

    def _word(self, word: str) -> bool:
        return self._accept("name", word)

    def _mark(self, mark: str) -> bool:
        return self._accept("mark", mark)

    def _need_word(self, word: str) -> None:
        if not self._word(word):
            raise self._wrong(word)

    def _need_mark(self, mark: str) -> None:
        if not self._mark(mark):
            raise self._wrong(mark)

    def _wrong(self, wanted: str) -> InvalidInputError:
        token = self._peek()
        found = f"{token.text} at character {token.start + 1}" if token else "the end"
        return InvalidInputError(f"Expected {wanted}, found {found}, in {self._text!r}.")


def _tokens(text: str) -> list[_Token]:
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise InvalidInputError(
                f"Cannot read {text[position:][:20]!r} at character {position + 1} of {text!r}."
            )
        if match.lastgroup != "space":
            tokens.append(_Token(str(match.lastgroup), match.group(), position))
        position = match.end()
    return tokens


def _unquoted(key: str) -> str:
    quoted = len(key) > 1 and key[0] == key[-1] and key[0] in "`\"'"
    return key[1:-1] if quoted else key
