"""What two columns of a comparison hold beside their rows: notebooks, figures, modules, diffs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..snapshots.parsing import Stored
    from ..snapshots.schemas import Manifest


class Side(NamedTuple):
    """A snapshot, or a notebook as it stands now; ``stored`` gives the objects that it names."""

    id: str
    manifest: Manifest
    stored: Callable[[str], Stored]

    def read(self, object_id: str) -> bytes:
        """Return the whole of an object."""
        return b"".join(self.stored(object_id)[0])
