"""Casts the values of a request to the types and shapes that a model's signature names."""

from __future__ import annotations

import base64
import importlib
import math
from typing import Any

KINDS = {"FP": "float", "INT": "int", "UINT": "uint"}
DATATYPES = {f"{key}{n}": f"{kind}{n}" for key, kind in KINDS.items() for n in (8, 16, 32, 64)}
DATATYPES["BOOL"] = "bool"
COLUMN_TYPES = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32"}
COLUMN_TYPES["boolean"] = "bool"


class BadRequestError(ValueError):
    """The request does not fit the model."""


def numpy() -> Any:
    """Return numpy, imported only once something needs it."""
    return importlib.import_module("numpy")


def as_array(values: Any) -> Any:
    """Return ``values`` as an array that keeps strings and what stands beside them as objects."""
    array = numpy().asarray(values)
    return numpy().array(values, dtype=object) if array.dtype.kind in "US" else array


def form_of(data: Any) -> Any:
    """Return what data of another length has in common: names, kinds, and shapes of a row."""
    if hasattr(data, "dtypes"):
        return tuple(zip(map(str, data.columns), map(kind_of, data.dtypes)))
    if isinstance(data, dict):
        return tuple((name, form_of(values)) for name, values in data.items())
    array = as_array(data)
    return kind_of(array.dtype), array.shape[1:]


def kind_of(dtype: Any) -> str:
    """Return a kind of values: numbers of all types are of one."""
    return "number" if dtype.kind in "iuf" else str(dtype.kind)


def cast_column(name: str, values: Any, kind: str | None) -> Any:
    """Cast one column to its MLflow type, as a one-dimensional array or a list."""
    if kind in COLUMN_TYPES:
        return cast_numbers(f"Column {name}", values, COLUMN_TYPES[kind])
    values = values.tolist() if hasattr(values, "tolist") else list(values)
    if kind == "string" and not all(isinstance(v, str) or v is None for v in values):
        raise BadRequestError(f"Column {name} takes strings.")
    if kind == "binary":
        return [base64.b64decode(value) for value in values]
    if kind == "datetime":
        return numpy().array([str(v).rstrip("Z") for v in values], dtype="datetime64[ns]")
    return values


def cast_numbers(label: str, values: Any, dtype: str) -> Any:
    """Cast numbers without losing any; JSON's null becomes NaN where the type has it."""
    np, wanted = numpy(), numpy().dtype(dtype)
    array = np.asarray(values)
    if array.dtype == object:
        array = np.asarray([math.nan if value is None else value for value in array.tolist()])
    if array.size and array.dtype.kind not in ("b" if wanted.kind == "b" else "iuf"):
        raise BadRequestError(f"{label} takes {dtype}, but holds something else.")
    with np.errstate(invalid="ignore", over="ignore"):
        cast = array.astype(wanted)
    if wanted.kind in "iu" and not np.array_equal(cast, array):
        raise BadRequestError(f"{label} takes {dtype}, but a value is missing or does not fit.")
    return cast


def cast_tensor(label: str, values: Any, spec: dict[str, Any]) -> Any:
    """Cast an array to the type and shape that a signature names."""
    array, wanted = as_array(values), spec["shape"]
    if len(array.shape) != len(wanted) or any(
        size not in (-1, length) for size, length in zip(wanted, array.shape)
    ):
        raise BadRequestError(f"{label} takes the shape {wanted}, not {list(array.shape)}.")
    if numpy().dtype(spec["dtype"]).kind not in "biuf":
        return array
    return cast_numbers(label, array.reshape(-1), spec["dtype"]).reshape(array.shape)
