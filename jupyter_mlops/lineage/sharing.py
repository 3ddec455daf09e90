"""Work that several threads ask for at the same time is done once for all of them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Shared(Generic[T]):
    """Does work for who asks; what is returned began after the asking, and is not to be changed.

    While it is being done, askers wait; then it is done once more for all of these, since what
    they ask about may have changed after it began.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._working = threading.Lock()
        self._counting = threading.Lock()
        self._begun = 0
        self._waiting = 0
        self._last: tuple[int, T] | None = None

    def __call__(self) -> T:
        """Return what the work gives.

        Raises:
            Exception: whatever it raises; who waited then tries it anew.
        """
        with self._counting:
            asked = self._begun
            self._waiting += 1
        try:
            with self._working:
                if self._last is not None and self._last[0] > asked:
                    return self._last[1]
                with self._counting:
                    self._begun += 1
                made = self._work()
                self._last = (self._begun, made)
                return made
        finally:
            with self._counting:
                self._waiting -= 1
                if not self._waiting:
                    self._last = None  # nobody needs it any more
