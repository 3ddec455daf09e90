"""Tells of runs, models and deployments as OpenLineage events, in the background."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..core.errors import MLOpsError, NotFoundError
from ..data.schemas import DataProfile
from ..snapshots.tables import data_profiles
from ..tracking.entities import PARENT_TAG
from .model_events import ModelEvents
from .openlineage import Parent
from .rerun_rows import RerunStore
from .run_events import RERUN, RunEvents, job_name
from .store import get_nested
from .texts import Texts, read_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ..core.database import Database
    from ..core.project import Project
    from ..deployments.schemas import Revision
    from ..objects.manager import ObjectManager
    from ..registry.schemas import ModelVersion
    from ..snapshots.schemas import Manifest
    from ..tracking.manager import TrackingManager
    from ..tracking.schemas import Run
    from .openlineage import Event
    from .outbox import Outbox
    from .schemas import Rerun

_MOST_NESTED = 1_000
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
        self._runs = RunEvents(project)
        self._project = project
        self._models = ModelEvents(project)
        self._database = database
        self._objects = objects
        self._tracking = tracking
        self._outbox = outbox
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mlops-openlineage")

    def started(self, run_id: str, notebook_path: str) -> None:
        """Tell that a headless run began."""
        self._later(
            lambda: [self._runs.started(run_id, notebook_path, parent=self._parent(run_id))]
        )

    def ended(self, snapshot_id: str, manifest: Manifest, *, began: bool = False) -> None:
        """Tell what a snapshot holds; and that its run began, unless that was told."""
        if manifest.origin != "safety":
            self._later(partial(self._ended, snapshot_id, manifest, began=began))

    def vanished(self, found: Run) -> None:
        """Tell how a headless run ended of which there is no snapshot: its process is gone."""
        self._later(lambda: [self._runs.vanished(found, self._parent(found.run_id))])

    def rerun(self, rerun: Rerun) -> None:
        """Tell that a rerun of stale notebooks begins, or how it has ended."""
        self._later(lambda: [self._runs.rerun(rerun)])

    def registered(self, version: ModelVersion) -> None:
        """Tell that a version of a model was registered."""
        self._later(lambda: [self._models.registered(version, self._run(version.run_id))])

    def revised(self, name: str, ended: Revision | None, begun: Revision | None) -> None:
        """Tell what a deployment is not to serve any more, and what it is to serve now."""
        events = [self._models.replaced(name, ended)] if ended else []
        events += [self._models.deployed(name, begun)] if begun else []
        self._later(lambda: events)

    def close(self) -> None:
        """Finish what is begun; nobody waits until it is sent."""
        self._thread.shutdown()
        self._outbox.close()

    def _later(self, make: Callable[[], Sequence[Event]]) -> None:
        with suppress(RuntimeError):  # closed: the process is about to end
            self._thread.submit(self._put, make)

    def _put(self, make: Callable[[], Sequence[Event]]) -> None:
        try:
            self._outbox.put(*make())
        except Exception:  # the snapshot is there, whatever is wrong with its event
            _log.exception("An OpenLineage event could not be made")

    def _ended(self, snapshot_id: str, manifest: Manifest, *, began: bool) -> list[Event]:
        run_id, path = manifest.run_id, manifest.notebook.path
        parent = self._parent(run_id)
        events = [
            *self._nested(_inside(parent, run_id, path)),
            self._runs.ended(
                snapshot_id,
                manifest,
                texts=self._texts(manifest),
                profiles=self._profiles(manifest),
                parent=parent,
            ),
        ]
        if not began:
            moments = [cell.started_at for cell in manifest.cells if cell.started_at is not None]
            first = min([*moments, manifest.created_at])
            events.insert(0, self._runs.started(run_id, path, first, parent))
        return events

    def _nested(self, outermost: Parent) -> list[Event]:
        """Return what there is to tell of the runs inside a run, and inside those."""
        events: list[Event] = []
        level, seen = {outermost.run_id: outermost}, {outermost.run_id}
        while level:
            parents, level = level, {}
            for found in self._parts(parents, seen):
                seen.add(found.run_id)
                parent = parents[found.tags[PARENT_TAG]]
                level[found.run_id] = _inside(parent, found.run_id, job_name(found))
                events += self._runs.nested(found, parent)
        return events

    def _parts(self, parents: Collection[str], seen: Collection[str]) -> list[Run]:
        """Return the runs that are part of others, but for those ``seen``."""
        with self._database.read() as connection:
            inside = sorted(get_nested(connection, parents) - set(seen))
        wanted = ", ".join(f"'{run_id}'" for run_id in inside[: _MOST_NESTED + 1 - len(seen)])
        if not wanted:
            return []
        condition = f"attributes.run_id IN ({wanted})"
        found = self._tracking.runs(filter_string=condition, limit=_MOST_NESTED).items
        return [run for run in found if run.tags.get(PARENT_TAG) in parents]

    def _texts(self, manifest: Manifest) -> Texts:
        try:
            return read_texts(self._objects.stored(manifest.notebook.object_id))
        except MLOpsError:
            return Texts()

    def _profiles(self, manifest: Manifest) -> dict[str, DataProfile]:
        digests = sorted({use.digest for use in manifest.files if use.digest})
        query = sa.select(data_profiles).where(data_profiles.c.digest.in_(digests))
        with self._database.read() as connection:
            return {
                row.digest: DataProfile.model_validate(row.profile)
                for row in connection.execute(query)
            }

    def _parent(self, run_id: str) -> Parent | None:
        above: dict[str, Run] = {}  # a tag can make them go in a circle
        found = self._run(run_id)
        while found is not None and found.run_id not in above:
            above[found.run_id] = found
            found = self._run(found.tags.get(PARENT_TAG))
        parents = [(one.run_id, job_name(one)) for one in list(above.values())[1:]]
        outermost = list(above)[-1] if above else run_id
        rerun_id = RerunStore(self._project, self._database).of_run(outermost)
        if rerun_id is not None:
            parents.append((rerun_id, RERUN))
        return Parent(*parents[0], *parents[-1]) if parents else None

    def _run(self, run_id: str | None) -> Run | None:
        try:
            return self._tracking.run(run_id) if run_id else None
        except NotFoundError:  # one of another server
            return None


def _inside(parent: Parent | None, run_id: str, job: str) -> Parent:
    """Return a run, which may be part of another, as the parent of those that are part of it."""
    root = (parent.root_id, parent.root_job) if parent is not None else (run_id, job)
    return Parent(run_id, job, *root)
