"""The snapshot of a run whose process was killed: made by who finds it, of what it had shown."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..core.errors import MLOpsError
from ..snapshots.masking import env_values, inherited_secrets
from ..snapshots.subject import Executed
from .rescue import rescue_file, unfinished

if TYPE_CHECKING:
    from ..core.project import Project
    from ..snapshots.manager import SnapshotManager
    from ..tracking.schemas import Run
    from .alive import RunEnd

_log = logging.getLogger(__name__)
_NOTE = (
    "The process that ran the notebook was killed: of what the last cells showed, something may be "
    "missing, and what was in the kernel is not known."
)


def recover(project: Project, snapshots: SnapshotManager, run: Run, end: RunEnd) -> None:
    """Give a run a snapshot, if it was killed and anything is left of it.

    What no snapshot can take stays where it is, masked.
    """
    file = rescue_file(project, run.run_id)
    unfinished(file).unlink(missing_ok=True)
    if end.status != "KILLED" or run.notebook_path is None or not file.exists():
        return
    if run.snapshot_id is None:
        path = project.root / run.notebook_path
        secrets = [*env_values(path.parent, project.root), *inherited_secrets()]
        executed = Executed(file.read_bytes(), (end.status, end.error), {}, [_NOTE], secrets)
        try:
            snapshots.create(
                path, None, author=run.author, run_id=run.run_id, executed=executed, origin="run"
            )
        except (MLOpsError, OSError) as error:
            _log.warning("Run %s has no snapshot: %s", run.run_id, error)
            return
    file.unlink(missing_ok=True)
