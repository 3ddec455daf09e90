"""When a snapshot is said to be taken, also where the clock was set back. Pure: moments only.

A notebook's history is in the order of these moments. So a clock that goes back a little puts a
snapshot right behind the one before it. One that was ahead by more than a day was wrong then: what
is dated so counts neither as the newest one nor against what is to be kept.
"""

from __future__ import annotations

from ..core.clock import DAY_MS


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
