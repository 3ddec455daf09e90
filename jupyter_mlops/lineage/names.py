"""The ids of nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast, get_args

from ..core.errors import InvalidInputError
from .schemas import NodeKind

if TYPE_CHECKING:
    from collections.abc import Hashable

Version = tuple[str, int]


def node_id(kind: NodeKind, key: Hashable) -> str:
    """Return the id of a node; a version's key is its model's name and its number."""
    return f"{kind}:{key[0]}/{key[1]}" if isinstance(key, tuple) else f"{kind}:{key}"


def parse(identifier: str) -> tuple[NodeKind, str]:
    """Return the kind and the rest of a node's id.

    Raises:
        InvalidInputError: it is none.
    """
    kind, colon, key = identifier.partition(":")
    if not colon or not key or kind not in get_args(NodeKind):
        kinds = ", ".join(f"{name}:…" for name in get_args(NodeKind))
        raise InvalidInputError(f"{identifier[:200]!r} names nothing in the graph: give {kinds}.")
    return cast("NodeKind", kind), key


def parse_version(key: str) -> Version:
    """Return the model and the number of ``name/number``.

    Raises:
        InvalidInputError: it is none.
    """
    name, _, number = key.rpartition("/")
    if not name or not re.fullmatch("[0-9]{1,9}", number):
        raise InvalidInputError(f"{key[:200]!r} is no version: give the model's name and /number.")
    return name, int(number)
