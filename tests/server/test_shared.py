"""Two Jupyter servers with folders of their own share rows in PostgreSQL and files in S3."""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import pytest
import websocket

from jupyter_mlops.deployments.gateway_client import GatewayClient
from tests import notebooks
from tests.mlflow_models import array_model

from .process import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.databases import PostgreSQLServer
    from tests.s3 import S3Server

SOON = 120


@pytest.fixture
def servers(tmp_path: Path, postgresql: PostgreSQLServer, s3: S3Server) -> Iterator[list[Server]]:
    """Servers of two users, as if on two machines."""
    url = postgresql.make()
    settings = {"MLOPS_DATABASE_URL": url, "MLOPS_STORAGE_URL": s3.make()}
    with ExitStack() as stack:
        started = []
        for user in ("ann", "bob 한글"):
            root = tmp_path / user
            root.mkdir()
            stack.callback(GatewayClient(root / ".mlops", sys.executable).shut_down)
            server = Server(root, tmp_path / f"runtime {user}", **s3.environment, **settings)
            started.append(stack.enter_context(server))
        yield started
    postgresql.drop(url)


def room_that_changes(server: Server, change: Callable[[], object]) -> str:
    """Return the room of which the server tells browsers that another process changed it."""
    socket = websocket.create_connection(
        f"{server.url.replace('http', 'ws')}/api/events/subscribe",
        header=[f"Authorization: token {server.token}"],
        timeout=3,
    )
    deadline = time.monotonic() + SOON
    try:
        while time.monotonic() < deadline:
            change()  # the first may come before the server has looked at all
            with suppress(websocket.WebSocketTimeoutException):
                event: dict[str, str] = json.loads(socket.recv())
                if event.get("id") == "*":
                    return event["schema_id"]
    finally:
        socket.close()
    raise TimeoutError


def download(server: Server, path: str) -> bytes:
    request = urllib.request.Request(
        f"{server.url}/mlops/mlflow/api/2.0/mlflow-artifacts/artifacts/{path}",
        headers={"Authorization": f"token {server.token}"},
    )
    with urllib.request.urlopen(request, timeout=SOON) as answer:
        content: bytes = answer.read()
    return content


def upload(server: Server, path: str, body: bytes) -> None:
    request = urllib.request.Request(
        f"{server.url}/mlops/mlflow/api/2.0/mlflow-artifacts/artifacts/{path}",
        data=body,
        method="PUT",
        headers={"Authorization": f"token {server.token}"},
    )
    urllib.request.urlopen(request, timeout=SOON).close()


def test_a_run_started_in_one_appears_in_the_other(servers: list[Server]) -> None:
    ann, bob = servers
    assert bob.call("GET", "api/mlops/runs")["items"] == []
    body = {"experiment_id": "0", "run_name": "night", "start_time": 1}
    protocol = "mlops/mlflow/api/2.0/mlflow"
    run = ann.call("POST", f"{protocol}/runs/create", body)["run"]
    tag = {"run_id": run["info"]["run_id"], "key": "k", "value": "v"}
    assert "tracking" in room_that_changes(
        bob, lambda: ann.call("POST", f"{protocol}/runs/set-tag", tag)
    )
    (seen,) = bob.call("GET", "api/mlops/runs")["items"]
    assert (seen["run_id"], seen["name"]) == (run["info"]["run_id"], "night")

    place = run["info"]["artifact_uri"].removeprefix("mlflow-artifacts:/")
    upload(ann, f"{place}/notes/a.txt", b"from ann")
    listed = bob.call("GET", f"{protocol}/artifacts/list?run_id={seen['run_id']}&path=notes")
    assert listed["files"] == [{"path": "notes/a.txt", "is_dir": False, "file_size": 8}]
    assert download(bob, f"{place}/notes/a.txt") == b"from ann"


def test_a_snapshot_and_a_model_of_one_are_used_by_the_other(
    servers: list[Server], s3: S3Server
) -> None:
    ann, bob = servers
    path = notebooks.write(ann.root / "train.ipynb", ["x = 1"])
    taken = ann.call("POST", "api/mlops/snapshots", {"notebook_path": path.name})
    (seen,) = bob.call("GET", "api/mlops/snapshots")["items"]
    assert (seen["id"], seen["run_id"]) == (taken["id"], taken["run_id"])
    content = bob.call("GET", f"api/mlops/snapshots/{taken['id']}/notebook")
    assert "x = 1" in json.dumps(content)

    array_model(ann.root / "model")
    ann.call("POST", "api/mlops/models/sum/versions", {"path": "model"})
    bob.call("POST", "api/mlops/deployments", {"model_name": "sum"})
    try:
        bob.wait_until_running("sum")
        body = {"payload": {"inputs": [[1.0, 2.0]]}}
        answer = bob.call("POST", "api/mlops/deployments/sum/predict", body)
        assert answer["response"]["predictions"] == pytest.approx([6.0])
        # each server's gateway serves its own
        assert ann.call("GET", "api/mlops/deployments")["items"] == []
        with pytest.raises(urllib.error.HTTPError) as refused:
            ann.call("POST", "api/mlops/deployments", {"model_name": "sum"})
        assert refused.value.code == 409
        refused.value.close()
    finally:
        bob.call("DELETE", "api/mlops/deployments/sum")
    kept = {entry.name for entry in (ann.root / ".mlops").iterdir()}
    assert kept.isdisjoint({"mlops.db", "packs"})
