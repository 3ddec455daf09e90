"""Model folders in MLflow's format, written by hand so that tests need no MLflow."""

from __future__ import annotations

import json
import pickle
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pd.DataFrame(
    {"width": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "height": [6, 5, 4, 3, 2, 1], "kind": [0, 1] * 3}
)
COLUMNS = [
    {"type": "double", "name": "width", "required": True},
    {"type": "long", "name": "height", "required": True},
    {"type": "long", "name": "kind", "required": True},
]
LABELS = [0, 0, 0, 1, 1, 1]
_SUM = """
class Sum:
    n_features_in_ = 2

    def __init__(self, slope):
        self.slope = slope

    def predict(self, rows):
        return self.slope * rows.sum(axis=1)
"""


def frame_model(folder: Path) -> Path:
    """Write a classifier that was trained on named columns; [6, 1, 1] is a 1."""
    model = LogisticRegression().fit(FRAME, LABELS)
    example = {"columns": list(FRAME.columns), "data": FRAME[:2].to_numpy().tolist()}
    return write_model(
        folder, model, inputs=COLUMNS, serving={"dataframe_split": example}, example=example
    )


def array_model(folder: Path, slope: float = 2.0) -> Path:
    """Write a regression on arrays of two features, without scikit-learn, which loads slowly.

    It adds the features, times slope.
    """
    tensor = {"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}
    example = [[1.0, 2.0]]
    facts: dict[str, Any] = {"inputs": [tensor], "serving": {"inputs": example}, "example": example}
    return code_model(folder, _SUM, "Sum", slope, **facts)


def code_model(
    folder: Path, source: str, name: str, *arguments: Any, module: str = "its_module", **facts: Any
) -> Path:
    """Write a model of the class ``name`` in a module that is saved with it."""
    file = folder / "code" / f"{module}.py"
    file.parent.mkdir(parents=True)
    file.write_text(source, encoding="utf-8")
    sys.modules[module] = made = ModuleType(module)
    try:
        exec(source, vars(made))  # noqa: S102 - a test's own
        return write_model(folder, getattr(made, name)(*arguments), **facts)
    finally:
        del sys.modules[module]


def write_model(
    folder: Path, model: Any, *, inputs: list[dict[str, Any]], serving: Any, example: Any = None
) -> Path:
    """Write the folder as ``mlflow.sklearn.save_model`` does."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.pkl").write_bytes(pickle.dumps(model))
    outputs = [{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]
    mlmodel = {
        "flavors": {
            "python_function": {
                "loader_module": "mlflow.sklearn",
                "model_path": "model.pkl",
                "env": {"virtualenv": "python_env.yaml"},
                "python_version": ".".join(map(str, sys.version_info[:3])),
            },
            "sklearn": {
                "pickled_model": "model.pkl",
                "serialization_format": "pickle",
                "sklearn_version": "1.9.1",
                "code": None,
            },
        },
        "signature": {
            "inputs": json.dumps(inputs),
            "outputs": json.dumps(outputs),
            "params": None,
        },
        "saved_input_example_info": {
            "artifact_path": "input_example.json",
            "type": "dataframe",
            "pandas_orient": "split",
            "serving_input_path": "serving_input_example.json",
        },
    }
    (folder / "MLmodel").write_text(yaml.safe_dump(mlmodel), encoding="utf-8")
    (folder / "requirements.txt").write_text("scikit-learn\n", encoding="utf-8")
    (folder / "input_example.json").write_text(json.dumps(example), encoding="utf-8")
    (folder / "serving_input_example.json").write_text(json.dumps(serving), encoding="utf-8")
    return folder
