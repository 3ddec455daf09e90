"""Describes by which ways names lead to what they share; in a kernel ``_jupyter_mlops_ways``.

Standard library only. Objects are known by their ids alone, and told apart by the order in which
one comes to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def ways(starts: Mapping[str, int], inner: Callable[[int], Iterable[int]]) -> bytes:
    """Return a text that is the same where the same ways lead to the same objects.

    Args:
        starts: the object that each name stands for.
        inner: the objects within one that can change, or hold what can.
    """
    numbers: dict[int, int] = {}
    parts: list[str] = []
    for name in sorted(starts):
        parts.append(repr(name))
        _follow(starts[name], inner, numbers, parts)
    return "".join(parts).encode()


def _follow(
    key: int, inner: Callable[[int], Iterable[int]], numbers: dict[int, int], parts: list[str]
) -> None:
    if key in numbers:
        parts.append(str(numbers[key]))
        return
    numbers[key] = len(numbers)
    parts.append("(")
    for one in inner(key):
        _follow(one, inner, numbers, parts)
    parts.append(")")
