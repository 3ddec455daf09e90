"""``jupyter mlops snapshot`` beside a Jupyter server, and without one."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.snapshots.schemas import Snapshot
from tests import notebooks
from tests.ports import free_port
from tests.server.process import Server

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Command

SOURCES = ["depth = 3", "import math\nscore = math.sqrt(depth + 1)"]


def take(mlops: Command, path: Path | str, *arguments: str) -> Snapshot:
    return Snapshot.model_validate_json(mlops("snapshot", path, *arguments, "--json").stdout)


@pytest.fixture
def runtime(folder: Path, tmp_path: Path) -> Path:
    """Where Jupyter servers tell of themselves, to each other and to our commands."""
    made = tmp_path / "runtime"
    made.mkdir()
    return made


def test_a_live_kernel_is_asked(
    mlops: Command, folder: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = folder / "down 아래"
    down.mkdir()
    path = notebooks.write(down / "train 1.ipynb", SOURCES, parameters=0)
    with Server(folder, runtime) as server:
        server.run(path, "python3")
        monkeypatch.chdir(down)
        live = take(mlops, "train 1.ipynb", "-m", "a note")
        assert (live.notebook_path, live.message) == ("down 아래/train 1.ipynb", "a note")
        assert (live.grade, live.metrics) == ("clean", {"score": 2.0})
        assert live.parameters == {"depth": 3}

        # of another notebook no kernel runs, but the store is the server's
        other = notebooks.write(down / "other.ipynb", SOURCES)
        assert take(mlops, other).grade == "unknown"
        assert not (down / ".mlops").exists()
        listed = server.call("GET", "api/mlops/snapshots")["items"]
        assert [item["notebook_path"] for item in listed] == [
            "down 아래/other.ipynb",
            "down 아래/train 1.ipynb",
        ]
        assert json.loads(mlops("snapshots", "--json").stdout) == listed

        link = folder.parent / "link"
        link.symlink_to(down)
        assert take(mlops, link / "train 1.ipynb").metrics == {"score": 2.0}

    gone = take(mlops, "train 1.ipynb")
    assert (gone.grade, gone.metrics, gone.parameters) == ("unknown", {}, {"depth": 3})
    assert gone.parent_id


def test_a_store_is_made_where_the_server_has_its_project(
    mlops: Command, folder: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = folder / "down"
    down.mkdir()
    monkeypatch.chdir(down)
    notebooks.write(down / "train.ipynb", SOURCES)
    with Server(folder, runtime):
        assert take(mlops, "train.ipynb").notebook_path == "down/train.ipynb"
    assert (folder / ".mlops").is_dir()
    assert not (down / ".mlops").exists()


def tell_of(runtime: Path, root: Path, port: int) -> str:
    """Write the file by which a Jupyter server is known; return the server's URL."""
    url = f"http://127.0.0.1:{port}/"
    facts = {"pid": os.getpid(), "url": url, "token": "", "root_dir": str(root)}
    (runtime / "jpserver-1.json").write_text(json.dumps(facts))
    return url


def test_a_server_that_does_not_answer_is_passed_over(
    mlops: Command, folder: Path, runtime: Path
) -> None:
    notebooks.write(folder / "train.ipynb", SOURCES, parameters=0)
    (runtime / "jpserver-0.json").write_text("half a fi")
    url = tell_of(runtime, folder, free_port())
    result = mlops("snapshot", "train.ipynb", "--json")
    assert Snapshot.model_validate_json(result.stdout).parameters == {"depth": 3}
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Not asked for a live kernel: {url}: ")


class PlainJupyter(BaseHTTPRequestHandler):
    """A Jupyter server without our extension, which runs a kernel for ``train.ipynb``."""

    def do_GET(self) -> None:
        found = self.path == "/api/sessions"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b'[{"path": "train.ipynb", "type": "notebook"}]' if found else b"{}")

    def log_message(self, *_: object) -> None:
        pass


def test_a_server_without_the_extension_is_passed_over(
    mlops: Command, folder: Path, runtime: Path
) -> None:
    notebooks.write(folder / "train.ipynb", SOURCES)
    with ThreadingHTTPServer(("127.0.0.1", 0), PlainJupyter) as plain:
        thread = threading.Thread(target=plain.serve_forever, daemon=True)
        thread.start()
        tell_of(runtime, folder, plain.server_port)
        result = mlops("snapshot", "train.ipynb", "--json")
        plain.shutdown()
        thread.join()
    assert Snapshot.model_validate_json(result.stdout).grade == "unknown"
    assert result.stderr.endswith("The Jupyter server answered 404 Not Found.\n")
