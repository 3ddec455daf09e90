"""Tells browsers what clients log, a few times a second at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.events import emit

if TYPE_CHECKING:
    from tornado.ioloop import IOLoop

PAUSE_SECONDS = 0.25
_MOST = 20


class Announcer:
    """Collects changes and sends each once, from the event loop's thread.

    Args:
        event_logger: Jupyter's ``jupyter_events.EventLogger``.
        loop: where to wait.
    """

    def __init__(self, event_logger: Any, loop: IOLoop) -> None:
        self._event_logger = event_logger
        self._loop = loop
        self._changes: dict[tuple[str, str], None] = {}

    def changed(self, room: str, identifier: str) -> None:
        """Announce soon that something changed; ``*`` stands for anything."""
        if not self._changes:
            self._loop.call_later(PAUSE_SECONDS, self._send)
        self._changes[room, identifier] = None

    def _send(self) -> None:
        changes, self._changes = self._changes, {}
        for room in dict.fromkeys(room for room, _ in changes):
            ids = [identifier for found, identifier in changes if found == room]
            for identifier in ids if len(ids) <= _MOST and "*" not in ids else ["*"]:
                emit(self._event_logger, room, "changed", identifier)
