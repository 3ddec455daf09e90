"""Every route asks for a login and for permission."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_server.auth.authorizer import Authorizer

from jupyter_mlops.routes import ROUTES, handlers

if TYPE_CHECKING:
    from jupyter_mlops.http.route import Route

Fetch = Callable[..., Awaitable[Any]]

REQUESTS = [
    *((route.verb, f"api/mlops/{route.path}", route.needed_action) for route in ROUTES),
    ("GET", "mlops/serve/x/ping", "execute"),
    ("POST", "mlops/serve/x/invocations", "execute"),
]


class OneAction(Authorizer):
    """Allows one action on our resource, and remembers what it was asked."""

    allowed = "nothing"
    asked: list[tuple[str, str]]

    def is_authorized(self, _handler: Any, _user: Any, action: str, resource: str) -> bool:
        self.asked = [*getattr(self, "asked", []), (action, resource)]
        return action == self.allowed


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    jp_server_config["ServerApp"]["authorizer_class"] = OneAction
    return jp_server_config


def filled(path: str) -> str:
    return path.replace("{", "").replace("}", "")


async def send(fetch: Fetch, verb: str, path: str, **more: Any) -> Any:
    return await fetch(
        filled(path), method=verb, allow_nonstandard_methods=True, raise_error=False, **more
    )


@pytest.mark.parametrize(("verb", "path", "action"), REQUESTS)
async def test_a_stranger_is_sent_away(jp_fetch: Fetch, verb: str, path: str, action: str) -> None:
    response = await send(jp_fetch, verb, path, headers={"Authorization": "token wrong"})
    assert response.code == 403


@pytest.mark.parametrize(("verb", "path", "action"), REQUESTS)
async def test_a_user_without_permission_is_refused(
    jp_fetch: Fetch, jp_serverapp: Any, verb: str, path: str, action: str
) -> None:
    response = await send(jp_fetch, verb, path)
    assert response.code == 403
    assert jp_serverapp.authorizer.asked[-1] == (action, "mlops")
    assert "not allowed" in response.body.decode()


@pytest.mark.parametrize(("verb", "path", "action"), REQUESTS)
async def test_a_user_with_permission_gets_an_answer(
    jp_fetch: Fetch, jp_serverapp: Any, verb: str, path: str, action: str
) -> None:
    jp_serverapp.authorizer.allowed = action
    response = await send(jp_fetch, verb, path)
    assert response.code in {200, 404, 409, 422}


@pytest.mark.parametrize(
    ("verb", "path"), [(verb, path) for verb, path, _ in REQUESTS if verb != "GET"]
)
async def test_a_cookie_alone_changes_nothing(
    jp_serverapp: Any, http_server_client: Any, jp_base_url: str, verb: str, path: str
) -> None:
    """A form on another site would send the cookie, but not the XSRF token."""
    jp_serverapp.authorizer.allowed = "read"
    token = jp_serverapp.identity_provider.token
    login = await http_server_client.fetch(f"{jp_base_url}api/mlops/status?token={token}")
    cookies = [header.split(";")[0] for header in login.headers.get_list("Set-Cookie")]
    jp_serverapp.authorizer.allowed = "write"
    response = await http_server_client.fetch(
        jp_base_url + filled(path),
        method=verb,
        headers={"Cookie": "; ".join(cookies)},
        allow_nonstandard_methods=True,
        raise_error=False,
    )
    assert response.code == 403
    assert "_xsrf" in response.body.decode()


def test_the_handler_table_is_the_contract() -> None:
    table = {
        (verb, route.path)
        for pattern, _, options in handlers("x")
        if pattern.startswith("/api/")
        for verb, route in options["routes"].items()
    }
    declared = {(route.verb, route.path) for route in ROUTES}
    assert table == declared
    assert len(declared) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.verb} {route.path}")
def test_operation_names_are_unique(route: Route) -> None:
    assert [r.operation_id for r in ROUTES].count(route.operation_id) == 1


@pytest.mark.parametrize(("environment", "code"), [(False, 404), (True, 403)])
async def test_to_install_packages_is_to_execute(
    jp_fetch: Fetch, jp_serverapp: Any, environment: bool, code: int
) -> None:
    jp_serverapp.authorizer.allowed = "write"
    body = json.dumps({"folder": "x", "environment": environment})
    response = await send(jp_fetch, "POST", "api/mlops/snapshots/abcdef/restore", body=body)
    assert response.code == code


async def test_a_body_that_is_too_large_is_not_read(jp_fetch: Fetch, jp_serverapp: Any) -> None:
    jp_serverapp.authorizer.allowed = "write"
    body = b" " * (32 * 1024 * 1024 + 1)
    response = await send(jp_fetch, "POST", "api/mlops/snapshots", body=body)
    assert response.code == 413
    assert json.loads(response.body)["message"] == "A request may have 32 MiB."
