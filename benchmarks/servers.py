"""Our server, and ``mlflow server`` on SQLite as shipped, with 10,000 runs of 20 metrics each."""

from __future__ import annotations

import http.client
import os
import random
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services

from .peers import peer_python
from .rest import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS, METRICS = 10_000, 20
NEWEST = 1_700_000_000_000


@contextmanager
def our_server(folder: Path) -> Iterator[tuple[Api, int]]:
    """Run our server on the runs; gives its API, with a kernel's token, and its process."""
    folder.mkdir()
    _fill(
        database_file(folder),
        "INSERT INTO runs VALUES (?, 0, ?, 'FINISHED', 'active', 'me', ?, ?)",
        lambda number: (f"{number:032x}", f"run-{number}", NEWEST + number, NEWEST + number),
        "INSERT INTO latest_metrics (run_id, key, experiment_id, value, step, timestamp) "
        "VALUES (?, ?, 0, ?, 0, 1)",
    )
    with jupyter_server(folder) as running:
        yield running


def database_file(folder: Path) -> str:
    """Return the SQLite file of the store in a folder; it is made."""
    services = Services(Project(folder), folder)
    file = services.database.engine.url.database
    services.close()
    return str(file)


@contextmanager
def jupyter_server(folder: Path, *, extension: bool = True) -> Iterator[tuple[Api, int]]:
    """Run a Jupyter server with a kernel, with us or without; gives its API and its process."""
    token, port = secrets.token_hex(), _free_port()
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", f"--port={port}"]
    process = subprocess.Popen(
        [
            *command,
            "--ServerApp.open_browser=False",
            f"--ServerApp.root_dir={folder}",
            f"--ServerApp.jpserver_extensions=jupyter_mlops={extension}",
        ],
        env=os.environ | {"JUPYTER_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with closing(_Ended(process)):
        _wait(port, "/api/status", token)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/api/kernels", "{}", {"Authorization": f"token {token}"})
        assert connection.getresponse().status == HTTPStatus.CREATED
        connection.close()
        prefix, bearer = ("/mlops/mlflow", _kernel_token(process.pid)) if extension else ("", token)
        yield Api(port, prefix, bearer), process.pid


def _kernel_token(pid: int) -> str:
    """Return the token of the kernel that the server ``pid`` has started."""
    name = "MLFLOW_TRACKING_TOKEN="
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            for variable in Path(f"/proc/{child}/environ").read_text(encoding="utf-8").split("\0"):
                if variable.startswith(name):
                    return variable.removeprefix(name)
    raise RuntimeError("The server has started no kernel.")


@contextmanager
def peer_server(folder: Path) -> Iterator[tuple[Api, int]]:
    """Run ``mlflow server`` on the runs; gives its API and its process."""
    folder.mkdir()
    port = _free_port()
    mlflow = peer_python().with_name("mlflow")
    uri = f"sqlite:///{folder}/mlflow.db"
    process = subprocess.Popen(
        [str(mlflow), "server", "--backend-store-uri", uri, "--port", str(port)],
        cwd=folder,
        env=os.environ | {"PATH": f"{mlflow.parent}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with closing(_Ended(process)):
        _wait(port, "/health", "")
        _fill(
            f"{folder}/mlflow.db",
            "INSERT INTO runs (run_uuid, experiment_id, name, status, lifecycle_stage, user_id, "
            "start_time, end_time, source_type, artifact_uri) "
            "VALUES (?, 0, ?, 'FINISHED', 'active', 'me', ?, ?, 'UNKNOWN', '')",
            lambda number: (f"{number:032x}", f"run-{number}", NEWEST + number, NEWEST + number),
            "INSERT INTO latest_metrics (run_uuid, key, value, step, timestamp, is_nan) "
            "VALUES (?, ?, ?, 0, 1, 0)",
        )
        yield Api(port, "", ""), process.pid


def _fill(file: str, runs: str, row: Callable[[int], tuple[Any, ...]], metrics: str) -> None:
    chance = random.Random(0)  # noqa: S311 - the same runs for both
    with closing(sqlite3.connect(file, timeout=60)) as connection, connection:
        connection.executemany(runs, map(row, range(RUNS)))
        connection.executemany(
            metrics,
            (
                (f"{number:032x}", f"m{metric}", chance.random())
                for number in range(RUNS)
                for metric in range(METRICS)
            ),
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, path: str, token: str) -> None:
    deadline = time.monotonic() + 180
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path, headers={"Authorization": f"token {token}"})
            if connection.getresponse().status == HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise
        finally:
            connection.close()
        time.sleep(0.2)


class _Ended:
    """Ends a process at the end of a block."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(60)
