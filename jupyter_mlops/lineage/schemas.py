"""Wire types of the lineage graph and of what is stale."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..core.schema import Page, Schema, Timestamp
from ..kernels.schemas import DataKind
from ..snapshots.schemas import Grade
from ..tracking.schemas import RunStatus

NodeKind = Literal["data", "notebook", "snapshot", "version", "deployment"]
Direction = Literal["upstream", "downstream", "both"]
NodeState = Literal["current", "stale", "unknown"]
EdgeKind = Literal["reads", "runs", "writes", "registers", "serves", "copies", "part"]


class Change(Schema):
    """What has changed since it was used: the file or notebook ``path``.

    ``data``: it has another content; ``missing``: it is gone; ``moved``: it is gone, and
    ``moved_to`` has its content; ``notebook`` and ``module``: other code; ``upstream``: the
    notebook ``path`` that makes an input is stale itself.
    """

    kind: Literal["data", "missing", "moved", "notebook", "module", "upstream"]
    path: str
    moved_to: str | None = None


class Unchecked(Schema):
    """What cannot be compared with what was used, and why; ``gone`` is of a notebook itself."""

    path: str
    reason: Literal["url", "table", "folder", "no digest", "unreadable", "large", "gone"]


class LineageNode(Schema):
    """A thing in the graph.

    ``id`` is ``data:<path>``, ``notebook:<path>``, ``snapshot:<id>``, ``version:<model>/<number>``
    or ``deployment:<name>``. All contents of one file are one node: ``contents`` says how many are
    known, ``digest`` which one was used last, ``whole`` whether that was all of a folder. A
    ``hidden`` one has more neighbours than the answer holds.
    """

    id: str
    kind: NodeKind
    name: str
    state: NodeState = "current"
    changes: list[Change] = Field(default=[])
    unchecked: list[Unchecked] = Field(default=[])
    hidden: bool = False
    created_at: Timestamp | None = None
    data_kind: DataKind | None = None
    digest: str | None = None
    whole: bool | None = None
    contents: int | None = None
    run_id: str | None = None
    grade: Grade | None = None
    status: RunStatus | None = None
    version: int | None = None
    desired: Literal["running", "stopped"] | None = None


class LineageEdge(Schema):
    """What the node ``source`` gives to the node ``target``.

    ``part``: one of them is a folder that was used as a whole, and the other one lies in it.
    """

    source: str
    target: str
    kind: EdgeKind


class Lineage(Schema):
    """A part of the graph around the node ``start``, or the newest of all.

    ``cut``: it goes on; ``left_out`` counts the neighbours of what is here for which there was no
    room, and what is behind these comes on top.
    """

    start: str | None
    nodes: list[LineageNode]
    edges: list[LineageEdge]
    cut: bool
    left_out: int


class LineageMatch(Schema):
    """A thing of the graph that a search has found; its state is not looked at."""

    id: str
    kind: NodeKind
    name: str
    version: int | None


class LineageMatches(Schema):
    """What a search has found, the best first; ``cut`` tells that there is more."""

    items: list[LineageMatch]
    cut: bool


class Cause(Schema):
    """A change from outside, and the ids of all that is stale because of it, be it upstream."""

    change: Change
    items: list[str]


class StaleList(Schema):
    """What has to be run, registered or deployed again, and what of it cannot be told.

    ``items`` are notebooks in the order in which they are to be run, then versions, then
    deployments; each is stale because of at least one of the ``causes``. ``unknown`` are those of
    which some input cannot be compared, and nothing else has changed. ``gone`` are the paths of
    notebooks that are not there any more, so that nothing can be done about them. ``cut`` tells
    that only the ``checked`` newest notebooks were looked at.
    """

    items: list[LineageNode]
    causes: list[Cause]
    unknown: list[LineageNode]
    gone: list[str]
    checked: int
    cut: bool


class RerunCreate(Schema):
    """Which stale notebooks to run again: these and what they need, or all.

    ``notebook_paths`` are of notebooks or folders, relative to the project.
    """

    notebook_paths: list[str] = Field(default=[], max_length=1_000)
    jobs: int = Field(default=2, ge=1, le=64, description="notebooks that run at once")
    in_place: bool = Field(default=False, description="overwrite the notebooks with the executed")


class RerunStep(Schema):
    """A stale notebook that is run again, after those in ``after``.

    ``unchanged``: what came before it made the same again, so there was no need to; ``skipped``:
    one of these failed or was skipped, or it is in a ``circle``: the notebooks of which each needs
    what the one before it makes, and the first what the last does.
    """

    notebook_path: str
    state: Literal["waiting", "running", "finished", "unchanged", "failed", "skipped", "stopped"]
    changes: list[Change]
    after: list[str]
    circle: list[str] = Field(default=[])
    run_id: str | None = None
    message: str | None = None


class Rerun(Schema):
    """Stale notebooks that are run again, in an order that can be; last those that have none."""

    rerun_id: str
    state: Literal["running", "finished", "failed", "stopped"]
    created_at: Timestamp
    author: str
    steps: list[RerunStep]


class RerunPage(Page[Rerun]):
    """The last reruns, newest first."""
