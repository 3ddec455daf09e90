"""Rows of values: a name, and what each column has under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .schemas import ValueRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def row(name: str, columns: Sequence[Mapping[str, str]], known: Sequence[bool]) -> ValueRow:
    """Return a row; columns in which nothing is known are left out of the verdict."""
    values = [column.get(name) for column in columns]
    return ValueRow(name=name, values=values, differs=differ(values, known))


def differ(values: Sequence[Any], known: Sequence[bool]) -> bool:
    """Tell whether those of ``values`` differ that are known."""
    return len({value for value, is_known in zip(values, known, strict=True) if is_known}) > 1


def names(columns: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return all names, sorted."""
    return sorted({name for column in columns for name in column})


def in_order_of_appearance(columns: Iterable[Mapping[Any, Any]]) -> list[Any]:
    """Return all names as they come."""
    return list(dict.fromkeys(key for column in columns for key in column))
