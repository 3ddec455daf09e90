"""Which arguments of a call are which parameters of the function that is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .steps import PARAMETER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .sharing import Sources
    from .steps import Step, Summary
    from .values import Node


def given_to(
    summary: Summary, step: Step, outer: Mapping[str, Sources], *, bound: bool = False
) -> dict[str, Sources]:
    """Match the arguments of a call to the parameters of a function."""
    everything: Sources = frozenset().union(*(sources for _, sources in step.arguments))
    positional = [sources for name, sources in step.arguments if not name]
    if bound:
        positional.insert(0, step.receiver)
    named = {name: sources for name, sources in step.arguments if name}
    found: dict[str, Sources] = {}
    for index, parameter in enumerate(summary.parameters):
        direct = positional[index] if index < len(positional) else named.get(parameter)
        # *args and **kwargs may hold any of them
        sources = direct if direct is not None else everything
        found[PARAMETER + parameter] = frozenset().union(
            *(outer.get(one.name, frozenset({one})) for one in sources)
        )
    return found


def names_of(sources: Sources) -> list[str]:
    """Return the names of what a value may share with."""
    return [source.name for source in sources]


def are_values(nodes: Sequence[Node]) -> bool:
    """Tell whether none of some objects is a library's own."""
    return all(node.origin is None for node in nodes)
