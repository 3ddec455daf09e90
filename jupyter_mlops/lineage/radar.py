"""What is stale: what depends on files, notebooks or modules that have changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from . import store
from .code import CodeCheck
from .present import Memory, Present
from .schemas import Change, Unchecked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from .names import Version
    from .present import Verdict

Uses = dict[str, list["Row[Any]"]]
# says since when a path was known with a content
Since = Callable[[str, str], int | None]

_REMEMBERED = 20_000
_MOST_NOTEBOOKS = 2_000
_MOST_PATHS = 20


@dataclass
class Finding:
    """What was found of a snapshot."""

    changes: list[Change] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)

    def add(self, verdict: Change | Unchecked) -> None:
        """Note one thing."""
        if isinstance(verdict, Change):
            self.changes.append(verdict)
        else:
            self.unchecked.append(verdict)


@dataclass
class Survey:
    """What was found of all that matters now.

    Args:
        heads: the newest snapshot of each notebook.
        versions: the newest of each model, aliased and served ones.
        sources: the snapshots that these come from, where they are known.
        serving: the deployments.
        findings: by snapshot.
        needs: which notebooks make what a notebook reads.
        cut: there are more notebooks than were looked at.
    """

    heads: dict[str, Row[Any]]
    versions: dict[Version, Row[Any]]
    sources: dict[Version, str]
    serving: list[Row[Any]]
    findings: dict[str, Finding]
    needs: dict[str, set[str]]
    cut: bool


class Radar:
    """Compares what snapshots used with what is there now."""

    def __init__(
        self, project: Project, database: Database, objects: ObjectManager, store_id: str | None
    ) -> None:
        self._project = project
        self._database = database
        self._objects = objects
        self._store_id = store_id
        self._memory = Memory()
        self._code = CodeCheck(objects)
        self._first: dict[tuple[str, str], int] = {}

    def looking(self) -> Present:
        """Return a look at the present files, for a ``with`` block."""
        return Present(self._project, self._objects, self._memory)

    def survey(self, more: Iterable[str] = ()) -> Survey:
        """Look at the newest snapshot of each notebook, at those of versions, and at ``more``."""
        with self._database.read() as connection:
            heads = store.get_heads(connection, _MOST_NOTEBOOKS)
            cut, heads = len(heads) > _MOST_NOTEBOOKS, heads[:_MOST_NOTEBOOKS]
            live = store.get_live_versions(connection)
            versions = {(row.name, row.version): row for row in live}
            sources = _sources(connection, versions)
            serving = store.get_serving(connection, self._store_id)
            ids = {row.id for row in heads} | set(sources.values()) | set(more)
            uses = _by_snapshot(store.get_uses(connection, sorted(ids)))
            rows = store.get_snapshots(connection, sorted(ids))
            by_path = {row.notebook_path: row for row in heads}
            makers = _Makers(by_path, uses, self._since(connection))
            made_by = {snapshot_id: makers.of(snapshot_id) for snapshot_id in rows}
        findings = self._look({key: row.notebook_path for key, row in rows.items()}, uses)
        needs = {path: made_by[row.id] - {path} for path, row in by_path.items()}
        survey = Survey(by_path, versions, sources, serving, findings, needs, cut)
        _spread(survey, made_by)
        return survey

    def _since(self, connection: Connection) -> Since:
        """Return what says since when a path was known with a content; that does not change."""

        def since(path: str, digest: str) -> int | None:
            if (path, digest) not in self._first:
                first = store.first_use(connection, path, digest)
                if first is None:
                    return None
                if len(self._first) >= _REMEMBERED:
                    self._first.clear()
                self._first[path, digest] = first
            return self._first[path, digest]

        return since

    def _look(self, paths: Mapping[str, str], uses: Uses) -> dict[str, Finding]:
        """Compare files, which takes its time: no transaction is open meanwhile.

        Args:
            paths: where the notebook of each snapshot is now.
            uses: what each snapshot used.
        """
        findings = {snapshot_id: Finding() for snapshot_id in paths}
        with self.looking() as present:
            for snapshot_id, finding in findings.items():
                for use in inputs(uses.get(snapshot_id, [])):
                    verdict = check(Datum.of(use), present)
                    if isinstance(verdict, Change) and verdict.kind == "missing":
                        verdict = self._moved(use, present) or verdict
                    if verdict is not None:
                        finding.add(verdict)
                for verdict in self._code.compare(snapshot_id, paths[snapshot_id], present):
                    finding.add(verdict)
        return findings

    def _moved(self, use: Row[Any], present: Present) -> Change | None:
        """Look for a missing file's content among the paths that had it."""
        if use.digest is None:
            return None
        with self._database.read() as connection:
            paths = store.other_paths(connection, use.digest, _MOST_PATHS)
        for path in paths:
            if path != use.path and _verdict(path, Datum.of(use), present) == "same":
                return Change(kind="moved", path=use.path, moved_to=path)
        return None


