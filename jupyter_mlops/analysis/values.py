"""The objects of a namespace as the analysis sees them: what they share, a token for each value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .purity import Volatile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .displays import Shown
    from .steps import Summary

Token = int | str


@dataclass(eq=False)
class Node:
    """An object. Equal tokens mean equal values; ``base`` is the token from before it was fitted.

    ``definition``: a ``def``, a ``class`` or a ``lambda`` made it.
    ``constant`` is the number or text that it is, whoever has made it. ``maker`` is what gave it
    its token: an execution's key, and which of its bindings it was.
    ``volatile``: who reads it changes it, as iterators are used up.
    ``cached`` stands for what a function that caches its results found when it was called first.
    ``same`` are objects that may be views of it, ``up`` containers of it, ``down`` what it holds,
    ``shown`` are outputs that can be changed through it.
    ``classes`` those that have made it or, of a class, itself and its bases.
    """

    token: Token | None = None
    base: Token | None = None
    maker: tuple[int, int] | None = None
    constant: str | None = None
    frozen: bool = False
    volatile: Volatile = Volatile.NOT
    definition: bool = False
    origin: str | None = None
    code: set[Summary] = field(default_factory=set)
    cached: Token | None = None
    writer: int | None = None
    same: set[Node] = field(default_factory=set)
    up: set[Node] = field(default_factory=set)
    down: set[Node] = field(default_factory=set)
    classes: set[Node] = field(default_factory=set)
    shown: frozenset[Shown] = frozenset()

    def share(self, other: Node) -> None:
        """Note that both may be the same object, or views of one."""
        if other is not self and not (self.frozen or other.frozen):
            self.same.add(other)
            other.same.add(self)
            self.code |= other.code
            self.volatile = max(self.volatile, other.volatile)

    def hold(self, other: Node) -> None:
        """Note that this one contains the other."""
        if other is not self and not other.frozen:
            self.down.add(other)
            other.up.add(self)

    def take_elements(self, other: Node) -> None:
        """Note that this one contains what the other contains."""
        if other is self or other.frozen:
            return
        hidden = Node()
        other.hold(hidden)
        self.hold(hidden)
        for held in [child for one in other.group() for child in one.down]:
            self.hold(held)

    def group(self) -> set[Node]:
        """Return all that may be this object."""
        return _closure(self, lambda node: node.same)

    def reached(self) -> set[Node]:
        """Return all that can be reached through this object."""
        return _closure(self, lambda node: node.same | node.down)

    def affected(self, *, deep: bool) -> set[Node]:
        """Return all whose value changes with this object; ``deep``: or with what it holds."""
        inner = self.reached() if deep else self.group()
        found: set[Node] = set()
        for node in inner:
            found |= _closure(node, lambda one: one.same | one.up)
        return found


def methods_of(nodes: Iterable[Node], name: str) -> list[Summary]:
    """Return the methods of that name which some objects may have."""
    codes = [summary for node in nodes for summary in code_of(node)]
    return [code for one in codes for method, code in one.methods if method == name]


def roots(node: Node) -> set[Node]:
    """Return the objects that a value is, has or was made by, so that code can compare them."""
    found = {one for one in node.reached() if one.origin is None and not one.frozen}
    return found.union(*(one.classes for one in found))


def _closure(start: Node, follow: Callable[[Node], set[Node]]) -> set[Node]:
    found = {start}
    rest = [start]
    while rest:
        for node in follow(rest.pop()) - found:
            found.add(node)
            rest.append(node)
    return found


def code_of(node: Node) -> Iterator[Summary]:
    """Give the functions that whoever has this object may call."""
    seen: set[str] = set()
    for one in node.reached():
        for summary in one.code:
            if summary.digest not in seen:
                seen.add(summary.digest)
                yield summary
