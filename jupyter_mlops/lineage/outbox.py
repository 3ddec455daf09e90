"""Where events go: a file always, and an HTTP endpoint if one is set.

Nothing here raises and nobody waits: what cannot be written or sent is logged, and what could not
be sent is kept and tried again, also by the next process.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
import uuid
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..core.locks import locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .openlineage import Event

FILE = "openlineage.jsonl"
QUEUE = "openlineage-queue"
TOKEN = "MLOPS_OPENLINEAGE_TOKEN"  # noqa: S105 - the name of a variable
_LARGEST = 32 * 1024**2
_OLD_FILES = 4
_MOST_WAITING = 10_000
_PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0)
_TIMEOUT = 10.0
_PATIENCE = 0.5
_SENDER = "mlops-openlineage-sender"
_PATH = "/api/v1/lineage"
# what an endpoint says of an event that it will never take; all else may be mended, a token say
_REFUSALS = {400, 409, 413, 414, 415, 422}
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
        self._queue = store / QUEUE
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._failing = threading.Event()
        self._asked: float | None = None  # when the event was posted that is not answered yet
        self._sender: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, *events: Event) -> None:
        """Write events to the file and, if there is an endpoint, hand them to the sender."""
        try:
            lines = [json.dumps(event, ensure_ascii=False) for event in events]
            with locked(self._store / f"{FILE}.lock"):
                self._append(lines)
            if self._url is not None:
                for line in lines:
                    self._enqueue(line)
                self.wake()
        except (OSError, ValueError) as error:
            _log.warning("OpenLineage events could not be written: %s", error)

    def wake(self) -> None:
        """Send what waits, in the background."""
        if self._url is None or not self._queue.is_dir():
            return
        with self._lock:
            if self._sender is None and not self._closing.is_set():
                self._sender = threading.Thread(target=self._run, daemon=True, name=_SENDER)
                self._sender.start()
        self._wake.set()

    def close(self, timeout: float = 0.0) -> None:
        """Stop sending, after at most ``timeout`` seconds for what waits; the rest stays.

        Nobody waits for an endpoint that has just failed, nor long for one that does not answer.
        """
        deadline = time.monotonic() + timeout
        while self._sender is not None and self._waiting() and time.monotonic() < deadline:
            asked = self._asked
            is_slow = asked is not None and time.monotonic() - asked > _PATIENCE
            if is_slow or self._failing.wait(0.05):
                break
        self._closing.set()
        self._wake.set()

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

    def _enqueue(self, line: str) -> None:
        self._queue.mkdir(mode=0o700, exist_ok=True)
        for old in self._waiting()[: -_MOST_WAITING + 1]:
            old.unlink(missing_ok=True)
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}"
        staged = self._queue / f".{name}"
        staged.write_text(line, encoding="utf-8")
        staged.replace(self._queue / f"{name}.json")

    def _waiting(self) -> list[Path]:
        """Return the events that are not sent yet, oldest first."""
        return sorted(self._queue.glob("[0-9]*.json"))

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            self._wake.clear()
            try:
                with locked(self._queue / ".lock", wait=False):
                    sent = self._send_all()
            except OSError:  # another process is sending
                sent = False
            if sent:
                failures = 0
                self._failing.clear()
                self._wake.wait()
            else:  # a new event must not make a broken endpoint be asked more often
                self._failing.set()
                self._closing.wait(_PAUSES[min(failures, len(_PAUSES) - 1)])
                failures += 1

    def _send_all(self) -> bool:
        import httpx  # noqa: PLC0415 - most processes send nothing

        headers = {"Content-Type": "application/json"}
        if token := os.environ.get(TOKEN):
            headers["Authorization"] = f"Bearer {token}"
        client = httpx.Client(timeout=_TIMEOUT, headers=headers)
        with client, _unlogged("httpx"):
            for file in self._waiting():
                if self._closing.is_set():
                    return True
                try:
                    data = file.read_bytes()
                    self._asked = time.monotonic()
                    status = client.post(str(self._url), content=data).status_code
                except FileNotFoundError:
                    continue
                except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                    _log.warning(
                        "OpenLineage events wait: the endpoint does not answer (%s).",
                        type(error).__name__,
                    )
                    return False
                finally:
                    self._asked = None
                if status in _REFUSALS:
                    _log.warning("OpenLineage's endpoint refused an event with %s.", status)
                elif status >= HTTPStatus.MULTIPLE_CHOICES:
                    _log.warning("OpenLineage events wait: the endpoint answers %s.", status)
                    return False
                file.unlink(missing_ok=True)
        return True


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


@contextmanager
def _unlogged(name: str) -> Iterator[None]:
    """Keep what a library logs in this thread: it writes down addresses, with what they hold."""
    thread = threading.get_ident()

    def is_another(record: logging.LogRecord) -> bool:
        return record.thread != thread

    logger = logging.getLogger(name)
    logger.addFilter(is_another)
    try:
        yield
    finally:
        logger.removeFilter(is_another)


def _numbered(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.{number}")
