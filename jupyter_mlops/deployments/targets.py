"""Where deployments run."""

from __future__ import annotations

from dataclasses import dataclass
from shutil import rmtree
from typing import TYPE_CHECKING, Protocol

from .backoff import Backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from .gateway_client import Answer, GatewayClient, GatewayStatus


@dataclass(frozen=True)
class ServedModel:
    """What a target is to run for a deployment.

    ``key`` names the model's folder; revisions with the same model share one.
    """

    revision: int
    key: str
    model_name: str
    model_version: int
    python: str
    token_hash: str


class Target(Protocol):
    """Runs deployments and answers their requests."""

    def activate(self, name: str, model: ServedModel, checkout: Callable[[Path], None]) -> None:
        """Make a model the one that a deployment serves, once it is ready. Idempotent.

        Args:
            name: the deployment.
            model: what to serve.
            checkout: writes the model's files to a folder.
        """

    def statuses(self, *, needed: bool) -> Mapping[str, GatewayStatus]:
        """Return what runs, by deployment.

        Args:
            needed: something is to run, so start what has to be there for that.
        """

    def base_url(self) -> str | None:
        """Return the URL under which the protocols are served; None if there is none now."""

    def stop(self, name: str) -> None:
        """Stop serving a deployment."""

    def delete(self, name: str) -> None:
        """Stop serving a deployment and delete its files."""

    def logs(self, name: str, tail: int) -> list[str]:
        """Return the newest lines that the model printed."""

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send a request to what is served."""


class LocalTarget:
    """Workers on this machine, behind the store's gateway.

    Args:
        client: the gateway.
        folder: where the served models' files are put.
    """

    def __init__(self, client: GatewayClient, folder: Path) -> None:
        self._client = client
        self._folder = folder
        self._starting = Backoff()

    def activate(self, name: str, model: ServedModel, checkout: Callable[[Path], None]) -> None:
        """Put the model's files in place, start the gateway if need be, and tell it."""
        folder = self._folder / name / model.key
        if not folder.exists():  # a checkout appears whole or not at all
            checkout(folder)
        self._client.start()
        self._client.activate(
            name,
            {
                "revision": model.revision,
                "model_path": str(folder),
                "python": model.python,
                "token_hash": model.token_hash,
                "model_name": model.model_name,
                "model_version": str(model.model_version),
            },
        )

    def statuses(self, *, needed: bool) -> Mapping[str, GatewayStatus]:
        """Return what the gateway serves; start it if it is needed and gone."""
        if needed and self._client.port() is None:
            self._starting.run(self._client.start)
        return {} if self._client.port() is None else self._client.statuses()

    def base_url(self) -> str | None:
        """Return the gateway's URL."""
        port = self._client.port()
        return None if port is None else f"http://127.0.0.1:{port}"

    def stop(self, name: str) -> None:
        """End the workers; a gateway that is gone has none."""
        if self._client.port() is not None:
            self._client.stop(name)

    def delete(self, name: str) -> None:
        """End the workers and delete the model's files; end a gateway that has nothing left."""
        if self._client.port() is not None:
            self._client.delete(name)
            if not self._client.statuses():
                self._client.shut_down()
        rmtree(self._folder / name, ignore_errors=True)

    def logs(self, name: str, tail: int) -> list[str]:
        """Return the worker's log, or the gateway's own where it does not run."""
        if self._client.port() is None or name not in self._client.statuses():
            return self._client.log(tail)
        return self._client.logs(name, tail)

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send a request to the gateway."""
        return self._client.request(method, path, headers, body)
