"""Puts a version of a file in the place of what is there now, with nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.errors import InvalidInputError, InvalidStateError
from ..objects.replacing import check_untouched, digest_of, fingerprint_at, replacing
from . import store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import Snapshot

_BESIDE = "Write it to a new path beside it."


class Replaced(NamedTuple):
    """What was in the place of a file, None if nothing was or it is as it was.

    ``safety_id`` is the snapshot that was taken to keep it, None where one kept it already.
    """

    digest: str | None = None
    safety_id: str | None = None


class DataInPlace:
    """Replaces files of one project by versions of theirs.

    Args:
        create: takes a snapshot of a notebook that also keeps other files.
    """

    def __init__(
        self,
        project: Project,
        database: Database,
        objects: ObjectManager,
        create: Callable[..., Snapshot],
    ) -> None:
        self._project = project
        self._database = database
        self._objects = objects
        self._create = create

    def write(
        self, path: str, digest: str, kept: set[str], notebooks: Sequence[str], author: str
    ) -> Replaced:
        """Write a content to the path that it had, after a safety snapshot of what is there.

        Args:
            path: as snapshots name it, in the project.
            digest: the content.
            kept: the contents of the path that snapshots keep.
            notebooks: that used the path; the safety snapshot is one of the first that is there.
            author: of that snapshot.

        Raises:
            ForbiddenPathError: it lies outside the project, or in the store.
            InvalidInputError: it is a link, or something that is no file.
            InvalidStateError: what is there would be lost; nothing was changed.
            ConflictError: it is being changed, or another restore does not end.
            StoreUnavailableError: it cannot be written.
        """
        target = self._target(path)
        with replacing(self._project.store):
            before = fingerprint_at(target)
            if before is None:
                target.parent.mkdir(parents=True, exist_ok=True)
                self._objects.checkout_file(digest, target)
                return Replaced()
            present = digest_of(target)
            if present == digest:
                return Replaced()
            safety_id = None if present in kept else self._save(path, present, notebooks, author)
            check_untouched(target, before)
            self._objects.checkout_file(digest, target)
        return Replaced(present, safety_id)

    def _target(self, path: str) -> Path:
        target = self._project.resolve(path)
        self._project.keep_out(target)
        place = self._project.root / path
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise InvalidInputError(
                f"{path} is a folder, a link or something else that is no file now. {_BESIDE}",
                path=path,
            )
        return target

    def _save(self, path: str, digest: str, notebooks: Sequence[str], author: str) -> str:
        """Keep what is there in a snapshot of a notebook that used it, and make sure that it is."""
        there = (place for name in notebooks if (place := self._project.root / name).is_file())
        notebook = next(there, None)
        if notebook is None:
            raise InvalidStateError(
                f"No snapshot keeps what {path} holds now, and no notebook that used it is there "
                f"any more of which one could be taken. {_BESIDE}",
                path=path,
            )
        taken = self._create(
            notebook,
            None,
            author=author,
            message=f"Before another version of {path} was put in its place",
            origin="safety",
            also=[self._project.resolve(path)],
        )
        with self._database.read() as connection:
            uses = store.in_snapshot(connection, taken.id).values()
        if digest not in {use.object_id for use in uses}:
            raise InvalidStateError(
                f"Nothing was restored: what {path} holds now would be replaced, and a snapshot "
                f"does not keep it whole, because it holds secrets or is too large. {_BESIDE}",
                path=path,
            )
        return taken.id
