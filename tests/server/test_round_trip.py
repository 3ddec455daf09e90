"""Notebook → snapshot → model → deployment → prediction, with nothing of ours in the kernel."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.deployments.gateway_client import GatewayClient
from tests import notebooks
from tests.environments import bare_environment

from .process import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRAIN = [
    "depth = 3",
    "from sklearn.datasets import load_iris\n"
    "from sklearn.tree import DecisionTreeClassifier\n"
    "X, y = load_iris(return_X_y=True)\n"
    "model = DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X, y)",
    "accuracy = model.score(X, y)",
]
HEAVY = {
    "numpy",
    "pandas",
    "sklearn",
    "scipy",
    "mlflow",
    "torch",
    "joblib",
    "cloudpickle",
    "papermill",
    "matplotlib",
}


@pytest.fixture(scope="module")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Jupyter data folder whose kernel ``bare`` has ipykernel and scikit-learn only."""
    folder = tmp_path_factory.mktemp("jupyter")
    python = bare_environment()
    spec = folder / "kernels" / "bare"
    spec.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "Bare", "language": "python"})
    )
    return folder


@pytest.fixture
def server(tmp_path: Path, kernels: Path) -> Iterator[Server]:
    root = tmp_path / "my work 한글"
    root.mkdir()
    with Server(root, tmp_path / "runtime", JUPYTER_PATH=str(kernels)) as running:
        yield running
    GatewayClient(root / ".mlops", sys.executable).shut_down()


def post(url: str, body: Any, token: str) -> Any:
    request = urllib.request.Request(
        url,
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_the_whole_road(server: Server, tmp_path: Path) -> None:
    path = notebooks.write(server.root / "train 1.ipynb", TRAIN, parameters=0)
    server.run(path, "bare")

    snapshot = server.call("POST", "api/mlops/snapshots", {"notebook_path": path.name})
    assert (snapshot["grade"], snapshot["parameters"]) == ("clean", {"depth": 3})
    assert snapshot["metrics"]["accuracy"] > 0.9

    models = server.call("GET", f"api/mlops/live-models?notebook_path={path.name}")["items"]
    assert [model["variable"] for model in models] == ["model"]
    source = {"notebook_path": path.name, "variable": "model"}
    versions = [server.call("POST", "api/mlops/models/iris/versions", source) for _ in range(2)]
    assert [version["version"] for version in versions] == [1, 2]
    assert {version["snapshot_id"] for version in versions} == {snapshot["id"]}
    assert versions[0]["signature"]["inputs"]
    assert all("==" in requirement for requirement in versions[0]["requirements"])

    created = server.call("POST", "api/mlops/deployments", {"model_name": "iris", "version": 1})
    try:
        use(server, created)
    finally:
        server.call("DELETE", "api/mlops/deployments/iris")
    assert server.call("GET", "api/mlops/deployments")["items"] == []

    witness = server.call("GET", "witness")
    assert witness["unpickled"] == []
    assert witness["frozen"] > 100_000  # what the collector need not look through
    assert {name.partition(".")[0] for name in witness["modules"]} & HEAVY == set()


def use(server: Server, created: dict[str, Any]) -> None:
    token, deployment = created["token"], server.wait_until_running("iris")
    assert created["url"] in {None, deployment["url"]}
    example = server.call("GET", "api/mlops/deployments/iris/example")["payload"]
    answers = [
        server.call("POST", "api/mlops/deployments/iris/predict", {"payload": example})["response"],
        post(deployment["invocations_url"], example, token),
        server.call("POST", "mlops/serve/iris/invocations", example),
    ]
    assert answers[0]["predictions"] == answers[1]["predictions"] == answers[2]["predictions"]
    row = {"inputs": [{"name": "x", "datatype": "FP64", "shape": [1, 4], "data": [5, 3, 1, 0]}]}
    assert post(f"{deployment['url']}/infer", row, token)["outputs"][0]["data"] == [0]
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(deployment["invocations_url"], example, "wrong")
    assert refused.value.code in {401, 403}
    refused.value.close()

    server.call("POST", "api/mlops/deployments", {"model_name": "iris", "version": 2})
    assert wait_until_version(server, 2)["previous_version"] == 1
    back = server.call("POST", "api/mlops/deployments/iris/rollback")
    assert back["version"] == 1
    assert post(deployment["invocations_url"], example, token) == answers[1]


def wait_until_version(server: Server, version: int) -> dict[str, Any]:
    deployment = server.wait_until_running("iris")
    assert deployment["version"] == version
    return deployment


def test_a_restarted_server_finds_everything(server: Server, tmp_path: Path, kernels: Path) -> None:
    path = notebooks.write(server.root / "train.ipynb", TRAIN, parameters=0)
    server.run(path, "bare")
    source = {"notebook_path": path.name, "variable": "model"}
    server.call("POST", "api/mlops/models/iris/versions", source)
    token = server.call("POST", "api/mlops/deployments", {"model_name": "iris"})["token"]
    before = server.wait_until_running("iris")
    example = server.call("GET", "api/mlops/deployments/iris/example")["payload"]
    server.__exit__()

    assert post(before["invocations_url"], example, token)["predictions"]
    with Server(server.root, tmp_path / "runtime2", JUPYTER_PATH=str(kernels)) as again:
        try:
            assert again.call("GET", "api/mlops/deployments/iris") == before | {"requests": 1}
            assert len(again.call("GET", "api/mlops/runs")["items"]) == 1
            assert again.call("GET", "api/mlops/models/iris")["latest_version"] == 1
        finally:
            again.call("DELETE", "api/mlops/deployments/iris")
