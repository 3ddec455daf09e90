"""Tells browsers what clients log, a few times a second at most."""

from __future__ import annotations

from typing import Any

from tornado.ioloop import IOLoop

from ..core.events import emit

PAUSE_SECONDS = 0.25
_MOST = 20


class Announcer:
    """Collects changes and sends each once.

    Args:
        event_logger: Jupyter's ``jupyter_events.EventLogger``.
    """

    def __init__(self, event_logger: Any) -> None:
        self._event_logger = event_logger
        self._changes: dict[tuple[str, str], None] = {}

    def changed(self, room: str, identifier: str) -> None:
        """Announce soon that something changed; ``*`` stands for anything.

        To be called in the event loop's thread.
        """
        if not self._changes:
            IOLoop.current().call_later(PAUSE_SECONDS, self._send)
        self._changes[room, identifier] = None

    def _send(self) -> None:
        changes, self._changes = self._changes, {}
        for room in dict.fromkeys(room for room, _ in changes):
            ids = [identifier for found, identifier in changes if found == room]
            for identifier in ids if len(ids) <= _MOST and "*" not in ids else ["*"]:
                emit(self._event_logger, room, "changed", identifier)
