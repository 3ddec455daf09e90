"""R code as R's own parser took it apart in the kernel, and what its names stood for there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DEEPEST = 300  # brackets, of which a call has two; who walks over it takes some calls for each
_BRACKET = re.compile(r"[\[\]]")


@dataclass(frozen=True)
class Symbol:
    """A name in code."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A value in code; ``is_text``: of a text what it says, else how R writes it."""

    text: str
    is_text: bool


@dataclass(frozen=True)
class Call:
    """A call, as everything but names and values is one to R: ``x <- 1`` calls ``<-``.

    ``names`` are those of the arguments, empty where they have none. What is called is None for
    the list of a function's parameters. An argument may be missing: ``x[1, ]``.
    """

    function: Tree | None
    arguments: tuple[Tree | None, ...]
    names: tuple[str, ...]


Tree = Symbol | Constant | Call


@dataclass(frozen=True)
class Code:
    """The code of the cells that an R kernel ran.

    ``trees`` are JSON, each that of the source with its number: None where it cannot be parsed. A
    symbol is the number of its name in ``texts``, from 1. ``functions`` are the packages that have
    a function of a name, that first from which R takes it. ``rich`` are names that were bound to
    more than data. ``drew`` tells of each execution whether it drew random numbers.
    """

    sources: Sequence[str]
    texts: Sequence[str]
    trees: Sequence[str]
    functions: Mapping[str, Sequence[str]]
    rich: Sequence[str]
    drew: Sequence[bool]
    _known: dict[str, tuple[Tree, ...] | None] = field(default_factory=dict, repr=False)

    def tree(self, source: str) -> tuple[Tree, ...] | None:
        """Return the expressions of a cell that was run; None where it is not R, or too deep."""
        if source not in self._known:
            place = self._places.get(source)
            parts = self._parts(self.trees[place]) if place is not None else None
            self._known[source] = None if parts is None else tuple(map(self._node, parts))
        return self._known[source]

    @staticmethod
    def _parts(tree: str) -> list[Any] | None:
        """Return the parts of a tree; None of one that is deeper than Python calls itself."""
        depth = deepest = 0
        for bracket in _BRACKET.findall(tree):
            depth += 1 if bracket == "[" else -1
            deepest = max(deepest, depth)
        found: list[Any] | None = json.loads(tree) if deepest <= _DEEPEST else None
        return found

    @cached_property
    def _places(self) -> dict[str, int]:
        return {source: place for place, source in enumerate(self.sources)}

    def _name(self, number: int) -> str:
        return self.texts[number - 1] if number else ""

    def _node(self, part: Any) -> Tree:
        if isinstance(part, int):
            return Symbol(self._name(part))
        if isinstance(part, dict):
            is_text = "t" in part
            return Constant(self._name(part["t" if is_text else "v"]), is_text)
        function, arguments, names = part
        return Call(
            self._node(function) if function is not None else None,
            tuple(self._node(one) if one is not None else None for one in arguments),
            tuple(map(self._name, names)),
        )
