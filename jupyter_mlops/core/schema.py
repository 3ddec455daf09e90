"""The base of all wire types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer

T = TypeVar("T")


def _isoformat(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp = Annotated[datetime, PlainSerializer(_isoformat, return_type=str, when_used="json")]
"""A moment, on the wire ISO-8601 in UTC with milliseconds."""


class Schema(BaseModel):
    """A wire type: immutable, and strict about unknown fields; its errors are fit for a log."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, protected_namespaces=()
    )


class Page(Schema, Generic[T]):
    """One page of a list; ``next_token`` is None on the last one."""

    items: list[T]
    next_token: str | None = None


class ErrorBody(Schema):
    """What every failed request answers."""

    message: str
    code: str
    details: dict[str, Any] = {}


class Change(Schema):
    """An event: a hint that something changed; a GET tells the truth."""

    action: Literal["created", "changed", "deleted"]
    id: str
