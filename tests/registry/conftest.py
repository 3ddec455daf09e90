from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from jupyter_mlops.registry.manager import RegistryManager

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.core.database import Database
    from jupyter_mlops.objects.manager import ObjectManager

SIGNATURE = {
    "inputs": '[{"type": "double", "name": "alter 나이", "required": true}]',
    "outputs": '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]',
    "params": None,
}
EXAMPLE = {"columns": ["alter 나이"], "data": [[1.5]]}


@pytest.fixture
def registry(database: Database, objects: ObjectManager) -> RegistryManager:
    return RegistryManager(database, objects)


@pytest.fixture
def make_model(tmp_path: Path) -> Callable[..., Path]:
    """Write a folder as MLflow's scikit-learn flavor does."""

    def make(name: str = "model 한글", **changes: Any) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        mlmodel: dict[str, Any] = {
            "flavors": {
                "python_function": {"loader_module": "mlflow.sklearn", "model_path": "model.pkl"},
                "sklearn": {"serialization_format": "skops", "sklearn_version": "1.9.0"},
            },
            "saved_input_example_info": {
                "artifact_path": "input_example.json",
                "type": "dataframe",
                "pandas_orient": "split",
            },
            "signature": SIGNATURE,
            "utc_time_created": "2026-11-23 12:00:00.000000",
        }
        mlmodel |= changes
        (folder / "MLmodel").write_text(yaml.safe_dump(mlmodel), encoding="utf-8")
        (folder / "model.pkl").write_bytes(b"bytes that nobody here loads")
        (folder / "input_example.json").write_text(json.dumps(EXAMPLE))
        (folder / "requirements.txt").write_text("# locked\nscikit-learn==1.9.0\n\nskops==0.13\n")
        return folder

    return make
