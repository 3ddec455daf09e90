"""Keeps something that fails from being tried at every poll."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from ..core.errors import MLOpsError

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_WAIT = 1.0
_LONGEST_WAIT = 60.0


class Backoff:
    """Spaces tries: 1, 2, 4, up to 60 seconds; from 1 again after two quiet minutes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wait = 0.0
        self._last = -2 * _LONGEST_WAIT
        self._error: MLOpsError | None = None

    def run(self, action: Callable[[], object], *, now: bool = False) -> None:
        """Try, unless the last try was a moment ago.

        Args:
            action: what to try.
            now: try in any case.

        Raises:
            MLOpsError: what ``action`` raised, now or the last time.
        """
        with self._lock:
            passed = time.monotonic() - self._last
            if passed < self._wait and not now:
                if self._error is not None:
                    raise self._error
                return
            quiet = now or passed > 2 * _LONGEST_WAIT
            self._wait = _FIRST_WAIT if quiet else min(2 * self._wait, _LONGEST_WAIT)
            self._error = None
            try:
                action()
            except MLOpsError as error:
                self._error = error
                raise
            finally:
                self._last = time.monotonic()
