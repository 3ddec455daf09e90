"""Finds, starts and calls the serving gateway of a store."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from ..core.errors import ServingError
from ..core.locks import is_free

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_START_SECONDS = 60
_END_SECONDS = 60
_POLL_SECONDS = 0.02


class Answer(NamedTuple):
    """An HTTP answer of the gateway."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class GatewayStatus:
    """What the gateway says about one deployment."""

    revision: int | None
    state: str
    message: str | None
    requests: int
    errors: int


class GatewayClient:
    """The gateway of one store.

    Args:
        store: the ``.mlops`` folder.
        python: the interpreter to start the gateway with.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, store: Path, python: str, timeout: float = 150) -> None:
        self._store = store
        self._folder = store / "gateway"
        self._python = python
        self._timeout = timeout

    def port(self) -> int | None:
        """Return where the gateway listens; None if none runs."""
        return self._told_port() if self._is_alive() else None

    def start(self) -> int:
        """Start the gateway unless it runs, and return where it listens.

        Raises:
            ServingError: it does not start.
        """
        port = self.port()
        if port is not None:
            return port
        command = [self._python, "-P", "-m", "jupyter_mlops.serving.gateway"]
        try:
            subprocess.run(
                [*command, "--store", str(self._store), "--detach"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_START_SECONDS,
                check=True,
                start_new_session=True,
            )
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").splitlines() or self.log(1)
            raise self._not_started(*said[-1:]) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise self._not_started(str(error)) from error
        port = self.port()
        if port is None:
            raise self._not_started("It ended at once.")
        return port

    def statuses(self) -> dict[str, GatewayStatus]:
        """Return what the gateway says about its deployments, by name."""
        fields = GatewayStatus.__dataclass_fields__
        return {
            deployment["name"]: GatewayStatus(**{field: deployment[field] for field in fields})
            for deployment in self._control("GET", "deployments")["deployments"]
        }

    def activate(self, name: str, revision: Mapping[str, Any]) -> None:
        """Make a revision the active one of a deployment."""
        self._control("PUT", f"deployments/{_quoted(name)}", revision)

    def stop(self, name: str) -> None:
        """End the workers of a deployment, if the gateway has it."""
        self._control("POST", f"deployments/{_quoted(name)}/stop", missing_ok=True)

    def delete(self, name: str) -> None:
        """End the workers of a deployment and forget it, if the gateway has it."""
        self._control("DELETE", f"deployments/{_quoted(name)}", missing_ok=True)

    def logs(self, name: str, tail: int) -> list[str]:
        """Return the newest lines that a deployment's worker printed."""
        lines: list[str] = self._control("GET", f"deployments/{_quoted(name)}/logs?tail={tail}")[
            "lines"
        ]
        return lines

    def log(self, tail: int) -> list[str]:
        """Return the newest lines of the gateway's own log."""
        path = self._folder / "gateway.log"
        if not path.exists():
            return []
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-tail:]

    def shut_down(self) -> None:
        """End the gateway and all its workers, if it runs, and wait until it has ended.

        Raises:
            ServingError: it does not end.
        """
        if self.port() is None:
            return
        self._control("POST", "shutdown")
        deadline = time.monotonic() + _END_SECONDS
        while self._is_alive():
            if time.monotonic() > deadline:
                raise ServingError("The serving gateway does not end.")
            time.sleep(_POLL_SECONDS)

    def request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send a request with the control token, which opens every deployment.

        Raises:
            ServingError: the gateway does not run or does not answer.
        """
        port = self.port()
        if port is None:
            raise ServingError("The serving gateway is not running. Start the deployment again.")
        token = (self._folder / "control.token").read_text(encoding="utf-8")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=self._timeout)
        try:
            connection.request(
                method, path, body, {**headers, "Authorization": f"Bearer {token.strip()}"}
            )
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        except (OSError, http.client.HTTPException) as error:
            raise ServingError(
                f"The serving gateway does not answer: {error!r}. Try again in a moment."
            ) from error
        finally:
            connection.close()

    def _control(
        self,
        method: str,
        path: str,
        content: Mapping[str, Any] | None = None,
        *,
        missing_ok: bool = False,
    ) -> Any:
        body = None if content is None else json.dumps(dict(content)).encode()
        answer = self.request(method, f"/control/{path}", {}, body)
        if answer.status == HTTPStatus.NOT_FOUND and missing_ok:
            return None
        if answer.status >= HTTPStatus.BAD_REQUEST:
            reason = answer.body.decode(errors="replace")
            raise ServingError(f"The serving gateway refused: {reason}", status=answer.status)
        return json.loads(answer.body) if answer.body else None

    def _is_alive(self) -> bool:
        """It is if it holds its lock, so that its token is never sent to who has its port now."""
        return not is_free(self._folder / "lock")

    def _told_port(self) -> int | None:
        try:
            text = (self._folder / "gateway.json").read_text(encoding="utf-8")
        except FileNotFoundError:  # it is just starting or ending
            return None
        return int(json.loads(text)["port"])

    def _not_started(self, reason: str = "") -> ServingError:
        return ServingError(
            f"The serving gateway does not start. {reason}", log=str(self._folder / "gateway.log")
        )


def _quoted(name: str) -> str:
    return quote(name, safe="")
