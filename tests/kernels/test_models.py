"""Models alive in a kernel, and how they are saved."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.errors import ModelUnsupportedError
from jupyter_mlops.kernels.manager import connected
from tests.environments import MLFLOW, bare_environment, environment

from .conftest import Kernel, Started, read_json

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.kernels.schemas import LiveModel, SavedModel

NO_CLOUDPICKLE = "\nimport sys; sys.modules['cloudpickle'] = None\n"
FRAME = """
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
X_train, y_train = load_iris(return_X_y=True, as_frame=True)
X_test = X_train.iloc[::3]
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X_train, y_train)
"""
ARRAY = """
from sklearn.datasets import load_iris
from sklearn.tree import DecisionTreeClassifier
X, y = load_iris(return_X_y=True)
model = DecisionTreeClassifier(random_state=0).fit(X, y)
"""


async def models(kernel: Kernel) -> list[LiveModel]:
    async with connected(kernel.manager) as probe:
        return await probe.models()


async def save(kernel: Kernel, folder: Path, variable: str = "model") -> SavedModel:
    async with connected(kernel.manager) as probe:
        return await probe.save_model(variable, folder)


async def test_models_in_the_namespace(start: Started) -> None:
    async with start() as kernel:
        await kernel.run(FRAME)
        await kernel.run("raw = LogisticRegression(); Model = LogisticRegression; f = raw.fit")
        found = {model.variable: model for model in await models(kernel)}
    assert found.keys() == {"model", "raw"}
    assert (found["model"].class_name, found["model"].framework) == ("Pipeline", "sklearn")
    assert (found["model"].fitted, found["raw"].fitted) == (True, False)
    assert found["model"].example_variable == "X_test"
    assert found["model"].supported


async def test_a_saved_frame_model(start: Started, tmp_path: Path) -> None:
    folder = tmp_path / "saved 모델"
    async with start() as kernel:
        await kernel.run(FRAME)
        saved = await save(kernel, folder)
        assert (await kernel.run("assert 'probe' not in dir()"))["status"] == "ok"
    described = read_json(folder / "MLmodel")
    assert (saved.flavor, saved.class_name, saved.has_input_example) == (
        "sklearn",
        "Pipeline",
        True,
    )
    assert '"sepal length (cm)"' in described["signature"]["inputs"]
    assert described["flavors"]["sklearn"]["pickled_model"] == "model.pkl"
    example = read_json(folder / "serving_input_example.json")["dataframe_split"]
    assert len(example["data"]) == 5
    pins = (folder / "requirements.txt").read_text().split()
    assert pins == saved.requirements
    assert all("==" in pin for pin in pins)
    assert {"scikit-learn", "pandas"} <= {pin.partition("==")[0] for pin in pins}


async def test_a_bare_environment_can_save(start: Started, tmp_path: Path) -> None:
    async with start(bare_environment()) as kernel:
        await kernel.run(ARRAY + NO_CLOUDPICKLE)
        saved = await save(kernel, tmp_path / "model")
    assert saved.serialization == "pickle"
    assert saved.executable == str(bare_environment())
    model = pickle.loads((tmp_path / "model" / "model.pkl").read_bytes())  # noqa: S301 - our own
    assert model.n_features_in_ == 4
    inputs = read_json(tmp_path / "model" / "MLmodel")["signature"]["inputs"]
    assert '"shape": [-1, 4]' in inputs


async def test_a_class_of_the_notebook_needs_cloudpickle(start: Started, tmp_path: Path) -> None:
    code = (
        "from sklearn.base import BaseEstimator\n"
        "class Mine(BaseEstimator):\n"
        "    def fit(self, X, y=None): return self\n"
        "    def predict(self, X): return X\n"
        "model = Mine()"
    )
    async with start(bare_environment()) as kernel:
        await kernel.run(code + NO_CLOUDPICKLE)
        with pytest.raises(ModelUnsupportedError, match="cloudpickle"):
            await save(kernel, tmp_path / "model")
    assert list(tmp_path.glob("model*")) == []


async def test_a_local_class_takes_its_module_along(
    start: Started, folder: Path, tmp_path: Path
) -> None:
    (folder / "mine.py").write_text(
        "from sklearn.linear_model import LogisticRegression\n"
        "class Mine(LogisticRegression):\n    pass\n"
    )
    async with start() as kernel:
        await kernel.run("from mine import Mine\nmodel = Mine()")
        await save(kernel, tmp_path / "model")
    assert (tmp_path / "model" / "code" / "mine.py").is_file()


@pytest.mark.parametrize(("code", "says"), [("model = 1", "no model"), ("x = 1", "no variable")])
async def test_what_is_no_model(start: Started, tmp_path: Path, code: str, says: str) -> None:
    async with start() as kernel:
        await kernel.run(code)
        with pytest.raises(ModelUnsupportedError, match=says):
            await save(kernel, tmp_path / "model")


@pytest.mark.parametrize("code", [FRAME, ARRAY])
async def test_mlflow_loads_what_we_save(start: Started, tmp_path: Path, code: str) -> None:
    async with start() as kernel:
        await kernel.run(code)
        await save(kernel, tmp_path / "model")
        expected = await _expected(kernel)
    check = (
        "import sys, json, mlflow.pyfunc, mlflow.models\n"
        "info = mlflow.models.Model.load(sys.argv[1])\n"
        "example = info.load_input_example(sys.argv[1])\n"
        "assert info.signature.inputs and info.signature.outputs\n"
        "model = mlflow.pyfunc.load_model(sys.argv[1])\n"
        "print(json.dumps(model.predict(example).tolist()))\n"
    )
    python = await asyncio.to_thread(environment, "mlflow", MLFLOW)
    process = await asyncio.create_subprocess_exec(
        python, "-c", check, str(tmp_path / "model"), stdout=subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    assert printed.decode().splitlines()[-1] == expected


async def _expected(kernel: Kernel) -> Any:
    code = "(X_test if 'X_test' in dir() else X)[:5]"
    answer = await kernel.run(
        "import json", user_expressions={"p": f"json.dumps(model.predict({code}).tolist())"}
    )
    return answer["user_expressions"]["p"]["data"]["text/plain"].strip("'")
