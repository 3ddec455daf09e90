"""The Jupyter servers that run now, and the project that a path belongs to.

Servers are known from the files that they keep in Jupyter's runtime folder, which only their
owner can read. They are asked over HTTP on the loopback; none of their code is imported.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_runtime_dir

from .errors import MLOpsError
from .project import STORE_NAME, Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ASKING_SECONDS = 10

# loopback traffic, whatever proxy the environment names
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class RunningServer:
    """A Jupyter server of this user; ``url`` ends in a slash, ``root`` is absolute."""

    url: str
    token: str
    root: Path

    def request(self, verb: str, path: str, body: Any = None, timeout: float = 30) -> Any:
        """Send a request below the server's base URL and return the JSON of its answer.

        Raises:
            MLOpsError: the server refused, with its own words; or it does not answer.
        """
        request = urllib.request.Request(  # noqa: S310 - a URL of this user's own server
            self.url + path,
            method=verb,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        try:
            with _opener.open(request, timeout=timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise MLOpsError(_refusal(error), status=error.code) from error
        except (OSError, ValueError, HTTPException) as error:
            raise MLOpsError(
                f"The Jupyter server at {self.url} does not answer: {error}"
            ) from error


def running_servers() -> Iterator[RunningServer]:
    """Yield the servers of this user whose process lives."""
    for file in sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        try:
            facts = json.loads(file.read_text(encoding="utf-8"))
            os.kill(facts["pid"], 0)
            # one that listens on a Unix socket has no URL that can be asked
            if facts["url"].startswith("http"):
                yield RunningServer(
                    facts["url"], facts.get("token", ""), Path(facts["root_dir"]).resolve()
                )
        except (OSError, ValueError, KeyError, TypeError):
            continue


def ask(servers: Sequence[RunningServer], path: str) -> list[Any | MLOpsError]:
    """Ask servers at once for a path below their base URL.

    One that hangs keeps nobody waiting: all together take no longer than ten seconds.

    Returns:
        for each the JSON of its answer, or why there is none.
    """
    answers: queue.Queue[tuple[int, Any | MLOpsError]] = queue.Queue()

    def put(number: int) -> None:
        try:
            answers.put((number, servers[number].request("GET", path, timeout=_ASKING_SECONDS)))
        except MLOpsError as error:
            answers.put((number, error))

    for number in range(len(servers)):  # which end with the process, whatever the server does
        threading.Thread(target=put, args=(number,), daemon=True).start()
    found: list[Any | MLOpsError] = [MLOpsError("It does not answer in time.")] * len(servers)
    end = time.monotonic() + _ASKING_SECONDS
    with suppress(queue.Empty):
        for _ in servers:
            number, answer = answers.get(timeout=max(0, end - time.monotonic()))
            found[number] = answer
    return found


def find_project(start: Path) -> Project:
    """Return the project that ``start``, a file or folder, belongs to; nothing is created.

    That is the nearest folder at or above it with a store; else the project of a running Jupyter
    server that shows ``start``; else the working folder, or the folder of ``start`` if it lies
    elsewhere.
    """
    start = start.resolve()
    folder = start if start.is_dir() else start.parent
    if any((candidate / STORE_NAME).is_dir() for candidate in (folder, *folder.parents)):
        return Project.find(folder)
    servers = [server for server in running_servers() if folder.is_relative_to(server.root)]
    for answer in ask(servers, "api/mlops/status"):
        if isinstance(answer, dict) and "project" in answer:  # else it lacks the extension
            return Project(Path(answer["project"]))
    here = Path.cwd().resolve()
    return Project(here if folder.is_relative_to(here) else folder)


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"The Jupyter server answered {error.code} {error.reason}."
