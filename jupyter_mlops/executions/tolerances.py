"""How far metrics may be off, and texts that show them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .outputs import Piece
    from .receipt_schemas import Tolerance

_NUMBER = re.compile(r"[-+]?\d+(?:\.(\d+))?(?:[eE][-+]?\d+)?")


class Tolerances:
    """What metrics may be off by; knows the values that cells may show of them."""

    def __init__(
        self,
        tolerances: Mapping[str, Tolerance],
        recorded: Mapping[str, float | None],
        found: Mapping[str, float | None],
    ) -> None:
        self._tolerances = tolerances
        self._pairs = [
            (old, new)
            for name, old in recorded.items()
            if old is not None
            and (new := found.get(name)) is not None
            and old != new
            and self.allow(name, old, new)
        ]

    def allow(self, name: str, old: float | None, new: float | None) -> bool:
        """Tell whether a metric is near enough to what it was."""
        tolerance = self._tolerances.get(name, self._tolerances.get("*"))
        if tolerance is None or old is None or new is None:
            return False
        return math.isclose(
            old, new, rel_tol=0.0, abs_tol=max(tolerance.absolute, tolerance.relative * abs(old))
        )

    def explain(self, before: Sequence[Piece], after: Sequence[Piece]) -> bool:
        """Tell whether cells differ in nothing but metrics that are near enough."""
        if not self._pairs or [p.kind for p in before] != [p.kind for p in after]:
            return False
        return all(
            ours.content == theirs.content
            or (
                isinstance(ours.content, str)
                and isinstance(theirs.content, str)
                and self._explain_text(ours.content, theirs.content)
            )
            for ours, theirs in zip(before, after, strict=True)
        )

    def _explain_text(self, before: str, after: str) -> bool:
        if _NUMBER.sub("#", before) != _NUMBER.sub("#", after):
            return False
        numbers = zip(_NUMBER.finditer(before), _NUMBER.finditer(after), strict=True)
        return all(old[0] == new[0] or self._is_metric(old, new) for old, new in numbers)

    def _is_metric(self, old: re.Match[str], new: re.Match[str]) -> bool:
        return any(_is_shown(value, old) and _is_shown(other, new) for value, other in self._pairs)


def _is_shown(value: float, shown: re.Match[str]) -> bool:
    """Tell whether a number is ``value``, rounded to the digits that it has, or in percent."""
    digits = len(shown[1] or "")
    half = 0.5000001 * 10.0**-digits
    number = float(shown[0])
    relative = abs(value) * 1e-6 if "e" in shown[0].lower() else 0.0
    return any(abs(scale * value - number) <= half + relative for scale in (1, 100))
