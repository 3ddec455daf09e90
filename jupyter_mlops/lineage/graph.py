"""The part of the graph that was found, and where a walk through it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.clock import now_ms, to_ms
from ..snapshots.dating import recency
from .names import Version, node_id
from .schemas import LineageEdge

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from .schemas import EdgeKind, LineageNode, NodeKind


@dataclass
class Front:
    """What the next step goes on from; of data with the content that was used, where known."""

    data: set[tuple[str, str | None]] = field(default_factory=set)
    snapshots: set[str] = field(default_factory=set)
    versions: set[Version] = field(default_factory=set)
    deployments: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.data or self.snapshots or self.versions or self.deployments)


class Graph:
    """The nodes and edges that were found, at most ``limit`` nodes.

    ``left_out`` are those for which there was no room; what is behind them is not looked for.
    """

    def __init__(self, limit: int) -> None:
        self.nodes: dict[str, LineageNode] = {}
        self.edges: dict[tuple[str, str], LineageEdge] = {}
        self.cut = False
        self.left_out: set[str] = set()
        self._limit = limit
        self._now = now_ms()

    def add(self, node: LineageNode) -> bool:
        """Add a node, or what is newer of a known one; tell whether it is in the graph."""
        known = self.nodes.get(node.id)
        if known is None and len(self.nodes) >= self._limit:
            self.cut = True
            self.left_out.add(node.id)
            return False
        self.left_out.discard(node.id)
        if known is None or self._recency(known) < self._recency(node):
            hidden = known is not None and known.hidden
            self.nodes[node.id] = node.model_copy(update={"hidden": hidden})
        return True

    def hide(self, kind: NodeKind, key: Hashable) -> None:
        """Note that a node has more neighbours than there is room for."""
        identifier = node_id(kind, key)
        self.cut = True
        if identifier in self.nodes:
            shown = self.nodes[identifier].model_copy(update={"hidden": True})
            self.nodes[identifier] = shown

    def leave_out(self, kind: NodeKind, keys: Collection[Hashable]) -> None:
        """Note nodes for which there is no room."""
        self.left_out |= {node_id(kind, key) for key in keys}
        self.cut |= bool(keys)

    def link(self, source: str, target: str, kind: EdgeKind) -> None:
        """Add an edge between nodes that are there; a file that stays the same has none."""
        if source != target and source in self.nodes and target in self.nodes:
            edge = LineageEdge(source=source, target=target, kind=kind)
            self.edges.setdefault((source, target), edge)

    def _recency(self, node: LineageNode) -> tuple[bool, tuple[bool, int, str]]:
        """Return a key that is least where nothing but the name of a thing is known."""
        taken = node.created_at
        return taken is not None, recency(to_ms(taken) if taken else 0, "", self._now)
