"""Tells by digests what a cell has changed; lives in a kernel as ``_jupyter_mlops_fingerprints``.

Standard library only. Values made of Python's own types, and numpy's numbers and arrays, are read
after each cell. Nothing of the user's is called and nothing is kept but digests; of what is large,
or comes when the time is over, nothing is said. The digests' key is thrown away with the kernel, so
that nobody can guess values by them.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import re
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

SECONDS = 0.0008  # for all values of a namespace
_MOST_ITEMS = 1000  # of one value
_MOST_BYTES = 200_000
_DEEPEST = 20
_KEY = os.urandom(16)
_FORMAT = 2  # of marshal, the last one that writes equal values the same way
_ATOMS = frozenset({bool, int, float, complex, str, bytes, type(None), type(...)})
_CONTAINERS = frozenset({list, tuple, dict, set, frozenset, bytearray})
_FIXED = frozenset({tuple, frozenset})
_KINDS = "biufcSU"  # of numpy's arrays
_NUMBERS = (
    *("bool_", "str_", "bytes_", "float16", "float32", "float64", "complex64", "complex128"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)
_DISPLAYED = re.compile(r"^(_{1,3}|_\d+|result)$")
_OURS = re.compile(r"^(_{1,3}|_\d+|_i+\d*|_[oid]h|Out|In)$")
_OFTEN = 16
# the thread's own time: on a busy machine the same is known as on others
_clock: Callable[[], float] = getattr(time, "thread_time", time.perf_counter)
_references: Callable[[Any], int] = getattr(sys, "getrefcount", lambda _: 0)

_MOST_TOLD = 50_000

_last: dict[str, str] = {}
_told = 0


class _UnknownError(Exception):
    """A value that is too large, or not of the types that are read."""


def changes(
    names: Mapping[str, Any],
    left_out: Collection[str] = (),
    holders: Iterable[Mapping[Any, Any]] = (),
    seconds: float = SECONDS,
    last: dict[str, str] = _last,
) -> dict[str, str | None]:
    """Return what has changed since the last time, by name.

    ``""``: it is gone; None: nothing is known of it any more; else ``content`` or
    ``content/sharing``. The second part is there where all is known that has the value, or parts
    of it. Values with both parts equal are equal in all that code can tell.

    Args:
        names: the namespace.
        left_out: names in it that are not the user's.
        holders: dictionaries that have what cells displayed, besides.
        seconds: that it may take.
        last: what is known from the last time.
    """
    try:
        now = _digests(names, left_out, holders, _clock() + seconds)
    except Exception:
        now = {}  # another thread works on the same
    changed: dict[str, str | None] = {
        name: None if name in names else "" for name in last.keys() - now.keys()
    }
    changed.update((name, digest) for name, digest in now.items() if last.get(name) != digest)
    last.clear()
    last.update(now)
    return changed


def _digests(
    names: Mapping[str, Any],
    left_out: Collection[str],
    holders: Iterable[Mapping[Any, Any]],
    deadline: float,
) -> dict[str, str]:
    walk = _Walk(deadline)
    for name in list(names):
        if type(name) is str and name not in left_out and not _OURS.match(name):
            if walk.is_late():
                break
            walk.read(name, names)
    for holder in {id(one): one for one in (names, *holders)}.values():
        for key in list(holder):
            if type(key) is int or (type(key) is str and _DISPLAYED.match(key)):
                walk.count(key, holder)
    return walk.digests()


class _Walk:
    """One way through a namespace.

    ``_held`` are the containers that it came to, ``_counts`` how often, ``_owned`` and ``_owners``
    from which name first; ``_loose`` those that can change, or hold what can. One to which it came
    as often as there are references to it is nobody else's.
    """

    def __init__(self, deadline: float) -> None:
        self._end = deadline
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
        self._name = ""
        self._items = self._bytes = 0

    def is_late(self) -> bool:
        """Tell whether the time is over; the clock costs more than most values do."""
        self._looks += 1
        self._late = self._late or (self._looks % _OFTEN == 0 and _clock() > self._end)
        return self._late

    def read(self, name: str, names: Mapping[str, Any]) -> None:
        """Read what a name stands for."""
        self._name, self._items, self._bytes = name, 0, 0
        self._groups[name], self._owned[name] = {name}, []
        with suppress(_UnknownError):
            self._contents[name] = self._text(names[name], 0)
            self._roots[name] = id(names[name])

    def count(self, key: Any, holder: Mapping[Any, Any]) -> None:
        """Count that somebody else has a value."""
        if type(holder[key]) in _CONTAINERS or _is_array(holder[key]):
            self._name, self._items, self._bytes = "", 0, 0
            with suppress(_UnknownError):
                self._container(holder[key], 0)

    def _text(self, value: Any, depth: int) -> bytes:
        kind = type(value)
        if kind in _ATOMS:
            self._spend(sys.getsizeof(value))
            return marshal.dumps(value, _FORMAT)
        if kind in _CONTAINERS or _is_array(value):
            return self._container(value, depth)
        if kind is range:
            return repr(value).encode()
        if kind in _numpy()[1]:
            return b"n%b%b" % (value.dtype.str.encode(), value.tobytes())
        raise _UnknownError

    def _container(self, value: Any, depth: int) -> bytes:
        key = id(value)
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
            if type(value) not in _FIXED or self._met > met:
                self._loose.add(key)
                self._met += 1
        text = self._texts.get(key)
        if text is None:  # it contains itself, or could not be read
            raise _UnknownError
        return text

    def _inner(self, value: Any, depth: int) -> bytes:
        kind = type(value)
        if _is_array(value):
            self._spend(value.nbytes)
            shape = (value.dtype.str, value.shape, value.strides, value.flags.writeable)
            parts = [repr(shape).encode(), value.tobytes()]
        elif kind is bytearray:
            parts = [self._text(bytes(value), depth)]
        else:
            self._spend(0, len(value))
            if kind is dict:
                parts = [self._text(part, depth) for pair in value.items() for part in pair]
            elif _ATOMS.issuperset(map(type, value)):
                self._spend(sum(map(sys.getsizeof, value)))
                parts = [marshal.dumps(list(value), _FORMAT)]
            else:
                parts = [self._text(one, depth) for one in value]
        return kind.__name__.encode() + b"(" + b",".join(parts) + b")"

    def _spend(self, size: int, items: int = 0) -> None:
        self._bytes += size
        self._items += items
        if self._bytes > _MOST_BYTES or self._items > _MOST_ITEMS:
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
                        ways[id(group)] = self._ways(group)
                    sharing += _digest(name.encode() + ways[id(group)])
            found[name] = _digest(content) + sharing
        return found

    def _is_alone(self, name: str) -> bool:
        return all(
            _references(self._held[key]) - _HELD == self._counts[key]
            for key in self._owned[name]
            if key in self._loose
        )

    def _ways(self, group: set[str]) -> bytes:
        """Describe which ways from some names lead to which containers."""
        numbers: dict[int, int] = {}
        parts: list[str] = []
        for name in sorted(group):
            parts.append(repr(name))
            self._follow(self._roots[name], numbers, parts)
        return "".join(parts).encode()

    def _follow(self, key: int, numbers: dict[int, int], parts: list[str]) -> None:
        if key in numbers:
            parts.append(str(numbers[key]))
            return
        numbers[key] = len(numbers)
        value = self._held[key]
        parts.append("(")
        for one in value.values() if type(value) is dict else value:
            if id(one) in self._loose:
                self._follow(id(one), numbers, parts)
        parts.append(")")


def _numpy() -> tuple[Any, frozenset[type]]:
    """Return numpy's arrays and its numbers, where it is loaded."""
    global _found
    if _found[0] is None and "numpy" in sys.modules:
        known = vars(sys.modules["numpy"])
        array = known.get("ndarray")
        if isinstance(array, type):
            numbers = (known.get(name) for name in _NUMBERS)
            _found = (array, frozenset(one for one in numbers if isinstance(one, type)))
    return _found


def _is_array(value: Any) -> bool:
    """Tell whether a value is an array that has its numbers itself."""
    return bool(
        type(value) is _numpy()[0]
        and value.base is None
        and value.dtype.kind in _KINDS
        and value.nbytes <= _MOST_BYTES
    )


def _digest(text: bytes) -> str:
    return hashlib.blake2b(text, digest_size=9, key=_KEY).hexdigest()


def _of_a_held_one() -> int:
    """Count the references to something that only ``_held`` has."""
    held: dict[int, Any] = {0: []}
    return _references(held[0])


_found: tuple[Any, frozenset[type]] = (None, frozenset())
_HELD = _of_a_held_one()


def _note(cell: dict[str, Any], result: Any) -> None:
    """Add to a cell of the history what it has changed."""
    global _told
    if _told > _MOST_TOLD:  # without values nothing is known
        return
    names = _probe.namespace()
    cell["values"] = changes(names, _probe.hidden_names(), _probe.displayed(result))
    _told += len(cell["values"])


_probe: Any = sys.modules.get("_jupyter_mlops_probe")
if _probe is not None:
    _probe.AFTER_CELL.append(_note)
