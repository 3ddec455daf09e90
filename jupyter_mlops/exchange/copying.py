"""Copies all that one store has to another: resumable, and nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ..tracking.limits import BATCH_METRICS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..registry.entries import VersionEntry
    from ..tracking.entities import LoggedModel, Point, RunRecord
    from .ends import Source, Target

Progress = Callable[[str], None]


@dataclass
class _Files:
    source: Source
    uri: str

    def paths(self) -> list[str]:
        return list(self.source.files(self.uri))

    def read(self, path: str) -> Iterator[bytes]:
        return self.source.read(self.uri, path)


class Copy:
    """One copy of everything in ``source`` to ``target``.

    A copy that was broken off goes on where it ended: what is complete is marked so.

    Args:
        source: where it comes from.
        target: where it goes to.
        progress: told of each thing that is copied.
    """

    def __init__(self, source: Source, target: Target, progress: Progress) -> None:
        self._source = source
        self._target = target
        self._progress = progress
        self.counts: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        """Copy, and return how much of what was copied; what was there before is not counted."""
        for experiment in self._source.experiments():
            number = self._target.experiment(experiment)
            for record in self._source.runs(experiment.experiment_id):
                self._run(number, record)
            for model in self._source.logged_models(experiment.experiment_id):
                self._logged_model(number, model)
        for registered in self._source.models():
            self._target.model(registered)
            for version in self._source.versions(registered.name):
                self._version(version)
        return self.counts

    def _origin(self, identifier: str) -> str:
        return f"{self._source.name}#{identifier}"

    def _run(self, experiment_id: str, record: RunRecord) -> None:
        target, info = self._target, record.info
        run_id, uri = target.begin_run(experiment_id, record, self._origin(info.run_id))
        if not run_id:
            return
        self._progress(f"run {info.run_name}")
        target.log(run_id, record)
        for metric in record.metrics:
            self._points(run_id, self._source.history(info.run_id, metric.key))
        self._files(info.artifact_uri, uri)
        target.end_run(run_id, record)
        self.counts["runs"] += 1

    def _points(self, run_id: str, points: Iterator[Point]) -> None:
        while batch := list(islice(points, BATCH_METRICS)):
            self._target.log_points(run_id, batch)
            self.counts["points"] += len(batch)

    def _files(self, source_uri: str, target_uri: str) -> None:
        for path in self._source.files(source_uri):
            self._target.write(target_uri, path, self._source.read(source_uri, path))
            self.counts["files"] += 1

    def _logged_model(self, experiment_id: str, model: LoggedModel) -> None:
        origin = self._origin(model.model_id)
        model_id, uri = self._target.begin_model(experiment_id, model, model.source_run_id, origin)
        if not model_id:
            return
        self._progress(f"model {model.name}")
        self._files(model.artifact_uri, uri)
        self._target.end_model(model_id, model)
        self.counts["logged models"] += 1

    def _version(self, version: VersionEntry) -> None:
        origin = self._origin(f"{version.name}/{version.version}")
        if self._target.has_version(version.name, origin):
            return
        self._progress(f"{version.name} version {version.version}")
        files = _Files(self._source, self._source.version_uri(version))
        number = self._target.version(version, version.run_id, origin, files)
        for alias in version.aliases:
            self._target.alias(version.name, alias, number)
        self.counts["versions"] += 1
