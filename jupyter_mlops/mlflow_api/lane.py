"""A short way in for what kernels log: no handler, which would be half of such a call's time.

It serves the operations that only add an ``entry`` to a run, and only for a kernel's token; all
else falls through to the handlers, which answer the same.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, ResponseStartLine
from tornado.routing import PathMatches, Router, Rule

from ..core.errors import MLOpsError
from .errors import reply
from .routes import BASE, OPERATIONS
from .tokens import bearer

if TYPE_CHECKING:
    from logging import LoggerAdapter

    from tornado.httputil import HTTPConnection, HTTPServerRequest

    from .announcer import Announcer
    from .gathering import Gathering
    from .operation import Operation
    from .tokens import KernelTokens

_VERSIONS = ("api/2.0", "api/3.0", "ajax-api/2.0", "ajax-api/3.0")


class KernelLane(Router):
    """Routes calls of kernels that log.

    Args:
        base_url: the server's.
        tokens: what the kernels' tokens are checked with.
        gathering: where entries go.
        announcer: tells browsers of them.
        log: for surprises.
    """

    def __init__(
        self,
        base_url: str,
        tokens: KernelTokens,
        gathering: Gathering,
        announcer: Announcer,
        log: LoggerAdapter[Any],
    ) -> None:
        self._root = base_url.rstrip("/") + BASE
        self._tokens = tokens
        self._gathering = gathering
        self._announcer = announcer
        self._log = log
        self._entries = {
            operation: operation.entry for operation in OPERATIONS if operation.entry is not None
        }
        self._operations = {
            f"{self._root}/{version}/mlflow/{operation.path}": operation
            for operation in self._entries
            for version in _VERSIONS
        }
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def rule(self) -> Rule:
        """What sends requests here."""
        return Rule(PathMatches(f"{self._root}/.*/runs/.*"), self)

    def find_handler(self, request: HTTPServerRequest, **_: Any) -> HTTPMessageDelegate | None:
        """Return what answers a request, None if that is not for here."""
        operation = self._operations.get(request.path)
        if operation is None or request.method != operation.verb or request.query:
            return None
        # whoever has it is no page of another site: nothing else need be checked
        token = bearer(request.headers.get("Authorization", ""))
        if self._tokens.kernel_of(token) is None or request.connection is None:
            return None
        return _Call(self, operation, request.connection)

    def start(self, operation: Operation, connection: HTTPConnection, body: bytes) -> None:
        """Answer a request that has come in full."""
        call = asyncio.create_task(self._answer(operation, connection, body))
        self._calls.add(call)  # the loop itself keeps none alive
        call.add_done_callback(self._calls.discard)

    async def _answer(self, operation: Operation, connection: HTTPConnection, body: bytes) -> None:
        status, answer = HTTPStatus.OK, b"{}"
        try:
            await self._serve(operation, body)
        except Exception as error:
            code, message = reply(error)
            status = HTTPStatus(code.status)
            answer = orjson.dumps({"error_code": code.name, "message": message})
            if not isinstance(error, (MLOpsError, ValueError)):
                self._log.exception("%s failed", operation.path)
        headers = HTTPHeaders(
            {"Content-Type": "application/json", "Content-Length": str(len(answer))}
        )
        start = ResponseStartLine("HTTP/1.1", status, status.phrase)
        connection.write_headers(start, headers, answer)
        connection.finish()

    async def _serve(self, operation: Operation, body: bytes) -> None:
        entry = self._entries[operation](operation.message.model_validate_json(body or b"{}"))
        await self._gathering.log(entry)
        self._announcer.changed(operation.changes or "", entry.run_id)


class _Call(HTTPMessageDelegate):
    """Takes in one request."""

    def __init__(self, lane: KernelLane, operation: Operation, connection: HTTPConnection) -> None:
        self._lane = lane
        self._operation = operation
        self._connection = connection
        self._chunks: list[bytes] = []

    def data_received(self, chunk: bytes) -> None:
        """Keep a piece of the body; all of them are within the server's limit."""
        self._chunks.append(chunk)

    def finish(self) -> None:
        """Have the whole request answered."""
        self._lane.start(self._operation, self._connection, b"".join(self._chunks))
