"""How a service of the protocol declares its operations: plain functions from message to JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, Field

from .masking import MaskedValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..services import Services
    from ..tracking.entities import LogEntry

Verb = Literal["GET", "POST", "PATCH", "DELETE", "PUT"]
Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A number as the protocol's 64-bit ones."""
Version = Annotated[int, Field(ge=0, lt=2**31)]
"""The number of a version."""


class Message(BaseModel):
    """What a client sends: unknown fields are ignored and numbers may be texts, as in protobuf."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
    )

    @classmethod
    def from_query(cls, arguments: Mapping[str, list[str]]) -> dict[str, Any]:
        """Return the fields of this message among the arguments of a URL."""
        return {
            name: arguments[name] if _is_list(info.annotation) else arguments[name][-1]
            for name, info in cls.model_fields.items()
            if name in arguments
        }


class Pair(Message):
    """A key and a value: a param or a tag."""

    key: str
    value: MaskedValue = ""


M = TypeVar("M", bound=Message)


@dataclass(frozen=True)
class Request(Generic[M]):
    """A checked request.

    Args:
        services: the managers of the store.
        user: who asks.
        message: what was sent in body or URL.
        path: the parameters in the URL's path.
        context: tags that are given to what the request makes: where it comes from.
        authorization: the header that the request was let in with.
        root: the URL of the service that the operation belongs to.
    """

    services: Services
    user: str
    message: M
    path: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    authorization: str = ""
    root: str = ""


@dataclass(frozen=True)
class Operation:
    """A verb on a path below ``/api/<version>/mlflow/``.

    Args:
        verb: HTTP's.
        path: parameters in braces.
        run: returns the JSON answer, None for an empty one.
        message: what is sent.
        changes: the room whose listeners are told that something changed; "" for a change that
            nobody lists, None for none.
        located: wants to know which notebook the request comes from.
        entry: what a message logs to a run, if ``run`` does nothing else; a server may then write
            what several calls bring together.
    """

    verb: Verb
    path: str
    run: Callable[[Request[Any]], dict[str, Any] | None]
    message: type[Message] = Message
    changes: str | None = None
    located: bool = False
    entry: Callable[[Any], LogEntry] | None = None

    @property
    def pattern(self) -> str:
        """The path as a regular expression; a parameter is one segment, percent-encoded."""
        return re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path)

    @property
    def action(self) -> Literal["read", "write"]:
        """What Jupyter's authorizer is asked for."""
        return "read" if self.changes is None else "write"

    def subject(self, request: Request[Any]) -> str:
        """Return the id of what a request changed, ``*`` if it names none."""
        return getattr(request.message, "run", "") or "*"


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list
