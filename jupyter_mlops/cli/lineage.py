"""The commands that show what depends on what, and run again what is stale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ..core.errors import NotebookFailedError
from ..lineage.schemas import RerunCreate
from .common import author, json_option, opened, plain, print_json
from .lineage_words import describe, label, name_of
from .stale import print_stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.text import Text
    from rich.tree import Tree

    from ..lineage.schemas import Direction, Lineage, LineageNode, RerunStep, StaleList

    Edges = dict[str, list[str]]

_DEEPEST = 12
_WIDEST = 10_000


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
    is newest of all notebooks and models. ▲ marks what is stale, ? what
    cannot be told, since something that it depends on cannot be compared or is gone.
    """
    if stale and name is not None:
        raise click.UsageError("--stale takes no name: it looks at everything.")
    start = Path(name) if name is not None and Path(name).exists() else None
    with opened(start) as services:
        if stale:
            print_stale(services.lineage.stale(), as_json=as_json)
            return
        node = services.lineage.find(name) if name is not None else None
        found = services.lineage.lineage(
            node,
            direction=cast("Direction", direction),  # click has checked it
            depth=depth,
            limit=limit,
        )
    if as_json:
        print_json(found)
    else:
        _print_tree(found)


@click.command()
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be run, and why.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many notebooks run at once.",
)
@click.option("--in-place", is_flag=True, help="Overwrite the notebooks with the executed ones.")
@json_option
def repro(paths: tuple[Path, ...], dry_run: bool, jobs: int, in_place: bool, as_json: bool) -> None:
    """Run what is stale again: all of it, or the notebooks at PATHs and what they need.

    Each notebook is run as it was the last time, with the same parameters, after those that make
    what it reads; one whose inputs come out as they were is left alone. Notebooks that need each
    other in a circle have no order: they and what needs them are skipped, and named. The executed
    notebooks are in the snapshots of the runs.

    Exits with 0 if all that is stale was run or nothing is, else with 1.
    """
    with opened(paths[0] if paths else None) as services:
        names = [services.project.relative(path) for path in paths]
        request = RerunCreate(notebook_paths=names, jobs=jobs, in_place=in_place)
        if dry_run:
            steps = services.reruns.plan(request)
            _print_plan(steps, as_json=as_json)
            if not (steps or as_json):
                _print_rest(services.lineage.stale(), ran=False)
            return
        said = _ignore if as_json else _say
        result = services.reruns.run(request, author=author(), told=said)
        if result.state == "finished" and not as_json:
            _print_rest(services.lineage.stale(), ran=bool(result.steps))
    if as_json:
        print_json(result)
    if result.state != "finished":
        done = [step for step in result.steps if step.state in {"finished", "unchanged"}]
        circle = any(step.circle for step in result.steps)
        more = " Run those in a circle yourself, in the order that you mean." if circle else ""
        raise NotebookFailedError(
            f"{len(done)} of {len(result.steps)} notebooks were run; the rest is stale still.{more}"
        )


def _print_plan(steps: list[RerunStep], *, as_json: bool) -> None:
    if as_json:
        print_json(steps)
        return
    for step in steps:
        why = f"skipped: {step.message}" if step.message else "; ".join(describe(step.changes))
        click.echo(f"{plain(step.notebook_path)}: {why}")


def _print_rest(found: StaleList, *, ran: bool) -> None:
    """Say what no rerun makes current: versions and deployments of models."""
    rest = [name_of(node) for node in found.items if node.kind != "notebook"]
    if not ran:
        click.echo(f"{'No notebook' if rest else 'Nothing'} is stale.", err=True)
    if rest:
        click.echo(f"Stale until registered and deployed anew: {', '.join(rest)}.", err=True)


def _say(step: RerunStep) -> None:
    more = f": {step.message}" if step.message else ""
    click.echo(f"{plain(step.notebook_path)}: {step.state}{more}")


def _ignore(_: RerunStep) -> None:
    pass


def _print_tree(found: Lineage) -> None:
    from rich.console import Console  # noqa: PLC0415 - help and JSON do without

    # what does not fit is not to be cut off: a terminal wraps it
    console = Console(soft_wrap=True, highlight=False, width=_WIDEST)
    nodes = {node.id: node for node in found.nodes}
    down: dict[str, list[str]] = {}
    up: dict[str, list[str]] = {}
    for edge in found.edges:
        down.setdefault(edge.source, []).append(edge.target)
        up.setdefault(edge.target, []).append(edge.source)
    if found.start is None:
        roots = [identifier for identifier in nodes if identifier not in up] or list(nodes)[:1]
        for tree in _trees(roots, "", down, nodes):
            console.print(tree)
    else:
        for title, edges in (("depends on", up), ("is used by", down)):
            if edges.get(found.start):
                for tree in _trees([found.start], f" {title}", edges, nodes):
                    console.print(tree)
        if not found.edges:
            console.print(_text(nodes[found.start]))
    if not nodes:
        click.echo("There are no snapshots yet.", err=True)
    if found.cut:
        much = f", at least {found.left_out:,} things" if found.left_out else ""
        click.echo(
            f"There is more{much}: give --depth or --limit, or begin with another thing.", err=True
        )


def _trees(
    roots: Iterable[str], title: str, edges: Edges, nodes: dict[str, LineageNode]
) -> Iterator[Tree]:
    """Give a tree of each root; what would stand too far to the right gets one of its own."""
    from rich.tree import Tree  # noqa: PLC0415

    waiting = [(root, title) for root in roots]
    shown = {root for root, _ in waiting}
    for root, more in waiting:
        tree = Tree(_text(nodes[root], more))
        deep = _grow(tree, root, edges, nodes, shown)
        waiting += [(name, "") for name in deep]
        yield tree


def _grow(
    tree: Tree,
    parent: str,
    edges: Edges,
    nodes: dict[str, LineageNode],
    shown: set[str],
    depth: int = 1,
) -> list[str]:
    """Add what follows a node; of what is shown elsewhere only its line.

    Returns what is too deep for what follows it to be added.
    """
    deep: list[str] = []
    for child in edges.get(parent, []):
        is_elsewhere = child in shown or depth == _DEEPEST
        more = " …" if is_elsewhere and edges.get(child) else ""
        branch = tree.add(_text(nodes[child], more))
        if child not in shown:
            shown.add(child)
            if depth < _DEEPEST:
                deep += _grow(branch, child, edges, nodes, shown, depth + 1)
            elif edges.get(child):
                deep.append(child)
    return deep


def _text(node: LineageNode, more: str = "") -> Text:
    from rich.text import Text  # noqa: PLC0415

    why = "; ".join(describe(node.changes))
    return Text(f"{label(node)}{more}" + (f"  ({why})" if why else ""))
