"""A gateway in a process of its own, and the calls that tests make to it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOKEN = "the deployment's token"  # noqa: S105 - a test's own


def until(found: Callable[[], Any], seconds: float = 180) -> Any:
    """Wait until ``found`` returns something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return result


class GatewayProcess:
    """A gateway for the store ``<folder>/.mlops``."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / ".mlops"
        self.folder = self.store / "gateway"
        self.process: subprocess.Popen[bytes] | None = None
        self.seen: dict[int, psutil.Process] = {}

    def start(self, *options: str) -> None:
        command = [sys.executable, "-m", "jupyter_mlops.serving.gateway"]
        command += ["--store", str(self.store), *options]
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until((self.folder / "gateway.json").exists)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the gateway and return how it ended, once its workers have ended too."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.seen.update({child.pid: child for child in children})
        os.kill(self.process.pid, number)
        code = self.process.wait(60)
        _, left = psutil.wait_procs(list(self.seen.values()), timeout=60)
        assert not left
        self.process = None
        return code

    @property
    def address(self) -> dict[str, Any]:
        address: dict[str, Any] = json.loads((self.folder / "gateway.json").read_text())
        return address

    def request(self, method: str, path: str, token: str | None, **more: Any) -> httpx.Response:
        headers = {**more.pop("headers", {}), "Authorization": f"Bearer {token}"}
        if token is None:
            del headers["Authorization"]
        url = self.address["url"] + path
        return httpx.request(method, url, headers=headers, timeout=180, trust_env=False, **more)

    def control(self, method: str, path: str, **more: Any) -> httpx.Response:
        token = (self.folder / "control.token").read_text()
        return self.request(method, f"/control/{path}", token, **more)

    def post(self, path: str, body: Any, token: str | None = TOKEN) -> httpx.Response:
        return self.request("POST", path, token, json=body)

    def put(
        self, name: str, revision: int, model: Path, *, python: str = sys.executable
    ) -> httpx.Response:
        body = {
            "revision": revision,
            "model_path": str(model),
            "python": python,
            "token_hash": hashlib.sha256(TOKEN.encode()).hexdigest(),
            "model_name": "a model",
            "model_version": str(revision),
        }
        return self.control("PUT", f"deployments/{name}", json=body)

    def status(self, name: str) -> dict[str, Any]:
        deployments = self.control("GET", "deployments").json()["deployments"]
        status: dict[str, Any] = next(d for d in deployments if d["name"] == name)
        return status

    def wait(self, name: str, *states: str) -> dict[str, Any]:
        """Wait until the deployment is in one of the states, and return its status."""

        def reached() -> dict[str, Any] | None:
            status = self.status(name)
            return status if status["state"] in states else None

        status: dict[str, Any] = until(reached)
        for worker in status["workers"]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it has failed, and may have ended
                self.seen[worker["pid"]] = psutil.Process(worker["pid"])
        return status

    def pid(self, name: str, revision: int) -> int | None:
        """Return the process id of a revision's worker."""
        workers = self.status(name)["workers"]
        return next((w["pid"] for w in workers if w["revision"] == revision), None)
