"""The protocol where no Jupyter server runs: for the kernel of one headless run.

On the loopback, for whoever has the token, and for as long as the run takes.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import threading
from contextlib import contextmanager
from hashlib import md5
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from .artifacts import SERVICE
from .errors import PERMISSION_DENIED, ErrorCode, NotServedError, reply
from .operation import Operation, Request
from .routes import OPERATIONS, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request as HttpRequest

    from ..kernels.address import TrackingAddress
    from ..services import Services

_ENDING_SECONDS = 30  # for what a process that outlives the kernel is still sending
_PREFIX = r"/(?:api|ajax-api)/[23]\.0"
_VERBS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


@contextmanager
def tracking_server(
    address: TrackingAddress, services: Services, user: str, context: Mapping[str, str]
) -> Iterator[None]:
    """Serve the protocol in a thread of this process while the block runs.

    Args:
        address: where, and for whom; it is closed at the end.
        services: the managers of the store.
        user: whose runs they are.
        context: tags of the runs that are logged.
    """
    server = Server(address, services, user, context)
    config = uvicorn.Config(
        Starlette(routes=[Route("/{path:path}", server.answer, methods=_VERBS)]),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=_ENDING_SECONDS,
    )
    running = uvicorn.Server(config)
    # a thread gets no signals, and must not take them from who waits for the run
    running.capture_signals = _no_signals  # type: ignore[method-assign]
    thread = threading.Thread(target=running.run, args=([address.listener],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        running.should_exit = True
        thread.join()
        address.close()


@contextmanager
def _no_signals() -> Iterator[None]:
    yield


class Server:
    """Answers requests."""

    def __init__(
        self,
        address: TrackingAddress,
        services: Services,
        user: str,
        context: Mapping[str, str],
    ) -> None:
        self._address = address
        self._services = services
        self._user = user
        self._context = context
        self._operations = [
            (re.compile(f"{_PREFIX}/mlflow/{operation.pattern}"), operation)
            for operation in OPERATIONS
        ] + [
            (re.compile(f"{_PREFIX}/mlflow-artifacts/{_many(operation.path)}"), operation)
            for operation in SERVICE
        ]

    async def answer(self, request: HttpRequest) -> Response:
        """Answer one request."""
        expected = f"Bearer {self._address.token}".encode()
        given = request.headers.get("authorization", "").encode(errors="replace")
        if not hmac.compare_digest(given, expected):
            return _error(PERMISSION_DENIED, "The token is wrong.")
        try:
            return await self._dispatch(request)
        except Exception as error:
            code, message = reply(error)
            return _error(code, message)

    async def _dispatch(self, request: HttpRequest) -> Response:
        path = request.url.path
        if path in {"/version", "/health"}:
            return PlainTextResponse(VERSION if path == "/version" else "OK")
        for pattern, operation in self._operations:
            match = pattern.fullmatch(path)
            if match and operation.verb == request.method:
                return await self._operate(request, operation, match.groupdict())
        if match := re.fullmatch(f"{_PREFIX}/mlflow-artifacts/artifacts/(.*)", path):
            return await self._artifact(request, match.group(1))
        part = f"{_PREFIX}/mlflow-artifacts/parts/([0-9a-f]+)/([0-9]{{1,5}})"
        if (match := re.fullmatch(part, path)) and request.method == "PUT":
            artifacts = self._services.artifacts
            return await _take(request, artifacts.writing_part(match[1], int(match[2])))
        raise NotServedError(f"{request.method} {path} is not served here.")

    async def _operate(
        self, request: HttpRequest, operation: Operation, path: dict[str, str]
    ) -> Response:
        body = await request.body()
        kind = operation.message
        message = (
            kind.model_validate_json(body)
            if body
            else kind.model_validate(kind.from_query(parse_qs(request.url.query)))
        )
        asked = Request(
            services=self._services,
            user=self._user,
            message=message,
            path=path,
            context=self._context if operation.located else {},
            authorization=request.headers.get("authorization", ""),
            root=f"{self._address.uri}/api/2.0/mlflow-artifacts",
        )
        answer: dict[str, Any] | None = await asyncio.to_thread(operation.run, asked)
        return _json(answer or {})

    async def _artifact(self, request: HttpRequest, path: str) -> Response:
        files = self._services.files
        if request.method == "GET":
            size, blocks = await asyncio.to_thread(files.read, path)
            return StreamingResponse(
                iterate_in_threadpool(blocks), headers={"Content-Length": str(size)}
            )
        if request.method == "PUT":
            return await _take(request, files.writing(path))
        await asyncio.to_thread(files.delete, path)
        return _json({})


async def _take(request: HttpRequest, writing: Any) -> Response:
    """Write a request's body as it comes; nothing is kept of one that breaks off."""
    digest = md5(usedforsecurity=False)
    with writing as file:
        async for chunk in request.stream():
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    return _json({}, headers={"ETag": digest.hexdigest()})


def _many(path: str) -> str:
    return path.replace("{path}", "(?P<path>.*)")


def _json(body: dict[str, Any], status: int = 200, headers: Any = None) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")


def _error(code: ErrorCode, message: str) -> Response:
    return _json({"error_code": code.name, "message": message}, code.status)
