"""The tornado handlers of the protocol: who asks, what is asked, what is answered.

A kernel's token opens these routes alone; else Jupyter's own login counts. Every answer is JSON,
errors in MLflow's form.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import orjson
from jupyter_server.auth.identity import User
from pydantic import ValidationError
from tornado import web

from ..core.errors import MLOpsError
from ..core.memory import LARGE, give_back_soon
from ..http.handler import ErrorHandler, system_user
from .errors import INTERNAL_ERROR, STATUS_CODES, NotServedError, reply
from .operation import Operation, Request
from .tokens import bearer

if TYPE_CHECKING:
    from .tokens import KernelTokens


class ProtocolHandler(ErrorHandler):
    """Knows kernels by their tokens, and answers errors as MLflow does."""

    kernel_id: str | None = None

    @property
    def tokens(self) -> KernelTokens:
        """What the kernels' tokens are checked with."""
        return cast("KernelTokens", cast("Any", self.extensionapp).kernel_tokens)

    async def prepare(self) -> None:  # type: ignore[override]
        """Let in whoever has a kernel's token, or is logged in to Jupyter."""
        token = bearer(self.request.headers.get("Authorization", ""))
        if token and self.check_host():
            self.kernel_id = self.tokens.kernel_of(token)
        if self.kernel_id is not None:
            self.current_user = User(username=system_user())
            return
        await super().prepare()

    async def permit(self, action: Any) -> None:
        """Refuse a user whom Jupyter's authorizer does not allow ``action``."""
        # a kernel runs for a user who may execute code here, which is more than logging
        if self.kernel_id is None:
            await self.authorize(action)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer a failed request in MLflow's form."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, web.HTTPError):
            code = STATUS_CODES.get(status_code, INTERNAL_ERROR)
            message = error.log_message or self._reason
        else:
            code, message = reply(error or Exception())
            status_code = code.status
        self.set_status(status_code)
        self.answer({"error_code": code.name, "message": message})

    def compute_etag(self) -> None:
        """Make no digest of the answer: nobody asks for it, and it takes its time."""

    def answer(self, body: dict[str, Any]) -> None:
        """Send JSON."""
        self.set_header("Content-Type", "application/json")
        text = orjson.dumps(body)
        self.finish(text)
        if len(text) > LARGE:
            give_back_soon()


class OperationHandler(ProtocolHandler):
    """Serves the operations of one path; ``operations`` maps verbs to them."""

    def initialize(self, name: str, operations: dict[str, Operation]) -> None:
        """Take the operations of this path."""
        super().initialize(name)
        self._operations = operations

    @web.authenticated
    async def get(self, **path: str) -> None:
        """Answer the operation of the request's verb."""
        operation = self._operations.get(self.request.method or "")
        if operation is None:
            raise web.HTTPError(405)
        await self.permit(operation.action)
        request = Request(
            services=self.services,
            user=self.user_name,
            message=self._message(operation),
            path=path,
            context=await self._context() if operation.located else {},
            authorization=self.request.headers.get("Authorization", ""),
            root=self._root(),
        )
        app = cast("Any", self.extensionapp)
        answer = None
        if operation.entry is None:
            answer = await asyncio.to_thread(operation.run, request)
        else:
            await app.gathering.log(operation.entry(request.message))
        if operation.changes:
            app.announcer.changed(operation.changes, operation.subject(request))
        self.answer(answer or {})

    post = patch = delete = get

    def _message(self, operation: Operation) -> Any:
        if self.request.body:
            return operation.message.model_validate_json(self.request.body)
        arguments = {
            # not get_query_arguments, which makes blanks of control characters
            name: [self.decode_argument(value) for value in values]
            for name, values in self.request.query_arguments.items()
        }
        return operation.message.model_validate(operation.message.from_query(arguments))

    def _root(self) -> str:
        url = f"{self.request.protocol}://{self.request.host}{self.request.path}"
        return url.partition("/mlflow-artifacts/")[0] + "/mlflow-artifacts"

    async def _context(self) -> dict[str, str]:
        if self.kernel_id is None:
            return {}
        app = cast("Any", self.extensionapp)
        return cast("dict[str, str]", await app.tags_of_kernel(self.kernel_id))


class TextHandler(ProtocolHandler):
    """Answers with a fixed text: the protocol's version, or that the server is well."""

    def initialize(self, name: str, text: str) -> None:
        """Take the text."""
        super().initialize(name)
        self._text = text

    @web.authenticated
    async def get(self) -> None:
        """Answer with the text."""
        await self.permit("read")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        await self.finish(self._text)


class NotServedHandler(ProtocolHandler):
    """Answers what this server does not have: traces, prompts, gateways, …."""

    @web.authenticated
    async def get(self, path: str) -> None:
        """Say that this is not served."""
        raise NotServedError(f"{self.request.method} {path} is not served here.")

    post = put = patch = delete = get

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log one line: newer clients ask for many things."""
        if isinstance(value, (MLOpsError, ValidationError)):
            self.log.debug("%s %s: %s", self.request.method, self.request.path, value)
        else:
            super().log_exception(typ, value, tb)
