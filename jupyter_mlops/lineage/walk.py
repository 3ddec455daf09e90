"""Walks from one thing to what it depends on, or to what depends on it, level by level."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from ..core.clock import now_ms
from ..snapshots.dating import recency
from . import data_store, registered, store
from .graph import Front
from .makers import inputs, is_before
from .names import Version, node_id
from .nodes import deployment_node, notebook_node, snapshot_node, used_node, version_node
from .parts import Datum, folders_above, lies_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection, Row

    from .graph import Graph
    from .parts import Parts


class Walk:
    """One walk in one direction; two of them may share a graph.

    What a snapshot both read and wrote is taken as written: which came first is not known.

    Args:
        connection: of a read transaction.
        graph: where what is found goes.
        fan: how many snapshots of one notebook are followed from one thing.
        parts: knows what folders held.
        store_id: whose deployments are meant, where several servers share the rows.
    """

    def __init__(
        self, connection: Connection, graph: Graph, fan: int, parts: Parts, store_id: str | None
    ) -> None:
        self._connection = connection
        self._graph = graph
        self._fan = fan
        self._parts = parts
        self._store_id = store_id
        self._seen = Front()

    @cached_property
    def _registered(self) -> set[str]:
        return registered.get_registered_ids(self._connection)

    def upstream(self, front: Front, depth: int) -> Iterator[None]:
        """Add what ``front`` depends on, ``depth`` steps far; it is resumed for each step."""
        for _ in range(depth):
            front = self._unseen(front)
            if not front:
                return
            found = Front(
                versions=self._versions_of(front.deployments),
                snapshots=self._sources_of(front.versions) | self._writers_of(front.data),
                data=self._inputs_of(front.snapshots),
            )
            front = found
            yield
        self._graph.cut |= bool(self._unseen(front))

    def downstream(self, front: Front, depth: int) -> Iterator[None]:
        """Add what depends on ``front``, as ``upstream`` does."""
        for _ in range(depth):
            front = self._unseen(front)
            if not front:
                return
            found = Front(
                snapshots=self._readers_of(front.data),
                data=self._outputs_of(front.snapshots),
                versions=self._registered_from(front.snapshots),
                deployments=self.add_serving(front.versions),
            )
            front = found
            yield
        self._graph.cut |= bool(self._unseen(front))

    def add_snapshots(self, ids: Iterable[str]) -> dict[str, Row[Any]]:
        """Add snapshots with their notebooks, and return the rows of those that there are."""
        rows = store.get_snapshots(self._connection, ids).values()
        now = now_ms()
        newest = sorted(rows, key=lambda row: recency(row.created_at, row.id, now), reverse=True)
        return {row.id: row for row in newest if self._add_snapshot(row)}

    def add_versions(self, rows: Iterable[Row[Any]]) -> set[Version]:
        """Add versions of models, and return them."""
        add = self._graph.add
        return {(row.name, row.version) for row in rows if add(version_node(row))}

    def add_deployments(self, rows: Iterable[Row[Any]]) -> set[str]:
        """Add deployments, and return their names."""
        return {row.name for row in rows if self._graph.add(deployment_node(row))}

    def _unseen(self, front: Front) -> Front:
        seen = self._seen
        fresh = Front(
            data=front.data - seen.data,
            snapshots=front.snapshots - seen.snapshots,
            versions=front.versions - seen.versions,
            deployments=front.deployments - seen.deployments,
        )
        seen.data |= fresh.data
        seen.snapshots |= fresh.snapshots
        seen.versions |= fresh.versions
        seen.deployments |= fresh.deployments
        return fresh

    def _add_snapshot(self, row: Row[Any]) -> bool:
        graph, path = self._graph, row.notebook_path
        added = graph.add(notebook_node(path)) and graph.add(snapshot_node(row))
        if not added:
            graph.hide("notebook", path)
        graph.link(node_id("notebook", path), node_id("snapshot", row.id), "runs")
        return added

    def _versions_of(self, names: set[str]) -> set[Version]:
        rows = registered.get_serving(self._connection, self._store_id, names=sorted(names))
        served = {(row.model_name, row.model_version) for row in rows}
        found = self.add_versions(registered.get_versions(self._connection, sorted(served)))
        for row in rows:
            version = node_id("version", (row.model_name, row.model_version))
            self._graph.link(version, node_id("deployment", row.name), "serves")
        return found

    def _sources_of(self, versions: set[Version]) -> set[str]:
        rows = registered.get_versions(self._connection, sorted(versions))
        sources = registered.get_sources(self._connection, rows)
        found = self.add_snapshots(set(sources.values()))
        for version, source in sources.items():
            self._graph.link(node_id("snapshot", source), node_id("version", version), "registers")
        return set(found)

    def _inputs_of(self, ids: set[str]) -> set[tuple[str, str | None]]:
        rows = store.get_snapshots(self._connection, ids)
        found = set()
        for use in inputs(data_store.get_uses(self._connection, sorted(rows))):
            row = rows[use.snapshot_id]
            notebook = node_id("notebook", row.notebook_path)
            if self._graph.add(used_node(use, row.created_at)):
                self._graph.link(node_id("data", use.path), notebook, "reads")
                found.add((use.path, use.digest))
            else:
                self._graph.hide("notebook", row.notebook_path)
        return found

    def _writers_of(self, data: set[tuple[str, str | None]]) -> set[str]:
        """The snapshots that wrote the content, whatever it was called; else the path.

        And those that wrote parts of a folder, or a folder in which it lies.
        """
        ids: set[str] = set()
        for path, uses in self._users(data, "write", 1):
            makers = [use for use in uses if self._is_copy(use.path, path, use.digest)]
            for use in self._added(makers):
                written = node_id("data", use.path)
                self._graph.link(node_id("snapshot", use.snapshot_id), written, "writes")
                self._graph.link(written, node_id("data", path), _between(use.path, path))
                ids.add(use.snapshot_id)
        return ids

    def _readers_of(self, data: set[tuple[str, str | None]]) -> set[str]:
        """The snapshots that read the content, whatever it was called; else the path.

        And those that read parts of a folder, or a folder in which it lies.
        """
        ids: set[str] = set()
        for path, uses in self._users(data, "read", self._fan):
            rows = inputs(data_store.get_uses(self._connection, {use.snapshot_id for use in uses}))
            read = {(row.snapshot_id, row.path) for row in rows}
            readers = [
                use
                for use in uses
                if (use.snapshot_id, use.path) in read and self._is_copy(path, use.path, use.digest)
            ]
            for use in self._added(readers):
                used = node_id("data", use.path)
                self._graph.link(used, node_id("notebook", use.notebook_path), "reads")
                self._graph.link(node_id("data", path), used, _between(use.path, path))
                ids.add(use.snapshot_id)
        return ids

    def _is_copy(self, source: str, target: str, digest: str | None) -> bool:
        """Tell whether a file can have its content from another: it came later, or is the same.

        A part of a folder is not compared with it.
        """
        if source == target or digest is None or _between(source, target) == "part":
            return True
        return is_before(source, target, digest, partial(data_store.first_use, self._connection))

    def _users(
        self, data: set[tuple[str, str | None]], mode: str, fan: int
    ) -> list[tuple[str, list[data_store.Use]]]:
        digests = sorted({digest for _, digest in data if digest})
        kept = self._registered
        by_digest = data_store.of_digests(self._connection, digests, mode, fan, kept)
        others = sorted({path for path, digest in data if digest not in by_digest})
        by_path = data_store.of_paths(self._connection, others, mode, fan, kept)
        above = sorted({folder for path, _ in data for folder in folders_above(path)})
        folders = data_store.of_paths(self._connection, above, mode, fan, kept)
        return [
            (
                path,
                (by_digest.get(digest or "") or by_path.get(path, []))
                + self._of_parts(path, mode, fan, folders),
            )
            for path, digest in sorted(data, key=str)
        ]

    def _of_parts(
        self, path: str, mode: str, fan: int, folders: dict[str, list[data_store.Use]]
    ) -> list[data_store.Use]:
        """Return who used a part of what is at ``path``, or one of ``folders`` in which it lies."""
        node = self._graph.nodes.get(node_id("data", path))
        here = (
            Datum(path, node.data_kind, node.digest, whole=node.whole)
            if node is not None
            else Datum(path, None, None)
        )
        found = [
            use
            for folder in folders_above(path)
            for use in folders.get(folder, [])
            if self._parts.hold(_datum(use), here)
        ]
        if here.kind in {"folder", None}:
            inside = data_store.below(self._connection, path, mode, fan, self._registered)
            found += [use for use in inside if self._parts.hold(here, _datum(use))]
        return found

    def _added(self, uses: list[data_store.Use]) -> list[data_store.Use]:
        """Add the snapshots and data of uses; return the uses for which there was room."""
        found = self.add_snapshots({use.snapshot_id for use in uses})
        for use in uses:
            if use.total > self._fan:
                self._graph.hide("notebook", use.notebook_path)
        return [
            use
            for use in uses
            if use.snapshot_id in found and self._graph.add(used_node(use, use.created_at))
        ]

    def _outputs_of(self, ids: set[str]) -> set[tuple[str, str | None]]:
        rows = store.get_snapshots(self._connection, ids)
        found = set()
        for use in data_store.get_uses(self._connection, sorted(rows)):
            if use.mode != "write":
                continue
            if self._graph.add(used_node(use, rows[use.snapshot_id].created_at)):
                snapshot = node_id("snapshot", use.snapshot_id)
                self._graph.link(snapshot, node_id("data", use.path), "writes")
                found.add((use.path, use.digest))
            else:
                self._graph.hide("snapshot", use.snapshot_id)
        return found

    def _registered_from(self, ids: set[str]) -> set[Version]:
        rows = store.get_snapshots(self._connection, ids)
        of_run = {row.run_id: row.id for row in rows.values()}
        versions = registered.get_registered(self._connection, sorted(rows), sorted(of_run))
        found = self.add_versions(versions)
        for row in versions:
            source = row.snapshot_id or of_run.get(row.run_id or "")
            if source:
                version = node_id("version", (row.name, row.version))
                self._graph.link(node_id("snapshot", source), version, "registers")
        return found

    def add_serving(self, versions: set[Version]) -> set[str]:
        """Add the deployments that serve versions, and return their names."""
        rows = registered.get_serving(self._connection, self._store_id, versions=sorted(versions))
        found = self.add_deployments(rows)
        for row in rows:
            version = node_id("version", (row.model_name, row.model_version))
            self._graph.link(version, node_id("deployment", row.name), "serves")
        return found


def _datum(use: data_store.Use) -> Datum:
    return Datum(use.path, use.kind, use.digest, whole=use.whole)


def _between(one: str, other: str) -> Literal["part", "copies"]:
    """Return how a datum is had from another one."""
    return "part" if lies_in(one, other) or lies_in(other, one) else "copies"
