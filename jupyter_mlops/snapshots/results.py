"""Which numbers left in the namespace are results, and which are settings or counters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..analysis import names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..kernels.schemas import CellRun


def metrics(
    scalars: Mapping[str, int | float],
    history: Sequence[CellRun],
    parameters: Collection[str],
) -> dict[str, float]:
    """Return the scalars that the notebook computed.

    A name is no result if it is a parameter, was last bound to a literal (a setting), or is a
    loop's variable (a counter).
    """
    settings = set(parameters)
    for run in history:
        found = names.of(run.source)
        if found is None:
            continue
        settings -= found.defines - set(parameters)
        settings |= found.literal | found.loop
    return {
        name: float(value)
        for name, value in scalars.items()
        if name not in settings and math.isfinite(value)
    }
