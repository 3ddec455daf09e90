"""Which automatic snapshots are kept as they grow old. Pure: moments in, moments out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ..core.clock import DAY_MS, HOUR_MS
from ..core.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT = "all 1d, hourly 7d, daily 30d, weekly"
OFF = "off"

_WIDTHS = {"all": 0, "hourly": HOUR_MS, "daily": DAY_MS, "weekly": 7 * DAY_MS}
_UNITS = {"h": HOUR_MS, "d": DAY_MS, "w": 7 * DAY_MS}
_TIER = re.compile(r"(all|hourly|daily|weekly)(?: ([1-9][0-9]{0,4})([hdw]))?")


@dataclass(frozen=True)
class Tier:
    """Of snapshots younger than ``until_ms``, the newest in each ``width_ms`` is kept; 0 keeps all.

    ``until_ms`` is None for the last tier: it has no end.
    """

    width_ms: int
    until_ms: int | None


def parse(rule: str) -> tuple[Tier, ...]:
    """Return the tiers of a rule such as ``all 1d, hourly 7d, daily 30d, weekly``.

    Ages grow, and steps become wider; what is older than the last age goes. ``off`` keeps all.

    Raises:
        InvalidInputError: it is no such rule.
    """
    if rule.strip() == OFF:
        return (Tier(0, None),)
    tiers = [_tier(part.strip(), rule) for part in rule.split(",")]
    ages = [tier.until_ms or float("inf") for tier in tiers]
    widths = [tier.width_ms for tier in tiers]
    if any(a >= b for a, b in pairwise(ages)) or widths != sorted(widths):
        raise _refused(rule)
    return tuple(tiers)


def superfluous(moments: Iterable[tuple[int, str]], now: int, tiers: Iterable[Tier]) -> set[str]:
    """Return the ids of those that the rule does not keep.

    The result depends on no order, and thinning more often keeps the same: the newest of a day is
    the newest of its hour. What seems to come from the future is as young as can be.

    Args:
        moments: when each was taken, in milliseconds, and its id.
        now: in milliseconds.
        tiers: from ``parse``.
    """
    rule = tuple(tiers)
    newest: dict[tuple[int, int], tuple[int, str]] = {}
    dropped = set()
    for taken in moments:
        tier = next((t for t in rule if t.until_ms is None or now - taken[0] < t.until_ms), None)
        if tier is None:
            dropped.add(taken[1])
        elif tier.width_ms:
            step = tier.width_ms, taken[0] // tier.width_ms
            other = newest.get(step, taken)
            newest[step] = max(other, taken)
            if other != taken:
                dropped.add(min(other, taken)[1])
    return dropped


def _tier(part: str, rule: str) -> Tier:
    found = _TIER.fullmatch(part)
    if found is None:
        raise _refused(rule)
    name, number, unit = found.groups()
    return Tier(_WIDTHS[name], int(number) * _UNITS[unit] if number else None)


def _refused(rule: str) -> InvalidInputError:
    return InvalidInputError(
        f"keep_automatic is {rule!r}. Write {OFF}, or steps that become wider with ages that grow, "
        f"in hours, days or weeks, such as: {DEFAULT}."
    )
