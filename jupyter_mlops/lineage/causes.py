"""What has changed from outside, each with all that depends on it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from .reach import reached
from .schemas import Cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .schemas import Change, LineageNode


def causes(items: Sequence[LineageNode]) -> list[Cause]:
    """Return the changes behind what is stale, in the order of what they touch first.

    What is stale only since a notebook that makes its inputs is, depends on what that depends on.
    """
    notebooks = {node.name: node.id for node in items if node.kind == "notebook"}
    readers: defaultdict[str, list[str]] = defaultdict(list)
    touched: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    found: dict[tuple[str, str], Change] = {}
    for node in items:
        for change in node.changes:
            if change.kind == "upstream":
                readers[notebooks.get(change.path, change.path)].append(node.id)
            else:
                touched[change.kind, change.path].append(node.id)
                found.setdefault((change.kind, change.path), change)
    order = {node.id: at for at, node in enumerate(items)}
    return [
        Cause(change=change, items=sorted(reached(touched[key], readers), key=order.__getitem__))
        for key, change in found.items()
    ]
