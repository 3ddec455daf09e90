"""What becomes of snapshots once they are taken: marks, renames, deletion, thinning.

Deleting hides a snapshot and its run, so that it can be undone; ``purge`` removes the rows of what
was deleted long enough ago. Objects are left to the garbage collection.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from ..core.clock import DAY_MS, HOUR_MS, now_ms
from ..core.errors import ConflictError
from ..snapshots import renames, rows
from ..snapshots.dating import believed, latest_credible
from ..snapshots.masking import Masker
from ..tracking import attachments
from . import store, thinning
from .marks import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Row

    from ..core.database import Database
    from ..core.project import Project
    from ..kernels.schemas import KernelState
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import Origin, Snapshot, SnapshotMarks

    Needed = Callable[[Connection, Sequence[str]], Mapping[str, list[str]]]

UNDO_MS = DAY_MS


class SnapshotHistory:
    """The snapshots of one store over time.

    Args:
        needed: says for which of some snapshots something must stay, and what that is.
    """

    def __init__(
        self, project: Project, database: Database, snapshots: SnapshotManager, needed: Needed
    ) -> None:
        self._project = project
        self._database = database
        self._snapshots = snapshots
        self._needed = needed
        self._one_by_one = threading.Lock()
        self._thinned_at: float | None = None

    def mark(self, snapshot_id: str, marks: SnapshotMarks, *, author: str) -> Snapshot:
        """Write a note, tags or a pin; of two who write the same field, the last one wins.

        Not so where they tell what they have seen: see ``marks``. A snapshot that was deleted or
        thinned meanwhile, while somebody looked at it, is there again then.

        Raises:
            ConflictError: the note was changed since it was seen.
        """
        if marks.note is not None:
            marks = marks.model_copy(update={"note": Masker().text(marks.note, "note")})
        with self._database.write() as connection:
            found = rows.one(connection, snapshot_id)
            marks = merged(rows.shown(connection, [found])[0], marks)
            store.put_marks(connection, found.id, marks, author=author[:256], now=now_ms())
            if found.deleted_at is not None and (marks.pinned or marks.tags or marks.note):
                self._bring_back(connection, found)
            return rows.shown(connection, [rows.one(connection, found.id)])[0]

    def renamed(self, old: Path, new: Path) -> None:
        """Let a notebook, or all notebooks of a folder, keep their snapshots under a new name.

        What runs headless meanwhile leaves its snapshot under the new name too.
        """
        before, now = self._project.relative(old), self._project.relative(new)
        with self._database.write() as connection:
            moved = renames.move(connection, before, now)
            attachments.follow(connection, before, now)
            for notebook_id, path in moved.items():
                attachments.rename(connection, store.runs_of(notebook_id), path)

    def capture_changed(
        self, path: Path, state: KernelState | None, *, author: str, origin: Origin
    ) -> Snapshot | None:
        """Take an automatic snapshot; None where nothing has happened since the last one.

        Old ones are thinned before, at most once an hour.
        """
        with self._one_by_one:
            if self._snapshots.is_current(path, state):
                return None
            if self._thinned_at is None or time.monotonic() - self._thinned_at > HOUR_MS / 1000:
                self._tidy()
                self._thinned_at = time.monotonic()
            return self._snapshots.create(path, state, author=author, origin=origin)

    def delete(self, snapshot_id: str) -> Snapshot:
        """Hide a snapshot, with its run if nothing else was logged to it.

        Raises:
            ConflictError: a model version was made from it.
        """
        with self._database.write() as connection:
            found = rows.one(connection, snapshot_id)
            users = self._needed(connection, [found.id]).get(found.id, [])
            if users:
                raise ConflictError(
                    f"The snapshot {found.id[:12]} stays: {', '.join(users)} was made from it. "
                    "Delete that version first.",
                    snapshot_id=found.id,
                )
            now = now_ms()
            store.set_deleted(connection, [found.id], now)
            other = store.newest_of_run(connection, found.run_id, latest_credible(now))
            if other is None:
                attachments.detach(connection, found.run_id)
            else:
                attachments.attach(connection, found.run_id, other.id, other.grade)
            return rows.shown(connection, [rows.one(connection, found.id)])[0]

    def undelete(self, snapshot_id: str) -> Snapshot:
        """Bring a deleted snapshot back, with its run.

        Raises:
            NotFoundError: there is none, or it is gone for good.
        """
        with self._database.write() as connection:
            found = rows.one(connection, snapshot_id)
            self._bring_back(connection, found)
            return rows.shown(connection, [rows.one(connection, found.id)])[0]

    def tiers(self) -> tuple[thinning.Tier, ...]:
        """Return the steps of the store's rule for automatic snapshots.

        Raises:
            InvalidInputError: what the settings have is no rule.
        """
        return thinning.parse(self._project.settings.keep_automatic or thinning.DEFAULT)

    def believed_now(self) -> int:
        """Return the moment from which ages are counted; see ``dating.believed``."""
        with self._database.read() as connection:
            return believed(store.moments(connection), now_ms())

    def thin(self, now: int | None = None) -> list[str]:
        """Delete the automatic snapshots that the rule of the store does not keep; return them.

        Never one that is pinned, tagged, noted, reproduced or registered, nor what a restore in
        place of the last week could be taken back with.

        Args:
            now: from when ages are counted; by default the clock's moment.
        """
        moment = now_ms() if now is None else now
        tiers = self.tiers()
        with self._database.write() as connection:
            gone: list[str] = []
            candidates = store.unmarked(connection, moment - 7 * DAY_MS)
            needed = self._needed(connection, [taken[1] for _, taken in candidates])
            by_notebook: dict[int | None, list[tuple[int, str]]] = {}
            for notebook_id, taken in candidates:
                if taken[1] not in needed:
                    by_notebook.setdefault(notebook_id, []).append(taken)
            for moments in by_notebook.values():
                gone += thinning.superfluous(moments, moment, tiers)
            store.set_deleted(connection, gone, moment)
            attachments.hide(connection, store.lonely_runs(connection, gone))
        return sorted(gone)

    def purge(self, before_ms: int) -> list[str]:
        """Remove the rows of snapshots that were deleted before a moment; return their ids.

        What names one of them as its parent names ``deleted`` from then on. One of which a model
        version was made meanwhile stays. What was deleted while the clock was far ahead has its
        day from now on.
        """
        with self._database.write() as connection:
            now = now_ms()
            store.redate_deleted(connection, latest_credible(now), now)
            deleted = store.deleted_before(connection, before_ms)
            needed = self._needed(connection, deleted)
            gone = [snapshot_id for snapshot_id in deleted if snapshot_id not in needed]
            automatic = store.automatic_runs(connection, gone)
            store.remove(connection, gone)
            attachments.purge(connection, store.without_snapshots(connection, automatic))
        return gone

    def _bring_back(self, connection: Connection, found: Row[Any]) -> None:
        store.set_deleted(connection, [found.id], None)
        until = latest_credible(now_ms())
        newest = store.newest_of_run(connection, found.run_id, until) or found
        attachments.attach(connection, found.run_id, newest.id, newest.grade)

    def _tidy(self) -> None:
        """Thin; what is thinned can still be brought back for a day."""
        now = self.believed_now()
        self.thin(now)
        self.purge(now - UNDO_MS)
