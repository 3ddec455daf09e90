"""The command that shows what depends on what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .common import json_option, opened, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text
    from rich.tree import Tree

    from ..lineage.schemas import Change, Lineage, LineageNode, StaleList, Unchecked

_MARKS = {"current": " ", "stale": "▲", "unknown": "?"}
_CHANGES = {
    "data": "{} changed",
    "missing": "{} is gone",
    "notebook": "{} was edited",
    "module": "the module {} was edited",
    "upstream": "{}, which makes an input, is stale",
}
_UNCHECKED = {
    "url": "{} is not looked at: it is on the network",
    "table": "{} is not looked at: it is in a database",
    "folder": "{} is a folder, which is not compared",
    "no digest": "{} cannot be compared: its content was not read then",
    "unreadable": "{} cannot be read",
    "large": "{} is too large to be compared",
}


@click.command()
@click.argument("name", metavar="[PATH|ID]", required=False)
@click.option(
    "--direction",
    type=click.Choice(["upstream", "downstream", "both"]),
    default="both",
    show_default=True,
    help="What it depends on, what depends on it, or both.",
)
@click.option("--depth", type=click.IntRange(1, 50), default=8, show_default=True, help="Steps.")
@click.option(
    "--limit", type=click.IntRange(1, 2000), default=200, show_default=True, help="Things shown."
)
@click.option("--stale", is_flag=True, help="List what depends on something that has changed.")
@json_option
def lineage(
    name: str | None, direction: str, depth: int, limit: int, stale: bool, as_json: bool
) -> None:
    """Show what PATH or ID depends on, and what depends on it.

    A file or notebook, a snapshot or run, a model, MODEL/VERSION, a deployment; without one, what
    is newest of all notebooks and models. Stale things are marked with ▲.
    """
    if stale and name is not None:
        raise click.UsageError("--stale takes no name: it looks at everything.")
    start = Path(name) if name is not None and Path(name).exists() else None
    with opened(start) as services:
        if stale:
            _print_stale(services.lineage.stale(), as_json=as_json)
            return
        node = services.lineage.find(name) if name is not None else None
        found = services.lineage.lineage(
            node,
            direction=direction,  # type: ignore[arg-type]
            depth=depth,
            limit=limit,
        )
    if as_json:
        print_json(found)
    else:
        _print_tree(found)


def describe(changes: Iterable[Change], unchecked: Iterable[Unchecked] = ()) -> list[str]:
    """Return what has changed, and what cannot be told, a phrase each."""
    found = [
        f"{change.path} was moved to {change.moved_to}"
        if change.kind == "moved"
        else _CHANGES[change.kind].format(change.path)
        for change in changes
    ]
    return [*found, *(_UNCHECKED[item.reason].format(item.path) for item in unchecked)]


def _print_stale(found: StaleList, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for node in found.items:
        click.echo(f"{_label(node)}: {'; '.join(describe(node.changes))}")
    if not found.items:
        looked = "notebook was" if found.checked == 1 else "notebooks were"
        click.echo(f"Nothing is stale; {found.checked} {looked} looked at.", err=True)
    for node in found.unknown:
        why = "; ".join(describe([], node.unchecked)) or "it is not known what it comes from"
        click.echo(f"{_label(node)}: {why}")
    if found.cut:
        click.echo(f"Only the {found.checked} newest notebooks were looked at.", err=True)


def _print_tree(found: Lineage) -> None:
    from rich.console import Console  # noqa: PLC0415 - help and JSON do without
    from rich.tree import Tree  # noqa: PLC0415

    console = Console(soft_wrap=True, highlight=False)
    nodes = {node.id: node for node in found.nodes}
    down: dict[str, list[str]] = {}
    up: dict[str, list[str]] = {}
    for edge in found.edges:
        down.setdefault(edge.source, []).append(edge.target)
        up.setdefault(edge.target, []).append(edge.source)
    if found.start is None:
        for root in [identifier for identifier in nodes if identifier not in up] or list(nodes)[:1]:
            tree = Tree(_text(nodes[root]))
            _grow(tree, root, down, nodes, {root})
            console.print(tree)
    else:
        for title, edges in (("depends on", up), ("is used by", down)):
            tree = Tree(_text(nodes[found.start], f" {title}"))
            _grow(tree, found.start, edges, nodes, {found.start})
            if tree.children:
                console.print(tree)
        if not found.edges:
            console.print(_text(nodes[found.start]))
    if not nodes:
        click.echo("There are no snapshots yet.", err=True)
    if found.cut:
        click.echo("There is more: give --depth or --limit.", err=True)


def _grow(
    tree: Tree,
    parent: str,
    edges: dict[str, list[str]],
    nodes: dict[str, LineageNode],
    shown: set[str],
) -> None:
    """Add what follows a node; of what is shown already only its line."""
    for child in edges.get(parent, []):
        again = child in shown
        shown.add(child)
        more = " …" if again and edges.get(child) else ""
        branch = tree.add(_text(nodes[child], more))
        if not again:
            _grow(branch, child, edges, nodes, shown)


def _text(node: LineageNode, more: str = "") -> Text:
    from rich.text import Text  # noqa: PLC0415

    why = "; ".join(describe(node.changes))
    return Text(f"{_label(node)}{more}" + (f"  ({why})" if why else ""))


def _label(node: LineageNode) -> str:
    mark = _MARKS[node.state]
    if node.kind == "snapshot":
        name = f"snapshot {node.name[:12]}"
    elif node.kind == "version":
        name = f"model {node.name} version {node.version}"
    else:
        name = f"{node.kind} {node.name}"
    contents = f" ({node.contents} versions)" if (node.contents or 0) > 1 else ""
    return f"{mark} {name}{contents}"
