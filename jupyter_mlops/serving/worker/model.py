"""The model: loaded, asked, and what it says. Unpickling happens here only."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import pickle
import sys
import traceback
from typing import Any

from .casting import BadRequestError, as_array, cast_column, cast_tensor, form_of, numpy
from .networks import network_of
from .protocols import (
    as_columns,
    dump,
    parse_invocation,
    parse_tensors,
    requested_methods,
    to_tensor,
)

CAUSES = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
FAULTS = (*CAUSES, RuntimeError, AssertionError)
MOST_FORMS = 100


class Model:
    """A folder in MLflow's model format that answers what the gateway asks."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.answered: set[Any] = set()

    def answer(self, header: dict[str, Any], body: bytes) -> tuple[int, bytes]:
        """Return the status and the body of the answer."""
        try:
            try:
                work = getattr(self, "do_" + header["op"])(header, body)
            except CAUSES as error:
                known = isinstance(error, BadRequestError)
                return 400, (str(error) if known else f"The body does not fit: {error!r}.").encode()
            return 200, dump(work())
        except BadRequestError as error:
            return 400, str(error).encode()
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
        return self.asking(data, lambda: {"predictions": self.predictor.predict(data)})

    def do_infer(self, header: dict[str, Any], body: bytes) -> Any:
        """Return what predicts, for the Open Inference Protocol, version 2."""
        request = json.loads(body)
        arrays = parse_tensors(request.get("inputs"))
        data = self.arrange(arrays if self.tensors else as_columns(arrays, self.names))
        names = requested_methods(request, self.methods)
        echo = {**header["model"], **({"id": request["id"]} if "id" in request else {})}
        asked = [(name, getattr(self.predictor, name)) for name in names]
        return self.asking(
            data,
            lambda: {**echo, "outputs": [to_tensor(name, ask(data)) for name, ask in asked]},
        )

    def asking(self, data: Any, ask: Any) -> Any:
        """Return what asks the model, and tells its faults from those of the request.

        It is the request's if no signature has accepted the data, and the model has answered none
        of that form, be it its example: too many columns, say, or texts for numbers.
        """

        def work() -> Any:
            form = form_of(data)
            try:
                answer = ask()
            except FAULTS as error:
                if self.tensors or self.columns or form in self.answered:
                    raise
                traceback.print_exc()
                raise BadRequestError(
                    f"The model cannot predict from this input: {type(error).__name__}: {error}"
                ) from error
            if len(self.answered) < MOST_FORMS:
                self.answered.add(form)
            return answer

        return work

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
        self.network = network_of(self.predictor, mlmodel["flavors"])
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
                return self.network.cast(data) if self.network else data
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


def lacking(error: Any) -> str:
    """Say which package the interpreter lacks, and what to do."""
    root = (error.name or "").split(".")[0]
    if root and root != error.name and importlib.util.find_spec(root) is not None:
        return f"The model needs another version of {root} than {sys.executable} has: {error}."
    return (
        f"The model needs the package {root}, which {sys.executable} lacks ({error}). Install it "
        "there, or register the model again from a kernel that has it."
    )
