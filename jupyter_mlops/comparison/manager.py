"""Compares experiments: from ids to columns side by side, and from two notebooks to their cells.

What is sent is bounded: 50 columns, 1,000 rows of data, and of cells only what they are. Their
sources and outputs are read one by one, when somebody looks.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from ..core.database import chunked
from ..core.errors import ConflictError, InvalidInputError, NotFoundError
from ..snapshots import parsing, store
from ..snapshots.encoding import encoded
from ..snapshots.tables import data_profiles
from . import differences, matching, outline
from .columns import Table
from .kept import KeptParts
from .present import PresentNotebooks, is_present
from .schemas import ComparedRun, Comparison, StoredDiff, StoredModule
from .sides import Side
from .subjects import Subject, as_it_was, as_newest, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.manager import SnapshotManager
    from ..tracking.manager import TrackingManager
    from ..tracking.schemas import Run

MOST_COMPARED = 50
_SHORTEST_PREFIX = 6
_MOST_DATA = 1000
_MOST_KEPT = 4
_KEPT_SECONDS = 600.0


class ComparisonManager:
    """Comparisons within one store.

    ``present`` has the notebooks that are compared as they stand now.
    """

    def __init__(
        self,
        project: Project,
        database: Database,
        objects: ObjectManager,
        tracking: TrackingManager,
        snapshots: SnapshotManager,
    ) -> None:
        self._database = database
        self._objects = objects
        self._tracking = tracking
        self._snapshots = snapshots
        self.present = PresentNotebooks(project.scratch())
        self._kept = KeptParts(project.scratch(), most=_MOST_KEPT, seconds=_KEPT_SECONDS)
        self._parsing = threading.Lock()

    def compare(self, ids: Sequence[str]) -> Comparison:
        """Compare two to fifty experiments; the first is the baseline.

        Args:
            ids: of snapshots or of runs, shortened to six digits or more if wanted, or of notebooks
                as they stand now. A run without a snapshot is compared in parameters and metrics.

        Raises:
            InvalidInputError: too few or too many ids, or one that is too short.
            ConflictError: an id that several have.
        """
        wanted = list(dict.fromkeys(ids))
        if not 1 < len(wanted) <= MOST_COMPARED:
            raise InvalidInputError(
                f"Two to {MOST_COMPARED} different runs or snapshots can be compared, "
                f"not {len(wanted)}."
            )
        found = [(name, self._subject(name)) for name in wanted]
        subjects = told_apart([subject for _, subject in found if subject is not None])
        rows = differences.data(subjects, self._tables(subjects))
        return Comparison(
            items=[_compared(subject) for subject in subjects],
            missing=[name for name, subject in found if subject is None],
            parameters=differences.parameters(subjects),
            metrics=differences.metrics(subjects),
            environment=differences.environment(subjects),
            data=rows[:_MOST_DATA],
            data_left_out=max(len(rows) - _MOST_DATA, 0),
            figures=differences.figures(subjects),
            code=differences.code(subjects),
        )

    def cells(self, base_id: str, other_id: str) -> Iterator[bytes]:
        """Match the cells of two snapshots' notebooks; give the JSON of a ``CellComparison``."""
        sides = [self._side(one) for one in (base_id, other_id)]
        ids = dict(zip(("base_id", "other_id"), (one.id for one in sides), strict=True))
        notebooks = [one.manifest.notebook.object_id for one in sides]
        stored = [one.stored(name) for one, name in zip(sides, notebooks, strict=True)]
        are_large = any(parsing.is_large(size) for _, size in stored)
        with self._kept.filling(notebooks if are_large else []) as files:
            found = parsing.answer(stored, matching.pairs, files=files)
            yield from parsing.joined(ids, found)

    def cell(self, snapshot_id: str, index: int) -> Iterator[bytes]:
        """Give the JSON of a ``StoredCell``, by its number from 0 in document order.

        Raises:
            NotFoundError: there is no such cell.
        """
        side = self._side(snapshot_id)
        found = self._cell(side, index)
        if found == b"null":
            raise NotFoundError(f"The notebook has no cell number {index + 1}.")
        language = orjson.dumps({"language": side.manifest.notebook.language})
        return parsing.pieces(language[:-1] + b"," + found[1:])

    def _cell(self, side: Side, index: int) -> bytes:
        object_id = side.manifest.notebook.object_id
        stored = side.stored(object_id)  # first, so that nothing is told of what was erased
        if parsing.is_large(stored[1]):
            with self._parsing:  # several cells are asked for at once
                found = self._kept.part(object_id, index) or self._keep(side, index)
            if found is not None:
                return found
        return b"".join(parsing.answer([stored], outline.cell, index))

    def _keep(self, side: Side, index: int) -> bytes | None:
        """Keep what all cells of a notebook hold, and return one; None where the disk is full."""
        object_id = side.manifest.notebook.object_id
        with self._kept.filling([object_id]) as files:
            if files:
                b"".join(parsing.answer([side.stored(object_id)], outline.keep, files=files))
        return self._kept.part(object_id, index)

    def forget(self, object_ids: Iterable[str]) -> None:
        """Let go of what is kept of notebooks."""
        self._kept.forget(object_ids)

    def close(self) -> None:
        """Let go of all that is kept of notebooks."""
        self._kept.close()
        self.present.close()

    def figure(self, snapshot_id: str, index: int) -> Iterator[bytes]:
        """Give the JSON of an ``ObjectContent``: the figure number ``index``, from 0."""
        side = self._side(snapshot_id)
        figures = side.manifest.figures
        if not 0 <= index < len(figures):
            raise NotFoundError(f"The snapshot has {len(figures)} figures, no number {index}.")
        return encoded(figures[index].mime_type, side.read(figures[index].object_id))

    def module(self, snapshot_id: str, index: int) -> StoredModule:
        """Return the text of a local module, by its place in the manifest.

        Raises:
            NotFoundError: there is no such module, or it was not kept.
        """
        side = self._side(snapshot_id)
        modules = side.manifest.modules
        if not 0 <= index < len(modules):
            raise NotFoundError(f"The snapshot has {len(modules)} modules, no number {index}.")
        use = modules[index]
        if use.object_id is None:
            raise NotFoundError(f"The module {use.path} was not kept. See the snapshot's notes.")
        return StoredModule(path=use.path, text=side.read(use.object_id).decode("utf-8", "replace"))

    def diff(self, snapshot_id: str) -> StoredDiff:
        """Return what differed from the git commit."""
        return StoredDiff(text=self._side(snapshot_id).manifest.code.diff)

    def notebook_path(self, name: str) -> str:
        """Return where the notebook of a run or a snapshot is now, relative to the project.

        Raises:
            NotFoundError: there is no such run, or it is of no notebook.
        """
        subject = self._subject(name)
        if subject is None:
            raise NotFoundError(f"There is no run or snapshot {name}.")
        if subject.run.notebook_path is None:
            raise NotFoundError(f"{subject.run.name} was not run in a notebook.")
        return subject.run.notebook_path

    def _side(self, name: str) -> Side:
        if is_present(name):
            return self.present.side(name)
        detail = self._snapshots.snapshot(name)
        return Side(detail.id, detail.manifest, self._objects.stored)

    def _subject(self, name: str) -> Subject | None:
        if is_present(name):
            return self.present.subject(name)
        if len(name) < _SHORTEST_PREFIX:
            raise InvalidInputError(
                f"Give {_SHORTEST_PREFIX} digits of an id or more, not {name!r}."
            )
        with self._database.read() as connection:
            snapshot_ids = [row.id for row in store.get(connection, name)]
        run_ids = self._tracking.run_ids(name)
        if len(snapshot_ids) + len(run_ids) > 1:
            raise ConflictError(f"Several runs or snapshots start with {name}. Give more digits.")
        if run_ids:
            return self._of_run(self._tracking.run(run_ids[0]))
        return self._of_snapshot(snapshot_ids[0]) if snapshot_ids else None

    def _of_run(self, run: Run) -> Subject:
        if run.snapshot_id is None:
            return Subject(run, None, None)
        try:
            detail = self._snapshots.snapshot(run.snapshot_id)
        except NotFoundError:  # the snapshot was deleted, the run was not
            return Subject(run, None, None)
        others = self._snapshots.found_by_others(detail.id)
        shown = as_newest(run, detail.manifest, others)
        return Subject(shown, detail.id, detail.manifest, note=detail.note)

    def _of_snapshot(self, snapshot_id: str) -> Subject:
        detail = self._snapshots.snapshot(snapshot_id)
        run = self._tracking.run(detail.run_id)
        if run.snapshot_id == snapshot_id:
            return self._of_run(run)
        run = run.model_copy(update=as_it_was(detail.manifest))
        return Subject(run, snapshot_id, detail.manifest, note=detail.note)

    def _tables(self, subjects: Iterable[Subject]) -> dict[str, Table]:
        digests = {use.digest for subject in subjects for use in subject.files if use.digest}
        query = sa.select(data_profiles.c.digest, data_profiles.c.profile)
        found: dict[str, Table] = {}
        with self._database.read() as connection:
            for chunk in chunked(digests):
                rows = connection.execute(query.where(data_profiles.c.digest.in_(chunk)))
                found |= {row.digest: Table.of(row.profile) for row in rows}
        return found


def _compared(subject: Subject) -> ComparedRun:
    manifest = subject.manifest
    return ComparedRun(
        run=subject.run,
        snapshot_id=subject.snapshot_id,
        grade=manifest.grade if manifest else None,
        reasons=manifest.reasons if manifest else [],
        has_environment=subject.environment is not None,
        present=subject.is_present,
        note=subject.note,
    )
