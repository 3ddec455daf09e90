"""Writing together what comes together: while one transaction commits, the next one gathers.

A single client waits no longer than before; eight at once share a commit, which is what a call
costs most.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.errors import MLOpsError
    from ..tracking.entities import LogEntry

MOST = 64
"""Entries of one transaction: a batch has up to 1,000 points, and nobody should wait long."""


class Gathering:
    """The entries on their way into one store; for one event loop.

    Args:
        log_many: writes entries in one transaction; called in a thread. See ``RunLogger``.
    """

    def __init__(self, log_many: Callable[[Sequence[LogEntry]], list[MLOpsError | None]]) -> None:
        self._log_many = log_many
        self._waiting: list[tuple[LogEntry, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def log(self, entry: LogEntry) -> None:
        """Return when an entry is logged; raises what ``RunLogger.log_entry`` does."""
        logged = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, logged))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await logged

    async def _write(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # take along what has come in meanwhile
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[tuple[LogEntry, asyncio.Future[None]]]) -> None:
        entries = [entry for entry, _ in batch]
        outcomes: Sequence[Exception | None]
        try:
            outcomes = await asyncio.to_thread(self._log_many, entries)
        except Exception as failure:  # whoever asked is told
            outcomes = [failure] * len(batch)
        for (_, logged), error in zip(batch, outcomes, strict=True):
            if logged.done():  # nobody waits any more
                continue
            if error is None:
                logged.set_result(None)
            else:
                logged.set_exception(error)
