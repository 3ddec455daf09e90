"""Has a kernel end with the process that started it, however that ends.

An ipykernel looks after its parent itself; one of R, say, would run on for ever. Linux does it for
a process that asks, before it becomes the kernel: ``python bound.py PARENT COMMAND…``. By its
parent Linux means the thread that starts it, which so has to live as long. Elsewhere such a kernel
may be left.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def bound(command: list[str]) -> list[str]:
    """Return a kernel's command as one that ends with this process, where that can be had."""
    if sys.platform != "linux" or any(word.startswith("ipykernel") for word in command):
        return command
    # -I, -S: it is gone in a moment, and loads nothing that the kernel's environment names
    return [sys.executable, "-I", "-S", os.path.abspath(__file__), str(os.getpid()), *command]


def main() -> None:
    """Become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == parent:  # else it ended before it was asked to take this one along
        os.execvp(command[0], command)  # noqa: S606 - the kernel's own


if __name__ == "__main__":
    main()
