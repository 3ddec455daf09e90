"""For how long the contents of data stay. Pure: a rule and moments in, a decision out."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ..core.clock import DAY_MS, HOUR_MS
from ..core.errors import InvalidInputError
from ..snapshots.dating import recency

if TYPE_CHECKING:
    from collections.abc import Iterable

OFF = "off"
_EXAMPLE = "newest 10, 90d"
_UNITS = {"h": HOUR_MS, "d": DAY_MS, "w": 7 * DAY_MS}
_NEWEST = re.compile(r"newest ([1-9][0-9]{0,5})")
_AGE = re.compile(r"([1-9][0-9]{0,4})([hdw])")


class Taken(NamedTuple):
    """A snapshot: of which notebook, when in milliseconds, and its id."""

    notebook: object
    created_at: int
    snapshot_id: str


class Retention(NamedTuple):
    """Data stays with the ``newest`` snapshots of a notebook, and those younger than ``age_ms``."""

    newest: int
    age_ms: int

    @classmethod
    def parse(cls, rule: str) -> Retention | None:
        """Return a rule such as ``newest 10, 90d``; None for ``off``: all stays.

        The newest snapshot of a notebook keeps its data whatever its age.

        Raises:
            InvalidInputError: it is no such rule.
        """
        if rule.strip() == OFF:
            return None
        newest, age_ms = 1, 0
        for part in rule.split(","):
            if found := _NEWEST.fullmatch(part.strip()):
                newest = int(found[1])
            elif found := _AGE.fullmatch(part.strip()):
                age_ms = int(found[1]) * _UNITS[found[2]]
            else:
                raise InvalidInputError(
                    f"keep_data is {rule!r}. Write {OFF}, a number of snapshots, an age in hours, "
                    f"days or weeks, or both, such as: {_EXAMPLE}."
                )
        return cls(newest, age_ms)

    def kept(self, snapshots: Iterable[Taken], now: int) -> set[str]:
        """Return the snapshots whose data stays.

        What comes from the future is young; from more than a day, it is not one of the newest.
        """
        by_notebook: dict[object, list[Taken]] = defaultdict(list)
        for taken in snapshots:
            by_notebook[taken.notebook].append(taken)
        found = set()
        for all_taken in by_notebook.values():
            all_taken.sort(
                key=lambda taken: recency(taken.created_at, taken.snapshot_id, now),
                reverse=True,
            )
            found |= {
                taken.snapshot_id
                for place, taken in enumerate(all_taken)
                if place < self.newest or now - taken.created_at < self.age_ms
            }
        return found
