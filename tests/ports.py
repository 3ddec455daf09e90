"""Ports for servers that cannot be told to take any."""

from __future__ import annotations

import random
import socket


def free_port() -> int:
    """Return a port of the loopback that nobody uses and the system gives to nobody by itself.

    Those that it gives are above 32767 on Linux, and above 49151 elsewhere: one of these could be
    another's before the server has it.
    """
    while True:
        port = random.randrange(20_000, 32_768)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
