"""What the two ends of a copy have to know; a store may be either, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..registry.entries import ModelEntry, VersionEntry
    from ..tracking.entities import ExperimentInfo, LoggedModel, Point, RunRecord

ORIGIN_TAG = "mlops.origin"
"""What a copy was made of: the source's name and the id there."""
COPIED_TAG = "mlops.copied"
"""Set on a copy that is complete, so that it is not made again."""


class Source(Protocol):
    """Where experiments come from. Artifacts are named by the URI of a folder and a path in it."""

    name: str

    def experiments(self) -> Iterator[ExperimentInfo]:
        """Give all experiments, deleted ones left out."""

    def runs(self, experiment_id: str) -> Iterator[RunRecord]:
        """Give the runs of an experiment, oldest first, deleted ones left out."""

    def history(self, run_id: str, key: str) -> Iterator[Point]:
        """Give all points of a metric."""

    def logged_models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Give the logged models of an experiment."""

    def models(self) -> Iterator[ModelEntry]:
        """Give the registered models."""

    def versions(self, name: str) -> Iterator[VersionEntry]:
        """Give the versions of a registered model, oldest first."""

    def version_uri(self, version: VersionEntry) -> str:
        """Return where the files of a version are."""

    def files(self, uri: str) -> Iterator[str]:
        """Give the paths of all files below a URI; none if it is out of reach."""

    def read(self, uri: str, path: str) -> Iterator[bytes]:
        """Give a file's content in blocks."""


class Target(Protocol):
    """Where experiments go to. Whatever is there already is left, or completed."""

    def experiment(self, experiment: ExperimentInfo) -> str:
        """Return the id of the experiment of this name, made if it is new."""

    def begin_run(self, experiment_id: str, record: RunRecord, origin: str) -> tuple[str, str]:
        """Return the id and the artifact URI of a run's copy; the id is "" if it is complete."""

    def log(self, run_id: str, record: RunRecord) -> None:
        """Write params, tags and inputs."""

    def log_points(self, run_id: str, points: Sequence[Point]) -> None:
        """Write points of a metric, at most 1,000."""

    def end_run(self, run_id: str, record: RunRecord) -> None:
        """Set how the run ended, and that the copy is complete."""

    def begin_model(
        self, experiment_id: str, model: LoggedModel, run_id: str | None, origin: str
    ) -> tuple[str, str]:
        """Return the id and the artifact URI of a logged model's copy; "" if it is complete."""

    def end_model(self, model_id: str, model: LoggedModel) -> None:
        """Set the model's state, and that the copy is complete."""

    def write(self, uri: str, path: str, blocks: Iterable[bytes]) -> None:
        """Write a file below a URI of this target."""

    def model(self, model: ModelEntry) -> None:
        """Make a registered model if it is new, and set its tags."""

    def has_version(self, name: str, origin: str) -> bool:
        """Tell whether a version's copy is there."""

    def version(
        self, version: VersionEntry, run_id: str | None, origin: str, source: VersionFiles
    ) -> str:
        """Register a version's copy and return its number."""

    def alias(self, name: str, alias: str, version: str) -> None:
        """Have an alias name a version."""


class VersionFiles(Protocol):
    """The files of a version that is copied."""

    uri: str

    def paths(self) -> list[str]:
        """Return the paths of all files."""

    def read(self, path: str) -> Iterator[bytes]:
        """Give a file's content in blocks."""
