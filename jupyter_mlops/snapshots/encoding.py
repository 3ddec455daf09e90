"""Stored objects as a browser takes them: the JSON of an ``ObjectContent``, in pieces."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 768 * 1024  # a multiple of three, so that the ends of pieces need no filling


def encoded(mime_type: str, data: bytes) -> Iterator[bytes]:
    """Give the JSON of an object's content, of which no piece takes long to make or to write."""
    yield b'{"mime_type":%b,"data":"' % json.dumps(mime_type).encode()
    for start in range(0, len(data), _PIECE):
        yield base64.b64encode(data[start : start + _PIECE])
    yield b'"}'
