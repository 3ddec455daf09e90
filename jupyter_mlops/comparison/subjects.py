"""What is compared: runs, snapshots, and notebooks as they stand now."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..kernels.schemas import Environment
    from ..snapshots.schemas import FileUse, Found, Manifest
    from ..tracking.schemas import Run


@dataclass(frozen=True)
class Subject:
    """One column: a run, and its manifest where there is a snapshot.

    ``is_present``: it is a notebook as it stands now, whose manifest is not stored, and whose run
    nobody knows. ``note`` is what is said of the snapshot.
    """

    run: Run
    snapshot_id: str | None
    manifest: Manifest | None
    is_present: bool = False
    note: str | None = None

    @property
    def environment(self) -> Environment | None:
        """The environment, where it is known."""
        return self.manifest.environment if self.manifest else None

    @property
    def files(self) -> list[FileUse]:
        """What was read and written."""
        return self.manifest.files if self.manifest else []

    @property
    def knows_uses(self) -> bool:
        """Whether data and modules that are not named were not used: no kernel, no knowledge."""
        return self.is_present or self.environment is not None

    @property
    def has_run(self) -> bool:
        """Whether a kernel told what it ran."""
        return self.manifest is not None and bool(self.manifest.cells)

    def knows(self, name: str, values: Mapping[str, object], kept: Mapping[str, object]) -> bool:
        """Tell whether a value that is not there is missed.

        Args:
            name: of the value.
            values: those that are there.
            kept: what snapshots found by themselves. What code logs is not known before it runs.
        """
        return not self.is_present or name in values or name in kept


def as_it_was(manifest: Manifest) -> dict[str, object]:
    """Return what of a run a newer snapshot has overwritten, or an older one has kept from it."""
    return {
        "params": texts(manifest.parameters),
        "metrics": dict(manifest.metrics),
        "grade": manifest.grade,
        "status": manifest.status,
        "error": manifest.error,
        "started_at": manifest.created_at,
        "ended_at": None,
    }


def as_newest(run: Run, manifest: Manifest, others: Sequence[Found]) -> Run:
    """Return a run as its newest snapshot found it, and as it was logged.

    What other snapshots of it found stays in its rows, since what is there is not overwritten.
    """
    if not others:
        return run
    params = {pair for other in others for pair in texts(other.parameters).items()}
    metrics = {pair for other in others for pair in _numbers(other.metrics).items()}
    return run.model_copy(
        update={
            "params": texts(manifest.parameters) | dict(run.params.items() - params),
            "metrics": _numbers(manifest.metrics) | dict(run.metrics.items() - metrics),
        }
    )


def told_apart(subjects: Sequence[Subject]) -> list[Subject]:
    """Return the same, of snapshots of one run what each of them found."""
    columns = Counter(subject.run.run_id for subject in subjects)
    return [
        subject
        if subject.manifest is None or columns[subject.run.run_id] == 1
        else replace(subject, run=subject.run.model_copy(update=as_it_was(subject.manifest)))
        for subject in subjects
    ]


def texts(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a snapshot as runs have them."""
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in parameters.items()
    }


def _numbers(metrics: Mapping[str, float]) -> dict[str, float | None]:
    return {name: None if math.isnan(value) else value for name, value in metrics.items()}
