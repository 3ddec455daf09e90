"""Makes the profiles that a snapshot's tables lack: ``python -m … PROJECT SNAPSHOT_ID``.

What has run a notebook ends when that has ended, so this is a process of its own, for which nobody
waits. One works at a time; those that have to wait import nothing meanwhile.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import ConflictError
from ..core.locks import locked_within

if TYPE_CHECKING:
    from ..core.project import Project

_KINDER = 5
_LONGEST_SECONDS = 300.0
_log = logging.getLogger(__name__)


def begin(project: Project, snapshot_id: str) -> None:
    """Start the process; where that cannot be, profiles are made when somebody asks for them."""
    command = [sys.executable, "-P", "-m", "jupyter_mlops.data.profiling"]
    try:
        process = subprocess.Popen(
            [*command, str(project.root), snapshot_id],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        _log.warning("No profiles are made yet: no process can be started: %s", error)
        return
    # for who lives on after this
    threading.Thread(target=process.wait, daemon=True, name="mlops-reaper").start()


def main() -> None:
    """Make the profiles, after who makes others now."""
    os.nice(_KINDER)  # whoever runs notebooks goes first
    root, snapshot_id = Path(sys.argv[1]), sys.argv[2]
    lock = root / ".mlops" / "profiles.lock"
    with suppress(ConflictError, OSError), locked_within(lock, _LONGEST_SECONDS, "Others go on."):
        _make(root, snapshot_id)


def _make(root: Path, snapshot_id: str) -> None:
    from ..core.opening import open_database  # noqa: PLC0415
    from ..core.project import Project  # noqa: PLC0415
    from ..objects.manager import ObjectManager  # noqa: PLC0415
    from ..snapshots.manager import SnapshotManager  # noqa: PLC0415
    from ..tracking.manager import TrackingManager  # noqa: PLC0415
    from .profiles import ProfileManager  # noqa: PLC0415

    project = Project(root)
    database = open_database(project)
    try:
        objects = ObjectManager(project.store / "objects", database, project.remote())
        snapshots = SnapshotManager(project, database, objects, TrackingManager(database))
        profiles = ProfileManager(project, database, objects, snapshots)
        profiles.complete(snapshot_id)
        profiles.close()
    finally:
        database.close()


if __name__ == "__main__":
    main()
