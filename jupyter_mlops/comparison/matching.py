"""Which cell of one notebook is which of another.

Cells are matched by id. Those that have none, and those whose id the other side does not know (a
pasted cell has a new one), are matched by their source. Each step looks at each cell once, so
matching is linear; what was moved is found by sorting the pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from .outline import MOST_CELLS, keep_cells, rows
from .schemas import CellPair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .outline import Cell
    from .schemas import CellChange


def pairs(contents: Iterator[dict[str, Any]], files: Sequence[int]) -> dict[str, Any]:
    """Return what ``match`` says of the cells of two notebooks, and how many it was not asked of.

    Where there are open files, what the cells hold is written to them; see ``kept``.
    """
    outlines, left_out = [], 0
    for content, file in zip_longest(contents, files):
        outlines.append(rows(content))
        left_out = max(left_out, len(content["cells"]) - MOST_CELLS)
        if file is not None:
            keep_cells(content, file)
    return {"left_out": left_out, "items": [pair.model_dump() for pair in match(*outlines)]}


def match(base: Sequence[Cell], other: Sequence[Cell]) -> list[CellPair]:
    """Return the pairs in the order of ``other``; a removed cell follows the one it followed."""
    partners = _by_id(base, other)
    _by_source(base, other, partners)
    _by_place(base, other, partners)
    steady = _in_order([partners[at] for at in sorted(partners)])
    removed = _removed(len(base), partners)
    pairs = [_gone(base, at) for at in removed[None]]
    for at, cell in enumerate(other):
        partner = partners.get(at)
        if partner is None:
            pairs.append(_pair(cell, None, at, ["added"]))
        else:
            changes = _changes(base[partner], cell, moved=partner not in steady)
            pairs.append(_pair(cell, partner, at, changes))
            pairs += [_gone(base, gone) for gone in removed[partner]]
    return pairs


def _by_id(base: Sequence[Cell], other: Sequence[Cell]) -> dict[int, int]:
    places = _unique_ids(base)
    return {at: places[name] for name, at in _unique_ids(other).items() if name in places}


def _unique_ids(cells: Sequence[Cell]) -> dict[str, int]:
    counts = Counter(cell.cell_id for cell in cells)
    return {
        cell.cell_id: at
        for at, cell in enumerate(cells)
        if cell.cell_id is not None and counts[cell.cell_id] == 1
    }


def _by_source(base: Sequence[Cell], other: Sequence[Cell], partners: dict[int, int]) -> None:
    taken = set(partners.values())
    waiting: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    for at, cell in enumerate(base):
        if at not in taken:
            waiting[cell.cell_type, cell.source].append(at)
    for at, cell in enumerate(other):
        if at not in partners and waiting[cell.cell_type, cell.source]:
            partners[at] = waiting[cell.cell_type, cell.source].popleft()


def _by_place(base: Sequence[Cell], other: Sequence[Cell], partners: dict[int, int]) -> None:
    """Take what follows the same cell for the same one, where ids cannot tell."""
    names = _unique_ids(base), _unique_ids(other)
    free = _Free(len(base), partners.values())
    for at, cell in enumerate(other):
        if at in partners:
            continue
        # what stood there first may have been moved away
        place = free.at(0 if at == 0 else partners.get(at - 1, len(base)) + 1)
        if place == len(base) or cell.cell_type != base[place].cell_type:
            continue
        if cell.cell_id not in names[1] or base[place].cell_id not in names[0]:
            partners[at] = place
            free.take(place)


class _Free:
    """The places that are not taken; whoever looks for one shortens the way for the next."""

    def __init__(self, count: int, taken: Iterable[int]) -> None:
        self._next = list(range(count + 1))
        for place in taken:
            self.take(place)

    def at(self, place: int) -> int:
        """Return the first free place from this one on, the number of places if there is none."""
        passed = []
        place = min(place, len(self._next) - 1)
        while self._next[place] != place:
            passed.append(place)
            place = self._next[place]
        for one in passed:
            self._next[one] = place
        return place

    def take(self, place: int) -> None:
        """Let a place be free no more."""
        self._next[place] = place + 1


def _in_order(numbers: Sequence[int]) -> set[int]:
    """Return the members of a longest increasing part: what was not moved."""
    ends: list[int] = []
    last_of: list[int] = []
    before: list[int | None] = []
    for position, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last_of[length - 1] if length else None)
        ends[length : length + 1] = [number]
        last_of[length : length + 1] = [position]
    found = set()
    at = last_of[-1] if last_of else None
    while at is not None:
        found.add(numbers[at])
        at = before[at]
    return found


def _removed(count: int, partners: Mapping[int, int]) -> dict[int | None, list[int]]:
    """Return the cells of the base that are gone, by the one before them that is not."""
    kept = set(partners.values())
    found: dict[int | None, list[int]] = defaultdict(list)
    last: int | None = None
    for at in range(count):
        if at in kept:
            last = at
        else:
            found[last].append(at)
    return found


def _changes(base: Cell, other: Cell, *, moved: bool) -> list[CellChange]:
    changes: list[CellChange] = []
    if (base.cell_type, base.source) != (other.cell_type, other.source):
        changes.append("edited")
    kinds: tuple[CellChange, ...] = ("outputs", "tags", "attachments", "metadata")
    changes += [kind for kind in kinds if getattr(base, kind) != getattr(other, kind)]
    return [*changes, "moved"] if moved else changes


def _gone(base: Sequence[Cell], at: int) -> CellPair:
    return _pair(base[at], at, None, ["removed"])


def _pair(cell: Cell, base: int | None, other: int | None, changes: list[CellChange]) -> CellPair:
    return CellPair(
        base=base,
        other=other,
        cell_id=cell.cell_id,
        cell_type=cell.cell_type,
        title=cell.title,
        changes=changes,
    )
