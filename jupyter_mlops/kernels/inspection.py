"""Looks into a kernel's namespace: numbers, models, modules, secrets, seeds.

Standard library only; lives in the kernel as ``_jupyter_mlops_inspection``, beside the probe.
"""

from __future__ import annotations

import os
import re
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LARGEST = 1e300  # a larger int is no number that others can read
_TABLE = 2  # dimensions

_probe = sys.modules["_jupyter_mlops_probe"]
_lineage = sys.modules["_jupyter_mlops_lineage"]
_environment = sys.modules["_jupyter_mlops_environment"]


def state() -> dict[str, Any]:
    """Tell all that a snapshot needs."""
    return {
        **_probe.record(),
        "scalars": _scalars(),
        "variables": {name: _described(value) for name, value in _variables()},
        "models": models()["items"],
        "environment": _environment.environment(),
        "modules": local_modules(),
        "working_directory": _lineage.folder(),
        "secrets": _secrets(),
        "seeds": _seeds(),
    }


def history() -> dict[str, Any]:
    """Tell what a grade needs."""
    return {**_probe.history(), "modules": [module["name"] for module in local_modules()]}


def results() -> dict[str, Any]:
    """Tell what the cells have found out."""
    return {
        "watched": True,
        "cells": _probe.history()["cells"],
        "scalars": _scalars(),
        "models": models()["items"],
    }


def _variables() -> Iterator[tuple[str, Any]]:
    hidden = _probe.hidden_names() | {"In", "Out", "exit", "quit"}
    for name, value in list(_probe.namespace().items()):
        if not isinstance(name, str) or name.startswith("_") or name in hidden:
            continue
        if not isinstance(value, (types.ModuleType, types.FunctionType, type)):
            yield name, value


_SECRET = re.compile(
    r"(?i)(?:^|_)(?:password|passwd|passphrase|pwd|secret|api_?key|access_?key|private_?key"
    r"|account_?key|credentials?|(token))(?:_|$)"
)
_SHORTEST_SECRET = 6
_SHORTEST_TOKEN = 16  # what is called a token may be a word of a text


def _secrets() -> list[str]:
    """Tell the values by which the server finds secrets, to mask them; it stores none of them."""
    named = [*os.environ.items(), *_variables()]
    found = set()
    for name, value in named:
        match = _SECRET.search(name)
        if match is None or not isinstance(value, str) or value.isdigit():
            continue
        if name in {"PWD", "OLDPWD"} or (os.path.isabs(value) and os.path.exists(value)):
            continue  # where something is, is none; a shell's PWD is its folder
        if len(value) >= (_SHORTEST_TOKEN if match[1] else _SHORTEST_SECRET):
            found.add(value)
    return sorted(found)


def _seeds() -> dict[str, Any]:
    """Tell the seeds that can be read off a running interpreter; the server finds those in code."""
    found: dict[str, Any] = {}
    if os.environ.get("PYTHONHASHSEED", "random") != "random":
        found["PYTHONHASHSEED"] = os.environ["PYTHONHASHSEED"]
    torch = sys.modules.get("torch")
    if torch is not None:
        try:
            found["torch.initial_seed"] = int(torch.initial_seed())
        except Exception:  # a module that is only half imported
            found["torch.initial_seed"] = "unknown"
    return found


def _scalars() -> dict[str, int | float]:
    numbers = ((name, _or(None, _number, value)) for name, value in _variables())
    return {name: number for name, number in numbers if number is not None}


def _number(value: Any) -> int | float | None:
    if type(value).__module__ == "numpy" and value.ndim == 0:
        value = value.item()
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    # neither infinite nor no number
    return value if is_number and abs(value) < _LARGEST else None


def _or(otherwise: Any, ask: Callable[..., Any], *arguments: Any) -> Any:
    """Ask something of the user's object, which may raise anything."""
    try:
        return ask(*arguments)
    except Exception:
        return otherwise


def _get(value: Any, name: str) -> Any:
    return _or(None, getattr, value, name, None)


def _described(value: Any) -> str:
    return str(_or(type(value).__name__, _describe, value))


def _describe(value: Any) -> str:
    kind = type(value).__name__
    shape = _get(value, "shape")
    if isinstance(shape, tuple):
        return f"{kind} {shape}"
    if isinstance(value, (list, tuple, dict, set, str, bytes)):
        return f"{kind} ({len(value)})"
    return kind


def models() -> dict[str, Any]:
    """List the models alive in the namespace."""
    alive = [(name, value, _or(None, framework_of, value)) for name, value in _variables()]
    return {
        "items": [_model(name, value, framework) for name, value, framework in alive if framework]
    }


