"""The frames that worker and gateway exchange over a Unix socket.

A frame is the length of a JSON header (32 bits), the length of a body (64 bits), both big-endian,
the header, the body. The gateway asks with ``{"id", "op"}`` and the answer is ``{"id", "status"}``:
200, 400 for a request that does not fit the model, 500 where the model failed, with the reason as
text. Answers come in the order of the questions.
"""

from __future__ import annotations

import json
import struct
from typing import Any

PREFIX = struct.Struct(">IQ")


def encode_frame(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return ``header`` and ``body`` as one frame."""
    head = json.dumps(header).encode()
    return PREFIX.pack(len(head), len(body)) + head + body
