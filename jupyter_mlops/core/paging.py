"""Keyset pages: a token names the last row that was given, so pages stay cheap and stable."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
_LARGEST = (1 << 63) - 1  # that databases compare with
_STRANGE = "The page token is not valid. Start again without it."


def encode(*key: str | float | None) -> str:
    """Return an opaque token for the sort key of a page's last row."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def decode(token: str, *kinds: type) -> list[Any]:
    """Return the sort key in ``token``, whose parts must be of ``kinds`` where any are given.

    Raises:
        InvalidInputError: the token is not one of ours.
    """
    try:
        key = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(_STRANGE) from error
    if not isinstance(key, list) or (kinds and [type(part) for part in key] != list(kinds)):
        raise InvalidInputError(_STRANGE)
    if any(isinstance(part, int) and abs(part) > _LARGEST for part in key):
        raise InvalidInputError(_STRANGE)
    return key


def cut(rows: Sequence[T], limit: int, token: Callable[[T], str]) -> tuple[list[T], str | None]:
    """Split ``limit + 1`` fetched rows into a page and the token of the next one, if any."""
    page = list(rows[:limit])
    return page, token(page[-1]) if len(rows) > limit else None
