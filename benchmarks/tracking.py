"""MLflow's protocol over REST: our server against ``mlflow server`` on SQLite, as shipped.

Both are asked by the same plain client with one connection kept alive, on 10,000 runs of 20
metrics each; ours with a kernel's token. The client's own cost is in both figures. They take turns
of several calls, so that neither pays for the other's hold on processor and caches.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import secrets
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services

from .harness import Result
from .peers import peer_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS, METRICS, POINTS, WRITERS, CALLS = 10_000, 20, 100_000, 8, 40
_TURNS = 3
_NEWEST = 1_700_000_000_000
_TOP = {"experiment_ids": ["0"], "max_results": 100, "order_by": ["metrics.m3 DESC"]}
_LATEST = {"experiment_ids": ["0"], "max_results": 100}


class Api:
    """One server's REST API, by one connection."""

    def __init__(self, port: int, prefix: str, token: str) -> None:
        self._place = (port, prefix, token)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self._connection.connect()
        # else a header and its body, sent as two packets, wait 40 ms for each other
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._prefix = f"{prefix}/api/2.0/mlflow/"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def another(self) -> Api:
        """Return the same with a connection of its own."""
        return Api(*self._place)

    def __call__(self, verb: str, path: str, body: Any = None) -> Any:
        """Send a request and return its answer."""
        data = None if body is None else json.dumps(body)
        self._connection.request(verb, self._prefix + path, data, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == HTTPStatus.OK, text[:500]
        return json.loads(text)

    def new_run(self) -> str:
        """Create a run and return its id."""
        body = {"experiment_id": "0", "start_time": _NEWEST}
        return str(self("POST", "runs/create", body)["run"]["info"]["run_id"])


def run() -> list[Result]:
    """Measure milliseconds a call; calls a second of eight writers; megabytes of the servers."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root = Path(name)
        with _ours(root / "ours") as ours, _peer(root / "peer") as peer:
            return [*_calls(ours[0], peer[0]), *_writers(ours[0], peer[0]), _memory(ours, peer)]


def _calls(ours: Api, peer: Api) -> list[Result]:
    results = []
    for name, rounds, make in (
        ("top 100 of 10,000 runs by a metric", 2, _search(_TOP)),
        ("latest 100 of 10,000 runs", 10, _search(_LATEST)),
        ("get a run", 20, _get),
        ("create a run", 20, _create),
        ("log_metric", 50, _log_metric),
        ("log_batch of 1,000", 10, _log_batch),
        ("history of 100,000 points", 2, _history),
    ):
        sides = make(ours), make(peer)
        times: list[list[float]] = [[], []]
        for _ in range(_TURNS):
            for side, call in enumerate(sides):
                times[side] += [_timed(call) for _ in range(rounds + 1)][1:]
        results.append(Result(f"REST: {name}", "ms", times[0], "mlflow server", times[1]))
    return results


def _timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _search(body: dict[str, Any]) -> Callable[[Api], Callable[[], Any]]:
    return lambda api: lambda: api("POST", "runs/search", body)


def _get(api: Api) -> Callable[[], Any]:
    return lambda: api("GET", f"runs/get?run_id={7:032x}")


def _create(api: Api) -> Callable[[], Any]:
    return api.new_run


def _log_metric(api: Api) -> Callable[[], Any]:
    run_id, steps = api.new_run(), iter(range(10**9))

    def log() -> None:
        step = next(steps)
        point = {"run_id": run_id, "key": "loss", "value": 0.5, "timestamp": step + 1, "step": step}
        api("POST", "runs/log-metric", point)

    return log


def _log_batch(api: Api) -> Callable[[], Any]:
    run_id, starts = api.new_run(), iter(range(0, 10**9, 1000))
    return lambda: api("POST", "runs/log-batch", _batch(run_id, next(starts)))


def _batch(run_id: str, start: int) -> dict[str, Any]:
    points = [
        {"key": "loss", "value": 0.5, "timestamp": step + 1, "step": step}
        for step in range(start, start + 1000)
    ]
    return {"run_id": run_id, "metrics": points}


def _history(api: Api) -> Callable[[], Any]:
    run_id = api.new_run()
    for start in range(0, POINTS, 1000):
        api("POST", "runs/log-batch", _batch(run_id, start))
    return lambda: api("GET", f"metrics/get-history?run_id={run_id}&metric_key=loss")


def _writers(ours: Api, peer: Api) -> list[Result]:
    rates, worst = [], []
    for api in (ours, peer):
        seconds: list[float] = []
        run_id = api.new_run()
        threads = [
            threading.Thread(target=_write, args=(api.another(), run_id, f"w{number}", seconds))
            for number in range(WRITERS)
        ]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rates.append(len(seconds) / (time.perf_counter() - start))
        worst.append(statistics.quantiles(seconds, n=100)[98] * 1000)
        found = api("GET", f"metrics/get-history?run_id={run_id}&metric_key=w0")["metrics"]
        assert len(found) == CALLS
    # a rate is the better the higher it is, so the time between two calls is what is compared
    gaps = [1000 / rate for rate in rates]
    note = f"{rates[0]:.0f} and {rates[1]:.0f} calls a second"
    return [
        Result("8 writers, between calls", "ms", gaps[:1], "mlflow server", gaps[1:], note=note),
        Result("8 writers, p99", "ms", worst[:1], "mlflow server", worst[1:], limit=100),
    ]


def _write(api: Api, run_id: str, key: str, seconds: list[float]) -> None:
    for step in range(CALLS):
        point = {"run_id": run_id, "key": key, "value": 0.5, "timestamp": step + 1, "step": step}
        start = time.perf_counter()
        api("POST", "runs/log-metric", point)
        seconds.append(time.perf_counter() - start)


def _memory(ours: tuple[Api, int], peer: tuple[Api, int]) -> Result:
    with tempfile.TemporaryDirectory() as name, _jupyter(Path(name), extension=False) as plain:
        added = _megabytes(ours[1]) - _megabytes(plain[1])
    return Result(
        "memory of tracking, after all this",
        "MB",
        [added],
        "mlflow server",
        [_megabytes(peer[1])],
        limit=40,
        note="ours: more than a Jupyter server without us",
    )


def _megabytes(pid: int) -> float:
    """Return the proportional memory of a process and all that it started."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
        for task in Path(f"/proc/{one}/task").iterdir():
            waiting += map(int, (task / "children").read_text(encoding="utf-8").split())
    return total


@contextmanager
def _ours(folder: Path) -> Iterator[tuple[Api, int]]:
    folder.mkdir()
    services = Services(Project(folder), folder)
    file = services.database.engine.url.database
    services.close()
    _fill(
        str(file),
        "INSERT INTO runs VALUES (?, 0, ?, 'FINISHED', 'active', 'me', ?, ?)",
        lambda number: (f"{number:032x}", f"run-{number}", _NEWEST + number, _NEWEST + number),
        "INSERT INTO latest_metrics (run_id, key, experiment_id, value, step, timestamp) "
        "VALUES (?, ?, 0, ?, 0, 1)",
    )
    with _jupyter(folder) as running:
        yield running


@contextmanager
def _jupyter(folder: Path, *, extension: bool = True) -> Iterator[tuple[Api, int]]:
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
        if not extension:
            yield Api(port, "", token), process.pid
            return
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/api/kernels", "{}", {"Authorization": f"token {token}"})
        assert connection.getresponse().status == HTTPStatus.CREATED
        connection.close()
        yield Api(port, "/mlops/mlflow", _kernel_token(process.pid)), process.pid


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
def _peer(folder: Path) -> Iterator[tuple[Api, int]]:
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
            lambda number: (f"{number:032x}", f"run-{number}", _NEWEST + number, _NEWEST + number),
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
