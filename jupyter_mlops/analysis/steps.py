"""What a cell does, as data: the steps that ``effects.py`` reads off it and ``flow.py`` runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypedDict

from . import purity
from .purity import Volatile
from .sharing import NOTHING, Sources

if TYPE_CHECKING:
    from .displays import Shown

Kind = Literal["read", "bind", "grow", "change", "call", "look", "opaque", "display", "ask"]
PARAMETER = "@"
"""Before the name of a parameter in the steps of a function."""


@dataclass(frozen=True, eq=False)
class Summary:
    """What a function, or a class with all its methods, may do when it is called.

    ``gives_volatile``: what it returns may change when it is read. ``keeps_state``: it may do
    something else the next time. ``implicit``: Python may call it without the code saying so, as
    an operator or a property. ``cached``: what it returned is returned again. ``is_class``: what it
    makes knows by whom it was made.
    """

    steps: tuple[Step, ...]
    parameters: tuple[str, ...]
    digest: str
    methods: tuple[tuple[str, Summary], ...] = ()
    gives_volatile: Volatile = Volatile.NOT
    keeps_state: bool = False
    implicit: bool = False
    cached: bool = False
    is_class: bool = False


@dataclass(frozen=True, eq=False)
class Step:
    """One thing that a cell does.

    ``read`` a name; ``ask`` whether it stands for anything; ``bind`` it to a new value, or unbind
    it; ``grow`` it by an augmented assignment; ``change`` its object; ``call`` a function by the
    path of its name; ``look`` which names there are; ``display`` a value. ``maybe``: it may not
    come to it. ``inner``: names that the cell has bound before. ``constant``: the number or text
    that a name is bound to. ``volatile``: reading what a name is bound to changes it. ``shown``:
    outputs that can be changed later, by what is called or through what is bound.
    """

    kind: Kind
    name: str = ""
    sources: Sources = NOTHING
    maybe: bool = False
    deep: bool = False
    path: tuple[str, ...] = ()
    receiver: Sources = NOTHING
    arguments: tuple[tuple[str, Sources], ...] = ()
    frozen_if: frozenset[str] | None = None
    volatile: Volatile = Volatile.NOT
    constant: str | None = None
    summary: Summary | None = None
    origin: str | None = None
    shown: frozenset[Shown] = frozenset()
    inner: frozenset[str] = field(default=frozenset())


class Facts(TypedDict, total=False):
    """What may be said of a step; see ``Step``."""

    sources: Sources
    maybe: bool
    deep: bool
    path: tuple[str, ...]
    receiver: Sources
    arguments: tuple[tuple[str, Sources], ...]
    frozen_if: frozenset[str] | None
    volatile: Volatile
    constant: str | None
    summary: Summary | None
    origin: str | None
    shown: frozenset[Shown]


def changes_parameters(summary: Summary) -> bool:
    """Tell whether a function may change what it is called with."""
    for step in summary.steps:
        if step.kind == "change" and step.name.startswith(PARAMETER):
            return True
        if step.kind == "call" and not _is_harmless(step.path):
            everything = step.receiver.union(*(sources for _, sources in step.arguments))
            if any(source.name.startswith(PARAMETER) for source in everything):
                return True
    return False


def _is_harmless(path: tuple[str, ...]) -> bool:
    if len(path) == 1:
        return path[0] in purity.SCALARS | purity.COPIES | purity.PASSING
    return path[-1:] != () and path[-1] in purity.PURE_METHODS
