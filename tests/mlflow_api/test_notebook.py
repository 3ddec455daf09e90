"""A notebook that uses MLflow, in JupyterLab: nothing to set up, one run, one snapshot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests import notebooks
from tests.environments import MLFLOW, environment
from tests.server.process import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

FIT = """
import warnings; warnings.simplefilter("ignore")
import mlflow
mlflow.autolog(log_models=False)
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=321).fit(X, y)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server with kernels that have MLflow's client and nothing of ours.

    One of them, ``own``, is set up to log to a server elsewhere.
    """
    root = tmp_path_factory.mktemp("lab") / "my project 한글"
    root.mkdir()
    kernels = tmp_path_factory.mktemp("jupyter")
    python = str(environment("mlflow", MLFLOW))
    own = {"MLFLOW_TRACKING_URI": "http://example.invalid:5000"}
    for name, variables in (("mlflow", {}), ("own", own)):
        spec = kernels / "kernels" / name
        spec.mkdir(parents=True)
        description = {
            "argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": name,
            "language": "python",
            "env": variables,
        }
        (spec / "kernel.json").write_text(json.dumps(description))
    runtime = tmp_path_factory.mktemp("runtime")
    with Server(root, runtime, JUPYTER_PATH=str(kernels)) as running:
        yield running


def test_autolog_needs_no_set_up_and_the_snapshot_joins_its_run(server: Server) -> None:
    notebook = notebooks.write(server.root / "train 한글.ipynb", ["depth = 3", FIT])
    server.run(notebook, "mlflow")
    (run,) = server.call("GET", "api/mlops/runs")["items"]
    assert run["params"]["max_iter"] == "321"
    assert run["metrics"]["training_accuracy_score"] > 0.9
    assert run["notebook_path"] == "train 한글.ipynb"
    assert run["tags"]["mlops.cell_id"] == "cell1"
    assert run["snapshot_id"] is None
    body = {"notebook_path": "train 한글.ipynb"}
    snapshot = server.call("POST", "api/mlops/snapshots", body)
    assert snapshot["run_id"] == run["run_id"]
    (joined,) = server.call("GET", "api/mlops/runs")["items"]
    assert (joined["snapshot_id"], joined["status"]) == (snapshot["id"], "FINISHED")
    assert joined["params"]["max_iter"] == "321"
    again = server.call("POST", "api/mlops/snapshots", body)
    assert again["run_id"] != run["run_id"]


def test_a_tracking_server_of_the_users_own_is_left_alone(server: Server) -> None:
    code = "import os; open('uri', 'w').write(os.environ.get('MLFLOW_TRACKING_URI', ''))"
    folder = server.root / "own"
    folder.mkdir()
    notebook = notebooks.write(folder / "own.ipynb", [code])
    server.run(notebook, "own")
    assert (folder / "uri").read_text() == "http://example.invalid:5000"
