"""What models need, and what is said where it is not there."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ..mlflow_models import array_model, code_model, frame_model

if TYPE_CHECKING:
    from pathlib import Path

    from .gateway_process import GatewayProcess

SOURCE = """
import os
import sys

class Picky:
    n_features_in_ = 2

    def predict(self, rows):
        if "pandas" in sys.modules:
            raise RuntimeError("pandas was imported")
        print("predicting", flush=True)
        if rows[0, 0] == 13:
            raise ValueError("13 brings bad luck")
        if rows[0, 0] == 14:
            os._exit(3)
        if rows[0, 0] == 15:
            return rows[:, 0] / 0
        return rows[:, 0]
"""


TENSORS = """
import numpy

class Named:
    def predict(self, tensors):
        left, right = tensors["left"], tensors["right"]
        assert (left.dtype, right.dtype) == ("float32", "int64"), (left.dtype, right.dtype)
        return left.sum(axis=(1, 2)) + right

class Single:
    def predict(self, tensor):
        assert tensor.dtype == "float32", tensor.dtype
        return tensor.sum(axis=1)
"""


def spec(dtype: str, *shape: int) -> dict[str, object]:
    return {"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": list(shape)}}


@pytest.fixture
def picky(tmp_path: Path) -> Path:
    return code_model(
        tmp_path / "Picky", SOURCE, "Picky", inputs=[], serving={"inputs": [[1.0, 2.0]]}
    )


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter with nothing installed."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return str(folder / "bin" / "python")


def test_a_model_brings_its_modules_and_only_they_are_imported(
    gateway: GatewayProcess, picky: Path
) -> None:
    gateway.put("picky", 1, picky)
    assert gateway.wait("picky", "running", "failed")["message"] is None
    answer = gateway.post("/serve/picky/invocations", {"inputs": [[4.0, 2.0]]})
    assert answer.json() == {"predictions": [4.0]}
    logged = gateway.control("GET", "deployments/picky/logs?tail=1").json()
    assert logged == {"lines": ["predicting"]}


def test_a_models_module_may_have_the_name_of_one_of_the_worker(
    gateway: GatewayProcess, tmp_path: Path
) -> None:
    facts: dict[str, Any] = {"inputs": [], "serving": {"inputs": [[1.0, 2.0]]}}
    folder = code_model(tmp_path / "Picky", SOURCE, "Picky", module="model", **facts)
    gateway.put("picky", 1, folder)
    assert gateway.wait("picky", "running", "failed")["message"] is None


def test_a_tensor_has_the_type_of_the_signature(gateway: GatewayProcess, tmp_path: Path) -> None:
    example = {"inputs": [[1.0, 2.0]]}
    inputs = [spec("float32", -1, 2)]
    folder = code_model(tmp_path / "one", TENSORS, "Single", inputs=inputs, serving=example)
    gateway.put("one", 1, folder)
    assert gateway.wait("one", "running", "failed")["message"] is None
    bodies: list[tuple[str, Any, str]] = [
        ("/serve/one/invocations", {"inputs": [[1, 2]]}, "predictions"),
        ("/serve/one/invocations", {"dataframe_split": {"data": [[1, 2]]}}, "predictions"),
    ]
    for path, body, key in bodies:
        assert gateway.post(path, body).json()[key] == [3]
    tensor = {"name": "any", "datatype": "FP64", "shape": [2, 2], "data": [1, 2, 3, 4]}
    answer = gateway.post("/v2/models/one/infer", {"inputs": [tensor]}).json()
    assert answer["outputs"][0]["data"] == [3, 7]
    for wrong in ([[1, 2, 3]], [1, 2], []):
        refused = gateway.post("/serve/one/invocations", {"inputs": wrong})
        assert (refused.status_code, "takes the shape" in refused.text) == (400, True), refused.text


def test_tensors_by_name(gateway: GatewayProcess, tmp_path: Path) -> None:
    inputs = [
        {"name": "left"} | spec("float32", -1, 2, 2),
        {"name": "right"} | spec("int64", -1),
    ]
    example = {"inputs": {"left": [[[1, 2], [3, 4]]], "right": [5]}}
    folder = code_model(tmp_path / "two", TENSORS, "Named", inputs=inputs, serving=example)
    gateway.put("two", 1, folder)
    assert gateway.wait("two", "running", "failed")["message"] is None
    assert gateway.post("/serve/two/invocations", example).json() == {"predictions": [15]}
    tensors = [
        {"name": "left", "datatype": "FP32", "shape": [1, 2, 2], "data": [1, 2, 3, 4]},
        {"name": "right", "datatype": "INT64", "shape": [1], "data": [5]},
    ]
    answer = gateway.post("/v2/models/two/infer", {"inputs": tensors}).json()
    assert answer["outputs"][0]["data"] == [15]
    refused = gateway.post("/v2/models/two/infer", {"inputs": tensors[:1]})
    assert "lacks the tensors right" in refused.text


def test_a_failing_model_is_not_the_requests_fault(gateway: GatewayProcess, picky: Path) -> None:
    gateway.put("picky", 1, picky)
    gateway.wait("picky", "running")
    answer = gateway.post("/serve/picky/invocations", {"inputs": [[13.0, 2.0]]})
    assert answer.status_code == 500
    assert answer.json() == {
        "error_code": "INTERNAL_ERROR",
        "message": "ValueError: 13 brings bad luck",
    }
    assert gateway.status("picky")["errors"] == 1
    lines = gateway.control("GET", "deployments/picky/logs").json()["lines"]
    assert any("13 brings bad luck" in line for line in lines)
    answer = gateway.post("/serve/picky/invocations", {"inputs": [[15.0, 2.0]]})
    assert answer.json() == {"predictions": [None]}


def test_a_model_that_keeps_dying_has_failed(gateway: GatewayProcess, picky: Path) -> None:
    gateway.put("picky", 1, picky)
    for _ in range(5):
        assert gateway.wait("picky", "running")
        answer = gateway.post("/serve/picky/invocations", {"inputs": [[14.0, 2.0]]})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    status = gateway.wait("picky", "failed")
    assert status["message"].startswith("The model's process died 5 times in a row.")
    assert "predicting" in status["message"]
    assert gateway.post("/serve/picky/invocations", {"inputs": [[1.0, 2.0]]}).status_code == 503
    gateway.put("picky", 1, picky)
    assert gateway.wait("picky", "running", "failed")["state"] == "running"


def test_an_environment_without_sklearn(
    gateway: GatewayProcess, tmp_path: Path, bare_python: str
) -> None:
    gateway.put("m", 1, frame_model(tmp_path / "m"), python=bare_python)
    message = gateway.wait("m", "failed", "running")["message"]
    assert "needs the package sklearn" in message
    assert bare_python in message


def test_a_flavor_that_takes_mlflow(
    gateway: GatewayProcess, tmp_path: Path, bare_python: str
) -> None:
    folder = array_model(tmp_path / "m")
    mlmodel = yaml.safe_load((folder / "MLmodel").read_text())
    del mlmodel["flavors"]["sklearn"]
    mlmodel["flavors"]["xgboost"] = {"data": "model.xgb"}
    (folder / "MLmodel").write_text(yaml.safe_dump(mlmodel))
    gateway.put("m", 1, folder, python=bare_python)
    message = gateway.wait("m", "failed", "running")["message"]
    assert "needs the package mlflow" in message
    assert "xgboost" in message


def test_an_interpreter_that_is_gone(gateway: GatewayProcess, tmp_path: Path) -> None:
    python = str(tmp_path / "gone" / "python")
    gateway.put("m", 1, array_model(tmp_path / "m"), python=python)
    message = gateway.wait("m", "failed", "running")["message"]
    assert f"{python} cannot be started: No such file or directory" in message


def test_a_model_that_cannot_predict_its_example_takes_no_traffic(
    gateway: GatewayProcess, tmp_path: Path
) -> None:
    folder = array_model(tmp_path / "m")
    (folder / "serving_input_example.json").write_text('{"inputs": [[1, 2, 3]]}')
    gateway.put("m", 1, folder)
    message = gateway.wait("m", "failed", "running")["message"]
    assert message.startswith("The model cannot predict its own input example: ")


@pytest.mark.parametrize("damaged", ["MLmodel", "model.pkl"])
def test_a_damaged_model(gateway: GatewayProcess, tmp_path: Path, damaged: str) -> None:
    folder = array_model(tmp_path / "m")
    (folder / damaged).write_bytes(b"\x00")
    gateway.put("m", 1, folder)
    assert gateway.wait("m", "failed", "running")["message"].startswith("The model")
