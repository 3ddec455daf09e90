"""What a restore in place changes: what is as it was is not written again."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..objects.replacing import check_untouched, digest_of, fingerprint_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..objects.files import Fingerprint
    from ..objects.schemas import TreeEntry
    from .plan import Part


@dataclass
class Change:
    """What is to be written of a part.

    ``found`` says what is there of each file to write, None for nothing; ``replaced`` has the
    digests of what is there; ``occupied`` names files of a folder that cannot be written.
    """

    part: Part
    found: dict[Path, Fingerprint | None] = field(default_factory=dict)
    replaced: dict[Path, str] = field(default_factory=dict)
    occupied: list[str] = field(default_factory=list)

    @classmethod
    def of_file(cls, part: Part, target: Path, claimed: set[Path]) -> Change:
        """Compare a file with what is there, and claim it.

        Raises:
            NotFoundError, InvalidInputError, FileChangedError: that cannot be read.
        """
        change = cls(part)
        change._differs(target, part.object_id)
        claimed.add(target)
        return change

    @classmethod
    def of_folder(
        cls, part: Part, target: Path, claimed: set[Path], entries: Sequence[TreeEntry]
    ) -> Change:
        """Compare the files of a folder with what is there, but those that others claim.

        Raises:
            NotFoundError, InvalidInputError, FileChangedError: that cannot be read.
        """
        change = cls(part)
        done = set(part.without)
        for entry in entries:
            path = target / entry.path
            if entry.path in done:
                continue
            if path in claimed:
                done.add(entry.path)
            elif is_occupied(path) or not path.parent.resolve().is_relative_to(target):
                change.occupied.append(entry.path)
            elif not change._differs(path, entry.object_id, executable=entry.executable):
                done.add(entry.path)
            claimed.add(path)
        change.part = replace(part, without=frozenset([*done, *change.occupied]))
        return change

    def check_untouched(self) -> None:
        """Refuse to replace what somebody has changed since, which nothing keeps.

        Raises:
            ConflictError: somebody has.
        """
        for path, before in self.found.items():
            check_untouched(path, before)

    def _differs(self, path: Path, object_id: str, *, executable: bool | None = None) -> bool:
        before = fingerprint_at(path)
        if before is not None:
            digest = digest_of(path)
            if digest == object_id and executable in {None, os.access(path, os.X_OK)}:
                return False
            self.replaced[path] = digest
        self.found[path] = before
        return True


def is_occupied(path: Path, *, is_folder: bool = False) -> bool:
    """Tell whether something else has the name of a file or folder, or of one above it."""
    if os.path.lexists(path):
        return not (path.is_dir() if is_folder else path.is_file())
    above = next(parent for parent in path.parents if os.path.lexists(parent))
    return not above.is_dir()
