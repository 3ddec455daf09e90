"""Finding a project beside Jupyter servers that do not answer."""

from __future__ import annotations

import json
import os
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core import running
from jupyter_mlops.core.errors import MLOpsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
    return folder


def tell_of(runtime: Path, name: str, root: Path, port: int) -> None:
    facts = {"pid": os.getpid(), "url": f"http://127.0.0.1:{port}/", "root_dir": str(root)}
    (runtime / f"jpserver-{name}.json").write_text(json.dumps(facts))


@contextmanager
def hanging() -> Iterator[int]:
    """Give the port of a server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def answering(project: Path, together: int = 1) -> Iterator[int]:
    """Give the port of a server that answers once ``together`` requests wait for it."""
    all_there = threading.Barrier(together)

    class Jupyter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            all_there.wait(60)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"project": str(project)}).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Jupyter) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


def test_servers_that_hang_hide_none_that_answers(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_ASKING_SECONDS", 2)
    (down := tmp_path / "down").mkdir()
    with hanging() as silent, answering(tmp_path) as port:
        tell_of(runtime, "1", tmp_path, silent)
        tell_of(runtime, "2", down, silent)
        tell_of(runtime, "3", tmp_path, port)
        tell_of(runtime, "4", runtime, silent)  # which does not show it
        assert running.find_project(down).root == tmp_path


def test_all_together_are_waited_for_once(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_ASKING_SECONDS", 0.5)
    monkeypatch.chdir(tmp_path)
    with hanging() as silent:
        for number in range(20):
            tell_of(runtime, str(number), tmp_path, silent)
        assert running.find_project(tmp_path).root == tmp_path
        answers = running.ask(list(running.running_servers()), "api")
    assert all(isinstance(answer, MLOpsError) for answer in answers)
    assert len(answers) == 20


def test_all_are_asked_at_once(runtime: Path, tmp_path: Path) -> None:
    (asked := tmp_path / "asked").mkdir()
    with answering(tmp_path, together=20) as port:
        for number in range(20):
            tell_of(runtime, str(number), asked, port)
        assert running.find_project(asked).root == tmp_path
