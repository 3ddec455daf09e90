"""Which numbers are results: those that the code computed, and those that someone pinned."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..analysis import names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..kernels.schemas import CellRun
    from .printed import PrintedNumber


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


def with_pinned(
    found: Mapping[str, float],
    pinned: Sequence[str],
    scalars: Mapping[str, int | float],
    printed: Mapping[str, PrintedNumber],
) -> dict[str, float]:
    """Return the metrics of a snapshot: those that someone pinned, then the others.

    Args:
        found: what ``metrics`` returned.
        pinned: names, the main metric first.
        scalars: the numbers in the namespace; they may be settings, which no one else would take.
        printed: the numbers in the outputs, for names that the namespace does not have.
    """
    known = {name: number.value for name, number in printed.items()} | dict(scalars)
    first = {
        name: float(known[name]) for name in pinned if name in known and math.isfinite(known[name])
    }
    return {**first, **{name: value for name, value in found.items() if name not in first}}
