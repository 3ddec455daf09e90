"""What ``lineage --stale`` prints: each change, how much depends on it, and what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from .common import plain, print_json
from .lineage_words import describe, label, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..lineage.schemas import Cause, LineageNode, NodeKind, StaleList

_KINDS: dict[NodeKind, str] = {
    "notebook": "notebook",
    "version": "model version",
    "deployment": "deployment",
}


def print_stale(found: StaleList, *, as_json: bool) -> None:
    """Print what is stale, and what cannot be told."""
    if as_json:
        print_json(found)
        return
    nodes = {node.id: node for node in found.items}
    for cause in found.causes:
        _print_cause(cause, nodes)
    if not found.items:
        looked = "notebook was" if found.checked == 1 else "notebooks were"
        click.echo(f"Nothing is stale; {found.checked} {looked} looked at.", err=True)
    for node in found.unknown:
        why = "; ".join(describe([], node.unchecked)) or "it is not known what it comes from"
        click.echo(f"{label(node)}: {why}")
    if found.gone:
        click.echo(f"Gone, and not looked at: {', '.join(map(plain, found.gone))}", err=True)
    if found.cut:
        click.echo(f"Only the {found.checked} newest notebooks were looked at.", err=True)


def _print_cause(cause: Cause, nodes: Mapping[str, LineageNode]) -> None:
    dependents = [nodes[identifier] for identifier in cause.items]
    (change,) = describe([cause.change])
    click.echo(f"▲ {change} — {_counted(dependents)}")
    for node in dependents:
        makers = [plain(change.path) for change in node.changes if change.kind == "upstream"]
        through = f" (through {', '.join(makers)})" if makers else ""
        click.echo(f"  {name_of(node)}{through}")


def _counted(nodes: Sequence[LineageNode]) -> str:
    """Return how many of each kind depend on a change: "2 notebooks, 1 deployment depend on it"."""
    counts = Counter(node.kind for node in nodes)
    told = [
        f"{counts[kind]:,} {name}{'' if counts[kind] == 1 else 's'}"
        for kind, name in _KINDS.items()
        if counts[kind]
    ]
    return f"{', '.join(told)} depend{'s' if len(nodes) == 1 else ''} on it"
