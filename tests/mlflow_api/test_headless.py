"""A headless run whose notebook uses MLflow: no server runs, and none has to."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.project import Project
from jupyter_mlops.kernels.address import TrackingAddress
from jupyter_mlops.mlflow_api.on_demand import tracking_on_demand
from jupyter_mlops.services import Services
from tests import notebooks
from tests.databases import store_environment
from tests.environments import MLFLOW, environment

if TYPE_CHECKING:
    from pathlib import Path

LOG = """
import warnings; warnings.simplefilter("ignore")
import mlflow
mlflow.set_experiment("night")
with mlflow.start_run(run_name="inner"):
    mlflow.log_param("depth", depth)
    mlflow.log_metric("f1", 0.9)
    mlflow.log_text("한글", "notes/t.txt")
    with mlflow.start_run(nested=True, run_name="innermost"):
        pass
text = mlflow.artifacts.load_text(mlflow.last_active_run().info.artifact_uri + "/notes/t.txt")
"""


def test_what_the_notebook_logs_is_part_of_the_run(tmp_path: Path) -> None:
    project = (tmp_path / "my project").resolve()
    project.mkdir()
    spec = tmp_path / "jupyter" / "kernels" / "mlflow"
    spec.mkdir(parents=True)
    argv = [str(environment("mlflow", MLFLOW)), "-m", "ipykernel_launcher"]
    description = {
        "argv": [*argv, "-f", "{connection_file}"],
        "display_name": "MLflow",
        "language": "python",
    }
    (spec / "kernel.json").write_text(json.dumps(description))
    notebook = notebooks.write(project / "night.ipynb", ["depth = 3", LOG], parameters=0)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "papermill", str(notebook), str(project / "out.ipynb")),
            *("--engine", "mlops", "-k", "mlflow", "-p", "depth", "5", "--no-progress-bar"),
        ],
        env={"JUPYTER_PATH": str(tmp_path / "jupyter"), "PATH": "/usr/bin:/bin"}
        | store_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    services = Services(Project(project), project)
    runs = {run.info.run_name: run for run in services.runs.search(None)[0]}
    assert set(runs) == {"night.ipynb", "inner", "innermost"}
    outer, inner = runs["night.ipynb"], runs["inner"]
    assert outer.tags["mlops.snapshot_id"]
    assert inner.tags["mlflow.parentRunId"] == outer.info.run_id
    assert inner.tags["mlops.notebook_path"] == "night.ipynb"
    assert runs["innermost"].tags["mlflow.parentRunId"] == inner.info.run_id
    assert (inner.params, inner.info.status) == ({"depth": "5"}, "FINISHED")
    kept = f"{inner.info.experiment_id}/{inner.info.run_id}/artifacts/notes/t.txt"
    assert b"".join(services.artifacts.read(kept)[1]).decode() == "한글"
    services.close()


def test_the_server_of_a_run_answers_its_token_only(tmp_path: Path) -> None:
    services = Services(Project(tmp_path.resolve()), tmp_path)
    path = "/api/2.0/mlflow/experiments/get?experiment_id=0"
    address = TrackingAddress()
    with tracking_on_demand(address, services, "me", {}) as asked:
        assert not asked()
        good = urllib.request.Request(
            address.uri + path, headers={"Authorization": f"Bearer {address.token}"}
        )
        with urllib.request.urlopen(good, timeout=180) as answer:
            assert json.load(answer)["experiment"]["name"] == "Default"
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": address.token}):
            bad = urllib.request.Request(address.uri + path, headers=headers)
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(bad, timeout=180)
            with caught.value as refusal:
                assert (refusal.code, json.load(refusal)["error_code"]) == (
                    403,
                    "PERMISSION_DENIED",
                )
        assert asked()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(good, timeout=180)
    services.close()
