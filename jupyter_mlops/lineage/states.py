"""Puts what the radar found on nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .causes import causes
from .names import node_id
from .nodes import deployment_node, notebook_node, version_node
from .parts import Datum
from .radar import Finding, Survey, check
from .schemas import StaleList, Unchecked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .present import Present
    from .schemas import LineageEdge, LineageNode


def stale_list(survey: Survey) -> StaleList:
    """Return what is stale, and what cannot be told."""
    found = findings(survey)
    nodes = [_marked(node, found.get(node.id)) for node in _nodes(survey)]
    items = [node for node in nodes if node.state == "stale"]
    return StaleList(
        items=items,
        causes=causes(items),
        unknown=[node for node in nodes if node.state == "unknown"],
        gone=sorted(survey.gone),
        checked=len(survey.needs),
        cut=survey.cut,
    )


def mark(
    nodes: Sequence[LineageNode],
    edges: Iterable[LineageEdge],
    survey: Survey,
    present: Present,
) -> list[LineageNode]:
    """Return the nodes of a graph with their states.

    A notebook stands as its newest snapshot does, a version as the snapshot that it comes from,
    a deployment as the version that it serves.
    """
    found = findings(survey)
    for node in nodes:
        if node.kind == "data":
            datum = Datum(node.name, node.data_kind, node.digest, whole=node.whole)
            verdict = check(datum, present)
            found[node.id] = Finding()
            if verdict is not None:
                found[node.id].add(verdict)
    # older versions are not in the survey; their snapshots are
    for edge in sorted(edges, key=lambda edge: edge.kind):  # registers comes before serves
        if edge.kind in {"registers", "serves"} and edge.source in found:
            found.setdefault(edge.target, found[edge.source])
    return [_marked(node, found.get(node.id)) for node in nodes]


def findings(survey: Survey) -> dict[str, Finding]:
    """Return what was found, by the ids of nodes."""
    found = {node_id("snapshot", key): finding for key, finding in survey.findings.items()}
    for path, row in survey.heads.items():
        finding = survey.findings[row.id]
        if path in survey.gone:
            finding = Finding(unchecked=[Unchecked(path=path, reason="gone")])
        found[node_id("notebook", path)] = finding
    for version, source in survey.sources.items():
        found[node_id("version", version)] = survey.findings[source]
    for row in survey.serving:
        served = found.get(node_id("version", (row.model_name, row.model_version)))
        if served is not None:
            found[node_id("deployment", row.name)] = served
    return found


def order(needs: Mapping[str, set[str]]) -> list[str]:
    """Return notebooks so that each comes after those that make what it reads.

    A circle has no order: of its notebooks one comes before what it needs.
    """
    found: dict[str, None] = {}
    begun: set[str] = set()
    waiting = sorted(needs, reverse=True)
    while waiting:
        path = waiting[-1]
        before = [] if path in begun else sorted((needs[path] & needs.keys()) - begun)
        begun.add(path)
        if before:
            waiting += reversed(before)
        else:
            found.setdefault(waiting.pop())
    return list(found)


def _nodes(survey: Survey) -> list[LineageNode]:
    """Return all that can be stale: notebooks, then versions, then deployments."""
    return [
        *(notebook_node(path, survey.heads[path]) for path in order(survey.needs)),
        *(version_node(row) for row in survey.versions.values()),
        *(deployment_node(row) for row in survey.serving),
    ]


def _marked(node: LineageNode, finding: Finding | None) -> LineageNode:
    """Return a node with its state; one of which nothing is known is unknown."""
    if finding is None:
        return node.model_copy(update={"state": "unknown"})
    state = "stale" if finding.changes else "unknown" if finding.unchecked else "current"
    found = {"changes": finding.changes, "unchecked": finding.unchecked}
    return node.model_copy(update={"state": state, **found})
