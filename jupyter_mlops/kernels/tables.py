"""Takes tables apart, for ``walk.py``; lives in a kernel as ``_jupyter_mlops_tables``.

Standard library only. Tables of pandas and polars, and their columns, become the arrays and buffers
that they are made of. Only of these libraries' own classes, and nothing is called but theirs,
numpy's and pyarrow's. Of pandas before its third version nothing is said: there, tables share what
can be changed, and nobody can tell which.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    # takes a table apart: arrays, buffers, plain values
    Parts = Callable[[Any], Iterator[Any]]

_OLDEST = 3  # version of pandas
_MOST_OBJECTS = 5000  # of a column whose values are Python's
_MOST_CHUNKS = 100  # of a column of texts
_SLOWER = 4  # times as long as to read numbers takes it to have texts as a buffer
_MASKED = ("IntegerArray", "FloatingArray", "BooleanArray")
_WRAPPED = ("DatetimeArray", "TimedeltaArray", "StringArray")
_INDEXES = ("Index", "RangeIndex", "MultiIndex", "DatetimeIndex", "TimedeltaIndex")

_tables: dict[int, Parts] = {}
_classes: dict[int, str] = {}  # of pandas, and their names
_looked: tuple[bool, ...] = ()


class UnreadableError(Exception):
    """A table that has in it what is not read."""


def kinds() -> Mapping[int, Parts]:
    """Return how tables and columns are taken apart, by the ids of their classes."""
    global _looked
    modules = sys.modules
    loaded = ("pandas" in modules, "polars" in modules, "pyarrow" in modules)
    if loaded != _looked:
        _looked = loaded
        _tables.clear()
        if loaded[0]:
            _know_pandas(vars(modules["pandas"]), vars(modules.get("pandas.arrays", sys)))
        if loaded[1] and loaded[2]:  # which is how polars gives its buffers, and slow to load
            polars = vars(modules["polars"])
            _tables.update((id(polars.get(name)), _polars) for name in ("DataFrame", "Series"))
    return _tables


def _know_pandas(pandas: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    version = str(pandas.get("__version__")).partition(".")[0]
    if not version.isdigit() or int(version) < _OLDEST:
        return
    _tables.update((id(pandas.get(name)), _pandas) for name in ("DataFrame", "Series"))
    known = [(name, pandas.get(name)) for name in (*_INDEXES, "Categorical")]
    known += [(name, arrays.get(name)) for name in (*_MASKED, *_WRAPPED, "ArrowStringArray")]
    known.append(("ndarray", vars(sys.modules["numpy"]).get("ndarray")))
    _classes.update((id(kind), name) for name, kind in known)


def _class(value: Any) -> str:
    """Return the name of a class of pandas' or numpy's."""
    name = _classes.get(id(type(value)))
    if name is None:
        raise UnreadableError
    return name


def size(value: Any) -> int:
    """Return about how many bytes of numbers can be read in the time that a table takes.

    Raises:
        UnreadableError: that is not known.
    """
    try:
        own = vars(value)
        if kinds()[id(type(value))] is _polars:
            return _SLOWER * int(own["_df" if "_df" in own else "_s"].estimated_size())
        return sum(_weight(block.values) for block in own["_mgr"].blocks)
    except Exception as error:
        raise UnreadableError from error


def _weight(values: Any) -> int:
    kind = _class(values)
    if kind == "ArrowStringArray" and values._pa_array.num_chunks > _MOST_CHUNKS:
        raise UnreadableError
    is_slow = kind == "ArrowStringArray" or (kind == "ndarray" and not values.flags.forc)
    return int(values.nbytes) * (_SLOWER if is_slow else 1)


def arrays(names: Mapping[str, Any]) -> set[int]:
    """Return the ids of what the arrays lie in that names stand for, and that can be written to."""
    array = vars(sys.modules["numpy"]).get("ndarray") if "numpy" in sys.modules else None
    return {
        owner(value)
        for value in list(names.values())
        if type(value) is array and value.flags.writeable
    }


def owner(array: Any) -> int:
    """Return the id of the array that has the numbers of another one, or that has its own."""
    while type(array.base) is type(array):
        array = array.base
    return id(array)


def _pandas(value: Any) -> Iterator[Any]:
    own = vars(value)
    manager = own["_mgr"]
    yield from (own.get("_name"), own["_attrs"], value.flags.allows_duplicate_labels)
    for axis in manager.axes:
        yield from _index(axis)
    for block in manager.blocks:
        yield block.mgr_locs.as_array
        yield from _column(block.values)


def _index(index: Any) -> Iterator[Any]:
    kind = _class(index)
    yield kind
    if kind == "MultiIndex":
        yield tuple(index.names)
        for level, codes in zip(index.levels, index.codes):
            yield from _index(level)
            yield codes
        return
    yield index.name
    if kind == "RangeIndex":
        yield (index.start, index.stop, index.step)
        return
    frequency = vars(index).get("_freq")
    if frequency is not None:
        name = type(frequency).__name__
        if type(frequency).__module__ != "pandas._libs.tslibs.offsets" or name[:6] == "Custom":
            raise UnreadableError
        yield frequency.freqstr
    yield from _column(index._data)


def _column(values: Any) -> Iterator[Any]:
    kind = _class(values)
    yield (kind, str(values.dtype))
    if kind == "ndarray":
        if values.dtype.kind != "O":
            yield values
        elif values.size <= _MOST_OBJECTS:
            yield values.shape
            yield tuple(values.ravel().tolist())
        else:
            raise UnreadableError
    elif kind == "ArrowStringArray":
        texts = values._pa_array
        yield _buffer(texts.chunk(0) if texts.num_chunks == 1 else texts.combine_chunks())
    elif kind == "Categorical":
        yield values._ndarray
        yield from _index(values.dtype.categories)
    elif kind in _MASKED:
        yield from (values._data, values._mask)
    elif kind in _WRAPPED:
        yield from _column(values._ndarray)
    else:
        raise UnreadableError


def _polars(value: Any) -> Iterator[Any]:
    for column in value.get_columns() if "_df" in vars(value) else [value]:
        if column.dtype.is_nested() or str(column.dtype) in {"Object", "Unknown"}:
            raise UnreadableError
        yield (column.name, str(column.dtype))
        yield _buffer(column.rechunk().to_arrow())


def _buffer(array: Any) -> Any:
    """Return one buffer of what an array of pyarrow's shows of its own."""
    return memoryview(sys.modules["pyarrow"].record_batch([array], [""]).serialize())
