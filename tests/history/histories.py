"""What tests of histories do with a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from jupyter_mlops.core.clock import DAY_MS, now_ms
from jupyter_mlops.snapshots import tables
from jupyter_mlops.snapshots.schemas import SnapshotMarks
from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot


def snap(services: Services, path: Path, **more: Any) -> Snapshot:
    return services.snapshots.create(path, None, author="me", **more)


def automatic(services: Services, path: Path, age_ms: int = 0, **more: Any) -> Snapshot:
    """Take one that is as old as is said."""
    made = snap(services, path, **{"origin": "save", **more})
    with services.database.write() as connection:
        change = sa.update(tables.snapshots).where(tables.snapshots.c.id == made.id)
        connection.execute(change.values(created_at=now_ms() - age_ms))
    return made


def in_one_week() -> int:
    """Return an age of two months that leads to the middle of a week."""
    return 60 * DAY_MS + now_ms() % (7 * DAY_MS) - 7 * DAY_MS // 2


def ids(services: Services, **wanted: Any) -> list[str]:
    return [item.id for item in services.snapshots.snapshots(**wanted).items]


def mark(services: Services, made: Snapshot, **marks: Any) -> Snapshot:
    return services.history.mark(made.id, SnapshotMarks(**marks), author="kim")


def capture(services: Services, path: Path, **more: Any) -> Snapshot | None:
    state = kernel_state(**more)
    return services.history.capture_changed(path, state, author="me", origin="run-all")
