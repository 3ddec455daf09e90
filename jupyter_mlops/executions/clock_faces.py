"""What a clock shows from one moment to another, in all forms in which code shows the time."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

MOST = 10
"""A part of the time that goes through more values than these while a cell runs tells nothing."""

SLACK = 0.01
"""Seconds; of when a cell began and ended the milliseconds are known."""

_FORMS = {
    timedelta(seconds=1): ("%S", "%H%M%S", "%Y%m%d%H%M%S"),
    timedelta(minutes=1): ("%M", "%H%M", "%Y%m%d%H%M"),
    timedelta(hours=1): ("%H", "%I", "%p", "%Y%m%d%H"),
    # %w stands for all numbers that a day of the week may have
    timedelta(days=1): ("%d", "%j", "%w", "%a", "%A", "%Y%m%d", "%y%m%d"),
    timedelta(days=28): ("%m", "%b", "%B", "%Y%m"),
    timedelta(days=365): ("%Y", "%y"),
}
_STEPS = {form: step for step, forms in _FORMS.items() for form in forms}  # it stays at least so
_SHORT = {"%d", "%H", "%I", "%j", "%m", "%M", "%S"}  # these may stand without their zeros
_ZONE = re.compile(r"""["']([A-Z]\w+(?:/[\w+-]+)+)["']""")

_DIRECTIVE = re.compile(r"%[-_#E]?([a-zA-Z])")
_MEANS = {"D": "mdy", "F": "Ymd", "R": "HM", "T": "HMS", "X": "HMS", "c": "abdHMSY", "e": "d"}
_MEANS |= {"h": "b", "k": "H", "l": "I", "r": "IMSp", "u": "w", "x": "mdy"}
_ATTRIBUTE = re.compile(
    r"(?:[.$]|\btm_)(year|mon(?:th)?|m?day|hour|min(?:ute)?|sec(?:ond)?|(?:iso)?weekday|[wy]day)\b"
    r"|\b(year|month|m?day|hour|minute|second|[wy]day)\("  # of lubridate's
)
_ASKED = {"year": "Y", "mon": "m", "day": "d", "mday": "d", "hour": "H", "min": "M", "sec": "S"}
_ASKED |= {"month": "m", "minute": "M", "second": "S", "weekday": "w", "isoweekday": "w"}
_ASKED |= {"wday": "w", "yday": "j"}


@dataclass(frozen=True)
class Span:
    """From when to when a cell ran, in seconds since the epoch."""

    start: float
    end: float

    def has(self, moment: float, slack: float = SLACK) -> bool:
        """Tell whether a moment lies in it."""
        return self.start - slack <= moment <= self.end + slack

    def moments(self, step: timedelta) -> list[datetime]:
        """Return moments not further apart than a step; none where these would be too many."""
        length, seconds = self.end - self.start + 2 * SLACK, step.total_seconds()
        if length > MOST * seconds:
            return []
        first = datetime.fromtimestamp(self.start - SLACK, UTC)
        steps = [first + number * step for number in range(int(length / seconds) + 1)]
        return [*steps, datetime.fromtimestamp(self.end + SLACK, UTC)]


@dataclass(frozen=True)
class Face:
    """What a clock of one zone showed, None for that of the machine."""

    spans: Sequence[Span]
    zone: tzinfo | None

    def shows(self, forms: Sequence[str], texts: Sequence[str]) -> bool:
        """Tell whether at one moment it had each of the texts in the form of the same place."""
        step = min(_STEPS[form] for form in forms)
        wanted = [(form, text.casefold()) for form, text in zip(forms, texts, strict=True)]
        return any(
            all(text in _texts(moment, form) for form, text in wanted)
            for moment in self._moments(step)
        )

    def _moments(self, step: timedelta) -> Iterator[datetime]:
        for span in self.spans:
            for moment in span.moments(step):
                # without its zone, as one that has another is equal to it
                yield moment.astimezone(self.zone).replace(tzinfo=None)


def faces(spans: Sequence[Span], code: str) -> list[Face]:
    """Return the clocks that may be meant: UTC's, the machine's, those of zones that code names."""
    return [Face(spans, zone) for zone in _zones(code)]


def asked(code: str) -> set[str]:
    """Return the forms of single parts of a time that code asks for: ``'%H:%M'``, ``.hour``."""
    letters = "".join(_MEANS.get(letter, letter) for letter in _DIRECTIVE.findall(code))
    letters += "".join(_ASKED[first or second] for first, second in _ATTRIBUTE.findall(code))
    return {form for form in _STEPS if set(form[1::2]) <= set(letters)}


def _zones(code: str) -> Iterator[tzinfo | None]:
    yield UTC
    yield None
    for name in dict.fromkeys(_ZONE.findall(code)):
        with suppress(ValueError, OSError, LookupError):  # a path, say
            yield ZoneInfo(name)


@lru_cache(maxsize=4096)
def _texts(moment: datetime, form: str) -> frozenset[str]:
    if form == "%w":  # Monday is 0, 1 or 2, Sunday 0, 1, 6 or 7
        day = moment.isoweekday()
        return frozenset(map(str, (day - 1, day, day % 7, day % 7 + 1)))
    text = moment.strftime(form).casefold()
    return frozenset((text, (text.lstrip("0") or "0") if form in _SHORT else text))
