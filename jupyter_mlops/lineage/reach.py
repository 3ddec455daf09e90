"""What can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


def reached(starts: Iterable[str], onward: Mapping[str, Collection[str]]) -> set[str]:
    """Return what can be reached from ``starts``, them too."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for name in onward.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found
