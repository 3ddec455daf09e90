"""Which parts of a request and its answer pass between Jupyter's proxy and the gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from ..core.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
}
_REQUEST = _HOP_BY_HOP | {"authorization", "cookie", "host", "x-xsrftoken"}
_ANSWER = _HOP_BY_HOP | {"date", "server", "set-cookie"}


def gateway_path(name: str, path: str) -> str:
    """Return the gateway's path for a path below a deployment's proxy.

    Raises:
        InvalidInputError: it leads out of the deployment.
    """
    if {".", ".."} & set(unquote(path).partition("?")[0].split("/")):
        raise InvalidInputError("The path leads out of the deployment.", path=path)
    return f"/serve/{name}/{quote(path.lstrip('/'), safe='/%?=&:@!$*+,;~')}"


def request_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what of a request's headers the gateway may see: no cookies, no tokens."""
    return {name: value for name, value in headers.items() if name.lower() not in _REQUEST}


def answer_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what of the gateway's headers a client may see."""
    return {name: value for name, value in headers.items() if name.lower() not in _ANSWER}
