"""What can be asked of the lineage of one store."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import MLOpsError, NotFoundError
from . import data_store, registered, store
from .graph import Front, Graph
from .names import node_id, parse, parse_version
from .nodes import data_node, notebook_node
from .radar import Radar
from .schemas import Lineage, StaleList
from .search import matching, meant
from .states import mark, stale_list
from .walk import Walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from .radar import Survey
    from .schemas import Direction, LineageEdge, LineageMatches, LineageNode

DEPTH = 8
NODES = 200
FAN = 5
MATCHES = 20


class LineageManager:
    """The lineage of one store: a graph over the rows of its snapshots, models and deployments."""

    def __init__(self, project: Project, database: Database, objects: ObjectManager) -> None:
        self._project = project
        self._database = database
        self.store_id = project.store_id() if isinstance(project.database, str) else None
        self._radar = Radar(project, database, objects, self.store_id)

    def lineage(
        self,
        node: str | None = None,
        *,
        direction: Direction = "both",
        depth: int = DEPTH,
        limit: int = NODES,
        fan: int = FAN,
    ) -> Lineage:
        """Return what a thing depends on, what depends on it, and what of that is stale.

        Args:
            node: the id of a node; see ``LineageNode``. Without one, the newest snapshots of all
                notebooks and the versions that matter now are where it starts.
            direction: which way to go.
            depth: how many steps: a file to a snapshot is one, a snapshot to a version is one.
            limit: of nodes.
            fan: how many snapshots of a notebook are followed, beside those with models.

        Raises:
            InvalidInputError: it is no id.
            NotFoundError: there is no such thing, or not any more.
        """
        graph = Graph(limit)
        node = self._known(node)
        with self._database.read() as connection:
            node = _now(connection, node)
            walk = partial(Walk, connection, graph, fan, self._radar.parts, self.store_id)
            up, down = walk(), walk()
            upstream, downstream = _start(up, graph, connection, node, fan, limit)
            ways = {
                "upstream": up.upstream(upstream, depth),
                "downstream": down.downstream(downstream, depth),
            }
            _go([way for name, way in ways.items() if direction in {name, "both"}])
            nodes = _counted(connection, graph.nodes.values())
        edges = list(graph.edges.values())
        nodes, left_out = self._marked(nodes, edges), len(graph.left_out)
        return Lineage(start=node, nodes=nodes, edges=edges, cut=graph.cut, left_out=left_out)

    def survey(self) -> Survey:
        """Return what is stale, as rows."""
        return self._radar.survey()

    def stale(self) -> StaleList:
        """Return what depends on something that has changed since."""
        return stale_list(self._radar.survey())

    def search(self, text: str, limit: int = MATCHES) -> LineageMatches:
        """Return at most ``limit`` things of the whole graph whose names hold a text."""
        with self._database.read() as connection:
            return matching(connection, text, limit)

    def find(self, name: str) -> str:
        """Return the id of the node that a person means by ``name``.

        It is an id, the path of a file or notebook (relative to the working folder or to the
        project), the id of a snapshot or run, a deployment, a model, or ``model/version``.

        Raises:
            NotFoundError: nothing is called so.
            ConflictError: several snapshots start with it.
        """
        given = dict.fromkeys((self._project.relative(Path(name)), name))
        paths = [*given, *filter(None, map(self._content_of, given))]
        with self._database.read() as connection:
            return meant(connection, name, paths)

    def _known(self, node: str | None) -> str | None:
        """Return the id of a node; of a file that was renamed that of what it was."""
        kind, _, path = (node or "").partition(":")
        known = self._content_of(path) if kind == "data" else None
        return node if known is None else node_id("data", known)

    def _content_of(self, path: str) -> str | None:
        """Return a path that had the content of a file of the project that no snapshot knows."""
        with self._database.read() as connection:
            if data_store.is_known_path(connection, path):
                return None
        try:
            self._project.resolve(path)
        except MLOpsError:
            return None
        with self._radar.looking() as present:
            digest = present.digest(path)
        if digest is None:
            return None
        with self._database.read() as connection:
            return next(iter(data_store.other_paths(connection, digest, 1)), None)

    def _marked(
        self, nodes: Sequence[LineageNode], edges: Sequence[LineageEdge]
    ) -> list[LineageNode]:
        survey = self._radar.survey(found.name for found in nodes if found.kind == "snapshot")
        with self._radar.looking() as present:
            return mark(nodes, edges, survey, present)


def _counted(connection: Connection, nodes: Collection[LineageNode]) -> list[LineageNode]:
    """Return nodes, those of data with how many contents of them are known."""
    paths = [node.name for node in nodes if node.kind == "data"]
    contents = data_store.count_contents(connection, paths)
    return [
        node.model_copy(update={"contents": contents.get(node.name)})
        if node.kind == "data"
        else node
        for node in nodes
    ]


def _go(ways: Iterable[Iterator[None]]) -> None:
    """Walk all ways to their ends, in turn, so that what is near has room in all directions."""
    for _ in zip_longest(*ways):
        pass


def _now(connection: Connection, node: str | None) -> str | None:
    """Return the id that a notebook has now, which may have been renamed, and of others theirs."""
    kind, _, key = (node or "").partition(":")
    return node_id("notebook", store.path_now(connection, key)) if kind == "notebook" else node


def _start(
    walk: Walk, graph: Graph, connection: Connection, node: str | None, fan: int, limit: int
) -> tuple[Front, Front]:
    """Add the node from which to start, and return where to go on, up and down."""
    if node is None:
        return _start_everywhere(walk, graph, connection, limit)
    kind, key = parse(node)
    front = Front()
    if kind == "deployment":
        front.deployments = walk.add_deployments(
            registered.get_serving(connection, None, names=[key])
        )
    elif kind == "version":
        front.versions = walk.add_versions(
            registered.get_versions(connection, [parse_version(key)])
        )
    elif kind == "snapshot":
        front.snapshots = set(walk.add_snapshots([key]))
    elif kind == "data":
        if data_store.is_known_path(connection, key):
            graph.add(data_node(key))
            front.data = {(key, None)}
    elif rows := store.get_newest(connection, key, fan):
        graph.add(notebook_node(key))
        if len(rows) > fan:
            graph.hide("notebook", key)
        newest = [row.id for row in rows[:fan]]
        kept = registered.get_registered_of(connection, key, fan)
        down = Front(snapshots=set(walk.add_snapshots(dict.fromkeys([*newest, *kept]))))
        return Front(snapshots=set(newest)), down
    if not front:
        raise NotFoundError(f"There is no {kind} {key[:200]} any more, or no snapshot knows it.")
    return front, front


def _start_everywhere(
    walk: Walk, graph: Graph, connection: Connection, limit: int
) -> tuple[Front, Front]:
    live = registered.get_live_versions(connection)
    most = max(1, limit // 4)
    graph.leave_out("version", [(row.name, row.version) for row in live[most:]])
    versions = walk.add_versions(live[:most])
    deployments = walk.add_serving(versions)
    walk.add_snapshots(registered.get_sources(connection, live[:most]).values())
    heads = store.get_heads(connection)
    most = _with_room(connection, heads, graph, limit - len(graph.nodes))
    graph.leave_out("notebook", [row.notebook_path for row in heads[most:]])
    snapshots = set(walk.add_snapshots([row.id for row in heads[:most]]))
    front = Front(snapshots=snapshots, versions=versions, deployments=deployments)
    return front, front


def _with_room(connection: Connection, heads: Sequence[Row[Any]], graph: Graph, room: int) -> int:
    """Return how many notebooks there is room for, with what they read and wrote: one at least.

    More of them without that would be a graph in which nothing is joined.
    """
    used: defaultdict[str, set[str]] = defaultdict(set)
    for use in data_store.get_uses(connection, [row.id for row in heads[: room + 1]]):
        used[use.snapshot_id].add(node_id("data", use.path))
    wanted: set[str] = set()
    for count, row in enumerate(heads):
        ids = {node_id("notebook", row.notebook_path), node_id("snapshot", row.id)}
        wanted |= (ids | used[row.id]) - graph.nodes.keys()
        if len(wanted) > room:
            return max(1, count)
    return len(heads)
