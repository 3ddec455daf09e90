"""Saves a model of the kernel's namespace in MLflow's model format.

One file, standard library only, sent to the kernel when a model is saved. scikit-learn's
estimators are written here; other frameworks by the mlflow of the kernel's environment.
Format: MLflow's "MLflow Models" documentation, "Storage Format" and "Model Signature".
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pickle
import platform
import re
import shutil
import sys
import uuid
from datetime import datetime, timezone
from typing import Any

_MLFLOW = "3.17.2"  # whose layout this is
_ROWS = 5

_probe = sys.modules["_jupyter_mlops_probe"]
_environment = sys.modules["_jupyter_mlops_environment"]
_inspection = sys.modules["_jupyter_mlops_inspection"]


class UnsupportedError(Exception):
    """The model cannot be saved; the message says what to do."""


def save_model(variable: str, folder: str) -> dict[str, Any]:
    """Save ``variable`` to ``folder``, which appears whole or not at all; return the facts."""
    namespace = _probe.namespace()
    if variable not in namespace:
        raise UnsupportedError(f"The kernel has no variable {variable} any more.")
    model = namespace[variable]
    framework = _inspection.framework_of(model)
    if framework is None:
        raise UnsupportedError(f"{variable} is no model: it has no fit, predict and get_params.")
    example = _example(namespace, model)
    staged = f"{folder}.part"
    shutil.rmtree(staged, ignore_errors=True)
    os.makedirs(staged)
    try:
        if hasattr(type(model), "get_params"):
            facts = _save_estimator(model, example, staged)
        else:
            facts = _save_by_mlflow(framework, model, example, staged)
        os.rename(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    facts.update(
        variable=variable,
        class_name=type(model).__name__,
        module=type(model).__module__,
        framework=framework,
        has_input_example=example is not None,
        executable=sys.executable,
    )
    return facts


def _example(namespace: dict[str, Any], model: Any) -> Any:
    name = _inspection.example_of(model)
    return None if name is None else namespace[name][:_ROWS]


def _save_estimator(model: Any, example: Any, folder: str) -> dict[str, Any]:
    serialization = _pickle(model, os.path.join(folder, "model.pkl"))
    signature = _signature(model, example)
    requirements = _requirements(model, example, serialization)
    code = _copy_code(model, folder)
    described = {
        "model_uuid": uuid.uuid4().hex,
        "mlflow_version": _MLFLOW,
        "utc_time_created": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f"),
        "flavors": {
            "python_function": {
                "loader_module": "mlflow.sklearn",
                "model_path": "model.pkl",
                "predict_fn": "predict",
                "python_version": platform.python_version(),
                "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
                **({"code": "code"} if code else {}),
            },
            "sklearn": {
                "pickled_model": "model.pkl",
                "serialization_format": serialization,
                "sklearn_version": _version("scikit-learn"),
                "code": "code" if code else None,
            },
        },
    }
    if signature:
        described["signature"] = signature
    if example is not None:
        described["saved_input_example_info"] = _write_example(example, folder)
    # JSON is YAML, so that no YAML library is needed here
    _write(folder, "MLmodel", json.dumps(described, indent=2) + "\n")
    _write_environment(folder, requirements)
    return {
        "flavor": "sklearn",
        "serialization": serialization,
        "signature": signature,
        "requirements": requirements,
    }


def _pickle(model: Any, path: str) -> str:
    try:
        cloudpickle = importlib.import_module("cloudpickle")
    except ImportError:
        cloudpickle = None
    if cloudpickle is None and type(model).__module__ == "__main__":
        raise UnsupportedError(
            f"The class {type(model).__name__} is defined in the notebook. Install cloudpickle in "
            "this kernel's environment, or move the class to a module beside the notebook."
        )
    try:
        with open(path, "wb") as file:
            (cloudpickle or pickle).dump(model, file)
    except Exception as error:
        if cloudpickle is None and "__main__" in str(error):
            raise UnsupportedError(
                "The model uses something that is defined in the notebook. Install cloudpickle in "
                "this kernel's environment, or move it to a module beside the notebook."
            ) from error
        raise UnsupportedError(f"The model cannot be pickled: {error}") from error
    return "cloudpickle" if cloudpickle else "pickle"


_TYPES = {
    "b": "boolean",
    "i": "long",
    "u": "long",
    "f": "double",
    "O": "string",
    "U": "string",
    "M": "datetime",
}
_NARROW = {
    "int32": "integer",
    "int16": "integer",
    "int8": "integer",
    "uint8": "integer",
    "uint16": "integer",
    "float32": "float",
    "float16": "float",
}


def _signature(model: Any, example: Any) -> dict[str, Any] | None:
    if example is None:
        return None
    outputs = model.predict(example)
    return {
        "inputs": json.dumps(_schema(example)),
        "outputs": json.dumps(_schema(outputs)),
        "params": None,
    }


def _schema(value: Any) -> list[dict[str, Any]]:
    columns = getattr(value, "columns", None)
    if columns is not None:
        return [
            {"type": _column_type(value[name].dtype), "name": str(name), "required": True}
            for name in columns
        ]
    if getattr(value, "dtype", None) is None:
        return [{"type": "string", "required": True}]
    if value.dtype.kind not in "biuf":
        return [{"type": _column_type(value.dtype), "required": True}]
    shape = [-1, *value.shape[1:]]
    return [{"type": "tensor", "tensor-spec": {"dtype": str(value.dtype), "shape": shape}}]


def _column_type(dtype: Any) -> str:
    return _NARROW.get(str(dtype), _TYPES.get(getattr(dtype, "kind", "O"), "string"))


def _write_example(example: Any, folder: str) -> dict[str, str]:
    if getattr(example, "columns", None) is not None:
        split = json.loads(example.to_json(orient="split", date_format="iso", index=False))
        split = {"columns": split["columns"], "data": split["data"]}
        stored, serving = split, {"dataframe_split": split}
        info = {"type": "dataframe", "pandas_orient": "split"}
    else:
        stored, serving = example.tolist(), {"inputs": example.tolist()}
        info = {"type": "ndarray"}
    _write(folder, "input_example.json", json.dumps(stored))
    _write(folder, "serving_input_example.json", json.dumps(serving))
    return {
        "artifact_path": "input_example.json",
        "serving_input_path": "serving_input_example.json",
        **info,
    }


def _requirements(model: Any, example: Any, serialization: str) -> list[str]:
    """Pin what loading and predicting need: the model's packages and what those are built on."""
    wanted = {"scikit-learn", "numpy", "scipy", "joblib", "threadpoolctl"}
    wanted |= {_distribution(name) for name in _packages(model)}
    if getattr(example, "columns", None) is not None:
        wanted |= {"pandas", "python-dateutil", "pytz", "tzdata"}
    if serialization == "cloudpickle":
        wanted.add("cloudpickle")
    versions = {package["name"]: package["version"] for package in _environment.packages()}
    return [f"{name}=={versions[name]}" for name in sorted(wanted) if name in versions]


