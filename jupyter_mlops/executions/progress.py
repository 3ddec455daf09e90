"""What a headless run has shown so far, masked, in the store: for when its process is killed.

Whoever finds it dead makes its snapshot of that (``recovery``); a run that ends in order takes it
away. Nothing here costs the run more than a twentieth of its time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .rescue import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..snapshots.masking import Masker

_log = logging.getLogger(__name__)
_PAUSE = 0.5
_SHARE = 20
_LARGEST = 64 * 1024**2


class Progress:
    """Keeps what one run has shown.

    Args:
        file: where; a run that can be recorded has one.
        masker: makes what masks the secrets that are known by now.
    """

    def __init__(self, file: Path, masker: Callable[[], Masker]) -> None:
        self._file = file
        self._masker = masker
        self._is_new = False
        self._next = 0.0

    def changed(self) -> None:
        """Note that there is something new to keep."""
        self._is_new = True

    def save(self, notebook: dict[str, Any]) -> None:
        """Keep what is new, unless that would be too soon after the last time."""
        started = time.monotonic()
        if not self._is_new or started < self._next:
            return
        self._is_new = False
        try:
            self._file.parent.mkdir(exist_ok=True)
            size = write(self._file, notebook, self._masker(), durable=False)
        except (OSError, LookupError, TypeError, ValueError) as error:
            _log.warning("What the run has shown so far was not kept: %s", error)
            size = 0
        self._next = time.monotonic() + _SHARE * (time.monotonic() - started)
        if size > _LARGEST:  # each time would take seconds, and gigabytes of memory
            self._next = float("inf")

    async def follow(self, notebook: dict[str, Any]) -> None:
        """Keep now and then what a cell shows that runs for long; is cancelled at its end."""
        while True:
            await asyncio.sleep(_PAUSE)
            self.save(notebook)

    def discard(self) -> None:
        """Leave nothing: it is kept elsewhere."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
