"""When a snapshot is said to be taken, also where the clock was set back. Pure: moments only.

A notebook's history is in the order of these moments. So a clock that goes back a little puts a
snapshot right behind the one before it. One that was ahead by more than a day was wrong then: what
is dated so counts neither as the newest one nor against what is to be kept. One that is suddenly
ahead is not believed for a day, so that nothing goes for its age while it can be put right.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ..core.clock import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

LONG_PAUSE_MS = 31 * DAY_MS


def latest_credible(now: int) -> int:
    """Return the last moment that a snapshot may have, all moments in milliseconds."""
    return now + DAY_MS


def recency(taken: int, identifier: str, now: int) -> tuple[bool, int, str]:
    """Return a key that is greatest for the newest, and least for what is dated as it cannot be.

    Those of one moment are in the order of their ids, as in the rows.
    """
    return taken <= latest_credible(now), taken, identifier


def moment(now: int, before: int | None) -> int:
    """Return when a snapshot is taken that follows one of the moment ``before``."""
    if before is None or before < now or before > latest_credible(now):
        return now
    return before + 1


def believed(taken: Iterable[int], now: int) -> int:
    """Return the moment from which ages are counted: now, unless the clock may have jumped.

    After a month without a snapshot a clock that is right looks like one that is far ahead. So
    ages are counted from the last snapshot before such a pause, until those after it, or they and
    the clock, are a day apart.

    Args:
        taken: when snapshots were taken, in any order; what cannot be is passed over.
        now: what the clock says.
    """
    moments = sorted([now, *(moment for moment in taken if moment <= latest_credible(now))])
    first = begin = sure = moments[0]
    for before, moment in pairwise(moments):
        if moment - before > LONG_PAUSE_MS:
            begin = moment
        if begin == first or moment - begin >= DAY_MS:
            sure = moment
    return min(sure, now)
