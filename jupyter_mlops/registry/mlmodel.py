"""What a folder in MLflow's model format says about its model, read and never loaded.

Format: https://mlflow.org/docs/latest/ml/model/#storage-format
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from ..core.errors import InvalidInputError

Reader = Callable[[str], bytes | None]
"""Returns the content of a file by its path in the folder, None if there is none."""

_GENERIC = "python_function"
_SERIALIZATION_KEYS = ("serialization_format", "model_format", "format")
_SIDES = ("inputs", "outputs", "params")
_EXAMPLE_BYTES = 1024 * 1024  # a larger one stays in the folder; rows are read in lists
_SERVING_EXAMPLE = "serving_input_example.json"


@dataclass(frozen=True)
class ModelFacts:
    """What the folder tells.

    ``input_example`` is a body for MLflow's ``/invocations``, None where it is over 1 MiB.
    """

    flavor: str
    serialization: str
    signature: dict[str, Any] | None
    input_example: Any | None
    requirements: list[str]


def read_facts(read: Reader) -> ModelFacts:
    """Read a model's folder through ``read``.

    Raises:
        InvalidInputError: there is no ``MLmodel`` file, or a file says what it cannot say.
    """
    content = read("MLmodel")
    if content is None:
        raise not_a_model()
    mlmodel = _mapping(_parse_yaml(content), "the file itself")
    flavors = _mapping(mlmodel.get("flavors"), "flavors")
    if not flavors:
        raise _malformed("flavors")
    flavor = next((name for name in flavors if name != _GENERIC), _GENERIC)
    return ModelFacts(
        flavor=str(flavor),
        serialization=_serialization(_mapping(flavors[flavor] or {}, "flavors")),
        signature=_signature(mlmodel),
        input_example=_input_example(mlmodel, read),
        requirements=_requirements(read("requirements.txt") or b""),
    )


def not_a_model() -> InvalidInputError:
    """Return the error for a folder without an ``MLmodel`` file."""
    return InvalidInputError(
        "The folder has no MLmodel file, so it is no model in MLflow's format. "
        "Save the model with its MLflow flavor, such as mlflow.sklearn.save_model."
    )


def _parse_yaml(content: bytes) -> Any:
    try:
        return yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"The MLmodel file is not valid YAML: {error}.") from error


def _mapping(value: Any, where: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _malformed(where)
    return value


def _malformed(where: str) -> InvalidInputError:
    return InvalidInputError(
        f"The MLmodel file is not as MLflow writes it: look at {where}. Save the model again."
    )


def _serialization(flavor: dict[Any, Any]) -> str:
    found = (flavor[key] for key in _SERIALIZATION_KEYS if isinstance(flavor.get(key), str))
    return next(found, "unknown")


def _signature(mlmodel: dict[Any, Any]) -> dict[str, Any] | None:
    if mlmodel.get("signature") is None:
        return None
    written = _mapping(mlmodel["signature"], "signature")
    # MLflow writes each side as JSON text inside the YAML
    return {side: _parse_json(written.get(side), "signature") for side in _SIDES}


def _input_example(mlmodel: dict[Any, Any], read: Reader) -> Any | None:
    ready = read(_SERVING_EXAMPLE)
    if ready is not None:
        return _small_json(ready, _SERVING_EXAMPLE)
    info = _mapping(mlmodel.get("saved_input_example_info") or {}, "saved_input_example_info")
    path = info.get("artifact_path")
    content = read(path) if isinstance(path, str) else None
    example = None if content is None else _small_json(content, str(path))
    if example is None:
        return None
    if info.get("type") == "dataframe":
        return {f"dataframe_{info.get('pandas_orient', 'split')}": example}
    return {"inputs": example}


def _small_json(content: bytes, where: str) -> Any | None:
    return _parse_json(content, where) if len(content) <= _EXAMPLE_BYTES else None


def _parse_json(value: Any, where: str) -> Any:
    if value is None:
        return None
    if not isinstance(value, str | bytes):
        raise _malformed(where)
    try:
        return json.loads(value, parse_constant=_number, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"The model's {where} is not valid JSON: {error}.") from error


def _number(text: str) -> float | None:
    number = float(text)  # MLflow writes missing numbers as NaN, which the wire does not have
    return number if math.isfinite(number) else None


def _requirements(content: bytes) -> list[str]:
    lines = (line.strip() for line in content.decode(errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
