"""Brings together what several people say of one snapshot at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import ConflictError, InvalidInputError

if TYPE_CHECKING:
    from ..snapshots.schemas import Snapshot, SnapshotMarks

MOST_TAGS = 20


def merged(now: Snapshot, marks: SnapshotMarks) -> SnapshotMarks:
    """Return what to write where a snapshot may say something else than its writer has seen.

    Raises:
        ConflictError: the note was written meanwhile; its text is in the details.
        InvalidInputError: with the tags of others there are too many.
    """
    seen, note = marks.seen, now.note or ""
    if seen is None:
        return marks
    if marks.note is not None and seen.note is not None and note not in {seen.note, marks.note}:
        raise ConflictError("The note was changed by somebody else meanwhile.", note=note)
    if marks.tags is None or seen.tags is None:
        return marks
    wanted, before = set(marks.tags), set(seen.tags)
    tags = sorted(set(now.tags) - (before - wanted) | (wanted - before))
    if len(tags) > MOST_TAGS:
        raise InvalidInputError(
            f"With the tags that others have added there are {len(tags)}; {MOST_TAGS} are possible."
        )
    return marks.model_copy(update={"tags": tags})
