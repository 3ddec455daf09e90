"""This store as an end of a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.errors import ConflictError, InvalidInputError
from ..registry.schemas import VersionSource
from ..tracking.artifacts import SCHEME, location
from ..tracking.conditions import RUN_NAME_TAG
from ..tracking.files import REGISTERED
from .ends import COPIED_TAG, ORIGIN_TAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ..registry.entries import ModelEntry, VersionEntry
    from ..services import Services
    from ..tracking.entities import ExperimentInfo, LoggedModel, Point, RunRecord
    from .ends import VersionFiles

_PAGE = 1000


class LocalStore:
    """The store of a project; runs and logged models keep the ids that they come with."""

    def __init__(self, services: Services, author: str) -> None:
        self._services = services
        self._author = author
        self.name = services.project.store_id()

    def experiments(self) -> Iterator[ExperimentInfo]:
        """Give all experiments."""
        token = None
        while True:
            found, token = self._services.experiments.search(
                order_by=["experiment_id"], max_results=_PAGE, page_token=token
            )
            yield from found
            if token is None:
                return

    def runs(self, experiment_id: str) -> Iterator[RunRecord]:
        """Give the runs of an experiment, oldest first."""
        token = None
        while True:
            found, token = self._services.runs.search(
                [experiment_id], max_results=_PAGE, order_by=["start_time"], page_token=token
            )
            yield from found
            if token is None:
                return

    def history(self, run_id: str, key: str) -> Iterator[Point]:
        """Give all points of a metric."""
        token = None
        while True:
            found, token = self._services.metrics.page(run_id, key, 25_000, token)
            yield from found
            if token is None:
                return

    def logged_models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Give the logged models of an experiment."""
        token = None
        while True:
            found, token = self._services.logged_models.search(
                [experiment_id], max_results=_PAGE, page_token=token
            )
            yield from found
            if token is None:
                return

    def models(self) -> Iterator[ModelEntry]:
        """Give the registered models."""
        token = None
        while True:
            found, token = self._services.catalog.search(max_results=_PAGE, page_token=token)
            yield from found
            if token is None:
                return

    def versions(self, name: str) -> Iterator[VersionEntry]:
        """Give the versions of a registered model, oldest first."""
        quoted = name.replace("'", "''")
        found, _ = self._services.catalog.search_versions(
            f"name = '{quoted}'", 200_000, ["version_number"]
        )
        yield from found

    def version_uri(self, version: VersionEntry) -> str:
        """Return where the files of a version are."""
        if version.object_id is not None:
            return f"{SCHEME}/{REGISTERED}/{version.object_id}"
        return version.source or ""

    def files(self, uri: str) -> Iterator[str]:
        """Give the paths of all files below a URI of ours."""
        if not uri.startswith(SCHEME):
            return
        root = location(uri)
        waiting = [root]
        while waiting:
            for item in self._services.files.list(waiting.pop()):
                if item.is_dir:
                    waiting.append(item.path)
                else:
                    yield item.path[len(root) :].lstrip("/")

    def read(self, uri: str, path: str) -> Iterator[bytes]:
        """Give a file's content in blocks."""
        return self._services.files.read(f"{location(uri)}/{path}")[1]

    def experiment(self, experiment: ExperimentInfo) -> str:
        """Return the id of the experiment of this name, made if it is new."""
        manager = self._services.experiments
        try:
            number = manager.create(experiment.name)
        except ConflictError:
            number = manager.get_by_name(experiment.name).experiment_id
        for key, value in experiment.tags.items():
            manager.set_tag(number, key, value)
        return number

    def begin_run(self, experiment_id: str, record: RunRecord, origin: str) -> tuple[str, str]:
        """Return the id and the artifact URI of a run's copy; the id is "" if it is complete."""
        info = record.info
        found = self._services.runs.begin_copy(experiment_id, info, {ORIGIN_TAG: origin})
        complete = found.tags.get(ORIGIN_TAG) != origin or COPIED_TAG in found.tags
        return ("" if complete else info.run_id), found.info.artifact_uri

    def log(self, run_id: str, record: RunRecord) -> None:
        """Write params, tags and inputs."""
        tags = {key: value for key, value in record.tags.items() if key != RUN_NAME_TAG}
        self._services.runs.complete_copy(run_id, record.params, tags)
        logger = self._services.run_logger
        logger.log_inputs(run_id, record.datasets, record.model_inputs)
        logger.log_outputs(run_id, record.model_outputs)

    def log_points(self, run_id: str, points: Sequence[Point]) -> None:
        """Write points of a metric."""
        self._services.run_logger.log(run_id, metrics=points)

    def end_run(self, run_id: str, record: RunRecord) -> None:
        """Set how the run ended, and that the copy is complete."""
        info = record.info
        self._services.runs.update(run_id, status=info.status, end_time=info.end_time)
        self._services.run_logger.log(run_id, run_tags=[(COPIED_TAG, "true")])

    def begin_model(
        self, experiment_id: str, model: LoggedModel, run_id: str | None, origin: str
    ) -> tuple[str, str]:
        """Return the id and the artifact URI of a logged model's copy; "" if it is complete."""
        tags = {**model.tags, ORIGIN_TAG: origin}
        found = self._services.logged_models.begin_copy(experiment_id, model, run_id, tags)
        complete = found.tags.get(ORIGIN_TAG) != origin or COPIED_TAG in found.tags
        return ("" if complete else model.model_id), found.artifact_uri

    def end_model(self, model_id: str, model: LoggedModel) -> None:
        """Set the model's state, and that the copy is complete."""
        self._services.logged_models.finish(model_id, model.status)
        self._services.logged_models.set_tags(model_id, {COPIED_TAG: "true"})

    def write(self, uri: str, path: str, blocks: Iterable[bytes]) -> None:
        """Write a file below a URI of ours."""
        with self._services.files.writing(f"{location(uri)}/{path}") as file:
            for block in blocks:
                file.write(block)

    def model(self, model: ModelEntry) -> None:
        """Make a registered model if it is new, and set its tags."""
        catalog = self._services.catalog
        try:
            catalog.create(model.name, model.tags, model.description)
        except ConflictError:
            for key, value in model.tags.items():
                catalog.set_tag(model.name, key, value)

    def has_version(self, name: str, origin: str) -> bool:
        """Tell whether a version's copy is there."""
        found, _ = self._services.catalog.search_versions(
            f"name = '{_quoted(name)}' AND tags.`{ORIGIN_TAG}` = '{_quoted(origin)}'", 1
        )
        return bool(found)

    def version(
        self, version: VersionEntry, run_id: str | None, origin: str, source: VersionFiles
    ) -> str:
        """Register a version's copy, under its own number where that is free."""
        registry, catalog = self._services.registry, self._services.catalog
        described = VersionSource(
            run_id=run_id,
            source=version.source or source.uri,
            run_link=version.run_link,
            model_id=version.model_id,
        )
        catalog.skip_to(version.name, version.version)
        facts: dict[str, Any] = {
            "author": version.author or self._author,
            "source": described,
            "description": version.description,
        }
        with self._services.objects.unfinished.folder(self._services.project.staging) as folder:
            _write(source, folder)
            if (folder / "MLmodel").is_file():
                made = registry.register_folder(version.name, folder, **facts)
            else:
                made = registry.register_reference(version.name, **facts)
        for key, value in {**version.tags, ORIGIN_TAG: origin}.items():
            catalog.set_tag(version.name, key, value, made.version)
        return str(made.version)

    def alias(self, name: str, alias: str, version: str) -> None:
        """Have an alias name a version."""
        self._services.registry.set_alias(name, alias, int(version), author=self._author)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _write(source: VersionFiles, folder: Path) -> None:
    for path in source.paths():
        file = _inside(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            for block in source.read(path):
                opened.write(block)


def _inside(folder: Path, path: str) -> Path:
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise InvalidInputError(f"The source has a file {path!r}, which leads out of its folder.")
    return file
