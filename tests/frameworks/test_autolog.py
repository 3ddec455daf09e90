"""Large frameworks with MLflow's full client, in kernels: ``make test-frameworks``, not in CI.

Each notebook is as a user would write it, with nothing of ours: trained with autolog, the model
loaded from the run, then registered and served by us.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.deployments.gateway_client import GatewayClient
from tests import notebooks
from tests.environments import FRAMEWORKS, environment
from tests.server.process import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("MLOPS_TEST_FRAMEWORKS"), reason="takes gigabytes: make test-frameworks"
    ),
    pytest.mark.timeout(3600),
]

_DATA = """
import warnings; warnings.simplefilter("ignore")
import mlflow
import numpy as np
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
X = X.astype("float32")
mlflow.autolog()
"""

LIGHTNING = """
import lightning, torch
mlflow.pytorch.autolog()  # mlflow.autolog() waits for the import of pytorch_lightning
class Net(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    def forward(self, x):
        return self.layers(x)
    def training_step(self, batch, _):
        loss = torch.nn.functional.cross_entropy(self(batch[0]), batch[1])
        self.log("loss", loss, on_step=False, on_epoch=True)
        return loss
    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.02)
data = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(y))
net = Net()
with mlflow.start_run() as run:
    trainer = lightning.Trainer(
        max_epochs=4, accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False)
    trainer.fit(net, torch.utils.data.DataLoader(data, batch_size=30))
    net.eval()
    made = mlflow.pytorch.log_model(net, name="net", input_example=X[:2], export_model=False,
        serialization_format="pickle", pip_requirements=["torch", "lightning", "mlflow"])
with torch.no_grad():
    expected = net(torch.tensor(X[:3])).numpy()
"""

KERAS = """
import keras
net = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(16, "relu"),
                        keras.layers.Dense(3, "softmax")])
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
with mlflow.start_run() as run:
    net.fit(X, y, epochs=4, verbose=0)
    made = mlflow.tensorflow.log_model(net, name="net", input_example=X[:2],
        pip_requirements=["tensorflow-cpu", "mlflow"])
expected = net.predict(X[:3], verbose=0)
"""

XGBOOST = """
import xgboost
net = xgboost.XGBClassifier(n_estimators=4, max_depth=2)
with mlflow.start_run() as run:
    net.fit(X, y, eval_set=[(X, y)], verbose=False)
    made = mlflow.xgboost.log_model(net, name="net", input_example=X[:2],
        pip_requirements=["xgboost", "scikit-learn", "mlflow"])
expected = net.predict(X[:3])
"""

REGISTER = """
again = mlflow.pyfunc.load_model(made.model_uri)
assert np.allclose(again.predict(X[:3]), expected, atol=1e-5)
version = mlflow.register_model(made.model_uri, NAME)
mlflow.MlflowClient().set_registered_model_alias(NAME, "champion", version.version)
same = mlflow.pyfunc.load_model(f"models:/{NAME}@champion").predict(X[:3])
assert np.allclose(same, expected, atol=1e-5)
open(f"{NAME}.json", "w").write(__import__("json").dumps(
    {"run_id": run.info.run_id, "rows": X[:3].tolist(), "expected": np.asarray(expected).tolist()}))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("lab") / "my project 한글"
    root.mkdir()
    kernels = tmp_path_factory.mktemp("jupyter")
    spec = kernels / "kernels" / "frameworks"
    spec.mkdir(parents=True)
    python = str(environment("frameworks", FRAMEWORKS))
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    description = {"argv": argv, "display_name": "frameworks", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(description))
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    with Server(root, tmp_path_factory.mktemp("run"), JUPYTER_PATH=str(kernels), **quiet) as made:
        yield made
    GatewayClient(root / ".mlops", sys.executable).shut_down()


@pytest.mark.parametrize(
    ("name", "code", "metric"),
    [
        ("lightning", LIGHTNING, "loss"),
        ("keras", KERAS, "loss"),
        ("xgboost", XGBOOST, "validation_0-mlogloss"),
    ],
)
def test_a_notebook_from_fit_to_endpoint(server: Server, name: str, code: str, metric: str) -> None:
    cells = [_DATA, code, f"NAME = {name!r}\n{REGISTER}"]
    notebook = notebooks.write(server.root / f"{name}.ipynb", cells)
    server.run(notebook, "frameworks", timeout=600)
    told = json.loads((server.root / f"{name}.json").read_text())

    run = server.call("GET", f"api/mlops/runs/{told['run_id']}")
    assert (run["status"], run["notebook_path"]) == ("FINISHED", notebook.name)
    points = server.call("GET", f"api/mlops/runs/{told['run_id']}/metrics/{metric}")["points"]
    assert len(points) == 4
    assert points[-1]["value"] < points[0]["value"]
    assert run["params"]

    server.call("POST", "api/mlops/deployments", {"model_name": name, "alias": "champion"})
    try:
        server.wait_until_running(name)
        body = {"payload": {"inputs": told["rows"]}}
        answer = server.call("POST", f"api/mlops/deployments/{name}/predict", body)
        assert answer["status_code"] == 200, answer
        for found, wanted in zip(answer["response"]["predictions"], told["expected"], strict=True):
            assert found == pytest.approx(wanted, abs=1e-5)
    finally:
        server.call("DELETE", f"api/mlops/deployments/{name}")
