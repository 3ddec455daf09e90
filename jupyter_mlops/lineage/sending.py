"""Sends the events that wait in a store to an HTTP endpoint; a program, too, that does so once.

An event is there until the endpoint has answered. Where a process ends before that, it is sent
again: it arrives once or more, with the same run and time, which OpenLineage takes for the same.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import ConflictError
from ..core.locks import locked, locked_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import httpx

TOKEN = "MLOPS_OPENLINEAGE_TOKEN"  # noqa: S105 - the name of a variable
URL = "MLOPS_OPENLINEAGE_URL"
FOLDER = "openlineage-queue"
_MOST_WAITING = 10_000
_TIMEOUT = 10.0
_LONGEST_SECONDS = 60.0
# what an endpoint says of an event that it will never take; all else may be mended, a token say
_REFUSALS = {400, 409, 413, 414, 415, 422}
# how many events it may fail at before it is left alone for a while
_MOST_FAILURES = 3
_log = logging.getLogger(__name__)


class Queue:
    """The events of one store that were not sent yet, a file each."""

    def __init__(self, store: Path) -> None:
        self._folder = store / FOLDER

    def add(self, lines: Iterable[str]) -> None:
        """Add events; of too many the oldest are dropped.

        Raises:
            OSError: they cannot be written.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for line in lines:
            for old in self.waiting()[: -_MOST_WAITING + 1]:
                old.unlink(missing_ok=True)
            name = _name()
            staged = self._folder / f".{name}"
            staged.write_text(line, encoding="utf-8")
            staged.replace(self._folder / name)

    def waiting(self) -> list[Path]:
        """Return the events, oldest first."""
        return sorted(self._folder.glob("[0-9]*.json"))

    def send(self, url: str, is_closing: Callable[[], bool]) -> bool:
        """Send what waits, unless told to stop; tell whether the endpoint could be reached.

        Raises:
            BlockingIOError: another process does.
            OSError: the queue is gone.
        """
        with locked(self._folder / ".lock", wait=False):
            return self._send_all(url, is_closing)

    def send_last(self, url: str) -> None:
        """Send what waits, after who does so now; the caller has nothing else to do.

        Raises:
            BlockingIOError: another one is about to, and so will send all that waits now.
            ConflictError: another one does so for long.
            OSError: the queue is gone.
        """
        end = time.monotonic() + _LONGEST_SECONDS
        with ExitStack() as next_one:
            next_one.enter_context(locked(self._folder / ".next", wait=False))
            with locked_within(self._folder / ".lock", _LONGEST_SECONDS, "Others send events."):
                next_one.close()
                self._send_all(url, lambda: time.monotonic() > end)

    def _send_all(self, url: str, is_closing: Callable[[], bool]) -> bool:
        """Send what waits; what an endpoint fails at goes behind the rest, which it may take."""
        taken = failures = 0
        with _client() as client:
            for file in self.waiting():
                if is_closing():
                    return True
                try:
                    event = file.read_bytes()
                except FileNotFoundError:
                    continue
                status = _post(client, url, event)
                if status == HTTPStatus.INTERNAL_SERVER_ERROR:
                    file.replace(self._folder / _name())
                    failures += 1
                    if failures == _MOST_FAILURES:
                        break
                elif status is None or (
                    status >= HTTPStatus.MULTIPLE_CHOICES and status not in _REFUSALS
                ):
                    return False
                else:
                    file.unlink(missing_ok=True)
                    taken += 1
        return taken > 0 or failures == 0


def _name() -> str:
    """Return a name for what comes last in the queue."""
    return f"{time.time_ns():020d}-{uuid.uuid4().hex}.json"


@contextmanager
def _client() -> Iterator[httpx.Client]:
    import httpx  # noqa: PLC0415 - most processes send nothing

    headers = {"Content-Type": "application/json"}
    if token := os.environ.get(TOKEN):
        headers["Authorization"] = f"Bearer {token}"
    with httpx.Client(timeout=_TIMEOUT, headers=headers) as client, _unlogged("httpx"):
        yield client


def _post(client: httpx.Client, url: str, event: bytes) -> int | None:
    """Return what an endpoint answers to an event, None if it does not; what is wrong is logged."""
    import httpx  # noqa: PLC0415

    try:
        with client.stream("POST", url, content=event) as answer:  # it may be endless
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        _log.warning(
            "OpenLineage events wait: the endpoint does not answer (%s).", type(error).__name__
        )
        return None
    if status in _REFUSALS:
        _log.warning("OpenLineage's endpoint refused an event with %s.", status)
    elif status >= HTTPStatus.MULTIPLE_CHOICES:
        _log.warning("OpenLineage events wait: the endpoint answers %s.", status)
    return status


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


def main() -> None:
    """Send what waits in the store that is named."""
    with suppress(OSError, ConflictError):  # it stays for the next process
        Queue(Path(sys.argv[1])).send_last(os.environ[URL])


if __name__ == "__main__":
    main()
