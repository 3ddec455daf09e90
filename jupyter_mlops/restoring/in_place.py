"""Restores a snapshot over the files of the project, with nothing lost."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..core.errors import ForbiddenPathError, InvalidStateError, MLOpsError
from ..objects.replacing import replacing
from ..snapshots.masking import MASK
from . import names
from .changes import Change, is_occupied
from .schemas import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import Snapshot, SnapshotDetail
    from .plan import Part

_OCCUPIED = "A folder, a link or something else that is no file has its name now."


@dataclass(frozen=True)
class Written:
    """What is restored to a folder, the notebook last, and what is not.

    ``safety_id`` is the snapshot that holds what was there before, None where nothing was.
    """

    folder: Path
    parts: list[Part]
    left_out: Sequence[LeftOut] = ()
    safety_id: str | None = None

    @property
    def notebook(self) -> Path:
        """Where the notebook is now, absolute."""
        return self.folder / self.parts[-1].path


class InPlace:
    """Replaces those files of the project that differ, each at once, after a safety snapshot."""

    def __init__(
        self,
        project: Project,
        objects: ObjectManager,
        snapshots: SnapshotManager,
        create: Callable[..., Snapshot],
    ) -> None:
        self._project = project
        self._objects = objects
        self._snapshots = snapshots
        self._create = create

    def write(self, snapshot: SnapshotDetail, parts: Sequence[Part], author: str) -> Written:
        """Keep what is there in a safety snapshot, then replace file by file.

        The notebook goes to where it is now. Of two restores at a time the second one waits.

        Raises:
            InvalidStateError: something would be lost; nothing was changed.
            ConflictError: a file is being changed, and stays as it is; or the other restore does
                not end.
            StoreUnavailableError: a file cannot be written. Like a conflict about one, it names
                the snapshot that holds what was there before.
        """
        notebook = self._snapshots.path_now(snapshot.id)
        with replacing(self._project.store):
            written, left_out = self._sorted(parts, notebook)
            changes = self._changes(written)
            left_out += [
                _kept_out(f"{change.part.origin}/{name}", _OCCUPIED)
                for change in changes
                for name in change.occupied
            ]
            replaced = {path: old for change in changes for path, old in change.replaced.items()}
            safety_id = self._save(snapshot, notebook, replaced, author)
            with _telling(safety_id):
                for change in changes:
                    self._carry_out(change)
        return Written(self._project.root, written, left_out, safety_id)

    def _sorted(self, parts: Sequence[Part], notebook: str) -> tuple[list[Part], list[LeftOut]]:
        """Part what can be written in place from what cannot; the notebook goes to its path."""
        place = PurePosixPath(notebook)
        parts = [replace(p, path=place) if p.kind == "notebook" else p for p in parts]
        left_out: list[LeftOut] = []
        if names.is_blind(self._project.store):
            parts, left_out = names.apart(parts, self._objects.tree)
        written = []
        for part in parts:
            reason = self._refusal(part)
            if reason is None:
                written.append(part)
            elif part.kind == "notebook":
                raise InvalidStateError(f"{reason} Restore to a new folder.", path=part.origin)
            else:
                left_out.append(_kept_out(part.origin, reason))
        return written, left_out

    def _refusal(self, part: Part) -> str | None:
        """Say why a part cannot be written in place, if so."""
        if Path(part.origin).is_absolute():
            return "It lies outside the project, where nothing is written."
        try:
            target = self._project.resolve(str(part.path))
        except ForbiddenPathError:
            return "A link in the project leads its path out of it."
        if is_occupied(target, is_folder=part.is_folder):
            return _OCCUPIED
        if part.kind in {"notebook", "module"} and _has_mask(self._objects.chunks(part.object_id)):
            return f"Secrets in {part.origin} were masked when it was stored."
        return None

    def _changes(self, parts: Sequence[Part]) -> list[Change]:
        """Compare what is there with the parts; of two that have the same file the later counts."""
        changes = []
        claimed: set[Path] = set()
        for part in reversed(parts):
            target = self._project.resolve(str(part.path))
            if part.is_folder:
                entries = self._objects.tree(part.object_id).entries
                changes.append(Change.of_folder(part, target, claimed, entries))
            else:
                changes.append(Change.of_file(part, target, claimed))
        return changes[::-1]

    def _save(
        self, snapshot: SnapshotDetail, path: str, replaced: Mapping[Path, str], author: str
    ) -> str | None:
        """Snapshot the notebook and what is about to be replaced, and make sure that it is kept."""
        notebook = self._project.resolve(path)
        if not notebook.is_file():
            if replaced:
                raise InvalidStateError(
                    f"{path} is not there any more, so that no snapshot can keep what would be "
                    "replaced. Restore to a new folder.",
                    path=path,
                )
            return None
        taken = self._create(
            notebook,
            None,
            author=author,
            message=f"Before {snapshot.id[:12]} was restored in place",
            origin="safety",
            also=[path for path in replaced if path != notebook],
        )
        lost = replaced.keys() - self._kept(taken.id, replaced)
        if lost:
            shown = ", ".join(sorted(map(self._project.relative, lost))[:3])
            raise InvalidStateError(
                f"Nothing was restored: {shown} would be replaced, and a snapshot does not keep it "
                "whole, because it holds secrets or is too large. Restore to a new folder.",
                paths=sorted(map(str, lost)),
            )
        return taken.id

    def _kept(self, snapshot_id: str, files: Mapping[Path, str]) -> set[Path]:
        """Return those of some files whose content a snapshot holds."""
        manifest = self._snapshots.snapshot(snapshot_id).manifest
        stored = {manifest.notebook.object_id}
        for use in manifest.files:
            if use.object_id:
                stored |= self._objects.with_entries(use.object_id)
        return {path for path, digest in files.items() if digest in stored}

    def _carry_out(self, change: Change) -> None:
        if change.found:
            change.check_untouched()
            target = self._project.resolve(str(change.part.path))
            change.part.checkout(self._objects, target)


def _has_mask(chunks: Iterable[bytes]) -> bool:
    mask, end, found = MASK.encode(), b"", False
    for chunk in chunks:  # to the last one: only then is it known that none is damaged
        found = found or mask in chunk or mask in end + chunk[: len(mask)]
        end = chunk[-len(mask) :]
    return found


@contextmanager
def _telling(safety_id: str | None) -> Iterator[None]:
    try:
        yield
    except MLOpsError as error:
        if safety_id is None:
            raise
        raise type(error)(
            f"{error.message} Some files may be restored already; the snapshot "
            f"{safety_id[:12]} holds what was there before.",
            **error.details,
            safety_snapshot_id=safety_id,
        ) from error


def _kept_out(path: str, reason: str) -> LeftOut:
    advice = "Restore to a new folder, and copy it from there."
    return LeftOut(path=path, reason=reason, advice=advice)
