"""Revisions, crashes and restarts, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from ..mlflow_models import array_model
from .gateway_process import GatewayProcess, until

if TYPE_CHECKING:
    from pathlib import Path


def predict(gateway: GatewayProcess, name: str = "m") -> tuple[int, float | None]:
    answer = gateway.post(f"/serve/{name}/invocations", {"inputs": [[1, 1]]})
    ok = answer.status_code == 200
    return answer.status_code, round(answer.json()["predictions"][0], 6) if ok else None


def test_a_killed_worker_is_replaced(gateway: GatewayProcess, tmp_path: Path) -> None:
    gateway.put("m", 1, array_model(tmp_path / "m"))
    gateway.wait("m", "running")
    killed = gateway.pid("m", 1)
    assert killed
    os.kill(killed, signal.SIGKILL)
    until(lambda: gateway.pid("m", 1) not in (None, killed))
    gateway.wait("m", "running")
    assert predict(gateway) == (200, 4.0)


def test_traffic_moves_only_to_a_ready_revision_and_back_without_a_load(
    gateway: GatewayProcess, tmp_path: Path
) -> None:
    models = {n: array_model(tmp_path / str(n), slope=n) for n in (1, 2, 3)}
    gateway.put("m", 1, models[1])
    gateway.wait("m", "running")
    first = gateway.pid("m", 1)
    answers: list[tuple[int, float | None]] = []
    done = threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            answers.append(predict(gateway))

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        until(lambda: answers)
        status = gateway.put("m", 2, models[2]).json()
        assert (status["revision"], status["state"]) == (2, "pending")
        assert "Revision 1 keeps serving" in status["message"]
        gateway.wait("m", "running")
        until(lambda: (200, 4.0) in answers)
    finally:
        done.set()
        asking.join()
    assert answers == sorted(answers)
    assert {status for status, _ in answers} == {200}
    assert answers[0] == (200, 2.0)

    status = gateway.put("m", 1, models[1]).json()
    assert (status["revision"], status["state"]) == (1, "running")
    assert predict(gateway) == (200, 2.0)
    assert gateway.pid("m", 1) == first

    gateway.put("m", 3, models[3])
    gateway.wait("m", "running")
    assert predict(gateway) == (200, 6.0)
    until(lambda: {w["revision"] for w in gateway.status("m")["workers"]} == {1, 3})


def test_the_same_model_under_a_new_number_is_not_loaded_again(
    gateway: GatewayProcess, tmp_path: Path
) -> None:
    model = array_model(tmp_path / "m")
    gateway.put("m", 1, model)
    gateway.wait("m", "running")
    before = gateway.pid("m", 1)
    body = {
        "revision": 5,
        "model_path": str(model),
        "python": sys.executable,
        "token_hash": "0" * 64,
        "model_name": "a model",
        "model_version": "1",
    }
    status = gateway.control("PUT", "deployments/m", json=body).json()
    assert status["workers"] == [{"revision": 5, "pid": before, "state": "running"}]
    assert predict(gateway) == (401, None)


def test_a_failed_revision_leaves_the_one_before_it_serving(
    gateway: GatewayProcess, tmp_path: Path
) -> None:
    good, bad = array_model(tmp_path / "good"), array_model(tmp_path / "bad")
    (bad / "model.pkl").unlink()
    gateway.put("m", 1, good)
    gateway.wait("m", "running")
    before = gateway.pid("m", 1)
    gateway.put("m", 2, bad)
    status = gateway.wait("m", "failed")
    assert status["revision"] == 2
    assert "Revision 1 keeps serving" in status["message"]
    assert predict(gateway) == (200, 4.0)
    assert gateway.put("m", 1, good).json()["state"] == "running"
    assert gateway.pid("m", 1) == before


def test_stop_start_delete(gateway: GatewayProcess, tmp_path: Path) -> None:
    model = array_model(tmp_path / "m")
    gateway.put("m", 1, model)
    gateway.wait("m", "running")
    pid = gateway.pid("m", 1)
    assert gateway.control("POST", "deployments/m/stop").json()["state"] == "stopped"
    assert predict(gateway) == (503, None)
    until(lambda: not psutil.pid_exists(pid))
    gateway.put("m", 1, model)
    gateway.wait("m", "running")
    assert predict(gateway) == (200, 4.0)
    assert gateway.control("DELETE", "deployments/m").status_code == 204
    assert predict(gateway) == (401, None)
    assert not list((gateway.folder / "logs").iterdir())
    assert gateway.control("DELETE", "deployments/m").status_code == 404


def test_stopping_while_the_model_loads(gateway: GatewayProcess, tmp_path: Path) -> None:
    model = array_model(tmp_path / "m")
    for _ in range(3):
        gateway.put("m", 1, model)
        gateway.control("POST", "deployments/m/stop")
    gateway.put("m", 1, model)
    gateway.wait("m", "running")
    assert gateway.process is not None
    children = psutil.Process(gateway.process.pid).children
    until(lambda: [child.pid for child in children()] == [gateway.pid("m", 1)])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_restarted_gateway_serves_the_same_at_the_same_place(
    gateway: GatewayProcess, tmp_path: Path, number: signal.Signals
) -> None:
    gateway.put("m", 1, array_model(tmp_path / "1", slope=1))
    gateway.wait("m", "running")
    gateway.put("m", 2, array_model(tmp_path / "2", slope=2))
    gateway.wait("m", "running")
    gateway.put("stopped", 1, tmp_path / "1")
    gateway.control("POST", "deployments/stopped/stop")
    url = gateway.address["url"]
    code = gateway.end(number)
    assert code == (-9 if number == signal.SIGKILL else 0)
    assert (gateway.folder / "gateway.json").exists() == (number == signal.SIGKILL)
    (gateway.folder / "gateway.json").unlink(missing_ok=True)
    gateway.start()
    assert gateway.address["url"] == url
    gateway.wait("m", "running")
    assert predict(gateway) == (200, 4.0)
    assert gateway.status("stopped")["state"] == "stopped"
    until(lambda: gateway.pid("m", 1))  # the previous one is warm again


def test_shutdown(gateway: GatewayProcess, tmp_path: Path) -> None:
    gateway.put("m", 1, array_model(tmp_path / "m"))
    gateway.wait("m", "running")
    pid = gateway.pid("m", 1)
    assert gateway.control("POST", "shutdown").status_code == 202
    assert gateway.process is not None
    assert gateway.process.wait(60) == 0
    gateway.process = None
    until(lambda: not psutil.pid_exists(pid))


def test_a_second_gateway_leaves_the_first_alone(gateway: GatewayProcess) -> None:
    before = gateway.address
    command = [sys.executable, "-m", "jupyter_mlops.serving.gateway", "--store"]
    second = [*command, str(gateway.store)]
    assert subprocess.run(second, timeout=60, check=False).returncode == 0
    assert subprocess.run([*second, "--detach"], timeout=60, check=False).returncode == 0
    assert gateway.address == before
    assert gateway.request("GET", "/v2/health/live", None).status_code == 200


def test_many_requests_at_once_each_get_their_own_answer(
    gateway: GatewayProcess, tmp_path: Path
) -> None:
    gateway.put("m", 1, array_model(tmp_path / "m", slope=1))
    gateway.wait("m", "running")
    wrong: list[object] = []

    def ask(start: int) -> None:
        for number in range(start, start + 20):
            answer = gateway.post("/serve/m/invocations", {"inputs": [[number, 0]]}).json()
            if round(answer["predictions"][0], 6) != number:
                wrong.append((number, answer))

    threads = [threading.Thread(target=ask, args=(100 * i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert gateway.status("m")["requests"] == 160
