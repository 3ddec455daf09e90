"""What depends on which objects are still there, and who has them: weak references, ids, counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .values import roots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .values import Node

_WATCHERS = frozenset({"gc", "weakref"})
WAS, HAS, ID, MADE = "<was> ", "<has> ", "<id> ", "<made> "
"""Before the names of objects, among what an execution has read: what it found out about them."""
COUNTS = frozenset({"getrefcount", "get_referrers", "get_referents", "get_objects"})
"""Functions that tell who has an object."""


def is_watched(modules: Iterable[str]) -> bool:
    """Tell whether a notebook imports what tells, or does something when, an object is gone."""
    return any(name.partition(":")[0].partition(".")[0] in _WATCHERS for name in modules)


def holders(names: Mapping[str, Node], node: Node) -> int:
    """Return a number that stands for the names that lead to what a value leads to."""
    reached = node.reached()
    return hash(tuple(sorted(name for name, one in names.items() if reached & one.reached())))


def births(nodes: Iterable[Node]) -> int:
    """Return a number that stands for the executions that have made some objects."""
    made = {one.writer for node in nodes for one in roots(node)}
    return hash(tuple(sorted(-1 if number is None else number for number in made)))


def offspring(nodes: Iterable[Node]) -> int:
    """Return how much some classes have made so far, which may be there still."""
    return len(set().union(*(node.up for node in nodes)))
