"""What a folder in MLflow's model format says about a model, read without loading the model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

_DATATYPES = {
    "double": "FP64",
    "float": "FP32",
    "long": "INT64",
    "integer": "INT32",
    "boolean": "BOOL",
}
_DTYPES = {"float": "FP", "uint": "UINT", "int": "INT"}


class ModelFormatError(Exception):
    """The folder holds no model in MLflow's format."""


def read_mlmodel(folder: Path) -> dict[str, Any]:
    """Return the ``MLmodel`` file.

    Raises:
        ModelFormatError: it is missing or damaged.
    """
    try:
        text = (folder / "MLmodel").read_text(encoding="utf-8")
        mlmodel = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, yaml.YAMLError) as error:
        raise ModelFormatError(f"The model's folder {folder} cannot be read: {error}") from error
    if not isinstance(mlmodel, dict) or not mlmodel.get("flavors"):
        raise ModelFormatError(f"The MLmodel file in {folder} names no flavor.")
    return mlmodel


def self_test(folder: Path) -> bytes | None:
    """Return the model's input example as a body for ``/invocations``; None without one."""
    path = folder / "serving_input_example.json"
    return path.read_bytes() if path.is_file() else None


def tensors(mlmodel: dict[str, Any], side: str) -> list[dict[str, Any]]:
    """Return one side (``inputs``, ``outputs``) of the signature as OIP v2 tensor metadata."""
    columns = json.loads((mlmodel.get("signature") or {}).get(side) or "[]")
    return [_tensor(column, index) for index, column in enumerate(columns)]


def outputs(mlmodel: dict[str, Any], methods: list[str]) -> list[dict[str, Any]]:
    """Return the tensors that the worker answers with, one a method."""
    signed = tensors(mlmodel, "outputs")[:1]
    predict = [{**tensor, "name": "predict"} for tensor in signed]
    if predict and predict[0]["shape"] == [-1, 1]:
        predict[0]["shape"] = [-1]
    others = [name for name in methods if name != "predict"]
    return predict + [{"name": name, "datatype": "FP64", "shape": [-1, -1]} for name in others]


def platform(mlmodel: dict[str, Any]) -> str:
    """Return the framework as the Open Inference Protocol names platforms."""
    flavors = [name for name in mlmodel["flavors"] if name != "python_function"]
    return f"mlflow_{flavors[0] if flavors else 'python_function'}"


def _tensor(column: dict[str, Any], index: int) -> dict[str, Any]:
    name = column.get("name") or f"input-{index}"
    if column["type"] != "tensor":
        return {"name": name, "datatype": _DATATYPES.get(column["type"], "BYTES"), "shape": [-1, 1]}
    spec = column["tensor-spec"]
    return {"name": name, "datatype": _datatype(spec["dtype"]), "shape": spec["shape"]}


def _datatype(dtype: str) -> str:
    if dtype == "bool":
        return "BOOL"
    kind = dtype.rstrip("0123456789")
    return f"{_DTYPES[kind]}{dtype[len(kind) :]}" if kind in _DTYPES else "BYTES"
