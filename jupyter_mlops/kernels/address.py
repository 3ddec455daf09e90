"""Where a kernel finds the tracking server of its run, which may not be up yet."""

from __future__ import annotations

import secrets
import socket

TRACKING_URI = "MLFLOW_TRACKING_URI"
TRACKING_TOKEN = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - a name


class TrackingAddress:
    """A port of the loopback, taken at once, and the token that opens it.

    Whoever connects before a server accepts waits.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.uri = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def variables(self) -> dict[str, str]:
        """Return the environment variables that MLflow's clients read."""
        return {TRACKING_URI: self.uri, TRACKING_TOKEN: self.token}

    def close(self) -> None:
        """Give the port back."""
        self.listener.close()
