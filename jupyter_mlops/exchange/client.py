"""Requests to a server that speaks MLflow's REST protocol, and its errors in our words."""

from __future__ import annotations

import posixpath
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ..core.errors import InvalidInputError, MLOpsError, NotFoundError, StoreUnavailableError
from ..tracking.artifacts import SCHEME, location

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = "api/2.0/mlflow-artifacts"
_SECONDS = 120
_BLOCK = 1024 * 1024


class Client:
    """One server's API, by one pool of connections."""

    def __init__(self, uri: str, token: str | None) -> None:
        self.name = uri.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=f"{self.name}/", headers=headers, timeout=_SECONDS)

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def pages(
        self, path: str, fields: dict[str, Any], key: str, verb: str = "POST"
    ) -> Iterator[dict[str, Any]]:
        """Give the items of all pages of an operation's answer."""
        token = None
        while True:
            page: dict[str, str] = {"page_token": token} if token else {}
            found = self.call(verb, path, fields | page)
            yield from found.get(key, [])
            token = found.get("next_page_token")
            if not token:
                return

    def call(self, verb: str, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Call an operation and return its answer.

        Raises:
            MLOpsError: the server refuses; a NotFoundError for what is not there.
            StoreUnavailableError: it cannot be reached.
        """
        where = "params" if verb == "GET" else "json"
        return self.send(verb, f"api/2.0/mlflow/{path}", **{where: fields})

    def send(self, verb: str, url: str, **content: Any) -> dict[str, Any]:
        """Send a request and return the JSON of its answer."""
        with self.reaching():
            answer = self._http.request(verb, url, **content)
        self.check(answer)
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    @contextmanager
    def reaching(self) -> Iterator[None]:
        """Say in words that the server cannot be reached."""
        try:
            yield
        except httpx.TransportError as error:
            raise StoreUnavailableError(
                f"{self.name} cannot be reached: {error}. What is copied is kept; try again."
            ) from error

    def check(self, answer: httpx.Response) -> None:
        """Raise what an answer complains of."""
        if answer.is_success:
            return
        try:
            message = answer.json()["message"]
        except (ValueError, KeyError, TypeError):
            message = answer.text[:300]
        place = f"{self.name} answers {answer.status_code}: {message}"
        kind = NotFoundError if answer.status_code == httpx.codes.NOT_FOUND else MLOpsError
        raise kind(place)

    def blocks(self, url: str) -> Iterator[bytes]:
        """Give what is at a URL in blocks."""
        with self.reaching(), self._http.stream("GET", url) as answer:
            if answer.is_error:
                answer.read()
            self.check(answer)
            yield from answer.iter_bytes(_BLOCK)


def artifact(uri: str, path: str) -> str:
    """Return the URL of a file below an artifact URI.

    Raises:
        InvalidInputError: the server does not serve that URI.
    """
    if not uri.startswith(SCHEME):
        raise InvalidInputError(
            f"The target keeps artifacts at {uri}, which is not reached through it. "
            "Start its server with --serve-artifacts and an experiment of mlflow-artifacts:/."
        )
    return f"{SERVICE}/artifacts/{quote(posixpath.join(location(uri), path))}"
