from __future__ import annotations

import pytest

from .gateway_process import TOKEN, GatewayProcess

GUARDED = [
    ("GET", "/v2"),
    ("GET", "/v2/models/frames"),
    ("GET", "/v2/models/frames/ready"),
    ("POST", "/v2/models/frames/infer"),
    ("POST", "/v2/models/frames/versions/1/infer"),
    ("GET", "/serve/frames/v2/models/frames"),
    ("POST", "/serve/frames/v2/models/frames/infer"),
    ("POST", "/serve/frames/invocations"),
    ("GET", "/serve/frames/ping"),
    ("GET", "/serve/frames/health"),
    ("GET", "/serve/frames/version"),
]
CONTROL = [
    ("GET", "/control/deployments"),
    ("PUT", "/control/deployments/frames"),
    ("DELETE", "/control/deployments/frames"),
    ("POST", "/control/deployments/frames/stop"),
    ("GET", "/control/deployments/frames/logs"),
    ("POST", "/control/shutdown"),
]


@pytest.mark.parametrize(("method", "path"), GUARDED + CONTROL)
def test_nothing_without_a_token(serving: GatewayProcess, method: str, path: str) -> None:
    answer = serving.request(method, path, None)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_an_unknown_token_opens_nothing(serving: GatewayProcess, method: str, path: str) -> None:
    assert serving.request(method, path, "wrong").status_code == 401


@pytest.mark.parametrize(("method", "path"), CONTROL)
def test_a_deployments_token_controls_nothing(
    serving: GatewayProcess, method: str, path: str
) -> None:
    assert serving.request(method, path, TOKEN).status_code == 403
    assert serving.status("frames")["state"] == "running"


def test_the_control_token_opens_deployments(serving: GatewayProcess) -> None:
    token = (serving.folder / "control.token").read_text()
    body = {"instances": [[6, 1, 1]]}
    assert serving.post("/serve/frames/invocations", body, token).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v2/health/live", "/v2/health/ready", "/serve/frames/v2/health/live"]
)
def test_health_is_open(serving: GatewayProcess, path: str) -> None:
    assert serving.request("GET", path, None).status_code == 200


def test_what_does_not_exist(serving: GatewayProcess) -> None:
    for path in (
        "/v2/models/nothing/infer",
        "/v2/models/frames/versions/2/infer",
        "/serve/nothing/invocations",
        "/serve/frames/v2/models/arrays/infer",
        "/serve/frames/nothing",
    ):
        assert serving.post(path, {}).status_code == 404


def test_files_are_private(serving: GatewayProcess) -> None:
    assert serving.folder.stat().st_mode & 0o777 == 0o700
    for name in ("control.token", "state.json", "gateway.json"):
        assert (serving.folder / name).stat().st_mode & 0o777 == 0o600
    assert TOKEN not in (serving.folder / "state.json").read_text()


@pytest.mark.parametrize(
    "change",
    [{"revision": "1"}, {"revision": 0}, {"python": ""}, {"token_hash": "short"}, {"more": 1}],
)
def test_control_refuses_what_is_wrong(serving: GatewayProcess, change: dict[str, object]) -> None:
    body = {
        "revision": 1,
        "model_path": "/",
        "python": "python",
        "token_hash": "0" * 64,
        "model_name": "m",
        "model_version": "1",
    }
    answer = serving.control("PUT", "deployments/other", json={**body, **change})
    assert answer.status_code == 400
    assert serving.control("PUT", "deployments/.hidden", json=body).status_code == 400
    assert [d["name"] for d in serving.control("GET", "deployments").json()["deployments"]] == [
        "arrays",
        "frames",
    ]
