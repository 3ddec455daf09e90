"""Where events go: a file always, and an HTTP endpoint if one is set.

Nothing here raises and nobody waits: what cannot be written or sent is logged, and what could not
be sent is kept and tried again. A process that ends leaves what is left to one of its own.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..core.locks import locked
from .sending import TOKEN, URL, Queue

if TYPE_CHECKING:
    from pathlib import Path

    from .openlineage import Event

FILE = "openlineage.jsonl"
_LARGEST = 32 * 1024**2
_OLD_FILES = 4
_PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0)
_SENDER = "mlops-openlineage-sender"
_REAPER = "mlops-openlineage-reaper"
_PATH = "/api/v1/lineage"
_log = logging.getLogger(__name__)


class Outbox:
    """The events of one store on their way out.

    Args:
        store: the folder that they are kept in.
        url: where they are sent to; without a path, OpenLineage's own is added.
    """

    def __init__(self, store: Path, url: str | None) -> None:
        self._store = store
        self._url = _endpoint(url) if url else None
        self._queue = Queue(store)
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._failing = threading.Event()
        self._sender: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, *events: Event) -> None:
        """Write events to the file and, if there is an endpoint, hand them to the sender."""
        try:
            lines = [json.dumps(event, ensure_ascii=False) for event in events]
            with locked(self._store / f"{FILE}.lock"):
                self._append(lines)
            if self._url is not None:
                self._queue.add(lines)
                self.wake()
        except (OSError, ValueError) as error:
            _log.warning("OpenLineage events could not be written: %s", error)

    def wake(self) -> None:
        """Send what waits, in the background."""
        if self._url is None or not self._queue.waiting():
            return
        with self._lock:
            if self._sender is None and not self._closing.is_set():
                self._sender = threading.Thread(target=self._run, daemon=True, name=_SENDER)
                self._sender.start()
        self._wake.set()

    def close(self) -> None:
        """Stop sending. What this process did not get to, one of its own sends.

        So nobody waits for an endpoint, be it slow. One that has just failed is not asked again:
        what waits for it is sent by the next process that has something to send, or a server.
        """
        if self._closing.is_set():
            return
        self._closing.set()
        self._wake.set()
        if self._sender is not None and not self._failing.is_set() and self._queue.waiting():
            self._hand_over(str(self._url))

    def _hand_over(self, url: str) -> None:
        command = [sys.executable, "-P", "-m", "jupyter_mlops.lineage.sending", str(self._store)]
        try:
            process = subprocess.Popen(
                command,
                cwd="/",
                env=os.environ | {URL: url},  # it may hold a key, which others see in arguments
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            _log.warning("OpenLineage events wait: no process can be started: %s", error)
            return
        # for who lives on after this
        threading.Thread(target=process.wait, daemon=True, name=_REAPER).start()

    def _append(self, lines: list[str]) -> None:
        file = self._store / FILE
        with suppress(FileNotFoundError):
            if file.stat().st_size >= _LARGEST:
                for number in range(_OLD_FILES - 1, 0, -1):
                    with suppress(FileNotFoundError):
                        _numbered(file, number).replace(_numbered(file, number + 1))
                file.replace(_numbered(file, 1))
        with file.open("ab+") as opened:
            # a line that a crash or a full disk cut short must not spoil the next one
            if opened.tell() > 0:
                opened.seek(-1, os.SEEK_END)
                lines = lines if opened.read(1) == b"\n" else ["", *lines]
            opened.write("".join(f"{line}\n" for line in lines).encode())

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            self._wake.clear()
            sent = False
            with suppress(OSError):  # another process is sending
                sent = self._queue.send(str(self._url), self._closing.is_set)
                (self._failing.clear if sent else self._failing.set)()
            if sent:
                failures = 0
                self._wake.wait()
            else:  # a new event must not make a broken endpoint be asked more often
                self._closing.wait(_PAUSES[min(failures, len(_PAUSES) - 1)])
                failures += 1


def _endpoint(url: str) -> str | None:
    """Return where to post to; None, with a warning, for what is no such address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        _log.warning(
            "openlineage_url is not used: it is an http or https address without a password. The "
            "token is in the variable %s.",
            TOKEN,
        )
        return None
    return url if parts.path.strip("/") else parts._replace(path=_PATH).geturl()


def _numbered(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.{number}")
