"""Other programs that threads wait for: none of them for ever, and none longer than the server."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from .errors import InvalidStateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENDING_SECONDS = 5


class Programs:
    """Runs programs, each for a limited time; ``close`` ends those that still run.

    Each is the leader of a session of its own, and is killed with all that it has started: what
    is left of an installer must not write while the next one does.
    """

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def run(
        self,
        command: Sequence[str],
        seconds: float,
        *,
        request: bytes = b"",
        files: Sequence[int] = (),
        keep_stderr: bool = True,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program to its end.

        Args:
            command: the program and its arguments.
            seconds: how long it may take.
            request: its standard input.
            files: descriptors that it gets.
            keep_stderr: return what it says there, instead of letting it through.

        Raises:
            InvalidStateError: the server is about to end.
            OSError: it cannot be started.
            subprocess.TimeoutExpired: it took too long, and was killed.
        """
        with self._started(command, files, keep_stderr=keep_stderr) as process:
            said, told = process.communicate(request, timeout=seconds)
        return subprocess.CompletedProcess(command, process.returncode, said, told)

    def close(self) -> None:
        """Kill what runs, and start nothing more."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for process in running:
            _kill(process)

    @contextmanager
    def _started(
        self, command: Sequence[str], files: Sequence[int], *, keep_stderr: bool
    ) -> Iterator[subprocess.Popen[bytes]]:
        with self._lock:
            if self._closed:
                raise InvalidStateError(
                    "The server is about to end. Start it again, and try again."
                )
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if keep_stderr else None,
                pass_fds=files,
                start_new_session=True,
            )
            self._running.add(process)
        try:
            yield process
        except BaseException:
            _kill(process)
            # one that hangs in a call of the system's dies when that is over
            with suppress(subprocess.TimeoutExpired):
                process.wait(_ENDING_SECONDS)
            raise
        finally:
            with self._lock:
                self._running.discard(process)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.returncode is None:  # else its number may be another's by now
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
