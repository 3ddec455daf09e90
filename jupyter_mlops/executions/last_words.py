"""What a kernel's process says by itself, which matters only if it dies: no terminal has it.

``free(): invalid pointer``, say, or that an interpreter lacks a library. What cells print is not
meant here: that goes into the notebook, whoever prints it.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT = 8192
_LINES = 10
_READ = 65536
_SECONDS = 1.0


class LastWords:
    """Listens to a process, and keeps the end of what it says; nothing of it is on the disk."""

    def __init__(self) -> None:
        self._said = b""
        self._listener: threading.Thread | None = None

    @contextmanager
    def starting(self) -> Iterator[dict[str, int]]:
        """Give the streams for a process that is started in the block."""
        reading, writing = os.pipe()
        self._listener = threading.Thread(target=self._listen, args=(reading,), daemon=True)
        self._listener.start()
        try:
            yield {"stdout": writing, "stderr": writing}
        finally:
            os.close(writing)  # the process has its own

    def forget(self) -> None:
        """Forget what was said so far: the process has come up all the same."""
        self._said = b""

    def text(self) -> str:
        """Return the last lines of a process that is gone; empty if it said nothing."""
        if self._listener is not None:
            self._listener.join(_SECONDS)  # children of its own may go on, and hold the pipe
        lines = self._said.decode("utf-8", "replace").strip().splitlines()
        return "\n".join(lines[-_LINES:])

    def _listen(self, reading: int) -> None:
        with open(reading, "rb", buffering=0) as stream:
            while said := stream.read(_READ):
                self._said = (self._said + said)[-_KEPT:]


def obituary(code: int | None, words: str) -> str:
    """Say of what a kernel died.

    Args:
        code: of its process, as ``subprocess`` has it, if it is known.
        words: its last.
    """
    if code == -signal.SIGKILL:
        died = "The kernel was killed (SIGKILL), as the system does where memory runs out."
    elif code is not None and code < 0:
        died = f"The kernel died of {_name(-code)}, as a rule in a compiled library."
    else:
        died = "The kernel died. It may have run out of memory, or the cell ended it."
    return f"{died} Its last words: {words}" if words else died


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"
