"""Who may use the protocol's routes, and what a kernel's token opens."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.mlflow_api.routes import OPERATIONS
from jupyter_mlops.mlflow_api.tokens import KernelTokens

if TYPE_CHECKING:
    from jupyter_mlops.mlflow_api.operation import Operation
    from tests.server.process import Server

API = "mlops/mlflow/api/2.0/mlflow"


def send(server: Server, path: str, body: Any = None, verb: str = "GET", **headers: str) -> int:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{server.url}/{path}", data=data, method=verb, headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=180) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def error_of(server: Server, path: str, data: bytes | None = None, verb: str = "GET") -> Any:
    request = urllib.request.Request(
        f"{server.url}/{path}",
        data=data,
        method=verb,
        headers={"Authorization": f"token {server.token}"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=180)
    with caught.value as answer:
        return answer.code, json.load(answer)


def test_kernels_find_the_server(server: Server, kernel: dict[str, str]) -> None:
    port = server.url.rpartition(":")[2]
    assert kernel["MLFLOW_TRACKING_URI"] == f"http://localhost:{port}/mlops/mlflow"
    bearer = {"Authorization": f"Bearer {kernel['MLFLOW_TRACKING_TOKEN']}"}
    assert send(server, f"{API}/experiments/get?experiment_id=0", **bearer) == 200
    body = {"experiment_id": "0", "run_name": "from a kernel"}
    assert send(server, f"{API}/runs/create", body, "POST", **bearer) == 200
    run = server.call("GET", "api/mlops/runs?filter=run_name='from a kernel'")["items"][0]
    assert run["notebook_path"] == "모델 a/train.ipynb"


@pytest.mark.parametrize(
    "path",
    [
        "api/contents",
        "api/kernels",
        "api/mlops/runs",
        "api/mlops/status",
        "mlops/serve/a/v2",
    ],
)
def test_a_kernels_token_opens_nothing_else(
    server: Server, kernel: dict[str, str], path: str
) -> None:
    bearer = {"Authorization": f"Bearer {kernel['MLFLOW_TRACKING_TOKEN']}"}
    assert send(server, path, **bearer) in {403, 404}
    assert send(server, f"{path}?token={kernel['MLFLOW_TRACKING_TOKEN']}") in {403, 404}


def test_a_token_ends_with_its_kernel(server: Server, kernel: dict[str, str]) -> None:
    session = {"path": "b.ipynb", "type": "notebook", "name": "b", "kernel": {"name": "python3"}}
    kernel_id = server.call("POST", "api/sessions", session)["kernel"]["id"]
    mine, _, signature = kernel["MLFLOW_TRACKING_TOKEN"].rpartition(".")
    other = {"Authorization": f"Bearer {kernel_id}.{signature}"}
    assert send(server, f"{API}/experiments/get?experiment_id=0", **other) == 403
    bearer = {"Authorization": f"Bearer {kernel['MLFLOW_TRACKING_TOKEN']}"}
    assert send(server, f"{API}/experiments/get?experiment_id=0", **bearer) == 200
    server.call("DELETE", f"api/kernels/{mine}")
    assert send(server, f"{API}/experiments/get?experiment_id=0", **bearer) == 403


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.verb} {o.path}")
def test_strangers_are_refused(server: Server, operation: Operation) -> None:
    path = f"{API}/{operation.path}"
    body: Any = None if operation.verb == "GET" else {}
    assert send(server, path, body, operation.verb) == 403
    forged = KernelTokens(lambda _: True).issue("a-kernel")
    for token in (forged, "", "a-kernel.", ".", "x" * 5000):
        bearer = {"Authorization": f"Bearer {token}"}
        assert send(server, path, body, operation.verb, **bearer) == 403


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.verb} {o.path}")
def test_nonsense_is_answered_in_mlflows_form(server: Server, operation: Operation) -> None:
    if operation.path == "server-info":
        return
    path = f"{API}/{operation.path}"
    if operation.verb == "GET":
        status, body = error_of(server, f"{path}?experiment_id=x&max_results=-5&run_id=%00")
        assert status in {400, 404}
        assert set(body) == {"error_code", "message"}
        status, body = error_of(server, f"{path}?experiment_id=%ff&name=%ff&run_id=%ff&filter=%ff")
        assert status == 400
        return
    for data in (b"{", b"[1]", b'"x"', b'{"run_id": {}, "experiment_id": [], "max_results": "x"}'):
        status, body = error_of(server, path, data, operation.verb)
        assert (status, body["error_code"]) in {
            (400, "INVALID_PARAMETER_VALUE"),
            (404, "RESOURCE_DOES_NOT_EXIST"),
        }, data


def test_what_is_not_served_says_so(server: Server) -> None:
    for path in ("api/3.0/mlflow/traces/search", "api/2.0/mlflow/gateway/list", "x/y"):
        status, body = error_of(server, f"mlops/mlflow/{path}", b"{}", "POST")
        assert (status, body["error_code"]) == (501, "NOT_IMPLEMENTED")
    status, body = error_of(server, f"{API}/runs/get", b"{}", "DELETE")
    assert (status, body["error_code"]) == (405, "ENDPOINT_NOT_FOUND")


def test_a_cookie_alone_cannot_write(server: Server) -> None:
    """A page elsewhere has the browser send its cookie, but cannot know the one against forgery."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.open(f"{server.url}/api/status?token={server.token}", timeout=180).close()
    assert len(jar) > 0
    url = f"{server.url}/{API}"
    browser.open(f"{url}/experiments/get?experiment_id=0", timeout=180).close()
    with pytest.raises(urllib.error.HTTPError) as caught:
        browser.open(
            urllib.request.Request(f"{url}/runs/create", b"{}", method="POST"), timeout=180
        )
    with caught.value as answer:
        assert answer.code == 403
