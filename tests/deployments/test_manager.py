"""The whole way from a registered model to its predictions, with real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.core.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    ServingError,
)
from jupyter_mlops.deployments.schemas import Deployment, DeploymentCreate
from jupyter_mlops.services import Services

from ..lineage.openlineage_schema import events
from .conftest import Register, gateway_pid

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.deployments.manager import DeploymentManager

ASK = DeploymentCreate(model_name="Sum of two")
BODY = {"inputs": [[1.0, 1.0]]}
TENSOR = {"name": "x", "shape": [1, 2], "datatype": "FP64", "data": [1.0, 1.0]}


def predicted(manager: DeploymentManager, name: str = "sum-of-two") -> float:
    answer = manager.predict(name, BODY)
    assert answer.status_code == 200, answer
    return float(round(answer.response["predictions"][0], 6))


def ask(deployment: Deployment, token: str) -> httpx.Response:
    assert deployment.invocations_url
    headers = {"Authorization": f"Bearer {token}"}
    url = deployment.invocations_url
    return httpx.post(url, json=BODY, headers=headers, timeout=180, trust_env=False)


def worker_pids(services: Services) -> set[int]:
    pid = gateway_pid(services)
    return {child.pid for child in psutil.Process(pid).children()}


def test_from_a_version_to_a_prediction(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    register()
    made = manager.create(ASK, author="me")
    assert (made.name, made.state, made.version, made.revision) == ("sum-of-two", "pending", 1, 1)
    assert made.token
    assert made.token not in (services.project.store / "gateway" / "state.json").read_text()
    done = manager.wait("sum-of-two")
    assert (done.state, done.message) == ("running", None)
    assert done.url
    assert done.url.endswith("/v2/models/sum-of-two")
    assert done.proxy_path == "mlops/serve/sum-of-two"
    assert ask(done, made.token).status_code == 200
    assert ask(done, "wrong").status_code == 401
    assert predicted(manager) == 4.0
    answer = manager.predict("sum-of-two", {"inputs": [TENSOR]})
    assert answer.status_code == 200
    assert answer.response["outputs"][0]["name"] == "predict"
    assert answer.duration_ms > 0
    assert manager.predict("sum-of-two", {"inputs": [[1]]}).status_code == 400
    example = manager.example("sum-of-two")
    assert example == {"inputs": [[1.0, 2.0]]}
    assert manager.predict("sum-of-two", example).status_code == 200
    seen = manager.deployment("sum-of-two")
    assert (seen.requests, seen.errors) == (5, 1)
    assert manager.deployments().items == [seen]


def test_versions_follow_and_roll_back_without_a_load(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    for slope in (1, 2, 3):
        register(slope)
    tokens, loaded = [], []
    for version in (1, 2, 3):
        request = DeploymentCreate(model_name="Sum of two", version=version)
        tokens.append(manager.create(request, author="me").token)
        done = manager.wait("sum-of-two")
        assert (done.state, done.version, done.revision) == ("running", version, version)
        loaded.append(worker_pids(services))
        assert predicted(manager) == 2.0 * version
    assert tokens[0]
    assert tokens[1:] == [None, None]
    assert done.previous_version == 2
    assert ask(done, tokens[0]).status_code == 200

    back = manager.roll_back("sum-of-two", author="you")
    assert (back.state, back.version, back.revision) == ("running", 2, 4)
    assert predicted(manager) == 4.0
    assert worker_pids(services) <= loaded[2]
    assert back.previous_version == 1
    assert [(r.revision, r.version, r.author) for r in back.revisions] == [
        (4, 2, "you"),
        (3, 3, "me"),
        (2, 2, "me"),
        (1, 1, "me"),
    ]
    back = manager.roll_back("sum-of-two", author="you")
    assert (back.version, back.previous_version) == (1, None)
    assert manager.wait("sum-of-two").state == "running"
    assert predicted(manager) == 2.0
    with pytest.raises(ConflictError, match="no earlier version"):
        manager.roll_back("sum-of-two", author="you")
    manager.delete("sum-of-two")
    services.announcer.close()
    told = [event for event in events(services.project.root) if "run" in event]
    served = [event["inputs"][0]["facets"]["version"]["datasetVersion"] for event in told]
    assert [(event["eventType"], one) for event, one in zip(told, served, strict=True)] == [
        ("START", "1"),
        *(("COMPLETE", "1"), ("START", "2")),
        *(("COMPLETE", "2"), ("START", "3")),
        *(("COMPLETE", "3"), ("START", "2")),
        *(("COMPLETE", "2"), ("START", "1")),
        ("COMPLETE", "1"),
    ]


def test_a_killed_gateway_comes_back_to_the_same_url(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    register()
    token = manager.create(ASK, author="me").token
    before = manager.wait("sum-of-two")
    pid = gateway_pid(services)
    workers = [psutil.Process(worker) for worker in worker_pids(services)]
    assert pid
    gateway = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    _, alive = psutil.wait_procs([gateway, *workers], timeout=60)
    assert not alive
    assert manager.deployments().items[0].state == "pending"
    after = manager.wait("sum-of-two")
    assert (after.state, after.url) == ("running", before.url)
    assert gateway_pid(services) not in (None, pid)
    assert token
    assert ask(after, token).status_code == 200


def test_the_gateway_outlives_the_manager_and_another_one_finds_it(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    register()
    manager.create(ASK, author="me")
    manager.wait("sum-of-two")
    pid = gateway_pid(services)
    other = Services(services.project, services.root)
    assert other.deployments.deployment("sum-of-two").state == "running"
    assert predicted(other.deployments) == 4.0
    assert gateway_pid(services) == pid
    assert pid not in {child.pid for child in psutil.Process().children(recursive=True)}
    other.close()


def test_stop_start_delete(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    register()
    token = manager.create(ASK, author="me").token or ""
    url = manager.wait("sum-of-two").url
    assert manager.stop("sum-of-two").state == "stopped"
    stopped = manager.wait("sum-of-two")
    assert ask(stopped, token).status_code == 503
    assert manager.predict("sum-of-two", BODY).status_code == 503
    assert manager.start("sum-of-two").state == "pending"
    started = manager.wait("sum-of-two")
    assert (started.state, started.url) == ("running", url)
    assert ask(started, token).status_code == 200
    manager.delete("sum-of-two")
    assert manager.deployments().items == []
    with pytest.raises(httpx.ConnectError):
        ask(started, token)
    assert not (services.project.store / "serving" / "sum-of-two").exists()
    for call in (manager.deployment, manager.delete, manager.stop, manager.logs):
        with pytest.raises(NotFoundError, match="no deployment 'sum-of-two'"):
            call("sum-of-two")


def test_the_gateway_ends_with_its_last_deployment(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    register()
    for name in ("first", "second"):
        manager.create(DeploymentCreate(model_name="Sum of two", name=name), author="me")
    port = urlsplit(manager.wait("second").url).port
    manager.delete("first")
    assert gateway_pid(services) is not None
    manager.delete("second")
    assert gateway_pid(services) is None
    manager.create(ASK, author="me")
    again = manager.wait("sum-of-two")
    assert (again.state, urlsplit(again.url).port) == ("running", port)


def test_what_was_changed_while_the_gateway_was_gone(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    register()
    for name in ("kept", "stopped", "deleted"):
        manager.create(DeploymentCreate(model_name="Sum of two", name=name), author="me")
    for name in ("kept", "stopped", "deleted"):
        assert manager.wait(name).state == "running"
    pid = gateway_pid(services)
    gateway = psutil.Process(pid)
    gateway.kill()
    psutil.wait_procs([gateway], timeout=60)
    manager.delete("deleted")
    assert manager.stop("stopped").state in ("stopped", "pending")
    assert manager.wait("kept").state == "running"
    assert [(d.name, d.state) for d in manager.deployments().items] == [
        ("kept", "running"),
        ("stopped", "stopped"),
    ]
    state = json.loads((services.project.store / "gateway" / "state.json").read_text())
    assert set(state["deployments"]) == {"kept", "stopped"}
    assert state["deployments"]["stopped"]["stopped"]


def test_a_new_token(manager: DeploymentManager, register: Register) -> None:
    register()
    old = manager.create(ASK, author="me").token or ""
    new = manager.renew_token("sum-of-two").token
    done = manager.wait("sum-of-two")
    assert ask(done, old).status_code == 401
    assert ask(done, new).status_code == 200


def test_forward(manager: DeploymentManager, register: Register) -> None:
    register()
    manager.create(ASK, author="me")
    manager.create(DeploymentCreate(model_name="Sum of two", name="other"), author="me")
    manager.wait("sum-of-two")
    body = json.dumps(BODY).encode()
    headers = {"Content-Type": "application/json", "Authorization": "token of jupyter"}
    status, answered, content = manager.forward("sum-of-two", "POST", "invocations", headers, body)
    assert status == 200
    assert json.loads(content)["predictions"] == pytest.approx([4.0])
    assert answered == {"content-type": "application/json"}
    status, _, _ = manager.forward("sum-of-two", "GET", "v2/models/sum-of-two", {}, b"")
    assert status == 200
    status, _, _ = manager.forward("sum-of-two", "GET", "v2/models/other", {}, b"")
    assert status == 404
    for path in ("../other/invocations", "%2e%2e/other/ping", "../../control/deployments"):
        with pytest.raises(InvalidInputError):
            manager.forward("sum-of-two", "POST", path, headers, body)


def test_a_failing_model_says_why(
    manager: DeploymentManager, register: Register, tmp_path: Path
) -> None:
    register()
    version = register(3.0)
    folder = tmp_path / "Sum of two-3.0"
    (folder / "model.pkl").write_bytes(b"no pickle")
    register(folder=folder)
    manager.create(DeploymentCreate(model_name="Sum of two", version=version.version), author="me")
    assert manager.wait("sum-of-two").state == "running"
    manager.create(ASK, author="me")
    failed = manager.wait("sum-of-two")
    assert (failed.state, failed.version) == ("failed", 3)
    assert "The model cannot be loaded: UnpicklingError" in (failed.message or "")
    assert predicted(manager) == 6.0
    assert any("UnpicklingError" in line for line in manager.logs("sum-of-two").lines)
    back = manager.roll_back("sum-of-two", author="me")
    assert (back.state, back.version) == ("running", 2)


def test_an_interpreter_that_is_gone(
    manager: DeploymentManager, register: Register, tmp_path: Path
) -> None:
    python = str(tmp_path / "environment" / "python")
    register(executable=python)
    with pytest.raises(ServingError, match=f"The interpreter {python} .* is gone"):
        manager.create(ASK, author="me")
    assert manager.deployments().items == []


def test_a_gateway_that_does_not_start_is_a_failure_that_heals(
    manager: DeploymentManager, register: Register, services: Services
) -> None:
    register()
    folder = services.project.store / "gateway"
    folder.write_text("in the way")
    made = manager.create(ASK, author="me")
    assert made.token
    assert made.state == "failed"
    assert "gateway does not start" in (made.message or "")
    assert manager.wait("sum-of-two").state == "failed"
    folder.unlink()
    deadline = time.monotonic() + 180
    while manager.deployment("sum-of-two").state != "running":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert ask(manager.deployment("sum-of-two"), made.token).status_code == 200


@pytest.mark.parametrize("name", ["", "-a", "a/b", "a b", "..", "x" * 64, "모델"])
def test_names_that_cannot_be(manager: DeploymentManager, register: Register, name: str) -> None:
    register()
    with pytest.raises(InvalidInputError):
        manager.create(DeploymentCreate(model_name="Sum of two", name=name or "?"), author="me")


def test_a_name_is_asked_for_where_the_model_has_none_for_a_url(
    manager: DeploymentManager, register: Register
) -> None:
    register(name="모델")
    with pytest.raises(InvalidInputError, match="Give one"):
        manager.create(DeploymentCreate(model_name="모델"), author="me")
    manager.create(DeploymentCreate(model_name="모델", name="model"), author="me")
    assert manager.wait("model").state == "running"


def test_no_data_science_in_the_server() -> None:
    code = "import sys, jupyter_mlops.deployments.manager as _;"
    code += "print(sorted({'numpy', 'pandas', 'sklearn', 'httpx'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"
