"""Out of a project, through a server, into another project, and out of an mlruns folder."""

from __future__ import annotations

import json
import math
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from jupyter_mlops.cli.main import mlops
from jupyter_mlops.core.errors import InvalidInputError, MLOpsError
from jupyter_mlops.core.project import Project
from jupyter_mlops.exchange.copying import Copy
from jupyter_mlops.exchange.local import LocalStore
from jupyter_mlops.exchange.mlruns import MlrunsFolder
from jupyter_mlops.exchange.rest import RestStore
from jupyter_mlops.registry.schemas import VersionSource
from jupyter_mlops.services import Services
from jupyter_mlops.tracking.entities import DatasetInput, Point
from tests.environments import MLFLOW, environment
from tests.server.process import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MLMODEL = """
flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: 3.11.7
  sklearn:
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.9.0
model_uuid: 0123456789abcdef0123456789abcdef
utc_time_created: '2026-11-01 00:00:00'
"""


def made(folder: Path) -> Services:
    folder.mkdir(parents=True, exist_ok=True)
    return Services(Project(folder.resolve()), folder)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Services]:
    services = made(tmp_path / "source 한글")
    fill(services, tmp_path)
    yield services
    services.close()


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Services]:
    services = made(tmp_path / "target")
    yield services
    services.close()


def fill(services: Services, tmp_path: Path) -> None:
    experiment = services.experiments.create("churn 한글", tags={"team": "a"})
    parent = services.runs.create(experiment, user_id="ann", start_time=100, run_name="outer")
    parent_id = parent.info.run_id
    points = [Point("loss", 1 / (step + 1), step + 1, step) for step in range(2500)]
    for start in range(0, 2500, 1000):
        services.run_logger.log(parent_id, metrics=points[start : start + 1000])
    services.run_logger.log(
        parent_id,
        metrics=[Point("nan", math.nan, 5)],
        run_params=[("depth", "4"), ("말", "값")],
        run_tags=[("note", "it's")],
    )
    data = DatasetInput("train", "d1", "local", "{}", None, None, {"role": "train"})
    services.run_logger.log_inputs(parent_id, [data])
    services.runs.update(parent_id, status="FAILED", end_time=900)
    child = services.runs.create(
        experiment, user_id="bob", start_time=200, run_tags={"mlflow.parentRunId": parent_id}
    )
    services.runs.update(child.info.run_id, status="FINISHED", end_time=300)
    for path in ("a b.txt", "deep/한글.bin", "empty"):
        content = b"" if path == "empty" else path.encode() * 1000
        place = f"{experiment}/{parent_id}/artifacts/{path}"
        with services.artifacts.writing(place) as file:
            file.write(content)
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "MLmodel").write_text(MLMODEL)
    (folder / "model.pkl").write_bytes(b"never loaded")
    described = VersionSource(run_id=parent_id)
    for number in (1, 2):
        (folder / "number").write_text(str(number))
        services.registry.register_folder(
            "churn's model", folder, author="ann", source=described, description=f"number {number}"
        )
    services.catalog.set_tag("churn's model", "k", "v")
    services.catalog.set_tag("churn's model", "k", "v2", 2)
    services.registry.set_alias("churn's model", "champion", 2, author="ann")


def described(services: Services) -> dict[str, Any]:
    """Return all that a copy has to keep, ids and times of copying left out."""
    runs = sorted(services.runs.search(None)[0], key=lambda run: run.info.start_time)
    names = {run.info.run_id: run.info.run_name for run in runs}
    local = LocalStore(services, "test")
    found: dict[str, Any] = {
        "experiments": [
            (item.name, item.tags)
            for item in services.experiments.search(order_by=["experiment_id"])[0]
        ],
        "runs": [
            (
                run.info.user_id,
                run.info.status,
                run.info.start_time,
                run.info.end_time,
                run.params,
                {
                    key: names.get(value, value)
                    for key, value in run.tags.items()
                    if not key.startswith("mlops.")
                },
                run.datasets,
                {
                    point.key: list(map(str, local.history(run.info.run_id, point.key)))
                    for point in run.metrics
                },
                {
                    path: b"".join(local.read(run.info.artifact_uri, path))
                    for path in sorted(local.files(run.info.artifact_uri))
                    if not path.startswith("registered/")
                },
            )
            for run in runs
        ],
        "models": [],
    }
    for model in local.models():
        for version in local.versions(model.name):
            tags = {key: v for key, v in version.tags.items() if not key.startswith("mlops.")}
            files = sorted(local.files(local.version_uri(version)))
            found["models"].append(
                {
                    "model": (model.name, model.tags),
                    "version": (version.version, version.description, tags, version.aliases),
                    "run": names[version.run_id or ""],
                    "files": files,
                }
            )
    return found


def copy(source: Any, target: Any) -> dict[str, int]:
    return dict(Copy(source, target, lambda _: None).run())


