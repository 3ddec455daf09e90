"""Virtual environments for tests, kept between runs where ``MLOPS_TEST_ENVS`` names a folder.

``python -m tests.environments`` makes those that CI needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import gettempdir

from jupyter_mlops.core.locks import locked

BARE = ("ipykernel", "scikit-learn")
KERNEL = ("ipykernel",)
# "full": with all that MLflow's own server needs too
_CLIENT = "mlflow" if os.environ.get("MLOPS_TEST_MLFLOW") == "full" else "mlflow-skinny"
MLFLOW = (f"{_CLIENT}==3.17.2", "ipykernel", "scikit-learn", "skops", "pandas", "lightgbm")
MLFLOW_2 = (f"{_CLIENT}==2.22.5", "scikit-learn<1.8", "pandas<3")
FRAMEWORKS = (
    "mlflow==3.17.2",
    "ipykernel",
    "lightning",
    "scikit-learn",
    "skops",
    "tensorflow-cpu",
    "torch",
    "xgboost",
)
# whose data lineage must find
READERS = ("datasets", "ipykernel", "safetensors", "torch")
FORMATS = (
    "adbc-driver-sqlite",
    "catboost",
    "connectorx",
    "deltalake",
    "faiss-cpu",
    "geopandas",
    "ipykernel",
    "lightgbm",
    "lmdb",
    "lxml",
    "netCDF4",
    "onnx",
    "onnxruntime",
    "opencv-python-headless",
    "pandas",
    "pyarrow",
    "pyreadstat",
    "rasterio",
    "scipy",
    "soundfile",
    "xarray",
    "xgboost-cpu",
)


def bare_environment() -> Path:
    """Return an interpreter with ipykernel and scikit-learn, and nothing of ours."""
    return environment("bare", BARE)


@cache
def environment(name: str, packages: tuple[str, ...]) -> Path:
    """Return an interpreter that has ``packages``; installed once, then kept."""
    folder = Path(os.environ.get("MLOPS_TEST_ENVS") or Path(gettempdir()) / "mlops-test-envs")
    home = folder / (f"{name}-full" if _CLIENT == "mlflow" else name)
    python, done = home / "bin" / "python", home / ".done"
    wanted = "\n".join(packages)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / f"{home.name}.lock"):  # another run of the tests may need it too
        if not done.exists() or done.read_text() != wanted:
            _install(python, packages)
            done.write_text(wanted)
    return python


def _install(python: Path, packages: tuple[str, ...]) -> None:
    uv = [sys.executable, "-m", "uv"]
    home = str(python.parents[1])
    subprocess.run(
        [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, home], check=True
    )
    install = ["pip", "install", "--quiet", "--compile-bytecode", "--python", str(python)]
    subprocess.run([*uv, *install, *packages], check=True)


if __name__ == "__main__":
    for _name, _packages in (
        ("bare", BARE),
        ("kernel", KERNEL),
        ("mlflow", MLFLOW),
        ("mlflow2", MLFLOW_2),
    ):
        environment(_name, _packages)
