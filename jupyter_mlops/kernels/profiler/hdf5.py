"""Tables in HDF5 files: arrays of one or two dimensions, records, and what pandas writes.

h5py runs nothing of what it reads. What pandas has pickled is named, and left alone. Nothing that
leads to another file is followed.
"""

from __future__ import annotations

from typing import Any

from .files import Unreadable
from .hdf5_tables import Table, is_simple, matrix, records
from .pandas_hdf5 import tables as of_pandas
from .summary import of_frame, of_lists

_NAMED = 5  # other tables that are named


def profile(path: str, rows: int) -> dict[str, Any]:
    """Return what the longest table in a file holds, and what else is there."""
    import h5py

    with h5py.File(path, "r") as file:
        items = _items(file)
        tables, taken = of_pandas(items)
        tables += _arrays({name: items[name] for name in items if name not in taken})
        table = max(tables, key=lambda one: (one.width > 0, one.rows, one.width), default=None)
        if table is None or not table.width:
            pickled = ", ".join(name for one in tables for name in one.pickled)
            raise Unreadable(
                f"What it holds is pickled, and so not read: {pickled}."
                if pickled
                else "It is HDF5, but holds no numbers or texts in one or two dimensions."
            )
        columns = table.read(min(rows, table.rows))
    looked_at = min([rows, table.rows, *map(len, columns.values())])
    found = _summary(columns, looked_at, table.rows)
    others = [one.name for one in tables if one is not table]
    return {**found, "column_count": table.width, "note": _note(table, others)}


def _summary(columns: dict[str, Any], count: int, total: int) -> dict[str, Any]:
    try:
        import pandas as pd
    except ImportError:
        plain = {name: _plain(values) for name, values in columns.items()}
        return of_lists(plain, count, total)
    return of_frame(pd.DataFrame(columns, index=range(count)), total)


def _plain(values: Any) -> list[Any]:
    if getattr(values, "dtype", None) is not None and values.dtype.kind in "mM":
        values = values.astype(f"{values.dtype.kind}8[us]")  # those of Python have no nanoseconds
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _note(table: Table, others: list[str]) -> str | None:
    said = [f"{table.name}."]
    if others:
        more = [*others[:_NAMED], *(["…"] if len(others) > _NAMED else [])]
        said.append(f"The file also holds {', '.join(more)}.")
    if table.pickled:
        said.append(f"Pickled, and so not read: {', '.join(table.pickled)}.")
    return " ".join(said) if others or table.pickled else None


def _items(file: Any) -> dict[str, Any]:
    """Return all groups and datasets whose content lies in this file, by their names."""
    import h5py

    found: dict[str, Any] = {}

    def visit(name: str, item: Any) -> None:
        index = any(part.startswith("_i_") for part in name.split("/"))  # of PyTables
        if isinstance(item, h5py.Group) or not (index or item.is_virtual or item.external):
            found[name] = item

    file.visititems(visit)  # neither soft nor external links
    return dict(sorted(found.items()))


def _arrays(items: dict[str, Any]) -> list[Table]:
    """Return the tables that arrays are: those of one group and length are one."""
    import h5py

    tables: dict[Any, Table] = {}
    for name, item in items.items():
        if not isinstance(item, h5py.Dataset) or item.shape is None:
            continue
        group, _, own = name.rpartition("/")
        if item.dtype.names and len(item.shape) == 1:
            tables[name] = table = Table(name, len(item))
            table.add(*records(item, {}, {}))
        elif len(item.shape) in (1, 2) and is_simple(item):
            key = (group, len(item))
            table = tables.setdefault(key, Table(name, len(item)))
            table.name = name if table.width == 0 else group or "the arrays"
            many = len(item.shape) > 1
            table.add(
                *matrix(item, [f"{own}[{at}]" for at in range(item.shape[1])] if many else [own])
            )
    return list(tables.values())
