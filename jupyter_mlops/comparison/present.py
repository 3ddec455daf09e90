"""Notebooks as they stand now, each in the form of the snapshot that it would make.

What one holds is kept for as long as somebody looks, see ``kept``: its manifest, the ids of what
that names, and then these objects. ``looking`` writes it.
"""

from __future__ import annotations

import json
import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ..core.errors import NotFoundError, StoreUnavailableError
from ..snapshots.schemas import Manifest
from ..tracking.schemas import Run
from .kept import KeptParts
from .sides import Side
from .subjects import Subject, texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..snapshots.parsing import Stored

_PREFIX = "present-"
_MOST = 8
_SECONDS = 3600.0
_MANIFEST, _IDS, _FIRST = range(3)


def is_present(name: str) -> bool:
    """Tell whether an id is that of a notebook as it stands now."""
    return name.startswith(_PREFIX)


class PresentNotebooks:
    """The notebooks that were looked at last, as they stood then; safe in several threads.

    Args:
        folder: where the files without names are.
    """

    def __init__(self, folder: Path) -> None:
        self._kept = KeptParts(folder, most=_MOST, seconds=_SECONDS)

    def keep(self, look: Callable[[int], None]) -> str:
        """Keep what ``look`` writes to an open file, and return the id by which it is found.

        Raises:
            StoreUnavailableError: the disk takes no more.
        """
        name = f"{_PREFIX}{uuid.uuid4().hex}"
        with self._kept.filling([name]) as files:
            for file in files:
                look(file)
        if self._kept.part(name, _MANIFEST) is None:
            raise StoreUnavailableError(
                "The notebook as it stands now cannot be compared: there is no room left on the "
                "disk. Make some and try again."
            )
        return name

    def side(self, name: str) -> Side:
        """Return what is kept of a notebook.

        Raises:
            NotFoundError: it is not kept any more.
        """
        manifest, ids = (self._kept.part(name, at) for at in (_MANIFEST, _IDS))
        if manifest is None or ids is None:
            raise NotFoundError(
                "The notebook is not kept any more as it stood then. Refresh the comparison."
            )
        places = {object_id: at for at, object_id in enumerate(json.loads(ids), _FIRST)}
        return Side(
            name,
            Manifest.model_validate_json(manifest),
            lambda object_id: self._stored(name, places[object_id]),
        )

    def subject(self, name: str) -> Subject | None:
        """Return a notebook as a column of a comparison; None where it is not kept any more."""
        try:
            manifest = self.side(name).manifest
        except NotFoundError:
            return None
        run = Run(
            run_id=name,
            experiment_id="",
            name=PurePosixPath(manifest.notebook.path).name,
            status=manifest.status,
            lifecycle_stage="active",
            author=manifest.author,
            started_at=manifest.created_at,
            ended_at=None,
            params=texts(manifest.parameters),
            metrics=dict(manifest.metrics),
            tags={},
            notebook_path=manifest.notebook.path,
            grade=manifest.grade,
            error=manifest.error,
        )
        return Subject(run, name, manifest, is_present=True)

    def close(self) -> None:
        """Let go of all."""
        self._kept.close()

    def _stored(self, name: str, at: int) -> Stored:
        found = self._kept.stored(name, at)
        return (iter(()), 0) if found is None else found
