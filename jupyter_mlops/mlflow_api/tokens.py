"""Bearer tokens for kernels: one a kernel, good for the protocol's routes and nothing else."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_BEARER = "Bearer "


def bearer(header: str) -> str:
    """Return the token in an ``Authorization`` header, "" if it has none of that kind."""
    return header.removeprefix(_BEARER).strip() if header.startswith(_BEARER) else ""


class KernelTokens:
    """Issues and checks tokens; one ends with its kernel, and all with this object.

    Args:
        lives: tells whether a kernel of an id is there.
    """

    def __init__(self, lives: Callable[[str], bool]) -> None:
        self._lives = lives
        self._secret = secrets.token_bytes(32)

    def issue(self, kernel_id: str) -> str:
        """Return the token of a kernel."""
        return f"{kernel_id}.{self._sign(kernel_id)}"

    def kernel_of(self, token: str) -> str | None:
        """Return the living kernel that a token was issued to, None for any other text."""
        kernel_id, _, signature = token.rpartition(".")
        expected = self._sign(kernel_id)
        same = hmac.compare_digest(signature.encode(), expected.encode())
        return kernel_id if kernel_id and same and self._lives(kernel_id) else None

    def _sign(self, kernel_id: str) -> str:
        return hmac.new(self._secret, kernel_id.encode(), hashlib.sha256).hexdigest()
