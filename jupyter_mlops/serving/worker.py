"""Answers predictions of one model, run by the interpreter that the model was trained with.

Needs the standard library and what the model itself needs; nothing of ours is installed there.
It knows no HTTP, no tokens and no deployments: the gateway does. Unpickling happens here only.

A frame is the length of a JSON header (32 bits), the length of a body (64 bits), both big-endian,
the header, the body. The gateway asks with ``{"id", "op"}`` and the answer is ``{"id", "status"}``:
200, 400 for a request that does not fit the model, 500 where the model failed, with the reason as
text. Answers come in the order of the questions; the process ends when the socket closes.
"""

from __future__ import annotations

import base64
import csv
import functools
import importlib
import importlib.util
import io
import json
import math
import os
import pickle
import queue
import signal
import socket
import struct
import sys
import threading
import traceback
from typing import Any, BinaryIO

PREFIX = struct.Struct(">IQ")
KINDS = {"FP": "float", "INT": "int", "UINT": "uint"}
DATATYPES = {f"{key}{n}": f"{kind}{n}" for key, kind in KINDS.items() for n in (8, 16, 32, 64)}
DATATYPES["BOOL"] = "bool"
COLUMN_TYPES = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32"}
COLUMN_TYPES["boolean"] = "bool"
BODIES = ("dataframe_split", "dataframe_records", "instances", "inputs")


CAUSES = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class BadRequestError(ValueError):
    """The request does not fit the model."""


