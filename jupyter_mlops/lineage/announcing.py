"""Tells of runs and snapshots as OpenLineage events, in the background."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.errors import MLOpsError, NotFoundError
from ..snapshots import notebook as notebooks
from ..snapshots.tables import data_profiles
from ..tracking.entities import PARENT_TAG
from .openlineage import Events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import Manifest
    from ..tracking.manager import TrackingManager
    from .openlineage import Event
    from .outbox import Outbox

_LARGEST = 16 * 1024**2
_LONGEST = 256 * 1024
_SECONDS = 3.0
_log = logging.getLogger(__name__)


class LineageAnnouncer:
    """Makes the events of one store and hands them to its outbox; it never raises, nor waits."""

    def __init__(
        self,
        project: Project,
        database: Database,
        objects: ObjectManager,
        tracking: TrackingManager,
        outbox: Outbox,
    ) -> None:
        self._events = Events(project)
        self._database = database
        self._objects = objects
        self._tracking = tracking
        self._outbox = outbox
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mlops-openlineage")

    def started(self, run_id: str, notebook_path: str) -> None:
        """Tell that a headless run began."""
        self._later(lambda: [self._events.started(run_id, notebook_path)])

    def ended(self, snapshot_id: str, manifest: Manifest, *, began: bool = False) -> None:
        """Tell what a snapshot holds; and that its run began, unless that was told."""
        if manifest.origin != "safety":
            self._later(partial(self._ended, snapshot_id, manifest, began=began))

    def close(self) -> None:
        """Finish what is begun; what cannot be sent at once waits for the next process."""
        self._thread.shutdown()
        self._outbox.close(_SECONDS)

    def _later(self, make: Callable[[], Sequence[Event]]) -> None:
        self._thread.submit(self._put, make)

    def _put(self, make: Callable[[], Sequence[Event]]) -> None:
        try:
            self._outbox.put(*make())
        except Exception:  # the snapshot is there, whatever is wrong with its event
            _log.exception("An OpenLineage event could not be made")

    def _ended(self, snapshot_id: str, manifest: Manifest, *, began: bool) -> list[Event]:
        description, sources = self._texts(manifest)
        event = self._events.ended(
            snapshot_id,
            manifest,
            description=description,
            sources=sources,
            schemas=self._schemas(manifest),
            parent=self._parent(manifest.run_id),
        )
        if began:
            return [event]
        moments = [cell.started_at for cell in manifest.cells if cell.started_at is not None]
        first = min([*moments, manifest.created_at])
        return [self._events.started(manifest.run_id, manifest.notebook.path, first), event]

    def _texts(self, manifest: Manifest) -> tuple[str, list[str]]:
        """Return the notebook's first text, and its code; nothing of one that is very large."""
        if manifest.notebook.size > _LARGEST:
            return "", []
        try:
            data = self._objects.read(manifest.notebook.object_id)
            notebook = notebooks.parse(data, manifest.notebook.path)
        except MLOpsError:
            return "", []
        texts = (
            _text(cell.get("source", ""))
            for cell in notebook.content["cells"]
            if cell.get("cell_type") == "markdown"
        )
        sources, left = [], _LONGEST
        for cell in notebook.code_cells:
            sources.append(cell.source[:left])
            left -= len(sources[-1])
        return next(texts, "")[:_LONGEST], sources

    def _schemas(self, manifest: Manifest) -> dict[str, list[tuple[str, str]]]:
        digests = sorted({use.digest for use in manifest.files if use.digest})
        query = sa.select(data_profiles).where(data_profiles.c.digest.in_(digests))
        with self._database.read() as connection:
            return {
                row.digest: [(column["name"], column["type"]) for column in row.profile["columns"]]
                for row in connection.execute(query)
            }

    def _parent(self, run_id: str) -> tuple[str, str] | None:
        try:
            parent = self._tracking.run(run_id).tags.get(PARENT_TAG)
            return (parent, self._tracking.run(parent).name) if parent else None
        except NotFoundError:
            return None


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
