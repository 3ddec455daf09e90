"""An ``mlruns`` folder, as MLflow's file store writes it, as the source of a copy.

Source of the layout: MLflow's documentation of its file store; a folder for each experiment, run
and registered model, with ``meta.yaml`` in each, and a file for each param, tag and metric.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import yaml

from ..core.errors import InvalidInputError
from ..registry.entries import ModelEntry, VersionEntry
from ..tracking.entities import ExperimentInfo, LoggedModel, Point, RunInfo, RunRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1024 * 1024
_STATUSES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_MODELS = "models"


class MlrunsFolder:
    """Reads a folder; logged models of MLflow 3 are left out, registered ones are not.

    Args:
        place: a path, or a ``file:`` URI.

    Raises:
        InvalidInputError: there is no such folder.
    """

    def __init__(self, place: str) -> None:
        self._root = _path(place).resolve()
        if not self._root.is_dir():
            raise InvalidInputError(f"There is no folder {self._root}.")
        self.name = str(self._root)

    @staticmethod
    def is_one(place: str) -> bool:
        """Tell whether a text names a folder rather than a server."""
        return place.startswith("file:") or "://" not in place

    def experiments(self) -> Iterator[ExperimentInfo]:
        """Give all experiments."""
        for folder in self._folders(self._root):
            meta = _meta(folder)
            if meta is None or "experiment_id" not in meta or meta["lifecycle_stage"] != "active":
                continue
            yield ExperimentInfo(
                experiment_id=str(meta["experiment_id"]),
                name=meta["name"],
                artifact_location=meta.get("artifact_location", ""),
                lifecycle_stage="active",
                creation_time=meta.get("creation_time", 0),
                last_update_time=meta.get("last_update_time", 0),
                tags=_texts(folder / "tags"),
            )

    def runs(self, experiment_id: str) -> Iterator[RunRecord]:
        """Give the runs of an experiment, oldest first."""
        records = [
            self._run(folder, meta)
            for folder in self._folders(self._root / experiment_id)
            if (meta := _meta(folder)) and "run_id" in meta and meta["lifecycle_stage"] == "active"
        ]
        yield from sorted(records, key=lambda record: record.info.start_time)

    def _run(self, folder: Path, meta: dict[str, Any]) -> RunRecord:
        tags = _texts(folder / "tags")
        status = meta["status"]
        return RunRecord(
            info=RunInfo(
                run_id=meta["run_id"],
                experiment_id=str(meta["experiment_id"]),
                run_name=meta.get("run_name") or tags.get("mlflow.runName", ""),
                user_id=meta.get("user_id", ""),
                status=_STATUSES.get(status, "FINISHED") if isinstance(status, int) else status,
                start_time=meta["start_time"],
                end_time=meta.get("end_time"),
                artifact_uri=(folder / "artifacts").as_uri(),
                lifecycle_stage="active",
            ),
            metrics=[
                Point(key, 0.0, 0) for key in sorted(_files(folder / "metrics"))
            ],  # only the keys count: the values come from the history
            params=_texts(folder / "params"),
            tags=tags,
            datasets=[],
            model_inputs=[],
            model_outputs=[],
        )

    def history(self, run_id: str, key: str) -> Iterator[Point]:
        """Give all points of a metric."""
        for folder in self._root.glob(f"*/{run_id}"):
            with (folder / "metrics" / key).open(encoding="utf-8") as lines:
                for line in lines:
                    timestamp, value, *rest = line.split()
                    yield Point(key, float(value), int(timestamp), int(rest[0]) if rest else 0)

    def logged_models(self, _experiment_id: str) -> Iterator[LoggedModel]:
        """Give nothing: their files come with the versions that are registered of them."""
        return iter(())

    def models(self) -> Iterator[ModelEntry]:
        """Give the registered models."""
        for folder in self._folders(self._root / _MODELS):
            meta = _meta(folder)
            if meta is not None:
                yield ModelEntry(
                    name=meta["name"],
                    description=meta.get("description") or "",
                    creation_time=meta.get("creation_timestamp", 0),
                    last_update_time=meta.get("last_updated_timestamp", 0),
                    tags=_texts(folder / "tags"),
                    aliases={key: int(value) for key, value in _texts(folder / "aliases").items()},
                    latest=[],
                )

    def versions(self, name: str) -> Iterator[VersionEntry]:
        """Give the versions of a registered model, oldest first."""
        folder = next(
            found
            for found in self._folders(self._root / _MODELS)
            if (_meta(found) or {}).get("name") == name
        )
        aliases = _texts(folder / "aliases")
        metas = [
            (meta, found)
            for found in folder.glob("version-*")
            if (meta := _meta(found)) and meta.get("current_stage") != "Deleted_Internal"
        ]
        for meta, found in sorted(metas, key=lambda item: int(item[0]["version"])):
            number = int(meta["version"])
            yield VersionEntry(
                name=name,
                version=number,
                creation_time=meta.get("creation_timestamp", 0),
                last_update_time=meta.get("last_updated_timestamp", 0),
                author=meta.get("user_id") or "",
                description=meta.get("description") or "",
                stage=meta.get("current_stage") or "None",
                source=meta.get("storage_location") or meta.get("source"),
                object_id=None,
                run_id=meta.get("run_id") or None,
                run_link=meta.get("run_link") or None,
                model_id=None,
                tags=_texts(found / "tags"),
                aliases=[alias for alias, target in aliases.items() if target == str(number)],
            )

    def version_uri(self, version: VersionEntry) -> str:
        """Return where the files of a version are."""
        return version.source or ""

    def files(self, uri: str) -> Iterator[str]:
        """Give the paths of all files below a URI; none of those outside the folder."""
        folder = self._inside(uri)
        if folder is not None:
            yield from sorted(_files(folder))

    def read(self, uri: str, path: str) -> Iterator[bytes]:
        """Give a file's content in blocks."""
        folder = self._inside(uri)
        if folder is None:
            raise InvalidInputError(f"{uri} is not in {self._root}.")
        with (folder / path).open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def _inside(self, uri: str) -> Path | None:
        if not uri or not self.is_one(uri):
            return None
        folder = _path(uri).resolve()
        return folder if folder.is_relative_to(self._root) and folder.is_dir() else None

    @staticmethod
    def _folders(folder: Path) -> Iterator[Path]:
        if folder.is_dir():
            yield from sorted(
                found for found in folder.iterdir() if found.is_dir() and found.name[0] != "."
            )


def _path(place: str) -> Path:
    return Path(unquote(urlsplit(place).path)) if place.startswith("file:") else Path(place)


def _meta(folder: Path) -> dict[str, Any] | None:
    file = folder / "meta.yaml"
    if not file.is_file():
        return None
    try:
        found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InvalidInputError(f"{file} is damaged: {error}.") from error
    return found


def _files(folder: Path) -> list[str]:
    return [
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    ]


def _texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8") for name in _files(folder)}
