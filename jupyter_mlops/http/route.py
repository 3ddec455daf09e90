"""How a room declares its HTTP routes: plain functions with typed input and output."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from ..core.errors import InvalidInputError
from ..core.schema import Schema

if TYPE_CHECKING:
    from ..services import Services

Q = TypeVar("Q", bound=Schema)
B = TypeVar("B", bound=Schema)

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Action = Literal["read", "write", "execute"]


class NoQuery(Schema):
    """A route that takes no query parameters."""


class NoBody(Schema):
    """A route that takes no body."""


@dataclass(frozen=True)
class Call(Generic[Q, B]):
    """One request, checked: who asks, path parameters, query and body."""

    services: Services
    user: str
    path: Mapping[str, str]
    query: Q
    body: B

    def number(self, name: str) -> int:
        """Return a path parameter that is a whole number.

        Raises:
            InvalidInputError: it is none.
        """
        value = self.path[name]
        if not re.fullmatch("[0-9]{1,9}", value):
            raise InvalidInputError(f"{name} is a whole number, not {value!r}.")
        return int(value)


@dataclass(frozen=True)
class Streamed:
    """An answer that is too large to be held or written at once: its JSON in pieces.

    An error before the first piece is answered as any other.
    """

    pieces: Iterator[bytes]


Endpoint = Callable[[Any], Schema | Streamed | Awaitable[Schema | None] | None]


@dataclass(frozen=True)
class Emit:
    """The event that a successful call sends.

    ``key`` is the field of the answer, or else the path parameter, that identifies the thing. No
    event is sent where that field is None.
    """

    room: str
    action: Literal["created", "changed", "deleted"]
    key: str


@dataclass(frozen=True)
class Route:
    """A verb on a path below ``/api/mlops/``.

    ``endpoint`` may be a coroutine function; else it runs in a thread. ``action`` is what
    Jupyter's authorizer is asked for on the resource ``mlops``; where ``executes`` says that this
    call has something run, it is asked for ``execute`` too.
    """

    verb: Verb
    path: str
    endpoint: Endpoint
    summary: str
    response: type[Schema] | None = None
    query: type[Schema] = NoQuery
    body: type[Schema] = NoBody
    status: int = 200
    action: Action | None = None
    executes: Callable[[Any], bool] | None = None
    emits: tuple[Emit, ...] = field(default=())

    @property
    def operation_id(self) -> str:
        """The name of the operation in OpenAPI."""
        return str(cast("Any", self.endpoint).__name__)

    @property
    def needed_action(self) -> Action:
        """Reading for GET, writing for the rest, unless the route says otherwise."""
        return self.action or ("read" if self.verb == "GET" else "write")

    @property
    def parameters(self) -> list[str]:
        """The names in braces in the path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def pattern(self) -> str:
        """The path as a regular expression; a parameter is one segment, percent-encoded."""
        return re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path)
