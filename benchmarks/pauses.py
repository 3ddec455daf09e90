"""For how long the server's loop is held while a notebook of 200 MB is worked with, by route."""

from __future__ import annotations

import base64
import http.client
import json
import random
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests import notebooks
from tests.server.process import Server

from .harness import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEBIBYTE = 1024 * 1024
_LIMIT_MS = 50
_ROUNDS = 3
_NOTEBOOK = "large 한글.ipynb"
_ROW = "epoch 17 of 100: loss 0.123456, accuracy 0.987654\n"


def run() -> list[Result]:
    """Measure the longest pause of each round, and how long the route took."""
    with tempfile.TemporaryDirectory(prefix="mlops-bench-") as name:
        root, runtime = Path(name).resolve() / "project", Path(name) / "runtime"
        root.mkdir()
        with Server(root, runtime) as server:
            found: dict[str, list[tuple[float, float]]] = {}
            for number in range(_ROUNDS):
                for step, pause, seconds in _round(_Client(server), root, number):
                    found.setdefault(step, []).append((pause, seconds))
    return [
        Result(
            step,
            "ms",
            [pause for pause, _ in measured],
            limit=_LIMIT_MS,
            note=f"takes {min(seconds for _, seconds in measured):.2f} s",
        )
        for step, measured in found.items()
    ]


class _Client:
    """Sends requests, throws answers away, and asks how long the loop was held meanwhile."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def ask(self, verb: str, path: str, body: Any = None) -> Any:
        """Return the JSON of an answer."""
        return json.loads(b"".join(self._send(verb, path, body)))

    def measured(self, verb: str, path: str, body: Any = None) -> tuple[float, float]:
        """Return milliseconds that the loop was held at most, and seconds of all."""
        self._server.call("GET", "witness")
        started = time.perf_counter()
        for _ in self._send(verb, path, body):
            pass
        seconds = time.perf_counter() - started
        return self._server.call("GET", "witness")["pause"] * 1000, seconds

    def _send(self, verb: str, path: str, body: Any) -> Iterator[bytes]:
        place = urlsplit(self._server.url)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=600)
        headers = {"Authorization": f"token {self._server.token}"}
        data = None if body is None else json.dumps(body)
        connection.request(verb, f"/api/mlops/{path}", data, headers)
        with connection.getresponse() as answer:
            assert answer.status < HTTPStatus.BAD_REQUEST, (path, answer.read())
            while piece := answer.read(_MEBIBYTE):
                yield piece
        connection.close()


def _round(client: _Client, root: Path, number: int) -> Iterator[tuple[str, float, float]]:
    asked = {"notebook_path": _NOTEBOOK}
    _write(root / _NOTEBOOK, f"round {number}")
    yield "create a snapshot", *client.measured("POST", "snapshots", asked)
    automatic = asked | {"origin": "save"}
    yield "nothing has changed", *client.measured("POST", "automatic-snapshots", automatic)
    _write(root / _NOTEBOOK, f"round {number}, changed")
    client.ask("POST", "snapshots", asked)
    newest = client.ask("GET", "snapshots?limit=2")["items"]
    other, base = (snapshot["id"] for snapshot in newest)
    yield "grade", *client.measured("POST", "notebook-grade", asked)
    yield "parameters and results", *client.measured("POST", "live-experiment", asked)
    yield "thumbnail of 8 MB", *client.measured("GET", f"snapshots/{base}/figures/0")
    yield "compare", *client.measured("GET", f"comparisons?ids={base},{other}")
    yield "open a cell, not compared", *client.measured("GET", f"snapshots/{base}/cells/9")
    cells = f"comparisons/cells?base={base}&other={other}"
    yield "compare cells", *client.measured("GET", cells)
    yield "open a cell", *client.measured("GET", f"snapshots/{other}/cells/9")
    yield "open a cell of 4 MB", *client.measured("GET", f"snapshots/{other}/cells/2")
    shown = f"snapshots/{base}/notebook?outputs_limit={16 * _MEBIBYTE}"
    yield "notebook, 16 MiB of outputs", *client.measured("GET", shown)
    yield "notebook, all of it", *client.measured("GET", f"snapshots/{base}/notebook")
    restore = f"snapshots/{base}/restore"
    folder = {"folder": f"restored {number}"}
    yield "restore to a folder", *client.measured("POST", restore, folder)
    yield "restore in place", *client.measured("POST", restore, {"in_place": True})


def _write(path: Path, text: str) -> None:
    """Write a notebook: a large picture, four cells of 46 MB of text, and many small ones."""
    noise = base64.b64encode(random.Random(0).randbytes(8_000_000)).decode()  # noqa: S311
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": noise}}
    long = _ROW * (46 * _MEBIBYTE // len(_ROW))
    printed = [_ROW, "x" * 4_000_000, *[long] * 4, *[text] * 200]
    outputs = [[picture], *([_stream(one)] for one in printed)]
    path.write_text(json.dumps(notebooks.showing(outputs)), encoding="utf-8")


def _stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}