def encode_frame(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return ``header`` and ``body`` as one frame."""
    head = json.dumps(header).encode()
    return PREFIX.pack(len(head), len(body)) + head + body


def numpy() -> Any:
    """Return numpy, imported only once something needs it."""
    return importlib.import_module("numpy")


class Model:
    """A folder in MLflow's model format that answers what the gateway asks."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def answer(self, header: dict[str, Any], body: bytes) -> tuple[int, bytes]:
        """Return the status and the body of the answer."""
        try:
            try:
                work = getattr(self, "do_" + header["op"])(header, body)
            except CAUSES as error:
                known = isinstance(error, BadRequestError)
                return 400, (str(error) if known else f"The body does not fit: {error!r}.").encode()
            return 200, dump(work())
        except Exception as error:  # the model's code may raise anything
            traceback.print_exc()
            missing = isinstance(error, ModuleNotFoundError)
            return 500, (lacking(error) if missing else f"{type(error).__name__}: {error}").encode()

    def do_load(self, _: dict[str, Any], body: bytes) -> Any:
        """Return what loads the model; ``body`` is its MLmodel file as JSON."""
        return functools.partial(self.load, json.loads(body))

    def do_invocations(self, header: dict[str, Any], body: bytes) -> Any:
        """Return what predicts, for MLflow's scoring protocol."""
        data = self.arrange(parse_invocation(body, header["content_type"], self.types))
        return lambda: {"predictions": self.predictor.predict(data)}

    def do_infer(self, header: dict[str, Any], body: bytes) -> Any:
        """Return what predicts, for the Open Inference Protocol, version 2."""
        request = json.loads(body)
        arrays = parse_tensors(request.get("inputs"))
        data = self.arrange(arrays if self.tensors else as_columns(arrays, self.names))
        names = requested_methods(request, self.methods)
        echo = {**header["model"], **({"id": request["id"]} if "id" in request else {})}
        asked = [(name, getattr(self.predictor, name)) for name in names]
        return lambda: {**echo, "outputs": [to_tensor(name, ask(data)) for name, ask in asked]}

    def load(self, mlmodel: dict[str, Any]) -> dict[str, Any]:
        """Load the model as its ``MLmodel`` file says."""
        add_code_paths(self.folder, mlmodel)
        self.predictor, methods = load_predictor(self.folder, mlmodel)
        self.methods = [name for name in methods if hasattr(self.predictor, name)]
        if "predict" not in self.methods:
            raise TypeError(f"a {type(self.predictor).__name__} has no method predict")
        columns = json.loads((mlmodel.get("signature") or {}).get("inputs") or "[]")
        self.tensors = {c.get("name"): c["tensor-spec"] for c in columns if c["type"] == "tensor"}
        self.columns = {c["name"]: c for c in columns if "name" in c and c["type"] != "tensor"}
        self.types = {name: column["type"] for name, column in self.columns.items()}
        fitted = getattr(self.predictor, "feature_names_in_", None)
        self.features = getattr(self.predictor, "n_features_in_", None)
        self.names = list(self.columns) or ([] if fitted is None else [str(n) for n in fitted])
        on_arrays = self.features is not None and fitted is None
        self.wants_frame = not on_arrays and importlib.util.find_spec("pandas") is not None
        return {"methods": self.methods}

    def arrange(self, data: Any) -> Any:
        """Give what the model was trained on: a DataFrame, an array, or arrays by name.

        Args:
            data: values by the name of their column or tensor, or one array.
        """
        if self.tensors:
            return self._arrange_tensors(data)
        if not isinstance(data, dict):
            self._checked(data, len(self.names) or self.features)
            if not self.names:
                return data
            data = {name: data[:, i] for i, name in enumerate(self.names)}
        absent = [n for n in self.names if n not in data]
        if missing := [n for n in absent if self.columns.get(n, {}).get("required", True)]:
            raise BadRequestError(f"The data lacks the columns {', '.join(missing)}.")
        names = [n for n in self.names if n in data] if self.names else list(data)
        columns = {name: cast_column(name, data[name], self.types.get(name)) for name in names}
        if not columns or not all(len(values) for values in columns.values()):
            raise BadRequestError("The data has no rows.")
        if self.wants_frame:
            return importlib.import_module("pandas").DataFrame(columns)
        table = numpy().column_stack([as_array(values) for values in columns.values()])
        return self._checked(table, self.features)

    def _arrange_tensors(self, data: Any) -> Any:
        if not isinstance(data, dict):
            data = dict.fromkeys(self.tensors, data) if len(self.tensors) == 1 else {}
        elif len(data) == 1 and None in self.tensors:
            data = {None: next(iter(data.values()))}  # whatever it is called
        elif None in self.tensors:
            data = {None: numpy().column_stack([as_array(values) for values in data.values()])}
        if missing := [str(name) for name in self.tensors if name not in data]:
            raise BadRequestError(f"The data lacks the tensors {', '.join(missing)}.")
        arrays = {
            name: self._checked(
                cast_tensor(f"Tensor {name}" if name else "The data", data[name], spec)
            )
            for name, spec in self.tensors.items()
        }
        return arrays.get(None, arrays)

    def _checked(self, array: Any, width: int | None = None) -> Any:
        if not array.size:
            raise BadRequestError("The data has no rows.")
        if width is not None and (array.shape[1:] != (width,)):
            names = f"{width} values ({', '.join(self.names) or 'unnamed'})"
            raise BadRequestError(f"The model takes rows of {names}, not {list(array.shape)}.")
        return array


def load_predictor(folder: str, mlmodel: dict[str, Any]) -> tuple[Any, list[str]]:
    """Load the model, and say which methods of it may be asked for."""
    flavors = mlmodel["flavors"]
    flavor = flavors.get("sklearn") or {}
    serialization = flavor.get("serialization_format") or "pickle"
    path = os.path.join(folder, flavor.get("pickled_model") or "model.pkl")
    if flavor and serialization in ("pickle", "cloudpickle"):
        with open(path, "rb") as file:
            return pickle.load(file), ["predict", "predict_proba"]  # noqa: S301 - its owner trusts it
    if flavor and serialization == "joblib":
        return importlib.import_module("joblib").load(path), ["predict", "predict_proba"]
    if importlib.util.find_spec("mlflow") is None:
        others = ", ".join(sorted(set(flavors) - {"python_function"})) or "python_function"
        raise ModuleNotFoundError(f"for models of the flavor {others}", name="mlflow")
    return importlib.import_module("mlflow.pyfunc").load_model(folder), ["predict"]


def add_code_paths(folder: str, mlmodel: dict[str, Any]) -> None:
    """Make the modules that were saved with the model importable."""
    paths = ["code"]
    for flavor in mlmodel["flavors"].values():
        paths += [flavor.get("code") or "code", *(flavor.get("code_paths") or [])]
    folders = dict.fromkeys(os.path.join(folder, path) for path in paths)
    sys.path[:0] = filter(os.path.isdir, folders)


def as_array(values: Any) -> Any:
    """Return ``values`` as an array that keeps strings and what stands beside them as objects."""
    array = numpy().asarray(values)
    return numpy().array(values, dtype=object) if array.dtype.kind in "US" else array


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


def requested_methods(request: dict[str, Any], methods: list[str]) -> list[str]:
    """Return the methods that the request wants, ``predict`` unless it says otherwise."""
    outputs = [str(output["name"]) for output in request.get("outputs") or []]
    method = (request.get("parameters") or {}).get("method")
    wanted = outputs or list(dict.fromkeys(["predict", method or "predict"]))
    if unknown := [name for name in wanted if name not in methods]:
        raise BadRequestError(f"The model has no output {unknown[0]}, only {', '.join(methods)}.")
    return wanted


def lacking(error: Any) -> str:
    """Say which package the interpreter lacks, and what to do."""
    root = (error.name or "").split(".")[0]
    if root and root != error.name and importlib.util.find_spec(root) is not None:
        return f"The model needs another version of {root} than {sys.executable} has: {error}."
    return (
        f"The model needs the package {root}, which {sys.executable} lacks ({error}). Install it "
        "there, or register the model again from a kernel that has it."
    )


def read_frames(stream: BinaryIO, jobs: queue.SimpleQueue[Any]) -> None:
    """Queue what the gateway sends, and end the process when it is gone."""
    try:
        while len(prefix := stream.read(PREFIX.size)) == PREFIX.size:
            head, body = PREFIX.unpack(prefix)
            jobs.put((json.loads(stream.read(head)), stream.read(body)))
    finally:
        if os.getpgrp() == os.getpid():  # with the processes that the model started
            os.killpg(0, signal.SIGKILL)
        os._exit(0)


def main() -> None:
    """Connect to the gateway and answer until it closes the connection."""
    if sys.path and sys.path[0] == os.path.dirname(os.path.abspath(__file__)):
        del sys.path[0]  # the gateway's modules are none of the model's
    _, _, address, _, folder = sys.argv  # --socket S --model DIR
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(address)
    jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stream = connection.makefile("rb")
    threading.Thread(target=read_frames, args=(stream, jobs), daemon=True).start()
    model = Model(os.path.abspath(folder))
    while True:
        header, body = jobs.get()
        status, reply = model.answer(header, body)
        connection.sendall(encode_frame({"id": header["id"], "status": status}, reply))


if __name__ == "__main__":
    main()
