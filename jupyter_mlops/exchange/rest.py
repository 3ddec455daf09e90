"""A server that speaks MLflow's REST protocol, as an end of a copy.

Its runs, logged models and versions get ids of its own; links between copies follow them.
"""

from __future__ import annotations

import math
import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..core.errors import InvalidInputError, NotFoundError
from ..tracking.artifacts import SCHEME, location
from ..tracking.conditions import RUN_NAME_TAG
from ..tracking.entities import PARENT_TAG
from . import parsing
from .client import SERVICE, Client, artifact
from .ends import COPIED_TAG, ORIGIN_TAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..registry.entries import ModelEntry, VersionEntry
    from ..tracking.entities import ExperimentInfo, LoggedModel, Point, RunRecord
    from .ends import VersionFiles

_PAIRS = 100


class RestStore:
    """MLflow's server at an address, or a JupyterLab like this one.

    Args:
        uri: a tracking URI, ``http://…`` or ``https://…``.
        token: sent as a bearer, if there is one.

    Raises:
        InvalidInputError: the address is of another kind.
    """

    def __init__(self, uri: str, token: str | None = None) -> None:
        if not uri.startswith(("http://", "https://")):
            raise InvalidInputError(
                f"{uri} is no address of a server. For a database, start one on it: "
                f"mlflow server --backend-store-uri {uri}"
            )
        self._server = Client(uri, token)
        self.name = self._server.name
        self._runs: dict[str, str] = {}
        self._models: dict[str, str] = {}

    def close(self) -> None:
        """End the connection."""
        self._server.close()

    def experiments(self) -> Iterator[ExperimentInfo]:
        """Give all experiments."""
        body = {"max_results": 1000, "order_by": ["experiment_id ASC"]}
        for item in self._server.pages("experiments/search", body, "experiments"):
            yield parsing.experiment(item)

    def runs(self, experiment_id: str) -> Iterator[RunRecord]:
        """Give the runs of an experiment, oldest first."""
        body = {
            "experiment_ids": [experiment_id],
            "max_results": 1000,
            "order_by": ["attributes.start_time ASC"],
        }
        for item in self._server.pages("runs/search", body, "runs"):
            yield parsing.run(item)

    def history(self, run_id: str, key: str) -> Iterator[Point]:
        """Give all points of a metric."""
        query = {"run_id": run_id, "metric_key": key, "max_results": 25_000}
        for item in self._server.pages("metrics/get-history", query, "metrics", verb="GET"):
            yield parsing.point(item)

    def logged_models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Give the logged models of an experiment; none of a server that has no such thing."""
        body = {"experiment_ids": [experiment_id], "max_results": 50}
        try:
            for item in self._server.pages("logged-models/search", body, "models"):
                yield parsing.logged_model(item)
        except NotFoundError:
            return

    def models(self) -> Iterator[ModelEntry]:
        """Give the registered models."""
        query = {"max_results": 100}
        for item in self._server.pages(
            "registered-models/search", query, "registered_models", verb="GET"
        ):
            # a search leaves some facts out
            whole = self._server.call("GET", "registered-models/get", {"name": item["name"]})
            yield parsing.model(whole["registered_model"])

    def versions(self, name: str) -> Iterator[VersionEntry]:
        """Give the versions of a registered model, oldest first."""
        query = {"filter": f"name = {_quoted(name)}", "max_results": 1000}
        found = list(
            self._server.pages("model-versions/search", query, "model_versions", verb="GET")
        )
        for item in sorted(found, key=lambda item: int(item["version"])):
            who = {"name": name, "version": item["version"]}
            yield parsing.version(
                self._server.call("GET", "model-versions/get", who)["model_version"]
            )

    def version_uri(self, version: VersionEntry) -> str:
        """Return where the files of a version are."""
        who = {"name": version.name, "version": version.version}
        return str(self._server.call("GET", "model-versions/get-download-uri", who)["artifact_uri"])

    def files(self, uri: str) -> Iterator[str]:
        """Give the paths of all files below a URI that the server serves."""
        if not uri.startswith(SCHEME):
            return
        root = location(uri)
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            query = {"path": posixpath.join(root, folder).rstrip("/")}
            found = self._server.send("GET", f"{SERVICE}/artifacts", params=query)
            for item in found.get("files", []):
                path = posixpath.join(folder, item["path"])
                if item.get("is_dir"):
                    waiting.append(path)
                else:
                    yield path

    def read(self, uri: str, path: str) -> Iterator[bytes]:
        """Give a file's content in blocks."""
        return self._server.blocks(artifact(uri, path))

    def experiment(self, experiment: ExperimentInfo) -> str:
        """Return the id of the experiment of this name, made if it is new."""
        try:
            found = self._server.call(
                "GET", "experiments/get-by-name", {"experiment_name": experiment.name}
            )
            number = found["experiment"]["experiment_id"]
        except NotFoundError:
            made = self._server.call("POST", "experiments/create", {"name": experiment.name})
            number = made["experiment_id"]
        for key, value in experiment.tags.items():
            body = {"experiment_id": number, "key": key, "value": value}
            self._server.call("POST", "experiments/set-experiment-tag", body)
        return str(number)

    def begin_run(self, experiment_id: str, record: RunRecord, origin: str) -> tuple[str, str]:
        """Return the id and the artifact URI of a run's copy; the id is "" if it is complete."""
        info = record.info
        body: dict[str, Any] = {
            "experiment_ids": [experiment_id],
            "filter": f"tags.`{ORIGIN_TAG}` = {_quoted(origin)}",
            "run_view_type": "ALL",
        }
        found = next(self._server.pages("runs/search", body, "runs"), None)
        if found is None:
            body = {
                "experiment_id": experiment_id,
                "user_id": info.user_id,
                "start_time": info.start_time,
                "run_name": info.run_name,
                "tags": [{"key": ORIGIN_TAG, "value": origin}],
            }
            found = self._server.call("POST", "runs/create", body)["run"]
        copy = parsing.run(found)
        self._runs[info.run_id] = copy.info.run_id
        complete = COPIED_TAG in copy.tags
        return ("" if complete else copy.info.run_id), copy.info.artifact_uri

    def log(self, run_id: str, record: RunRecord) -> None:
        """Write params, tags and inputs."""
        tags = {
            key: value
            for key, value in record.tags.items()
            if key not in {RUN_NAME_TAG, ORIGIN_TAG, COPIED_TAG}
        }
        if PARENT_TAG in tags:
            tags[PARENT_TAG] = self._runs.get(tags[PARENT_TAG], tags[PARENT_TAG])
        for name, pairs in (("params", record.params), ("tags", tags)):
            listed = [{"key": key, "value": value} for key, value in pairs.items()]
            for start in range(0, len(listed), _PAIRS):
                body = {"run_id": run_id, name: listed[start : start + _PAIRS]}
                self._server.call("POST", "runs/log-batch", body)
        if record.datasets:
            datasets = [parsing.dataset_body(item) for item in record.datasets]
            self._server.call("POST", "runs/log-inputs", {"run_id": run_id, "datasets": datasets})

    def log_points(self, run_id: str, points: Sequence[Point]) -> None:
        """Write points of a metric."""
        metrics = [
            point._asdict() | {"value": "NaN" if math.isnan(point.value) else point.value}
            for point in points
        ]
        self._server.call("POST", "runs/log-batch", {"run_id": run_id, "metrics": metrics})

    def end_run(self, run_id: str, record: RunRecord) -> None:
        """Set how the run ended, and that the copy is complete."""
        body: dict[str, Any] = {"run_id": run_id, "status": record.info.status}
        if record.info.end_time is not None:
            body["end_time"] = record.info.end_time
        self._server.call("POST", "runs/update", body)
        self._server.call(
            "POST", "runs/set-tag", {"run_id": run_id, "key": COPIED_TAG, "value": "true"}
        )

    def begin_model(
        self, experiment_id: str, model: LoggedModel, run_id: str | None, origin: str
    ) -> tuple[str, str]:
        """Return the id and the artifact URI of a logged model's copy; "" if it is complete."""
        body: dict[str, Any] = {
            "experiment_ids": [experiment_id],
            "filter": f"tags.`{ORIGIN_TAG}` = {_quoted(origin)}",
        }
        found = next(self._server.pages("logged-models/search", body, "models"), None)
        if found is None:
            tags = {**model.tags, ORIGIN_TAG: origin}
            body = {
                "experiment_id": experiment_id,
                "name": model.name,
                "params": [{"key": key, "value": text} for key, text in model.params.items()],
                "tags": [{"key": key, "value": text} for key, text in tags.items()],
            }
            body |= {"model_type": model.model_type} if model.model_type else {}
            source = self._runs.get(run_id or "")
            body |= {"source_run_id": source} if source else {}
            found = self._server.call("POST", "logged-models", body)["model"]
        copy = parsing.logged_model(found)
        self._models[model.model_id] = copy.model_id
        complete = COPIED_TAG in copy.tags
        return ("" if complete else copy.model_id), copy.artifact_uri

    def end_model(self, model_id: str, model: LoggedModel) -> None:
        """Set the model's state, and that the copy is complete."""
        body = {"model_id": model_id, "status": model.status}
        self._server.call("PATCH", f"logged-models/{model_id}", body)
        done = {"model_id": model_id, "tags": [{"key": COPIED_TAG, "value": "true"}]}
        self._server.call("PATCH", f"logged-models/{model_id}/tags", done)

    def write(self, uri: str, path: str, blocks: Iterable[bytes]) -> None:
        """Write a file below a URI that the server serves."""
        self._server.send("PUT", artifact(uri, path), content=_given(blocks))

    def model(self, model: ModelEntry) -> None:
        """Make a registered model if it is new, and set its tags."""
        try:
            self._server.call("GET", "registered-models/get", {"name": model.name})
        except NotFoundError:
            body = {"name": model.name, "description": model.description}
            self._server.call("POST", "registered-models/create", body)
        for key, value in model.tags.items():
            body = {"name": model.name, "key": key, "value": value}
            self._server.call("POST", "registered-models/set-tag", body)

    def has_version(self, name: str, origin: str) -> bool:
        """Tell whether a version's copy is there."""
        wanted = f"name = {_quoted(name)} AND tags.`{ORIGIN_TAG}` = {_quoted(origin)}"
        query = {"filter": wanted, "max_results": 1}
        found = self._server.pages("model-versions/search", query, "model_versions", verb="GET")
        return next(found, None) is not None

    def version(
        self, version: VersionEntry, run_id: str | None, origin: str, source: VersionFiles
    ) -> str:
        """Register a version's copy and return its number."""
        tags = {**version.tags, ORIGIN_TAG: origin}
        body: dict[str, Any] = {
            "name": version.name,
            "description": version.description,
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        }
        run = self._runs.get(run_id or "")
        body |= {"run_id": run} if run else {}
        model = self._models.get(version.model_id or "")
        if model:
            body |= {"source": f"models:/{model}", "model_id": model}
        else:
            body["source"] = self._kept(version, run, source) or version.source or source.uri
        made = self._server.call("POST", "model-versions/create", body)["model_version"]
        return str(made["version"])

    def _kept(self, version: VersionEntry, run: str | None, source: VersionFiles) -> str | None:
        """Return where a version's files are in the target, as artifacts of a run; None if none."""
        paths = source.paths()
        if not paths:
            return None
        if run is None:
            name = f"{version.name} version {version.version}"
            body = {"experiment_id": "0", "run_name": name, "start_time": version.creation_time}
            run = self._server.call("POST", "runs/create", body)["run"]["info"]["run_id"]
        found = parsing.run(self._server.call("GET", "runs/get", {"run_id": run})["run"])
        uri = f"{found.info.artifact_uri}/registered/{quote(version.name)}/{version.version}"
        for path in paths:
            self.write(uri, path, source.read(path))
        return uri

    def alias(self, name: str, alias: str, version: str) -> None:
        """Have an alias name a version."""
        body = {"name": name, "alias": alias, "version": version}
        self._server.call("POST", "registered-models/alias", body)


def _given(blocks: Iterable[bytes]) -> Iterator[bytes]:
    yield from blocks


def _quoted(text: str) -> str:
    # MLflow knows no way to write a quote within quotes of the same kind
    return f'"{text}"' if "'" in text else f"'{text}'"
