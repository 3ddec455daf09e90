"""What a PyTorch network takes without a signature. Doubles stand for it: it weighs gigabytes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from jupyter_mlops.serving.worker.casting import BadRequestError
from jupyter_mlops.serving.worker.networks import Network, network_of

from ..mlflow_models import code_model

if TYPE_CHECKING:
    from pathlib import Path

    from .gateway_process import GatewayProcess

STRICT = """
class Strict:
    def predict(self, rows):
        if rows.shape[1] != 2:
            raise RuntimeError(f"shapes do not fit: {rows.shape}")
        if rows[0, 0] == 13:
            raise ValueError("13 brings bad luck")
        return -rows.sum(axis=1)
"""


class Layer:
    def __init__(self, *dtypes: str) -> None:
        self._own = [SimpleNamespace(dtype=f"torch.{dtype}") for dtype in dtypes]

    def parameters(self, *, recurse: bool) -> Any:
        assert not recurse
        return iter(self._own)


class Embedding(Layer):
    """As PyTorch's."""


def network(*layers: Any) -> Network:
    return Network(SimpleNamespace(modules=lambda: iter([Layer(), *layers])))


@pytest.mark.parametrize(
    ("layers", "dtype"),
    [
        ([Layer("float32")], "float32"),
        ([Layer("float64", "float64")], "float64"),
        ([Layer("int8", "float32")], "float32"),
        ([Embedding("float32"), Layer("float32")], "int64"),
        ([Layer("float32"), Embedding("float32")], "float32"),
    ],
)
def test_numbers_get_the_type_of_the_parameters(layers: list[Any], dtype: str) -> None:
    cast = network(*layers).cast([[[1, 2.0]]])
    assert (cast.dtype, cast.tolist()) == (dtype, [[[1, 2]]])


def test_what_has_a_type_that_is_not_known_is_left_alone() -> None:
    assert network(Layer("bfloat16")).cast([[1.5]]).dtype == "float64"
    assert network().cast([[1]]).dtype == "int64"


def test_what_is_no_number_is_the_requests_fault() -> None:
    with pytest.raises(BadRequestError, match="The data takes float32"):
        network(Layer("float32")).cast([["a", 1]])
    with pytest.raises(BadRequestError, match="does not fit"):
        network(Embedding("float32")).cast([[1.5]])


def test_a_traced_network_names_its_layers_otherwise() -> None:
    layer = Layer("float32")
    layer.original_name = "EmbeddingBag"  # type: ignore[attr-defined]
    assert network(layer).cast([[1.0]]).dtype == "int64"


def test_only_networks_are_asked() -> None:
    raw = SimpleNamespace(modules=lambda: iter([Layer("float32")]))
    predictor = SimpleNamespace(get_raw_model=lambda: raw)
    assert network_of(predictor, {"pytorch": {}}).dtype == "float32"
    assert network_of(predictor, {"xgboost": {}}) is None
    assert network_of(SimpleNamespace(), {"pytorch": {}}) is None


def test_input_of_another_form_than_the_example(gateway: GatewayProcess, tmp_path: Path) -> None:
    example = {"inputs": np.ones((1, 2)).tolist()}
    folder = code_model(tmp_path / "m", STRICT, "Strict", inputs=[], serving=example)
    gateway.put("m", 1, folder)
    assert gateway.wait("m", "running", "failed")["message"] is None
    answer = gateway.post("/serve/m/invocations", {"inputs": [[1, 2], [3, 4]]})
    assert answer.json() == {"predictions": [-3, -7]}
    refused = gateway.post("/serve/m/invocations", {"inputs": [[1, 2, 3]]})
    assert refused.status_code == 400
    assert refused.json()["message"] == (
        "The model cannot predict from this input: RuntimeError: shapes do not fit: (1, 3)"
    )
    tensor = {"name": "x", "datatype": "FP64", "shape": [1, 3], "data": [1, 2, 3]}
    refused = gateway.post("/v2/models/m/infer", {"inputs": [tensor]})
    assert refused.status_code == 400
    texts = gateway.post("/serve/m/invocations", {"inputs": [["a", "b"]]})
    assert texts.status_code == 400
    failed = gateway.post("/serve/m/invocations", {"inputs": [[13, 2]]})
    assert failed.status_code == 500
