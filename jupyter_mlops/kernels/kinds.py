"""Says which values can be read without the user's code; in a kernel ``_jupyter_mlops_kinds``.

Standard library only. These are exactly the types of Python and numpy; a subclass is unknown. Types
are told by their ids, as a type of the user's may say itself what it is equal to.
"""

from __future__ import annotations

import datetime
import pathlib
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def ids(*kinds: Any) -> frozenset[int]:
    """Return the ids of some types."""
    return frozenset(map(id, kinds))


ATOMS = ids(bool, int, float, complex, str, bytes, type(None), type(...))
MAPPINGS = ids(dict, defaultdict, OrderedDict, Counter)
CONTAINERS = MAPPINGS | ids(list, tuple, set, frozenset, bytearray, deque)
FIXED = ids(tuple, frozenset)
PLAIN = ids(dict, list, tuple, set, frozenset)
"""Containers that are no more than what is in them."""
_FACTORIES = ids(None, bool, int, float, str, bytes, list, tuple, dict, set)
# of these repr tells the whole
_PATHS = ids(type(pathlib.Path()), type(pathlib.PurePath()))
_TIMES = ids(datetime.date, datetime.timedelta)
_ZONED = ids(datetime.time, datetime.datetime)
_ZONES = ids(type(None), datetime.timezone)
DTYPES = "biufcSU"  # of numpy's arrays
_NUMBERS = (
    *("bool_", "str_", "bytes_", "float16", "float32", "float64", "complex64", "complex128"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)

_found: tuple[Any, frozenset[int]] = (None, frozenset())


class UnknownError(Exception):
    """A value that is too large, or not of the types that are read."""


def numpy() -> tuple[Any, frozenset[int]]:
    """Return numpy's arrays and the ids of its numbers, where it is loaded."""
    global _found
    if _found[0] is None and "numpy" in sys.modules:
        known = vars(sys.modules["numpy"])
        array = known.get("ndarray")
        if isinstance(array, type):
            _found = (array, ids(*(known[name] for name in _NUMBERS if name in known)))
    return _found


def is_array(value: Any) -> bool:
    """Tell whether a value is an array that has its numbers itself."""
    return bool(type(value) is numpy()[0] and value.base is None and value.dtype.kind in DTYPES)


def nature(value: Any) -> bytes:
    """Return what a container is, beside what is in it.

    Raises:
        UnknownError: that may be more than can be told.
    """
    kind = type(value)
    if kind is deque:
        return repr(value.maxlen).encode()
    if kind is defaultdict:
        if id(value.default_factory) not in _FACTORIES:
            raise UnknownError
        return repr(value.default_factory).encode()
    if (kind is Counter or kind is OrderedDict) and vars(value):
        raise UnknownError
    return b""


def inside(value: Any) -> Iterable[Any]:
    """Return what is in a container."""
    if id(type(value)) in MAPPINGS:
        found: Iterable[Any] = value.values()
        return found
    return value if id(type(value)) in CONTAINERS else ()


def is_told(value: Any) -> bool:
    """Tell whether the text that stands for a value in code says all of it."""
    kind = id(type(value))
    return (
        type(value) is range
        or kind in _PATHS
        or kind in _TIMES
        or (kind in _ZONED and id(type(value.tzinfo)) in _ZONES)
    )
