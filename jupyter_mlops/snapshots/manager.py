"""What can be done with snapshots."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from ..core import paging
from ..core.clock import from_ms, now_ms, to_ms
from ..core.errors import NotFoundError
from ..tracking.manager import new_run_id
from . import notebook as notebooks
from . import parsing, recording, rows, store
from .capture import Capture, Circumstances
from .dating import latest_credible, moment
from .encoding import canonical
from .erased import without_erased
from .locks import FILE_NAMES
from .schemas import (
    Found,
    LockFile,
    Manifest,
    NotebookContent,
    Snapshot,
    SnapshotDetail,
    SnapshotModel,
    SnapshotPage,
)
from .states import state_digest
from .subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from ..core.database import Database
    from ..core.project import Project
    from ..kernels.schemas import KernelState
    from ..objects.manager import ObjectManager
    from ..tracking.manager import TrackingManager
    from .schemas import Grade, Origin
    from .subject import Executed

KEEP_LIMIT = 256 * 1024 * 1024


class SnapshotManager:
    """Snapshots of one store.

    Args:
        keep_limit: bytes; of a larger data file only the digest is kept.
        created: told of each new snapshot; it must not raise, nor wait.
    """

    def __init__(
        self,
        project: Project,
        database: Database,
        objects: ObjectManager,
        tracking: TrackingManager,
        *,
        keep_limit: int = KEEP_LIMIT,
        created: Callable[[str, Manifest], None] = lambda *_: None,
    ) -> None:
        self._created = created
        self._project = project
        self._database = database
        self._objects = objects
        self._tracking = tracking
        self.keep_limit = keep_limit

    def create(
        self,
        path: Path,
        state: KernelState | None,
        *,
        author: str,
        message: str | None = None,
        run_id: str | None = None,
        executed: Executed | None = None,
        origin: Origin = "user",
        also: Sequence[Path] = (),
    ) -> Snapshot:
        """Capture a notebook and its kernel's state, and attach them to a run.

        Args:
            path: the notebook file, absolute.
            state: the kernel's answer; None where no kernel runs.
            author: who takes it.
            message: a note to keep with it.
            run_id: the run to attach to; a new, finished one if None.
            executed: what a headless run has to tell.
            origin: what takes it.
            also: data files to keep, beside those that the kernel names.

        Raises:
            NotFoundError, InvalidInputError: the notebook cannot be read as one.
            StoreUnavailableError: nothing was recorded.
        """
        subject = Subject.read(path, state, executed, also)
        before = self._latest(path)
        when = Circumstances(
            run_id=run_id or new_run_id(),
            created_at=from_ms(moment(now_ms(), to_ms(before.created_at) if before else None)),
            author=author,
            message=message,
            parent_id=before.id if before else None,
            origin=origin,
        )
        return self._take(subject, when, new_run=run_id is None)

    def snapshots(
        self,
        *,
        limit: int = 100,
        page_token: str | None = None,
        notebook_path: str | None = None,
        tag: str | None = None,
        pinned: bool | None = None,
        automatic: bool | None = None,
        grade: Grade | None = None,
        text: str | None = None,
    ) -> SnapshotPage:
        """List the snapshots of active runs, newest first.

        Args:
            limit: of a page.
            page_token: of the page before.
            notebook_path: only those of the notebook that is there now, under all its names.
            tag: only those with this tag.
            pinned: only those that are pinned, or that are not.
            automatic: only those that were taken on a save or a whole run, or only the others.
            grade: only those of this grade.
            text: only those with these words in note, tags or author, or at the start of the id.
        """
        after = tuple(paging.decode(page_token, int, str)) if page_token else None
        wanted = store.Wanted(notebook_path, tag, pinned, automatic, grade, text)
        with self._database.read() as connection:
            found = store.listing(
                connection,
                limit + 1,
                cast("tuple[int, str] | None", after),
                wanted,
            )
            page, token = paging.cut(
                found, limit, lambda row: paging.encode(row.created_at, row.id)
            )
            return SnapshotPage(items=rows.shown(connection, page), next_token=token)

    def snapshot(self, snapshot_id: str) -> SnapshotDetail:
        """Return a snapshot with its manifest; the id may be shortened to six digits or more."""
        with self._database.read() as connection:
            found = rows.shown(connection, [rows.one(connection, snapshot_id)])[0]
        manifest = Manifest.model_validate_json(self._objects.read(found.id))
        manifest = without_erased(manifest, self._objects)
        return SnapshotDetail(**found.model_dump(), manifest=manifest)

    def found_by_others(self, snapshot_id: str) -> list[Found]:
        """Return what the other snapshots of a snapshot's run found."""
        with self._database.read() as connection:
            rows_of_others = store.found_by_others(connection, snapshot_id)
        return [Found.model_validate(dict(row._mapping)) for row in rows_of_others]

    def path_now(self, snapshot_id: str) -> str:
        """Return where a snapshot's notebook is now, relative to the project.

        Where another one was put in its place, that is where it was.
        """
        with self._database.read() as connection:
            return store.path_now(connection, snapshot_id)

    def newest(self, path: Path) -> Manifest | None:
        """Return the manifest of a notebook's newest snapshot."""
        latest = self._latest(path)
        return self.snapshot(latest.id).manifest if latest else None

    def current(self, path: Path, state: KernelState) -> Snapshot | None:
        """Return the newest snapshot of a notebook if its kernel has run nothing since."""
        latest = self._latest(path)
        if latest is None:
            return None
        detail = self.snapshot(latest.id)
        then = [(cell.execution_count, cell.started_at) for cell in detail.manifest.cells]
        now = [(cell.execution_count, cell.started_at) for cell in state.cells]
        environment = detail.manifest.environment
        known = environment and environment.model_dump(exclude={"lock"})
        if then != now or known != state.environment.model_dump():
            return None
        return Snapshot.model_validate(detail.model_dump(include=set(Snapshot.model_fields)))

    def notebook(self, snapshot_id: str, *, outputs: bool = True) -> NotebookContent:
        """Return the stored notebook; a server wants no outputs, they may be large."""
        reference = self.snapshot(snapshot_id).manifest.notebook
        stored = self._objects.stored(reference.object_id)
        content = json.loads(b"".join(stored[0])) if outputs else parsing.without_outputs(stored)
        return NotebookContent(path=reference.path, content=content)

    def notebook_json(self, snapshot_id: str, outputs_limit: int | None) -> Iterator[bytes]:
        """Give the JSON of a ``NotebookContent``, which may be large; see ``parsing.document``."""
        reference = self.snapshot(snapshot_id).manifest.notebook
        pieces = parsing.document(self._objects.stored(reference.object_id), outputs_limit)
        return parsing.within({"path": reference.path}, "content", pieces)

    def lock(self, snapshot_id: str) -> LockFile:
        """Return the lock of the environment.

        Raises:
            NotFoundError: no kernel was alive, or the snapshot is older than locks are.
        """
        environment = self.snapshot(snapshot_id).manifest.environment
        if environment is None or environment.lock is None:
            raise NotFoundError("The snapshot has no lock of its environment.")
        reference = environment.lock
        return LockFile(
            format=reference.format,
            file_name=FILE_NAMES[reference.format],
            text=self._objects.read(reference.object_id).decode(),
        )

    def kept_model(self, snapshot_id: str, variable: str) -> tuple[SnapshotDetail, SnapshotModel]:
        """Return a model that the snapshot keeps, for registration.

        Raises:
            NotFoundError: there is no such model, or it was not kept; says what can be done.
        """
        detail = self.snapshot(snapshot_id)
        models = {model.variable: model for model in detail.manifest.models}
        if variable not in models:
            names = ", ".join(sorted(models)) or "none"
            raise NotFoundError(
                f"The snapshot {detail.id[:12]} has no model {variable}. It has: {names}."
            )
        if models[variable].object_id is None:
            raise NotFoundError(
                f"The snapshot {detail.id[:12]} names {variable} but does not keep it, because a "
                "kernel was alive, or as its notes say. Register it from the notebook, or run the "
                "notebook headless."
            )
        return detail, models[variable]

    def is_current(self, path: Path, state: KernelState | None) -> bool:
        """Tell whether a notebook's newest snapshot was taken of just this file and state."""
        latest = self._latest(path)
        if latest is None:
            return False
        now = state_digest(notebooks.read_bytes(path), state)
        with self._database.read() as connection:
            return store.state_of(connection, latest.id) == now

    def record_again(self, snapshot_id: str, manifest: Manifest) -> bool:
        """Write the rows of a snapshot where they are missing, and tell whether they were."""
        with self._database.write() as connection:
            if store.get(connection, snapshot_id):
                return store.insert_uses(connection, snapshot_id, manifest.files)
            new_run = not self._tracking.has_run(connection, manifest.run_id)
            self._add_rows(connection, snapshot_id, manifest, None, new_run=new_run)
        return True

    def _take(self, subject: Subject, when: Circumstances, *, new_run: bool) -> Snapshot:
        """Put all of a snapshot on the disk, then write its rows, then tell of it."""
        self._database.check_writable()
        with self._objects.batch() as batch:
            manifest = Capture(self._project, batch, self.keep_limit).manifest(subject, when)
            snapshot_id = batch.add_bytes(canonical(manifest))
        state_now = state_digest(subject.data, subject.state)
        with self._database.write() as connection:
            self._add_rows(connection, snapshot_id, manifest, state_now, new_run=new_run)
            made = rows.shown(connection, [rows.one(connection, snapshot_id)])[0]
        self._created(snapshot_id, manifest)
        return made

    def _add_rows(
        self,
        connection: Connection,
        snapshot_id: str,
        manifest: Manifest,
        state_now: str | None,
        *,
        new_run: bool,
    ) -> None:
        if new_run:
            recording.add_run(connection, self._tracking, manifest)
        recording.attach(connection, self._tracking, snapshot_id, manifest)
        recording.add_snapshot(connection, snapshot_id, manifest, state_now)

    def _latest(self, path: Path) -> Snapshot | None:
        """Return the newest snapshot of a notebook, of those with a credible date if it has any."""
        name, credible = self._project.relative(path), paging.encode(latest_credible(now_ms()), "")
        for token in (credible, None):
            page = self.snapshots(limit=1, page_token=token, notebook_path=name)
            if page.items:
                return page.items[0]
        return None
