"""Requests and answers of MLflow's scoring protocol and the Open Inference Protocol 2."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from .casting import DATATYPES, BadRequestError, as_array, cast_numbers, numpy

BODIES = ("dataframe_split", "dataframe_records", "instances", "inputs")


def parse_invocation(body: bytes, content_type: str, types: dict[str, str]) -> Any:
    """Read a body of MLflow's scoring protocol: columns by name, or an array."""
    if content_type == "text/csv":
        names, *rows = [row for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) if row]
        texts = from_rows(rows, names)
        return {n: c if types.get(n) == "string" else parse_cells(c) for n, c in texts.items()}
    request = json.loads(body)
    given = [key for key in BODIES if isinstance(request, dict) and key in request]
    if len(given) != 1:
        raise BadRequestError(f"Give exactly one of {', '.join(BODIES)}.")
    value = request[given[0]]
    if given[0] == "dataframe_split":
        return from_rows(value["data"], value.get("columns"))
    if isinstance(value, dict) and given[0] == "inputs":
        return value
    if not isinstance(value, list):
        raise BadRequestError(f"{given[0]} takes a list.")
    if value and all(isinstance(row, dict) for row in value):
        return {str(name): [row[name] for row in value] for name in value[0]}
    return as_array(value)


def from_rows(rows: list[Any], names: list[Any] | None) -> Any:
    """Turn rows into columns by name, or into an array where there are no names."""
    if names is None:
        return as_array(rows)
    if any(len(row) != len(names) for row in rows):
        raise BadRequestError(f"Each row of the data takes {len(names)} values.")
    return {str(name): [row[i] for row in rows] for i, name in enumerate(names)}


def parse_cells(texts: list[str]) -> list[Any]:
    """Return a CSV column as truth values or numbers, with None for gaps, else as it is."""
    for known in ({"true": True, "false": False}.__getitem__, int, float):
        try:
            return [known(text.lower()) if text else None for text in texts]
        except (KeyError, ValueError):  # noqa: PERF203 - a few names, once
            continue
    return texts


def parse_tensors(tensors: Any) -> dict[str, Any]:
    """Read Open Inference Protocol inputs, by name."""
    if not isinstance(tensors, list) or not tensors:
        raise BadRequestError("Give the tensors of the request as a list named inputs.")
    arrays = {str(tensor["name"]): parse_tensor(tensor) for tensor in tensors}
    if len(arrays) != len(tensors):
        raise BadRequestError("Give each column once, as a tensor of the shape [rows, 1].")
    return arrays


def as_columns(arrays: dict[str, Any], names: list[str]) -> Any:
    """Turn tensors into one array of [rows, features], or columns by name."""
    name, array = next(iter(arrays.items()))
    if len(arrays) == 1 and (name not in names or array.size != len(array)):
        return array
    if any(array.size != len(array) for array in arrays.values()):
        raise BadRequestError("Give each column once, as a tensor of the shape [rows, 1].")
    return {name: array.reshape(-1) for name, array in arrays.items()}


def parse_tensor(tensor: dict[str, Any]) -> Any:
    """Return the tensor's data in its datatype and shape."""
    name, datatype, shape = tensor["name"], tensor["datatype"], tensor["shape"]
    if datatype != "BYTES" and datatype not in DATATYPES:
        raise BadRequestError(f"Tensor {name} has the unknown datatype {datatype}.")
    array = numpy().array(tensor["data"], dtype=object if datatype == "BYTES" else None)
    if not shape or array.size != math.prod(shape):
        raise BadRequestError(f"Tensor {name} has {array.size} values, its shape is {shape}.")
    if datatype != "BYTES":
        array = cast_numbers(f"Tensor {name}", array.reshape(-1), DATATYPES[datatype])
    return array.reshape(shape)


def to_tensor(name: str, values: Any) -> dict[str, Any]:
    """Return predictions as an Open Inference Protocol tensor."""
    array = numpy().asarray(values.toarray() if hasattr(values, "toarray") else values)
    known = [key for key, dtype in DATATYPES.items() if dtype == array.dtype.name]
    data = array.reshape(-1).tolist() if known else [str(value) for value in array.flat]
    datatype = known[0] if known else "BYTES"
    return {"name": name, "datatype": datatype, "shape": list(array.shape), "data": data}


def requested_methods(request: dict[str, Any], methods: list[str]) -> list[str]:
    """Return the methods that the request wants, ``predict`` unless it says otherwise."""
    outputs = [str(output["name"]) for output in request.get("outputs") or []]
    method = (request.get("parameters") or {}).get("method")
    wanted = outputs or list(dict.fromkeys(["predict", method or "predict"]))
    if unknown := [name for name in wanted if name not in methods]:
        raise BadRequestError(f"The model has no output {unknown[0]}, only {', '.join(methods)}.")
    return wanted


def dump(value: Any) -> bytes:
    """Return ``value`` as JSON, with null for what JSON has no number for."""
    try:
        return json.dumps(value, allow_nan=False, default=plain).encode()
    except ValueError:
        text = json.dumps(value, default=plain)
        return json.dumps(json.loads(text, parse_constant=lambda _: None)).encode()


def plain(values: Any) -> Any:
    """Return as JSON types: records for a DataFrame, lists for arrays, else text."""
    if hasattr(values, "columns") and hasattr(values, "to_dict"):
        return values.to_dict(orient="records")
    values = values.toarray() if hasattr(values, "toarray") else values
    return values.tolist() if hasattr(values, "tolist") else str(values)
