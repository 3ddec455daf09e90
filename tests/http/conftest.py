"""A real Jupyter server with the extension, and a client that holds it to its contract."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from jupyter_mlops.core.schema import ErrorBody, Schema
from jupyter_mlops.routes import ROUTES
from tests.kernel_requests import send_cell

if TYPE_CHECKING:
    import asyncio

    from jupyter_mlops.http.route import Route

Fetch = Callable[..., Awaitable[Any]]


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {
        "ServerApp": {
            "jpserver_extensions": {"jupyter_mlops": True},
            "allow_unauthenticated_access": False,
        }
    }


def route_of(verb: str, path: str) -> Route:
    return next(r for r in ROUTES if r.verb == verb and re.fullmatch(r.pattern, path))


@pytest.fixture
def jp_fetch(jp_fetch: Fetch) -> Fetch:
    """Wait longer for an answer than the 20 seconds of Tornado's client."""
    return partial(jp_fetch, request_timeout=180, connect_timeout=180)


class Api:
    """Calls routes; every answer has to be what the route declares."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def __call__(self, verb: str, path: str, body: Any = None, /, **query: str) -> Any:
        route = route_of(verb, path)
        response = await self._send(verb, path, body, query)
        assert response.code == (route.status if route.response else 204), response.body
        if route.response is None:
            assert not response.body
            return None
        return route.response.model_validate_json(response.body, strict=True)

    async def error(
        self, status: int, verb: str, path: str, body: Any = None, /, **query: str
    ) -> ErrorBody:
        response = await self._send(verb, path, body, query)
        assert response.code == status, response.body
        return ErrorBody.model_validate_json(response.body)

    async def _send(self, verb: str, path: str, body: Any, query: dict[str, str]) -> Any:
        text = body.model_dump_json() if isinstance(body, Schema) else json.dumps(body)
        return await self._fetch(
            "api/mlops",
            quote(path),
            method=verb,
            params=query,
            body=None if body is None else text,
            allow_nonstandard_methods=True,
            raise_error=False,
        )


@pytest.fixture
def api(jp_fetch: Fetch) -> Api:
    return Api(jp_fetch)


class Notebook:
    """A notebook with a live kernel, as a browser tab has one."""

    def __init__(self, app: Any, path: Path, kernel_id: str) -> None:
        self._app = app
        self.path = path
        self.kernel_id = kernel_id

    @property
    def kernel(self) -> Any:
        return self._app.kernel_manager.get_kernel(self.kernel_id)

    async def run(self, *cells: int | tuple[int, str]) -> None:
        """Run cells by index; a tuple runs another source under that cell's id."""
        sources = ["".join(c["source"]) for c in json.loads(self.path.read_text())["cells"]]
        client = self.kernel.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=180)
            for cell in cells:
                index, source = cell if isinstance(cell, tuple) else (cell, sources[cell])
                # else what follows an error at once is refused
                message = send_cell(client, source, f"cell{index}", stop_on_error=False)
                while True:
                    reply = await client.get_shell_msg(timeout=180)
                    if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                        break
        finally:
            client.stop_channels()


Opened = Callable[[Path], Awaitable[Notebook]]


@pytest.fixture
def open_notebook(
    jp_fetch: Fetch,
    jp_serverapp: Any,
    jp_root_dir: Path,
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> Iterator[Opened]:
    """Open notebooks below the server's root, each with a kernel of its own."""

    async def open_one(path: Path) -> Notebook:
        session = {
            "path": path.relative_to(jp_root_dir).as_posix(),
            "type": "notebook",
            "name": path.name,
            "kernel": {"name": "python3"},
        }
        answer = await jp_fetch("api/sessions", method="POST", body=json.dumps(session))
        return Notebook(jp_serverapp, path, json.loads(answer.body)["kernel"]["id"])

    yield open_one
    jp_asyncio_loop.run_until_complete(jp_serverapp.kernel_manager.shutdown_all(now=True))