class _Makers:
    """Which notebooks make a file or, under whatever name, a content."""

    def __init__(self, heads: Mapping[str, Row[Any]], uses: Uses, since: Since) -> None:
        self._uses = uses
        self._since = since
        self._by_digest: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self._by_path: defaultdict[str, set[str]] = defaultdict(set)
        self._read: dict[str, set[str]] = {}
        for path, row in heads.items():
            used = uses.get(row.id, [])
            self._read[path] = {use.path for use in used if use.mode == "read"}
            for use in used:
                if use.mode == "write":
                    self._by_path[use.path].add(path)
                    if use.digest:
                        self._by_digest[use.digest].add((path, use.path))

    def of(self, snapshot_id: str) -> set[str]:
        """Return the notebooks that make what a snapshot read."""
        found: set[str] = set()
        for use in inputs(self._uses.get(snapshot_id, [])):
            found |= self._by_path.get(use.path) or self._copied_from(use)
        return found

    def _copied_from(self, use: Row[Any]) -> set[str]:
        """Return who wrote the content under another name before it was seen here."""
        written = self._by_digest.get(use.digest or "", set())
        # who copied the file from here did not make it, nor who wrote the same later
        return {
            notebook
            for notebook, path in written
            if use.path not in self._read[notebook] and self._is_before(path, use)
        }

    def _is_before(self, path: str, use: Row[Any]) -> bool:
        made, seen = self._since(path, use.digest), self._since(use.path, use.digest)
        return made is None or seen is None or made < seen


def inputs(uses: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return what a snapshot read and did not write itself."""
    written = {use.path for use in uses if use.mode == "write"}
    return [use for use in uses if use.mode == "read" and use.path not in written]


class Datum(NamedTuple):
    """A datum as it was used; ``whole`` is of a folder."""

    path: str
    kind: str | None
    digest: str | None
    size: int | None = None
    whole: bool | None = None

    @classmethod
    def of(cls, use: Row[Any]) -> Datum:
        """Return it as a row tells of it."""
        return cls(use.path, use.kind, use.digest, use.size, use.whole)


def check(datum: Datum, present: Present) -> Change | Unchecked | None:
    """Compare a datum as it was used with what is there now; None where it is the same."""
    path = datum.path
    if datum.kind == "url":
        return Unchecked(path=path, reason="url")
    if datum.kind == "table":
        return Unchecked(path=path, reason="table")
    verdict = _verdict(path, datum, present)
    if verdict == "same":
        return None
    if verdict in {"other", "missing"}:
        return Change(kind="data" if verdict == "other" else "missing", path=path)
    return Unchecked(path=path, reason=verdict)


def _verdict(path: str, datum: Datum, present: Present) -> Verdict:
    if datum.kind == "folder":
        return present.compare_folder(path, datum.digest, datum.whole)
    return present.compare(path, datum.digest, datum.size)


def _sources(connection: Connection, versions: Mapping[Version, Row[Any]]) -> dict[Version, str]:
    run_ids = [row.run_id for row in versions.values() if row.run_id and not row.snapshot_id]
    of_runs = store.get_of_runs(connection, run_ids)
    sources = {
        version: row.snapshot_id or of_runs.get(row.run_id or "")
        for version, row in versions.items()
    }
    there = store.get_snapshots(connection, {source for source in sources.values() if source})
    return {version: source for version, source in sources.items() if source in there}


def _by_snapshot(rows: Iterable[Row[Any]]) -> Uses:
    found: Uses = {}
    for row in rows:
        found.setdefault(row.snapshot_id, []).append(row)
    return found


def _spread(survey: Survey, makers: Mapping[str, set[str]]) -> None:
    """Pass staleness on: what reads the output of a stale notebook is stale."""
    waiting = [path for path, row in survey.heads.items() if survey.findings[row.id].changes]
    stale = set(waiting)
    readers: defaultdict[str, list[str]] = defaultdict(list)
    for path, needed in survey.needs.items():
        for maker in needed:
            readers[maker].append(path)
    while waiting:
        for reader in readers[waiting.pop()]:
            if reader not in stale:
                stale.add(reader)
                waiting.append(reader)
    own = {row.id: path for path, row in survey.heads.items()}
    for snapshot_id, needed in makers.items():
        for maker in sorted(needed & stale):
            if own.get(snapshot_id) != maker:
                survey.findings[snapshot_id].add(Change(kind="upstream", path=maker))
