"""Knows a text that tells the time for what it is, by what clocks showed while cells ran.

A part of a text is excused only where the clock showed the old one then and the new one now, in
the same form, and where it stands as times and dates do, or the code asks for it by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from .clock_faces import MOST, SLACK, asked, faces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .clock_faces import Face, Span
    from .outputs import Piece

    _Group = Sequence[tuple["_Part", "_Part"]]

# a decimal number is one; 26.11.2026 and 18:04:33 are several
_TOKEN = re.compile(r"(?<![\d.,])\d+[.,]\d+(?![.,]?\d)|\d+|[^\W\d_]+")
_NAMES = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_SHAPE = re.compile(
    r"(?<![\d.])\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)|(?<!\d)\d{4}-\d\d(?!\d)"
    r"|(?<=\bdate\()\d+, ?\d+, ?\d+(?=\))|(?<=\dT)\d\d(?![\d:])"
    rf"|\b{_NAMES}\.? {{1,2}}\d{{1,2}}\b|\b\d{{1,2}}\.? {_NAMES}\b"
    r"|(?<![\d.])\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?!\d)"
)
# what may stand in such a shape
_READINGS = [
    tuple(f"%{letter}" for letter in letters)
    for letters in "Ymd ymd dmY dmy mdY mdy HMS IMS Ym bd Bd db dB HM IM MS H".split()  # noqa: SIM905
]
# words, years, and digits of whole dates are seldom anything else
_ANYWHERE = {"%a", "%A", "%b", "%B", "%p", "%Y", "%Y%m%d", "%Y%m%d%H", "%Y%m%d%H%M"}
_ANYWHERE |= {"%Y%m%d%H%M%S"}
_EPOCHS = (1, 1_000, 1_000_000, 1_000_000_000)  # seconds, and what computers count instead


@dataclass(frozen=True)
class _Part:
    """A word or number of a text; ``shape`` numbers the date or time in which it stands."""

    text: str
    place: tuple[int, int]
    shape: int | None


@dataclass(frozen=True)
class Clock:
    """What the clock showed to a cell in two runs.

    Args:
        before: when the cell ran in the first of them, and those that read the clock for it.
        after: the same of the second.
        code: theirs.
    """

    before: Sequence[Span]
    after: Sequence[Span]
    code: str

    def turn_back(self, before: Sequence[Piece], after: Sequence[Piece]) -> list[Piece]:
        """Return what a cell shows in the second run, as it would be at the time of the first."""
        if [piece.kind for piece in before] != [piece.kind for piece in after]:
            return list(after)
        return [
            replace(theirs, content=self._text(ours.content, theirs.content))
            if isinstance(ours.content, str) and isinstance(theirs.content, str)
            else theirs
            for ours, theirs in zip(before, after, strict=True)
        ]

    def explains(self, before: float | None, after: float | None) -> bool:
        """Tell whether two numbers are the time, as the code asks for it."""
        if before is None or after is None:
            return False
        old, new = (f"{value:.0f}" if value % 1 == 0 else repr(value) for value in (before, after))
        return any(self._is_alone(old, new, faces) for faces in self._pairs)

    @cached_property
    def _pairs(self) -> list[tuple[Face, Face]]:
        """The zone may be another one now."""
        now = faces(self.after, self.code)
        return [(old, new) for old in faces(self.before, self.code) for new in now]

    @cached_property
    def _asked(self) -> list[tuple[str]]:
        return [(form,) for form in asked(self.code) | _ANYWHERE]

    def _text(self, before: str, after: str) -> str:
        if before == after or _TOKEN.split(before) != _TOKEN.split(after):
            return after
        changed = [
            group
            for group in _grouped(zip(_parts(before), _parts(after), strict=True))
            if any(old.text != new.text for old, new in group)
        ]
        excused = ([group for group in changed if self._is_time(group, p)] for p in self._pairs)
        most = max(excused, key=len, default=[])
        return _exchanged(after, {new.place: old.text for group in most for old, new in group})

    def _is_time(self, group: _Group, faces: tuple[Face, Face]) -> bool:
        """Tell whether the clock showed all parts of a date or time, or one that stands alone."""
        if all(old.shape is not None and new.shape is not None for old, new in group):
            old, new = ([pair[run].text for pair in group] for run in (0, 1))
            if any(
                _is_shown(old, faces[0], reading) and _is_shown(new, faces[1], reading)
                for reading in _READINGS
            ):
                return True
        return all(self._is_alone(old.text, new.text, faces) for old, new in group)

    def _is_alone(self, old: str, new: str, faces: tuple[Face, Face]) -> bool:
        """Tell whether the code asks for what a text is, or whether it counts from the epoch."""
        return (_is_epoch(old, self.before) and _is_epoch(new, self.after)) or any(
            faces[0].shows(form, [old]) and faces[1].shows(form, [new]) for form in self._asked
        )


def _parts(text: str) -> Iterator[_Part]:
    shapes = [found.span() for found in _SHAPE.finditer(text)]
    number = 0
    for token in _TOKEN.finditer(text):
        while number < len(shapes) and shapes[number][1] <= token.start():
            number += 1
        is_in = number < len(shapes) and shapes[number][0] <= token.start()
        yield _Part(token[0], token.span(), number if is_in else None)


def _grouped(pairs: Iterable[tuple[_Part, _Part]]) -> Iterator[_Group]:
    """Give the parts of each date or time together, and each of the others by itself."""
    for shape, group in groupby(pairs, lambda pair: (pair[0].shape, pair[1].shape)):
        together = list(group)
        yield from [together] if None not in shape else ([pair] for pair in together)


def _is_shown(texts: Sequence[str], face: Face, reading: Sequence[str]) -> bool:
    """Tell whether a clock showed what stands together; seconds may have a fraction."""
    if len(texts) != len(reading):
        return False
    last = texts[-1]
    if reading[-1] == "%S" and not last.isdigit():
        if not _is_second(last, face.spans):
            return False
        texts = [*texts[:-1], re.split("[.,]", last)[0]]
    return face.shows(reading, texts)


def _is_epoch(text: str, spans: Sequence[Span]) -> bool:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return False
    slack = SLACK if "." in text else 1.0  # which way it was rounded
    return any(span.has(number / scale, slack) for span in spans for scale in _EPOCHS)


def _is_second(text: str, spans: Sequence[Span]) -> bool:
    """Tell whether seconds with a fraction lie in one of the spans."""
    whole, fraction = re.split("[.,]", text)
    slack = SLACK + 0.5 * 10.0 ** -len(fraction)
    for span in spans:
        last = int(span.end) + 1 if span.end - span.start <= MOST else int(span.start)
        for second in range(int(span.start) - 1, last + 1):
            if second % 60 == int(whole) and span.has(second + float(f"0.{fraction}"), slack):
                return True
    return False


def _exchanged(text: str, parts: Mapping[tuple[int, int], str]) -> str:
    """Return a text with some of its parts replaced, which come in their order."""
    found, place = [], 0
    for (start, end), part in parts.items():
        found += [text[place:start], part]
        place = end
    return "".join([*found, text[place:]])
