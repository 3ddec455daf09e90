"""How far results lie apart that differ by chance alone."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..snapshots.schemas import Manifest
    from .subjects import Subject

_SEED = re.compile(r"seed|random_state", re.IGNORECASE)
_SEED_VALUE = re.compile(r"(\w*(?:seed|random_state)\w*\W{1,4})\d+", re.IGNORECASE)


def alike(subjects: Sequence[Subject]) -> list[list[int]]:
    """Return groups of columns that differ in nothing but their seeds."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, subject in enumerate(subjects):
        if subject.manifest is not None and _is_known(subject.manifest):
            groups[_without_seeds(subject.run.params, subject.manifest)].append(at)
    return [group for group in groups.values() if len(group) > 1]


def spread(values: Iterable[float | None]) -> float | None:
    """Return the largest distance between two of the values, None where there are no two."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return max(known) - min(known) if len(known) > 1 else None


def _is_known(manifest: Manifest) -> bool:
    """Tell whether code and data are known to the last byte."""
    return (
        bool(manifest.cells)
        and all(use.digest for use in manifest.files if use.mode == "read")
        and all(use.object_id for use in manifest.modules)
    )


def _without_seeds(params: Mapping[str, str], manifest: Manifest) -> str:
    environment = manifest.environment
    return json.dumps(
        [
            sorted(pair for pair in params.items() if not _SEED.search(pair[0])),
            [_SEED_VALUE.sub(r"\1", cell.source) for cell in manifest.cells],
            sorted((use.path, use.digest or "") for use in manifest.files if use.mode == "read"),
            [
                (one.name, one.version, one.source)
                for one in (environment.packages if environment else [])
            ],
            [(use.path, use.object_id) for use in manifest.modules],
        ]
    )
