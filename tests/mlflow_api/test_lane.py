"""The short way of what kernels log: it answers as the handlers do, and loses nothing."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests import notebooks
from tests.server.process import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

API = "/mlops/mlflow/api/2.0/mlflow/runs"
RUN = "$run"

# logs points until it is ended, and prints the step of each that was acknowledged
_WRITER = """
import http.client, json, sys
port, token, path, run_id = sys.argv[1:]
connection = http.client.HTTPConnection("127.0.0.1", int(port))
headers = {"Authorization": f"Bearer {token}"}
for step in range(1_000_000):
    point = {"run_id": run_id, "key": "m", "value": step, "timestamp": step + 1, "step": step}
    connection.request("POST", path, json.dumps(point), headers)
    assert connection.getresponse().read() == b"{}"
    print(step, flush=True)
"""


class Calls:
    """Asks a server as a kernel or as its user does, by one connection."""

    def __init__(self, server: Server, authorization: str) -> None:
        host, _, port = server.url.rpartition("//")[2].partition(":")
        self._connection = http.client.HTTPConnection(host, int(port), timeout=180)
        self._headers = {"Authorization": authorization}

    def __enter__(self) -> Calls:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def __call__(self, path: str, body: Any, verb: str = "POST") -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body)
        self._connection.request(verb, f"{API}/{path}", data, self._headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def new_run(self) -> str:
        _, answer = self("create", {"experiment_id": "0"})
        return str(answer["run"]["info"]["run_id"])


@pytest.fixture
def kernel_calls(server: Server, kernel: dict[str, str]) -> Iterator[Calls]:
    with Calls(server, f"Bearer {kernel['MLFLOW_TRACKING_TOKEN']}") as calls:
        yield calls


@pytest.fixture
def user_calls(server: Server) -> Iterator[Calls]:
    with Calls(server, f"token {server.token}") as calls:
        yield calls


POINT = {"run_id": RUN, "key": "a", "value": 1, "timestamp": 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("log-metric", POINT),
        ("log-metric", POINT | {"value": "NaN"}),
        ("log-metric", POINT | {"key": ""}),
        ("log-metric", POINT | {"key": "../up"}),
        ("log-metric", POINT | {"value": "much"}),
        ("log-metric", POINT | {"run_id": "none"}),
        ("log-metric", {}),
        ("log-metric", b"{"),
        ("log-metric", b"[]"),
        ("log-metric", b""),
        ("log-metric", b"\xff"),
        ("log-parameter", {"run_id": RUN, "key": "p", "value": "1"}),
        ("log-parameter", {"run_id": RUN, "key": "p", "value": "2"}),
        ("set-tag", {"run_id": RUN, "key": "t", "value": "한글"}),
        ("log-batch", {"run_id": RUN, "metrics": [POINT, POINT | {"step": 2}]}),
        ("log-batch", {"run_id": RUN, "metrics": [POINT] * 1001}),
        ("log-batch", {"run_id": RUN, "params": [{"key": "p", "value": "3"}], "metrics": [POINT]}),
        ("log-batch?x=1", {"run_id": RUN}),
    ],
)
def test_it_answers_as_the_handlers_do(
    kernel_calls: Calls, user_calls: Calls, path: str, body: Any
) -> None:
    answers = []
    for calls in (kernel_calls, user_calls):
        run_id = user_calls.new_run()
        user_calls("log-parameter", {"run_id": run_id, "key": "p", "value": "1"})
        sent = body if isinstance(body, bytes) else json.dumps(body).replace(RUN, run_id).encode()
        status, answer = calls(path, sent)
        _, after = user_calls(f"get?run_id={run_id}", b"", "GET")
        data = {key: value for key, value in after["run"]["data"].items() if key != "tags"}
        answers.append((status, json.dumps(answer).replace(run_id, RUN), data))
    assert answers[0] == answers[1]


def test_what_one_call_has_wrong_costs_the_others_nothing(
    server: Server, kernel: dict[str, str], user_calls: Calls
) -> None:
    run_id = user_calls.new_run()
    authorization = f"Bearer {kernel['MLFLOW_TRACKING_TOKEN']}"
    failed: list[int] = []

    def log(number: int) -> None:
        with Calls(server, authorization) as calls:
            for step in range(40):
                wrong = number == 0 and step % 2 == 1
                point = POINT | {"run_id": "none" if wrong else run_id, "key": f"m{number}"}
                status, _ = calls("log-metric", point | {"step": step, "timestamp": step + 1})
                if status != 200:
                    failed.append(status)

    threads = [threading.Thread(target=log, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [404] * 20
    assert [len(_history(server, run_id, f"m{n}")) for n in range(8)] == [20] + [40] * 7


def test_a_writer_that_is_killed_loses_nothing(
    server: Server, kernel: dict[str, str], user_calls: Calls
) -> None:
    run_id = user_calls.new_run()
    with _writer(server, kernel["MLFLOW_TRACKING_TOKEN"], run_id) as writer:
        acknowledged = _steps(writer, 50, writer.pid)
    steps = [point["step"] for point in _history(server, run_id, "m")]
    assert steps[: len(acknowledged)] == acknowledged
    assert len(steps) - len(acknowledged) <= 1  # the one that was on its way


def test_a_server_that_is_killed_has_written_what_it_acknowledged(tmp_path: Path) -> None:
    root = tmp_path / "lab"
    root.mkdir()
    with Server(root, tmp_path / "runtime") as server:
        notebook = root / "a.ipynb"
        name = "MLFLOW_TRACKING_TOKEN"
        notebooks.write(notebook, [f"import os; open('token', 'w').write(os.environ[{name!r}])"])
        server.run(notebook, "python3")
        with Calls(server, f"token {server.token}") as calls:
            run_id = calls.new_run()
        with _writer(server, (root / "token").read_text(), run_id) as writer:
            acknowledged = _steps(writer, 50, server.pid)
    with Server(root, tmp_path / "runtime") as server:
        steps = [point["step"] for point in _history(server, run_id, "m")]
    assert steps[: len(acknowledged)] == acknowledged


def _writer(server: Server, token: str, run_id: str) -> subprocess.Popen[str]:
    port, path = server.url.rpartition(":")[2], f"{API}/log-metric"
    command = [sys.executable, "-c", _WRITER, port, token, path, run_id]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )


def _steps(writer: subprocess.Popen[str], count: int, victim: int) -> list[int]:
    """Read the steps that were acknowledged; kill a process after the first ``count``."""
    assert writer.stdout is not None
    steps = [int(writer.stdout.readline()) for _ in range(count)]
    os.kill(victim, signal.SIGKILL)
    return steps + [int(line) for line in writer.stdout]


def _history(server: Server, run_id: str, key: str) -> Any:
    path = f"mlops/mlflow/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key={key}"
    return server.call("GET", path)["metrics"]
