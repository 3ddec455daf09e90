"""Manifests as they are stored, and stored objects as a browser takes them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .schemas import Manifest

_PIECE = 768 * 1024  # a multiple of three, so that the ends of pieces need no filling


def canonical(manifest: Manifest) -> bytes:
    """Return a manifest as bytes, the same ones for the same manifest."""
    document = manifest.model_dump(mode="json")
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def encoded(mime_type: str, data: bytes) -> Iterator[bytes]:
    """Give the JSON of an ``ObjectContent``, of which no piece takes long to make or to write."""
    yield b'{"mime_type":%b,"data":"' % json.dumps(mime_type).encode()
    for start in range(0, len(data), _PIECE):
        yield base64.b64encode(data[start : start + _PIECE])
    yield b'"}'
