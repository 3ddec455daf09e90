"""The one tornado handler behind all routes: login, permission, validation, errors, events."""

from __future__ import annotations

import getpass
import inspect
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from pydantic import ValidationError
from tornado import web
from tornado.iostream import StreamClosedError

from ..core.errors import InvalidInputError, MLOpsError
from ..core.events import emit
from ..core.schema import ErrorBody, Schema
from .errors import reply
from .route import Action, Call, Emit, Route, Streamed
from .threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from ..services import Services

RESOURCE = "mlops"
_LARGEST_BODY = 32 * 1024 * 1024  # a notebook as an editor holds it has 8 MiB, and base64's third


@cache
def system_user() -> str:
    """Return the name of whoever runs the server; looking it up takes a part of a millisecond."""
    return getpass.getuser()


class ErrorHandler(ExtensionHandlerMixin, APIHandler):
    """Asks for permission and answers errors in one form; the base of our handlers."""

    def initialize(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Keep what is asked for out of the log, which has it with the address."""
        super().initialize(name, *args, **kwargs)
        # words that are searched for may be a secret; all else of a query nobody misses in a log
        self.request.uri = self.request.path

    @property
    def services(self) -> Services:
        """The managers of the server's store."""
        return cast("Services", cast("Any", self.extensionapp).services)

    @property
    def user_name(self) -> str:
        """The name to write on what the request makes."""
        user = self.current_user
        name = str(getattr(user, "display_name", None) or getattr(user, "username", user))
        # a server without logins makes up a moon's name for each browser
        return system_user() if name.startswith("Anonymous ") else name

    async def authorize(self, action: Action) -> None:
        """Refuse a user whom Jupyter's authorizer does not allow ``action``."""
        # not @authorized: it knows one action a verb, and a POST may mean writing or executing
        allowed = self.authorizer.is_authorized(self, self.current_user, action, RESOURCE)
        if inspect.isawaitable(allowed):
            allowed = await allowed
        if not allowed:
            raise web.HTTPError(403, f"You are not allowed to {action} here.")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer a failed request as JSON: message, code, details."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, web.HTTPError):
            body = ErrorBody(message=error.log_message or self._reason, code=f"http_{status_code}")
        else:
            status_code, body = reply(error or Exception())
            self.set_status(status_code)
        self.set_header("Content-Type", "application/json")
        self.finish(body.model_dump_json())

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what the user was told as one line; a surprise with its traceback.

        What is wrong with an input is for who sent it: the sentence may quote it.
        """
        if isinstance(value, (InvalidInputError, ValidationError)):
            self.log.warning("%s %s: bad input", self.request.method, self.request.path)
        elif isinstance(value, MLOpsError):
            self.log.warning("%s %s: %s", self.request.method, self.request.path, value)
        else:
            super().log_exception(typ, value, tb)


class RouteHandler(ErrorHandler):
    """Serves the routes of one path; ``routes`` maps verbs to them."""

    def initialize(self, name: str, routes: dict[str, Route]) -> None:
        """Take the routes of this path."""
        super().initialize(name)
        self._routes = routes

    @web.authenticated
    async def get(self, **path: str) -> None:
        """Answer the route of the request's verb."""
        route = self._routes.get(self.request.method or "")
        if route is None:
            raise web.HTTPError(405)
        await self.authorize(route.needed_action)
        call = self._call(route, path)
        if route.executes is not None and route.executes(call):
            await self.authorize("execute")
        answer = await _run(route, call)
        if isinstance(answer, Streamed):
            await self._stream(answer.pieces)
            return
        for event in route.emits:
            identifier = _identify(event, call, answer)
            if identifier is not None:
                emit(self.event_logger, event.room, event.action, identifier)
        self.set_status(route.status)
        self.set_header("Content-Type", "application/json")
        if answer is None:
            self.set_status(204)
            await self.finish()
        else:
            await self.finish(answer.model_dump_json())

    post = put = patch = delete = get

    async def _stream(self, pieces: Iterator[bytes]) -> None:
        piece = await in_thread(next, pieces, b"")
        self.set_header("Content-Type", "application/json")
        try:
            while piece:
                self.write(piece)
                await self.flush()  # until the client has taken it
                piece = await in_thread(next, pieces, b"")
        except StreamClosedError:
            return  # nobody wants the rest
        except Exception:
            # what was sent must not look whole
            cast("Any", self.request.connection).close()
            raise
        await self.finish()

    def _call(self, route: Route, path: dict[str, str]) -> Call[Any, Any]:
        if len(self.request.body) > _LARGEST_BODY:
            raise web.HTTPError(413, f"A request may have {_LARGEST_BODY >> 20} MiB.")
        # others may be Jupyter's own: the token, a number that keeps caches away
        known = route.query.model_fields.keys() & self.request.query_arguments.keys()
        query = {name: self.get_query_argument(name) for name in known}
        return Call(
            services=self.services,
            user=self.user_name,
            path=path,
            query=route.query.model_validate(query),
            body=route.body.model_validate_json(self.request.body or b"{}"),
        )


async def _run(route: Route, call: Call[Any, Any]) -> Schema | Streamed | None:
    if inspect.iscoroutinefunction(route.endpoint):
        return await cast("Awaitable[Schema | None]", route.endpoint(call))
    return cast("Schema | Streamed | None", await in_thread(route.endpoint, call))


def _identify(event: Emit, call: Call[Any, Any], answer: Schema | None) -> str | None:
    """Return what an event is about; None where the answer says that nothing was done."""
    identifier = getattr(answer, event.key, call.path.get(event.key, "*"))
    return None if identifier is None else str(identifier)