def framework_of(value: Any) -> str | None:
    """Name the framework of a model; None for what is no model."""
    bases = {f"{base.__module__}.{base.__name__}" for base in type(value).__mro__}
    for framework, names in _FRAMEWORKS.items():
        if bases & names:
            return framework
    protocol = ("fit", "predict", "get_params")
    if all(callable(getattr(type(value), name, None)) for name in protocol):
        return {"xgboost": "xgboost", "lightgbm": "lightgbm"}.get(_package(value), "sklearn")
    return None


_FRAMEWORKS = {
    "pytorch": {"torch.nn.modules.module.Module"},
    "keras": {"keras.src.models.model.Model", "keras.models.model.Model"},
    "xgboost": {"xgboost.core.Booster"},
    "lightgbm": {"lightgbm.basic.Booster"},
    "statsmodels": {"statsmodels.base.wrapper.ResultsWrapper"},
}


def _package(value: Any) -> str:
    return type(value).__module__.partition(".")[0]


def _model(name: str, value: Any, framework: str) -> dict[str, Any]:
    estimator = hasattr(type(value), "get_params")
    supported = estimator or _importable("mlflow")
    reason = None
    if not supported:
        reason = f"Install mlflow in this kernel's environment to save {framework} models."
    return {
        "variable": name,
        "class_name": type(value).__name__,
        "module": type(value).__module__,
        "framework": framework,
        "fitted": _or(None, _fitted, value) if estimator else None,
        "size_bytes": None,
        "example_variable": example_of(value),
        "supported": supported,
        "reason": reason,
    }


def _importable(name: str) -> bool:
    import importlib.util

    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _fitted(model: Any) -> bool | None:
    """Tell whether an estimator has been fitted."""
    check = getattr(model, "__sklearn_is_fitted__", None)
    if check is not None:
        return bool(check())
    steps = getattr(model, "steps", None)
    if steps:
        return _fitted(steps[-1][1])
    return any(name.endswith("_") and not name.startswith("_") for name in vars(model))


def example_of(model: Any) -> str | None:
    """Name the table alive in the namespace that fits the model's input, test data first."""
    width = _get(model, "n_features_in_")
    names = _get(model, "feature_names_in_")
    fitting = [name for name, value in _variables() if _or(False, _fits, value, width, names)]
    order = ("test", "valid", "val", "x", "train")

    def rank(name: str) -> int:
        lowered = name.lower()
        return next((i for i, word in enumerate(order) if word in lowered), len(order))

    return min(fitting, key=rank) if fitting else None


def _fits(value: Any, width: Any, names: Any) -> bool:
    shape = _get(value, "shape")
    if not isinstance(shape, tuple) or len(shape) != _TABLE:
        return False
    if not width or shape[1] != width or not shape[0]:
        return False
    columns = _get(value, "columns")
    if names is not None:
        return columns is not None and list(columns) == list(names)
    return columns is None and type(value).__module__ == "numpy"


def local_modules() -> list[dict[str, Any]]:
    """List the imported modules that are neither the interpreter's nor installed.

    ``changed``: the file is not any more what was loaded, as far as its compiled form tells.
    """
    found: list[dict[str, Any]] = []
    modules = {name: one for name, one in list(sys.modules.items()) if isinstance(name, str)}
    for name, module in sorted(modules.items()):
        path = _get(module, "__file__")
        if not isinstance(path, str) or not path.endswith(".py") or name == "__main__":
            continue
        if not os.path.isabs(path):  # an object that stands for a module, torch.classes say
            continue
        if any(part in path for part in ("/site-packages/", "/dist-packages/")):
            continue
        if not path.startswith(_probe.LIBRARY) and len(found) < _MOST_MODULES:
            found.append({"name": name, "path": path, "changed": _is_changed(module, path)})
    return found


_MOST_MODULES = 1000
_HEADER = 12  # of a compiled file: magic number, flags, the source's time of change


def _is_changed(module: types.ModuleType, path: str) -> bool:
    try:
        with open(module.__cached__ or "", "rb") as file:
            header = file.read(_HEADER)
        compiled = int.from_bytes(header[8:], "little")
        by_time = header[4:8] == bytes(4)
        return by_time and compiled != int(os.stat(path).st_mtime) & 0xFFFFFFFF
    except (OSError, AttributeError, TypeError, ValueError):  # it may be set to anything
        return False


_probe.QUESTIONS.update(state=state, models=models, history=history, results=results)
