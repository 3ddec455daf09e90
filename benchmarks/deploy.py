"""From a registered model to its first prediction over HTTP, against ``mlflow models serve``."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from jupyter_mlops.core.project import Project
from jupyter_mlops.deployments.gateway_client import GatewayClient
from jupyter_mlops.deployments.schemas import DeploymentCreate
from jupyter_mlops.registry.schemas import VersionSource
from jupyter_mlops.services import Services

from .harness import Result, in_turn
from .peers import peer_python

_TRAIN = """
import sys, mlflow.sklearn
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
X, y = load_breast_cancer(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=5000).fit(X, y)
mlflow.sklearn.save_model(model, sys.argv[1], signature=infer_signature(X, model.predict(X)),
    input_example=X.head(2), pip_requirements=["scikit-learn"], serialization_format="cloudpickle")
"""


def run() -> list[Result]:
    """Measure seconds; both serve the same folder with the same interpreter."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root = Path(name)
        folder = root / "model"
        subprocess.run([str(peer_python()), "-c", _TRAIN, str(folder)], check=True)
        body = (folder / "serving_input_example.json").read_bytes()
        ours, peer = in_turn(3, lambda: _ours(root, folder, body), lambda: _peer(folder, body))
    note = "gateway started too; LogisticRegression"
    return [Result("deploy to first prediction", "s", ours, "mlflow models serve", peer, note=note)]


def _ours(root: Path, folder: Path, body: bytes) -> float:
    project = Project(Path(tempfile.mkdtemp(dir=root)))
    services = Services(project, project.root)
    source = VersionSource(executable=str(peer_python()))
    services.registry.register_folder("bench", folder, author="bench", source=source)
    start = time.perf_counter()
    created = services.deployments.create(DeploymentCreate(model_name="bench"), author="bench")
    running = services.deployments.wait("bench")
    _post(running.invocations_url or "", body, {"Authorization": f"Bearer {created.token}"})
    seconds = time.perf_counter() - start
    services.deployments.delete("bench")
    GatewayClient(project.store, sys.executable).shut_down()
    services.close()
    shutil.rmtree(project.root)
    return seconds


def _peer(folder: Path, body: bytes) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mlflow = peer_python().with_name("mlflow")
    start = time.perf_counter()
    command = ["models", "serve", "-m", str(folder), "--env-manager", "local", "-p", str(port)]
    path = f"{mlflow.parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(
        [str(mlflow), *command],
        env=os.environ | {"PATH": path},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _post_when_up(f"http://127.0.0.1:{port}/invocations", body)
        return time.perf_counter() - start
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


def _post_when_up(url: str, body: bytes) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            _post(url, body, {})
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _post(url: str, body: bytes, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(
        url, data=body, headers={"Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["predictions"]
