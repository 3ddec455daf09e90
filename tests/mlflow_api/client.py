"""Runs programs with MLflow's real client, in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from tests.environments import MLFLOW, environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.process import Server

_HEAD = """
import json, sys, warnings
warnings.simplefilter("ignore")
import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
client = MlflowClient()
def answer(value):
    print("answer:" + json.dumps(value))
errors = []
def fails(what, *args, **kwargs):
    try:
        what(*args, **kwargs)
    except MlflowException as error:
        errors.append(error.error_code)
    else:
        errors.append("none")
"""


def run_client(server: Server, code: str, python: Path | None = None) -> Any:
    """Run ``code`` with ``mlflow`` and ``client`` at hand; return what it gives to ``answer``.

    ``fails`` calls a function and adds the code of its error to ``errors``.
    """
    done = subprocess.run(
        [str(python or environment("mlflow", MLFLOW)), "-c", _HEAD + code],
        env=os.environ
        | {
            "MLFLOW_TRACKING_URI": f"{server.url}/mlops/mlflow",
            "MLFLOW_TRACKING_TOKEN": server.token,
            "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
            "PYTHONPATH": "",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    answers = [line for line in done.stdout.splitlines() if line.startswith("answer:")]
    return json.loads(answers[-1].removeprefix("answer:")) if answers else None
