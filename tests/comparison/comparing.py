"""Takes snapshots of experiments that were made up, and compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.snapshots.test_manager import kernel_state

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.comparison.schemas import Comparison
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot


def snap(services: Services, path: Path, **changes: Any) -> Snapshot:
    return services.snapshots.create(path, kernel_state(**changes), author="me")


def compare(services: Services, *snapshots: Snapshot) -> Comparison:
    return services.comparisons.compare([made.id for made in snapshots])
