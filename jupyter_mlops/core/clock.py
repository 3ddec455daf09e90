"""Moments as the rows keep them: whole milliseconds since the epoch, UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

_LAST = 253_402_300_799_000


def now_ms() -> int:
    """Return the present moment."""
    return time.time_ns() // 1_000_000


def from_ms(moment: int) -> datetime:
    """Return a row's moment as an aware datetime, the last there is for one beyond it."""
    return datetime.fromtimestamp(min(moment, _LAST) / 1000, tz=UTC)


def to_ms(moment: datetime) -> int:
    """Return an aware datetime as a row keeps it."""
    return round(moment.timestamp() * 1000)