def test_everything_comes_back_and_nothing_twice(
    source: Services, target: Services, tmp_path: Path
) -> None:
    root = tmp_path / "lab"
    root.mkdir()
    with Server(root, tmp_path / "runtime") as server:
        rest = RestStore(f"{server.url}/mlops/mlflow", server.token)
        here = LocalStore(source, "me")
        counts = copy(here, rest)
        assert counts == {"runs": 2, "points": 2501, "files": 3, "versions": 2}
        assert copy(here, rest) == {}
        back = LocalStore(target, "me")
        again = copy(rest, back)
        assert (again["runs"], again["points"], again["versions"]) == (2, 2501, 2)
        assert copy(rest, back) == {}
        rest.close()
    assert described(target) == described(source)
    version = target.registry.version("churn's model", 2)
    assert version.flavor == "sklearn"
    assert version.object_id is not None


class _BreaksOff:
    """A target whose network goes after some calls."""

    def __init__(self, target: Any, calls: int) -> None:
        self._target = target
        self._left = calls

    def __getattr__(self, name: str) -> Any:
        self._left -= 1
        if self._left < 0:
            raise MLOpsError("The network is gone.")
        return getattr(self._target, name)


def test_a_copy_that_breaks_off_goes_on(source: Services, target: Services) -> None:
    here, there = LocalStore(source, "me"), LocalStore(target, "me")
    tries = 0
    for calls in range(2, 200, 3):
        tries += 1
        try:
            copy(here, _BreaksOff(there, calls))
        except MLOpsError:
            continue
        break
    assert tries > 5
    assert copy(here, there) == {}
    assert described(target) == described(source)


def test_a_copy_into_the_same_store_does_nothing(source: Services) -> None:
    here = LocalStore(source, "me")
    before = described(source)
    assert copy(here, here).keys() <= {"versions"}
    assert described(source)["runs"] == before["runs"]


def test_an_mlruns_folder(target: Services, tmp_path: Path) -> None:
    folder = tmp_path / "old" / "mlruns"
    code = f"""
import mlflow
from mlflow import MlflowClient
mlflow.set_tracking_uri({folder.as_uri()!r})
mlflow.set_experiment("old")
with mlflow.start_run(run_name="first", tags={{"a": "1"}}) as run:
    mlflow.log_param("deep/er", "x")
    for step in range(5):
        mlflow.log_metric("loss", 5 - step, step=step)
    mlflow.log_text("한글", "notes/t.txt")
    mlflow.log_text({MLMODEL!r}, "model/MLmodel")
client = MlflowClient()
client.create_registered_model("m", tags={{"t": "1"}})
source = run.info.artifact_uri + "/model"
client.create_model_version("m", source, run.info.run_id)
client.set_registered_model_alias("m", "champion", "1")
"""
    environ = {"MLFLOW_ALLOW_FILE_STORE": "true", "PATH": "/usr/bin:/bin"}
    subprocess.run(
        [str(environment("mlflow", MLFLOW)), "-W", "ignore", "-c", code], check=True, env=environ
    )
    counts = copy(MlrunsFolder(str(folder)), LocalStore(target, "me"))
    assert counts == {"runs": 1, "points": 5, "files": 2, "versions": 1}
    assert copy(MlrunsFolder(folder.as_uri()), LocalStore(target, "me")) == {}
    (run,) = target.runs.search(None)[0]
    assert (run.info.run_name, run.info.status) == ("first", "FINISHED")
    assert (run.params, run.tags["a"]) == ({"deep/er": "x"}, "1")
    history = target.metrics.page(run.info.run_id, "loss")[0]
    assert [point.value for point in history] == [5.0, 4.0, 3.0, 2.0, 1.0]
    model = target.registry.model("m")
    assert model.aliases == {"champion": 1}
    assert (model.versions[0].flavor, model.versions[0].run_id) == ("sklearn", run.info.run_id)


def test_what_cannot_be_copied_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="There is no folder"):
        MlrunsFolder(str(tmp_path / "nothing"))
    with pytest.raises(InvalidInputError, match="mlflow server --backend-store-uri"):
        RestStore("sqlite:///mlflow.db")


def test_the_commands(source: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "lab"
    root.mkdir()
    with Server(root, tmp_path / "runtime") as server:
        place = f"{server.url}/mlops/mlflow"
        monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", server.token)

        def call(*words: str, folder: Path) -> Result:
            monkeypatch.chdir(folder)
            return CliRunner().invoke(mlops, words, catch_exceptions=False)

        done = call("export", "--to", place, "--json", folder=source.root)
        assert json.loads(done.stdout)["runs"] == 2, done.stderr
        into = tmp_path / "into"
        into.mkdir()
        assert "2 runs, 2 versions." in call("import", "--from", place, folder=into).stdout
        again = call("import", "--from", place, folder=into)
        assert again.stdout.strip() == "Nothing new to copy."
    failed = call("import", "--from", place, folder=into)
    assert failed.exit_code == 1
    assert f"{place} cannot be reached" in failed.stderr
