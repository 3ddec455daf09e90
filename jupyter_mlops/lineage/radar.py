"""What is stale: what depends on files, notebooks or modules that have changed since."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from . import data_store, registered, store
from .code import CodeCheck
from .makers import Makers, inputs
from .parts import Datum, Parts
from .present import Memory, Present
from .reach import reached
from .schemas import Change, Unchecked
from .sharing import Shared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Row

    from ..core.database import Database
    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from .makers import Since, Uses
    from .names import Version
    from .present import Verdict

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


@dataclass(frozen=True)
class Survey:
    """What was found of all that matters now.

    Args:
        heads: the newest snapshot of each notebook.
        versions: the newest of each model, aliased and served ones.
        sources: the snapshots that these come from, where they are known.
        serving: the deployments.
        findings: by snapshot.
        needs: which notebooks make what a notebook reads; of those that are there.
        stale: the notebooks of which something has changed, be it upstream.
        gone: the notebooks that are not there any more: nobody can run them, so that what they
            made does not become stale with them.
        makers: knows which notebooks make what.
        cut: there are more notebooks than were looked at.
    """

    heads: dict[str, Row[Any]]
    versions: dict[Version, Row[Any]]
    sources: dict[Version, str]
    serving: list[Row[Any]]
    findings: dict[str, Finding]
    needs: dict[str, set[str]]
    stale: set[str]
    gone: set[str]
    makers: Makers
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
        self._shared = Shared(self._survey)
        self.parts = Parts(objects, self._memory.folders)

    def looking(self) -> Present:
        """Return a look at the present files, for a ``with`` block."""
        return Present(self._project, self._objects, self._memory)

    def survey(self, more: Iterable[str] = ()) -> Survey:
        """Look at the newest snapshot of each notebook, at those of versions, and at ``more``.

        Who asks while others do gets the same look; it begins after all of them have asked.
        """
        survey = self._shared()
        others = set(more) - survey.findings.keys()
        if not others:
            return survey
        with self._database.read() as connection:
            rows = store.get_snapshots(connection, sorted(others))
            uses = _by_snapshot(data_store.get_uses(connection, sorted(rows)))
            made_by = _made_by(rows, uses, survey.makers, self._since(connection))
        findings = self._look(rows, uses)
        _spread(findings, made_by, survey.stale)
        return replace(survey, findings=survey.findings | findings)

    def _survey(self) -> Survey:
        with self._database.read() as connection:
            heads = store.get_heads(connection)
            cut, heads = len(heads) > _MOST_NOTEBOOKS, heads[:_MOST_NOTEBOOKS]
            live = registered.get_live_versions(connection)
            versions = {(row.name, row.version): row for row in live}
            sources = registered.get_sources(connection, live)
            serving = registered.get_serving(connection, self._store_id)
            ids = {row.id for row in heads} | set(sources.values())
            uses = _by_snapshot(data_store.get_uses(connection, sorted(ids)))
            rows = store.get_snapshots(connection, sorted(ids))
            by_path = {row.notebook_path: row for row in heads}
            makers = Makers(by_path, uses, self.parts)
            made_by = _made_by(rows, uses, makers, self._since(connection))
        findings = self._look(rows, uses)
        gone = {path for path, row in by_path.items() if _is_gone(path, findings[row.id])}
        there = {path: row for path, row in by_path.items() if path not in gone}
        needs = {path: made_by[row.id] - gone for path, row in there.items()}
        changed = {path for path, row in there.items() if findings[row.id].changes}
        stale = _reached(changed, needs)
        _spread(findings, made_by, stale)
        return Survey(
            by_path, versions, sources, serving, findings, needs, stale, gone, makers, cut
        )

    def _since(self, connection: Connection) -> Since:
        """Return what says since when a path was known with a content; that does not change."""

        def since(path: str, digest: str) -> int | None:
            if (path, digest) not in self._first:
                first = data_store.first_use(connection, path, digest)
                if first is None:
                    return None
                if len(self._first) >= _REMEMBERED:
                    self._first.clear()
                self._first[path, digest] = first
            return self._first[path, digest]

        return since

    def _look(self, rows: Mapping[str, Row[Any]], uses: Uses) -> dict[str, Finding]:
        """Compare files, which takes its time: no transaction is open meanwhile.

        Args:
            rows: the snapshots.
            uses: what each snapshot used.
        """
        findings = {snapshot_id: Finding() for snapshot_id in rows}
        with self.looking() as present:
            for snapshot_id, finding in findings.items():
                path = rows[snapshot_id].notebook_path
                for use in inputs(uses.get(snapshot_id, [])):
                    verdict = check(Datum.of(use), present)
                    if isinstance(verdict, Change) and verdict.kind == "missing":
                        verdict = self._moved(use, present) or verdict
                    if verdict is not None:
                        finding.add(verdict)
                for verdict in self._code.compare(snapshot_id, path, present):
                    finding.add(verdict)
        return findings

    def _moved(self, use: Row[Any], present: Present) -> Change | None:
        """Look for a missing file's content among the paths that had it, and beside it."""
        if use.digest is None:
            return None
        with self._database.read() as connection:
            paths = data_store.other_paths(connection, use.digest, _MOST_PATHS)
        if use.kind == "file":
            paths += present.beside(use.path, use.size)[:_MOST_PATHS]
        for path in paths:
            if path != use.path and _verdict(path, Datum.of(use), present) == "same":
                return Change(kind="moved", path=use.path, moved_to=path)
        return None


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


def _is_gone(path: str, finding: Finding) -> bool:
    """Tell whether there is no notebook any more that could be run."""
    return any(change.kind == "missing" and change.path == path for change in finding.changes)


def _by_snapshot(rows: Iterable[Row[Any]]) -> Uses:
    found: Uses = {}
    for row in rows:
        found.setdefault(row.snapshot_id, []).append(row)
    return found


def _made_by(
    rows: Mapping[str, Row[Any]], uses: Uses, makers: Makers, since: Since
) -> dict[str, set[str]]:
    """Return by snapshot the other notebooks that make what it read."""
    return {
        snapshot_id: makers.of(uses.get(snapshot_id, []), since) - {row.notebook_path}
        for snapshot_id, row in rows.items()
    }


def _reached(changed: Collection[str], needs: Mapping[str, set[str]]) -> set[str]:
    """Pass staleness on: what reads the output of a stale notebook is stale."""
    readers: defaultdict[str, list[str]] = defaultdict(list)
    for path, needed in needs.items():
        for maker in needed:
            readers[maker].append(path)
    return reached(changed, readers)


def _spread(
    findings: Mapping[str, Finding], made_by: Mapping[str, set[str]], stale: set[str]
) -> None:
    """Note of snapshots that notebooks which make what they read are stale."""
    for snapshot_id, makers in made_by.items():
        for maker in sorted(makers & stale):
            findings[snapshot_id].add(Change(kind="upstream", path=maker))
