"""Walks through the values of a namespace; lives in a kernel as ``_jupyter_mlops_walk``.

Standard library only. Makes texts of values of which ``kinds.py`` says that they can be read, and
of tables as ``tables.py`` takes them apart, and finds out who shares them.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_kinds: Any = sys.modules.get("_jupyter_mlops_kinds")
_tables: Any = sys.modules.get("_jupyter_mlops_tables")
_estimators: Any = sys.modules.get("_jupyter_mlops_estimators")
_ways: Any = sys.modules.get("_jupyter_mlops_ways")
if _ways is None:  # not in a kernel
    from . import estimators as _estimators
    from . import kinds as _kinds
    from . import tables as _tables
    from . import ways as _ways

# looked up for each value
_ATOMS, _CONTAINERS = _kinds.ATOMS, _kinds.CONTAINERS
_MAPPINGS, _FIXED = _kinds.MAPPINGS, _kinds.FIXED
_UnknownError: type[Exception] = _kinds.UnknownError

_MOST_ITEMS = 1000  # of one value
_MOST_BYTES = 200_000
_ROOM = 50  # times as much may be read in bulk, where the clock ends it
_PIECE = 1 << 18  # bytes between looks at the clock
_RATE = 4e9  # bytes a second, of what nobody reads faster
_DEEPEST = 20
_KEY = os.urandom(16)
_FORMAT = 2  # of marshal, the last one that writes equal values the same way
_OFTEN = 16
# the thread's own time: on a busy machine the same is known as on others
clock: Callable[[], float] = getattr(time, "thread_time", time.perf_counter)
_references: Callable[[Any], int] = getattr(sys, "getrefcount", lambda _: 0)


class Walk:
    """One way through a namespace.

    ``_held`` are the containers that it came to, ``_counts`` how often, ``_owned`` and ``_owners``
    from which name first; ``_loose`` those that can change, or hold what can. One to which it came
    as often as there are references to it is nobody else's. ``_parts`` are what models, views and
    generators have in them.
    """

    def __init__(self, deadline: float) -> None:
        self._end = deadline
        self._tables = _tables.kinds()
        self._array_kind, self._numbers = _kinds.numpy()
        self._in_bulk = False
        self._arrays: set[int] | None = None
        self._names: Mapping[str, Any] = {}
        self._looks = 0
        self._late = False
        self._contents: dict[str, bytes] = {}
        self._roots: dict[str, int] = {}
        self._texts: dict[int, bytes] = {}
        self._held: dict[int, Any] = {}
        self._counts: dict[int, int] = {}
        self._loose: set[int] = set()
        self._met = 0  # of these
        self._owned: dict[str, list[int]] = {}
        self._owners: dict[int, str] = {}
        self._groups: dict[str, set[str]] = {}
        self._knotted: set[str] = set()  # names from which two ways lead to one container
        self._openers: dict[int, Any] = dict.fromkeys(_estimators.NEVER)
        self._parts: dict[int, list[int]] = {}
        self._above: list[int] | None = None
        self._within = 0  # how many models
        self._name = ""
        self._items = self._bytes = 0

    def is_late(self) -> bool:
        """Tell whether the time is over; the clock costs more than most values do."""
        self._looks += 1
        self._late = self._late or (self._looks % _OFTEN == 0 and clock() > self._end)
        return self._late

    def is_large(self, value: Any) -> bool:
        """Tell whether a value is read in bulk, with time of its own."""
        kind = type(value)
        if id(kind) in _ATOMS or id(kind) in _CONTAINERS:
            return False
        if kind is self._array_kind:
            return bool(value.nbytes > _MOST_BYTES)
        return id(kind) in self._tables or self._opener(kind) in _estimators.MODELS

    def _opener(self, kind: type) -> Any:
        """Return how objects of a class are taken apart, if they are; each is looked up once."""
        if id(kind) not in self._openers:
            self._openers[id(kind)] = _estimators.learn(kind)
        return self._openers[id(kind)]

    def read_in_bulk(self, large: Iterable[str], names: Mapping[str, Any], seconds: float) -> None:
        """Read tables and large arrays, the smallest first, as far as the time goes."""
        sizes = []
        for name in large:
            with suppress(_tables.UnreadableError, TypeError):
                sizes.append((_size(names[name]), name))
        self._in_bulk, self._late, self._end = True, False, clock() + seconds
        for size, name in sorted(sizes):
            if size > (self._end - clock()) * _RATE:
                break
            self.read(name, names)
        self._in_bulk = False

    def read(self, name: str, names: Mapping[str, Any]) -> None:
        """Read what a name stands for."""
        self._name, self._names, self._items, self._bytes = name, names, 0, 0
        self._above, self._within = None, 0
        self._groups[name], self._owned[name] = {name}, []
        value = names[name]
        try:
            self._contents[name] = self._text(value, 0)
        except _UnknownError:
            return
        self._roots[name] = id(value)

    def count(self, key: Any, holder: Mapping[Any, Any]) -> None:
        """Count that somebody else has a value."""
        value = holder[key]
        is_small = id(type(value)) in _CONTAINERS or (
            _kinds.is_array(value) and not self.is_large(value)
        )
        if is_small or id(value) in self._counts:
            self._name, self._items, self._bytes = "", 0, 0
            with suppress(_UnknownError):
                self._container(value, 0)

    def _text(self, value: Any, depth: int) -> bytes:
        kind = id(type(value))
        if kind in _ATOMS:
            self._spend(sys.getsizeof(value))
            return marshal.dumps(value, _FORMAT)
        if kind in _CONTAINERS or kind in self._tables or _kinds.is_array(value):
            return self._container(value, depth)
        if _kinds.is_told(value):
            return repr(value).encode()
        if kind in self._numbers:
            return b"n%b%b" % (value.dtype.str.encode(), value.tobytes())
        if self._opener(type(value)) or (self._within and type(value) is self._array_kind):
            return self._container(value, depth)
        told: bytes | None = _estimators.told(value) if self._within else None
        if told is None:
            raise _UnknownError
        return told

    def _container(self, value: Any, depth: int) -> bytes:
        key = id(value)
        if self._above is not None:
            self._above.append(key)
        if key in self._counts:
            self._counts[key] += 1
            self._spend(len(self._texts.get(key, b"")))
            if key in self._loose:
                self._met += 1
                self._meet(self._owners.get(key))
        else:
            if depth > _DEEPEST or self.is_late():
                raise _UnknownError
            self._held[key], self._counts[key] = value, 1
            if self._name:
                self._owners[key] = self._name
                self._owned[self._name].append(key)
            met = self._met
            self._texts[key] = self._inner(value, depth + 1)
            if id(type(value)) not in _FIXED or self._met > met:
                self._loose.add(key)
                self._met += 1
        text = self._texts.get(key)
        if text is None:  # it contains itself, or could not be read
            raise _UnknownError
        return text

    def _inner(self, value: Any, depth: int) -> bytes:
        kind = type(value)
        if self._opener(kind) or (kind is self._array_kind and not _kinds.is_array(value)):
            return self._opened(value, depth)
        above, self._above = self._above, None
        text = self._plain(value, depth)
        self._above = above
        return text

    def _opened(self, value: Any, depth: int) -> bytes:
        """Read what is no container of Python's, and note what it has in it."""
        above, self._above = self._above, self._parts.setdefault(id(value), [])
        self._within += 1
        try:
            take = self._opener(type(value))
            parts = self._apart(value, take, depth) if take else self._inner_array(value, depth)
        finally:
            self._above = above
            self._within -= 1
        return type(value).__name__.encode() + b"(" + b",".join(parts) + b")"

    def _apart(self, value: Any, take: Callable[[Any], Any], depth: int) -> list[bytes]:
        if not self._in_bulk:
            self._spend(_size(value))
        try:
            return [self._part(part, depth) for part in take(value)]
        except _UnknownError:
            raise
        except Exception as error:  # of another version, its insides may be others
            raise _UnknownError from error

    def _inner_array(self, value: Any, depth: int) -> list[bytes]:
        """Return texts for a view, or an array of objects."""
        try:
            facts, inner = _estimators.array_parts(value)
        except TypeError as error:
            raise _UnknownError from error
        return [facts, *(self._text(one, depth) for one in inner)]

    def _plain(self, value: Any, depth: int) -> bytes:
        kind = type(value)
        if id(kind) in self._tables:
            parts = self._table(value, depth)
        elif _kinds.is_array(value):
            parts = [self._array(value)]
        elif kind is bytearray:
            parts = [self._text(bytes(value), depth)]
        else:
            self._spend(0, len(value))
            parts = [] if id(kind) in _kinds.PLAIN else [_kinds.nature(value)]
            if id(kind) in _MAPPINGS:
                parts += [self._text(part, depth) for pair in value.items() for part in pair]
            elif _ATOMS.issuperset(map(id, map(type, value))):
                self._spend(sum(map(sys.getsizeof, value)))
                parts.append(marshal.dumps(list(value), _FORMAT))
            else:
                parts += [self._text(one, depth) for one in value]
        return kind.__name__.encode() + b"(" + b",".join(parts) + b")"

    def _array(self, value: Any) -> bytes:
        shape = (value.dtype.str, value.shape, value.strides, value.flags.writeable)
        if value.nbytes <= _MOST_BYTES:
            self._spend(value.nbytes)
            numbers: bytes = value.tobytes()
        elif self._in_bulk:
            numbers = self._hashed(value.ravel(order="K").view("u1"))
        else:
            raise _UnknownError
        return repr(shape).encode() + numbers

    def _table(self, value: Any, depth: int) -> list[bytes]:
        """Return texts for what a table is made of, none of which is the user's own."""
        if self._arrays is None:
            self._arrays = _tables.arrays(self._names)
        return self._apart(value, self._tables[id(type(value))], depth)

    def _part(self, part: Any, depth: int) -> bytes:
        if type(part) is memoryview:
            return self._hashed(part)
        if type(part) is tuple and _ATOMS.issuperset(map(id, map(type, part))):
            return marshal.dumps(part, _FORMAT)
        if type(part) is not self._array_kind:
            return self._text(part, depth)
        # numbers that are an array's of the user's, too, can be changed through that
        if part.dtype.hasobject or _tables.owner(part) in (self._arrays or ()):
            raise _UnknownError
        shape = repr((part.dtype.str, part.shape, part.strides)).encode()
        return shape + self._hashed(part.ravel(order="K").view("u1"))

    def _hashed(self, numbers: Any) -> bytes:
        """Return a short text for much; equal ones have equal texts in this process."""
        found = []
        for start in range(0, len(numbers), _PIECE):
            if clock() > self._end:
                raise _UnknownError
            found.append(hash(numbers[start : start + _PIECE].tobytes()))
        return repr((len(numbers), found)).encode()

    def _spend(self, size: int, items: int = 0) -> None:
        self._bytes += size
        self._items += items
        room = _ROOM if self._in_bulk else 1
        if self._bytes > room * _MOST_BYTES or self._items > room * _MOST_ITEMS:
            raise _UnknownError

    def _meet(self, owner: str | None) -> None:
        """Note that the present name leads to what another one leads to, or twice to the same."""
        if not self._name or owner is None:
            return
        self._knotted |= {owner, self._name}
        group = self._groups[owner] | self._groups[self._name]
        for name in group:
            self._groups[name] = group

    def digests(self) -> dict[str, str]:
        """Return the digests of all that could be read."""
        alone = {name for name in self._contents if self._is_alone(name)}
        ways: dict[int, bytes] = {}
        found = {}
        for name, content in self._contents.items():
            group = self._groups[name]
            sharing = ""
            if alone.issuperset(group):
                sharing = "/"
                if name in self._knotted:
                    if id(group) not in ways:
                        starts = {one: self._roots[one] for one in group}
                        ways[id(group)] = _ways.ways(starts, self._inner_of)
                    sharing += _digest(name.encode() + ways[id(group)])
            found[name] = _digest(content) + sharing
        return found

    def _inner_of(self, key: int) -> list[int]:
        inner = self._parts.get(key) or map(id, _kinds.inside(self._held[key]))
        return [one for one in inner if one in self._loose]

    def _is_alone(self, name: str) -> bool:
        return all(
            _references(self._held[key]) - _HELD == self._counts[key]
            for key in self._owned[name]
            if key in self._loose
        )


def _size(value: Any) -> int:
    if _kinds.is_array(value):
        return int(value.nbytes)
    if _estimators.learn(type(value)) is not None:
        return int(_estimators.size(value))
    return int(_tables.size(value))


def _digest(text: bytes) -> str:
    return hashlib.blake2b(text, digest_size=9, key=_KEY).hexdigest()


def _of_a_held_one() -> int:
    """Count the references to something that only ``_held`` has."""
    held: dict[int, Any] = {0: []}
    return _references(held[0])


_HELD = _of_a_held_one()
