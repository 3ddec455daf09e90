"""A plain HTTP client with one connection kept alive, which costs as little as Python allows.

Both servers are asked by it, so what it costs is in both figures.
"""

from __future__ import annotations

import json
import socket
from http import HTTPStatus
from typing import Any

_OK = f"HTTP/1.1 {HTTPStatus.OK.value} ".encode()


class Api:
    """MLflow's REST API of one server.

    Args:
        port: on the loopback.
        prefix: of the paths.
        token: a bearer token.
    """

    def __init__(self, port: int, prefix: str, token: str) -> None:
        self._place = (port, prefix, token)
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=300)
        # else a request of two packets waits 40 ms for the first one to be acknowledged
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        self._prefix = f"{prefix}/api/2.0/mlflow/"
        self._headers = (
            f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\n"
        )

    def another(self) -> Api:
        """Return the same with a connection of its own."""
        return Api(*self._place)

    def __call__(self, verb: str, path: str, body: Any = None) -> Any:
        """Send a request and return its answer."""
        return json.loads(self.send(verb, path, b"" if body is None else json.dumps(body).encode()))

    def send(self, verb: str, path: str, body: bytes = b"") -> bytes:
        """Send a request and return its answer as it came."""
        head = f"{verb} {self._prefix}{path} HTTP/1.1\r\n{self._headers}"
        self._socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status = self._answers.readline()
        answer = self._body()
        assert status.startswith(_OK), (status, answer[:500])
        return answer

    def new_run(self, started_at: int) -> str:
        """Create a run and return its id."""
        body = {"experiment_id": "0", "start_time": started_at}
        return str(self("POST", "runs/create", body)["run"]["info"]["run_id"])

    def _body(self) -> bytes:
        size: int | None = None
        while (line := self._answers.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        return self._chunks() if size is None else self._answers.read(size)

    def _chunks(self) -> bytes:
        chunks = []
        while size := int(self._answers.readline(), 16):
            chunks.append(self._answers.read(size))
            self._answers.readline()
        self._answers.readline()
        return b"".join(chunks)