def _packages(model: Any) -> set[str]:
    """Name the top-level packages of the model's class and of what it is made of."""
    found, waiting, seen = set(), [model], set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        found.add(type(value).__module__.partition(".")[0])
        if hasattr(type(value), "get_params"):
            waiting += value.get_params(deep=False).values()
        if isinstance(value, (list, tuple)):
            waiting += value
    return found


def _distribution(package: str) -> str:
    names = {"sklearn": "scikit-learn", "imblearn": "imbalanced-learn"}
    return names.get(package, re.sub(r"[-_.]+", "-", package).lower())


def _version(name: str) -> str | None:
    return next((p["version"] for p in _environment.packages() if p["name"] == name), None)


def _copy_code(model: Any, folder: str) -> bool:
    """Copy the local modules that the model is made of, so that it loads elsewhere."""
    local = {module["name"]: module["path"] for module in _inspection.local_modules()}
    tops = {name for name in _packages(model) if name in local}
    for name, path in local.items():
        if name.partition(".")[0] in tops:
            parts = name.split(".")
            if os.path.basename(path) == "__init__.py":
                parts.append("__init__")
            target = os.path.join(folder, "code", *parts) + ".py"
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(path, target)
    return bool(tops)


def _write_environment(folder: str, requirements: list[str]) -> None:
    python = platform.python_version()
    _write(folder, "requirements.txt", "".join(f"{line}\n" for line in requirements))
    conda = {
        "channels": ["conda-forge"],
        "dependencies": [f"python={python}", "pip", {"pip": requirements}],
        "name": "mlflow-env",
    }
    _write(folder, "conda.yaml", json.dumps(conda, indent=2) + "\n")
    env = {
        "python": python,
        "build_dependencies": ["pip", "setuptools", "wheel"],
        "dependencies": ["-r requirements.txt"],
    }
    _write(folder, "python_env.yaml", json.dumps(env, indent=2) + "\n")


def _write(folder: str, name: str, text: str) -> None:
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def _save_by_mlflow(framework: str, model: Any, example: Any, folder: str) -> dict[str, Any]:
    try:
        flavor = importlib.import_module(f"mlflow.{framework}")
    except ImportError as error:
        raise UnsupportedError(
            f"Install mlflow in this kernel's environment to save {framework} models."
        ) from error
    target = os.path.join(folder, "model")
    options = {"input_example": example}
    takes = inspect.signature(flavor.save_model).parameters
    # by default newer versions trace a network, which takes an example
    if framework == "pytorch" and example is None and "serialization_format" in takes:
        options["serialization_format"] = "pickle"
    flavor.save_model(model, target, **options)
    for name in os.listdir(target):
        os.rename(os.path.join(target, name), os.path.join(folder, name))
    os.rmdir(target)
    with open(os.path.join(folder, "requirements.txt"), encoding="utf-8") as file:
        requirements = file.read().split()
    return {
        "flavor": framework,
        "serialization": framework,
        "signature": None,
        "requirements": requirements,
    }


_probe.QUESTIONS.update(save_model=save_model)
