"""What pandas writes into HDF5 files: data frames and series, as records or as blocks."""

from __future__ import annotations

import re
from typing import Any, Callable

from .hdf5_tables import Table, is_simple, listed, matrix, records, text

_TIME = re.compile(r"(datetime|timedelta)64(?:\[(\w+).*\])?")
_MISSING = "nan"  # how missing texts are written, unless someone asked for another word


def tables(items: dict[str, Any]) -> tuple[list[Table], set[str]]:
    """Return the tables that pandas wrote, and the names of all that belongs to them."""
    found: list[Table] = []
    taken: set[str] = set()
    for name, item in items.items():
        kind = _word(item.attrs.get("pandas_type"))
        if name in taken or not kind or hasattr(item, "dtype"):
            continue
        taken |= {one for one in items if _belongs(one, items[one], name)}
        if kind.endswith("_table"):
            found += _records(name, items)
        elif kind == "frame":
            found.append(_blocks(name, items))
        elif kind == "series":
            found.append(_series(name, items))
    return found, taken


def _belongs(one: str, item: Any, group: str) -> bool:
    """Tell an array of a group from another group that someone keeps in it."""
    direct = one.rpartition("/")[0] == group and hasattr(item, "dtype")
    return direct or one.startswith(f"{group}/meta/")


def _records(name: str, items: dict[str, Any]) -> list[Table]:
    item = items.get(f"{name}/table")
    if item is None or not getattr(item, "dtype", None) or not item.dtype.names:
        return []
    names, convert = {}, {}
    for field in item.dtype.names:
        names[field] = listed(_raw(item.attrs.get(f"{field}_kind")))
        categories = items.get(f"{name}/meta/{field}/meta/table")
        if _word(item.attrs.get(f"{field}_meta")) == "category" and categories is not None:
            convert[field] = _categories(categories)
        else:
            convert[field] = _conversion(_word(item.attrs.get(f"{field}_dtype")))
    table = Table(name, len(item))
    table.add(*records(item, names, convert, without=("index",)))
    # [(1, [names])]
    table.order = listed(_raw(items[name].attrs.get("non_index_axes")))[1:]
    return [table]


def _blocks(name: str, items: dict[str, Any]) -> Table:
    index = items.get(f"{name}/axis1")
    table = Table(name, len(index) if index is not None else 0)
    table.order = _names(items.get(f"{name}/axis0"))
    for number in range(int(items[name].attrs.get("nblocks", 0))):
        names = _names(items.get(f"{name}/block{number}_items"))
        _add(table, items.get(f"{name}/block{number}_values"), names)
    return table


def _series(name: str, items: dict[str, Any]) -> Table:
    item = items.get(f"{name}/values")
    index = items.get(f"{name}/index")
    table = Table(name, len(index) if index is not None else 0)
    called = _word(items[name].attrs.get("name"))
    _add(table, item, [name if called in ("", "N.") else called])
    return table


def _add(table: Table, item: Any, names: list[str]) -> None:
    """Add a block; what is no plain array was pickled."""
    if item is None or item.shape is None or "shape" in item.attrs:  # it stands for an empty one
        return
    if not is_simple(item):
        table.pickled += names
    elif len(item) == table.rows and len(names) == (item.shape[1:] or (1,))[0]:
        kind = "bool" if _is_bits(item) else _word(item.attrs.get("value_type"))
        table.add(*matrix(item, names, _conversion(kind)))


def _is_bits(item: Any) -> bool:
    from h5py import h5t

    return bool(item.id.get_type().get_class() == h5t.BITFIELD)


def _names(item: Any) -> list[str]:
    return [] if item is None else [str(one) for one in list(text(item[:]))]


def _conversion(kind: str) -> Callable[[Any], Any]:
    """Return what makes values of what stands for them."""
    time = _TIME.fullmatch(kind)
    if time is not None:
        return lambda values: values.astype("i8").view(f"{time[1]}64[{time[2] or 'ns'}]")
    if kind == "bool":
        return lambda values: values.astype(bool)
    return lambda values: (
        [None if one == _MISSING else one for one in text(values)]
        if values.dtype.kind == "S"
        else values
    )


def _categories(item: Any) -> Callable[[Any], Any]:
    called = list(text(item["values"][:]))
    return lambda codes: [called[code] if 0 <= code < len(called) else None for code in codes]


def _raw(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes) else b""


def _word(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
