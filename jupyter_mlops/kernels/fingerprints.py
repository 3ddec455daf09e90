"""Tells by digests what a cell has changed; lives in a kernel as ``_jupyter_mlops_fingerprints``.

Standard library only. Values made of Python's own types, numpy's numbers and arrays, and tables of
pandas and polars are read after each cell, as ``walk.py`` does it. Nothing of the user's is called
and nothing is kept but digests; of what is large, or comes when the time is over, nothing is said.
The digests' key is thrown away with the kernel, so that nobody can guess values by them.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_walk: Any = sys.modules.get("_jupyter_mlops_walk")
if _walk is None:  # not in a kernel
    from . import walk as _walk

SECONDS = 0.0008  # for all small values of a namespace
SECONDS_IN_BULK = 0.001  # for tables and large arrays
_SHARE = 0.02  # of a cell's own time, for them
_LONGEST = 0.1
_DISPLAYED = re.compile(r"^(_{1,3}|_\d+|result)$")
_OURS = re.compile(r"^(_{1,3}|_\d+|_i+\d*|_[oid]h|Out|In)$")
_MOST_TOLD = 50_000

_last: dict[str, str] = {}
_told = 0


def changes(
    names: Mapping[str, Any],
    left_out: Collection[str] = (),
    holders: Iterable[Mapping[Any, Any]] = (),
    seconds: float = SECONDS,
    last: dict[str, str] = _last,
    in_bulk: float = SECONDS_IN_BULK,
) -> dict[str, str | None]:
    """Return what has changed since the last time, by name.

    ``""``: it is gone; None: nothing is known of it any more; else ``content`` or
    ``content/sharing``. The second part is there where all is known that has the value, or parts
    of it. Values with both parts equal are equal in all that code can tell.

    Args:
        names: the namespace.
        left_out: names in it that are not the user's.
        holders: dictionaries that have what cells displayed, besides.
        seconds: that small values may take.
        last: what is known from the last time.
        in_bulk: seconds that tables and large arrays may take.
    """
    try:
        now = _digests(names, left_out, holders, seconds, in_bulk)
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
    seconds: float,
    in_bulk: float,
) -> dict[str, str]:
    walk = _walk.Walk(_walk.clock() + seconds)
    large = []
    for name in list(names):
        if type(name) is str and name not in left_out and not _OURS.match(name):
            if walk.is_large(names[name]):
                large.append(name)
            elif not walk.is_late():
                walk.read(name, names)
    if large:
        walk.read_in_bulk(large, names, in_bulk)
    for holder in {id(one): one for one in (names, *holders)}.values():
        for key in list(holder):
            if type(key) is int or (type(key) is str and _DISPLAYED.match(key)):
                walk.count(key, holder)
    found: dict[str, str] = walk.digests()
    return found


def _note(cell: dict[str, Any], result: Any) -> None:
    """Add to a cell of the history what it has changed."""
    global _told
    if _told > _MOST_TOLD:  # without values nothing is known
        return
    names = _probe.namespace()
    time = min(_SHARE * (cell["duration_seconds"] or 0), _LONGEST)
    cell["values"] = changes(
        names,
        _probe.hidden_names(),
        _probe.displayed(result),
        in_bulk=max(time, SECONDS_IN_BULK),
    )
    _told += len(cell["values"])


_probe: Any = sys.modules.get("_jupyter_mlops_probe")
if _probe is not None:
    _probe.AFTER_CELL.append(_note)
