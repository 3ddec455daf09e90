"""Restores a snapshot over the files of the project, with nothing lost."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from ..core.errors import ForbiddenPathError, InvalidStateError, MLOpsError
from ..objects.files import reading
from ..snapshots.masking import MASK
from .schemas import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.manager import SnapshotManager
    from ..snapshots.schemas import Snapshot, SnapshotDetail
    from .plan import Part


class InPlace:
    """Replaces files of the project, each at once, after a safety snapshot of all."""

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

    def write(
        self, snapshot: SnapshotDetail, parts: Sequence[Part], author: str
    ) -> tuple[str | None, list[Part], list[LeftOut]]:
        """Keep what is there in a safety snapshot, then replace file by file.

        Returns the id of the safety snapshot, the parts that are in place now, and the others.

        Raises:
            InvalidStateError: something would be lost; nothing was changed.
            StoreUnavailableError: a file cannot be written; the sentence names the snapshot that
                holds what was there before.
        """
        written, left_out = [], []
        for part in parts:
            reason = self._refusal(part)
            if reason is None:
                written.append(part)
            elif part.kind == "notebook":
                raise InvalidStateError(f"{reason} Restore to a new folder.", path=part.origin)
            else:
                left_out.append(_kept_out(part, reason))
        replaced = self._replaced(written)
        safety_id = self._save(snapshot, replaced, author)
        with _telling(safety_id):
            for part in written:
                checkout(self._objects, part, self._project.resolve(str(part.path)))
        return safety_id, written, left_out

    def _refusal(self, part: Part) -> str | None:
        """Say why a part cannot be written in place, if so."""
        if Path(part.origin).is_absolute():
            return "It lies outside the project, where nothing is written."
        try:
            self._project.resolve(str(part.path))
        except ForbiddenPathError:
            return "A link in the project leads its path out of it."
        if part.kind in {"notebook", "module"} and _has_mask(self._objects.chunks(part.object_id)):
            return f"Secrets in {part.origin} were masked when it was stored."
        return None

    def _replaced(self, parts: Sequence[Part]) -> dict[Path, str]:
        """Return the files that the parts would change, with the digests that they have now."""
        found = {}
        for part in parts:
            target = self._project.resolve(str(part.path))
            entries = self._objects.tree(part.object_id).entries if part.is_folder else None
            wanted = (
                {target: part.object_id}
                if entries is None
                else {
                    target / entry.path: entry.object_id
                    for entry in entries
                    if entry.path not in part.without
                }
            )
            for path, object_id in wanted.items():
                if path.is_file() and (digest := digest_of(path)) != object_id:
                    found[path] = digest
        return found

    def _save(self, snapshot: SnapshotDetail, replaced: dict[Path, str], author: str) -> str | None:
        """Snapshot the notebook and what is about to be replaced, and make sure that it is kept."""
        notebook = self._project.resolve(snapshot.notebook_path)
        if not notebook.is_file():
            if replaced:
                raise InvalidStateError(
                    f"{snapshot.notebook_path} is not there any more, so that no snapshot can keep "
                    "what would be replaced. Restore to a new folder.",
                    path=snapshot.notebook_path,
                )
            return None
        others = [path for path in replaced if path != notebook]
        taken = self._create(
            notebook,
            None,
            author=author,
            message=f"Before {snapshot.id[:12]} was restored in place",
            origin="safety",
            also=others,
        )
        kept = self._snapshots.snapshot(taken.id).manifest
        stored = {kept.notebook.object_id}
        for use in kept.files:
            if use.object_id:
                stored |= self._objects.with_entries(use.object_id)
        lost = [path for path, digest in replaced.items() if digest not in stored]
        if lost:
            names = ", ".join(self._project.relative(path) for path in lost[:3])
            raise InvalidStateError(
                f"Nothing was restored: {names} would be replaced, and a snapshot does not keep it "
                "whole, because it holds secrets or is too large. Restore to a new folder.",
                paths=[str(path) for path in lost],
            )
        return taken.id


def _has_mask(chunks: Iterable[bytes]) -> bool:
    mask, end, found = MASK.encode(), b"", False
    for chunk in chunks:  # to the last one: only then is it known that none is damaged
        found = found or mask in chunk or mask in end + chunk[: len(mask)]
        end = chunk[-len(mask) :]
    return found


def checkout(objects: ObjectManager, part: Part, target: Path) -> None:
    """Write a part."""
    if part.is_folder:
        objects.checkout_tree(part.object_id, target, without=part.without)
    else:
        objects.checkout_file(part.object_id, target)


def digest_of(path: Path) -> str:
    """Return the BLAKE3 of a file."""
    with reading(path):
        return blake3(max_threads=blake3.AUTO).update_mmap(path).hexdigest()


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


def _kept_out(part: Part, reason: str) -> LeftOut:
    return LeftOut(
        path=part.origin, reason=reason, advice="Restore to a new folder, and copy it from there."
    )
