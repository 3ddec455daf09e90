"""What differs between the columns of two tables, by their profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .schemas import ColumnChange

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 100


class Table(NamedTuple):
    """A table as far as its profile tells: the number of rows, and the types of all columns.

    ``columns`` is None where the profile names only the first ones.
    """

    rows: int | None
    columns: dict[str, str] | None

    @classmethod
    def of(cls, profile: Mapping[str, Any]) -> Table:
        """Return what a stored profile tells."""
        rows, columns = profile.get("rows"), profile.get("columns")
        types = None
        if isinstance(columns, list) and len(columns) == profile.get("column_count"):
            types = {column["name"]: column["type"] for column in columns}
        return cls(rows if isinstance(rows, int) else None, types)


def changes(table: Table | None, base: Table | None) -> list[ColumnChange]:
    """Return the columns that came, went or have another type than in the baseline's table."""
    if table is None or base is None or table.columns is None or base.columns is None:
        return []
    after, before = table.columns, base.columns
    return [
        ColumnChange(name=name, before=before.get(name), after=after.get(name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ][:_MOST]
