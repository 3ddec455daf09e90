"""A Jupyter server in a process of its own, as a user starts it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_client.blocking.client import BlockingKernelClient

from tests.kernel_requests import send_cell
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
_STARTED = 180
_STOPPED = 30


class Server:
    """Start with ``with``; ends with the block, and its kernels with it."""

    def __init__(self, root: Path, runtime: Path, **environment: str) -> None:
        self.root = root
        self.token = secrets.token_hex()
        self.url = f"http://127.0.0.1:{free_port()}"
        self._runtime = runtime
        self._environment = environment

    def __enter__(self) -> Server:
        extensions = {"jupyter_mlops": True, "tests.server.witness": True}
        options = {
            "port": self.url.rpartition(":")[2],
            "root_dir": self.root,
            "open_browser": False,
            "allow_root": True,
            "jpserver_extensions": extensions,
        }
        environment = os.environ | {
            "JUPYTER_RUNTIME_DIR": str(self._runtime),
            "JUPYTER_TOKEN": self.token,
            "PYTHONPATH": str(ROOT),
            **self._environment,
        }
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyter_server",
                *(f"--ServerApp.{name}={value}" for name, value in options.items()),
            ],
            env=environment,
            cwd=ROOT,
        )
        self._wait()
        return self

    @property
    def pid(self) -> int:
        return self._process.pid

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOPPED)
        except subprocess.TimeoutExpired:
            # Jupyter may wait for ever for a thread of AnyIO whose loop has ended
            self._process.kill()
            self._process.wait()

    def call(self, verb: str, path: str, body: Any = None) -> Any:
        """Send a request and return the JSON of its answer; raises HTTPError on a failure."""
        request = urllib.request.Request(
            f"{self.url}/{quote(path, safe='/?=&')}",
            method=verb,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=180) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def run(self, notebook: Path, kernel_name: str, timeout: float = 180) -> None:
        """Open a notebook and run its cells, top to bottom, as a browser does.

        Args:
            notebook: below the root.
            kernel_name: the kernel to start.
            timeout: seconds that a cell may take.
        """
        session = {
            "path": notebook.relative_to(self.root).as_posix(),
            "type": "notebook",
            "name": notebook.name,
            "kernel": {"name": kernel_name},
        }
        kernel_id = self.call("POST", "api/sessions", session)["kernel"]["id"]
        client = BlockingKernelClient()
        client.load_connection_file(str(self._runtime / f"kernel-{kernel_id}.json"))
        client.start_channels(hb=False)  # a busy machine misses beats
        try:
            client.wait_for_ready(timeout=_STARTED)
            for cell in json.loads(notebook.read_text())["cells"]:
                if cell["cell_type"] == "code":
                    _execute(client, "".join(cell["source"]), cell["id"], timeout)
        finally:
            client.stop_channels()

    def wait_until_running(self, name: str, timeout: float = 300) -> dict[str, Any]:
        """Return a deployment once it answers, at most ``timeout`` seconds from now."""
        deadline = time.monotonic() + timeout
        while True:
            deployment: dict[str, Any] = self.call("GET", f"api/mlops/deployments/{name}")
            if deployment["state"] == "running":
                return deployment
            assert deployment["state"] == "pending", deployment
            assert time.monotonic() < deadline, deployment
            time.sleep(0.2)

    def _wait(self) -> None:
        deadline = time.monotonic() + _STARTED
        while True:
            try:
                self.call("GET", "api/status")
            except urllib.error.URLError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.1)
            else:
                return


def _execute(client: BlockingKernelClient, source: str, cell_id: str, timeout: float) -> None:
    message = send_cell(client, source, cell_id)
    while True:
        reply = client.get_shell_msg(timeout=timeout)
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            assert reply["content"]["status"] == "ok", reply["content"]
            return
