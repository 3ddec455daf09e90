"""Which notebooks make what a snapshot read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .parts import Datum, folders_above

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from .parts import Parts

Uses = dict[str, list["Row[Any]"]]
# says since when a path was known with a content
Since = Callable[[str, str], int | None]


class Makers:
    """Which notebooks make a file, something in a folder or, under whatever name, a content.

    Args:
        heads: the newest snapshot of each notebook.
        uses: what each snapshot used.
        parts: knows what folders held.
    """

    def __init__(self, heads: Mapping[str, Row[Any]], uses: Uses, parts: Parts) -> None:
        self._parts = parts
        self._by_digest: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self._by_path: defaultdict[str, list[tuple[str, Datum]]] = defaultdict(list)
        self._below: defaultdict[str, list[tuple[str, Datum]]] = defaultdict(list)
        self._read: dict[str, set[str]] = {}
        self._written: dict[str, set[str]] = {}
        for path, row in heads.items():
            used = uses.get(row.id, [])
            self._read[path] = {use.path for use in used if use.mode == "read"}
            self._written[path] = {use.path for use in used if use.mode == "write"}
            for use in used:
                if use.mode == "write":
                    self._add(path, Datum.of(use))

    def _add(self, notebook: str, written: Datum) -> None:
        self._by_path[written.path].append((notebook, written))
        for folder in folders_above(written.path):
            self._below[folder].append((notebook, written))
        if written.digest:
            self._by_digest[written.digest].add((notebook, written.path))

    def of(self, uses: Sequence[Row[Any]], since: Since) -> set[str]:
        """Return the notebooks that make what a snapshot read.

        Args:
            uses: what the snapshot used.
            since: says since when a path was known with a content.
        """
        found: set[str] = set()
        for use in inputs(uses):
            named = {notebook for notebook, _ in self._by_path.get(use.path, ())}
            found |= named | self._of_parts(Datum.of(use)) or self._copied_from(use, since)
        return found

    def writers(self, path: str) -> set[str]:
        """Return the notebooks that write what is at a path, or something below it."""
        written = (*self._by_path.get(path, ()), *self._below.get(path, ()))
        return {notebook for notebook, _ in written}

    def rivals(self, notebook: str) -> set[str]:
        """Return the other notebooks that write a file which a notebook writes, too."""
        paths = self._written.get(notebook, set())
        return {other for path in paths for other, _ in self._by_path[path]} - {notebook}

    def _of_parts(self, read: Datum) -> set[str]:
        """Return who wrote something in a folder that was read, or a folder in which it lies."""
        found = {
            notebook
            for notebook, written in self._below.get(read.path, ())
            if self._parts.hold(read, written)
        }
        for folder in folders_above(read.path):
            for notebook, written in self._by_path.get(folder, ()):
                if self._parts.hold(written, read):
                    found.add(notebook)
        return found

    def _copied_from(self, use: Row[Any], since: Since) -> set[str]:
        """Return who wrote the content under another name before it was seen here."""
        written = self._by_digest.get(use.digest or "", set())
        # who copied the file from here did not make it, nor who wrote the same later
        return {
            notebook
            for notebook, path in written
            if use.path not in self._read[notebook] and is_before(path, use.path, use.digest, since)
        }


def inputs(uses: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return what snapshots read and did not write themselves."""
    written = {(use.snapshot_id, use.path) for use in uses if use.mode == "write"}
    return [
        use for use in uses if use.mode == "read" and (use.snapshot_id, use.path) not in written
    ]


def is_before(source: str, target: str, digest: str, since: Since) -> bool:
    """Tell whether a path had a content before another one, which so may have it from there."""
    made, seen = since(source, digest), since(target, digest)
    return made is None or seen is None or made < seen
