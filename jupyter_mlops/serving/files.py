"""The gateway's files: who it is, its token, what it serves, the logs. Private to their owner.

The lock says whether a gateway is alive, so that a stale ``gateway.json`` misleads nobody.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

_LOCK_SECONDS = 3.0  # longer than a client holds the lock to look whether a gateway is alive
_LOG_LIMIT = 16 * 2**20
_TAIL_BYTES = 2**20


class GatewayFiles:
    """The folder ``<store>/gateway``."""

    def __init__(self, store: Path) -> None:
        self.folder = store / "gateway"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.logs = self.folder / "logs"
        self.logs.mkdir(mode=0o700, exist_ok=True)
        self.address = self.folder / "gateway.json"
        self._state = self.folder / "state.json"
        self._lock = -1

    def acquire(self) -> bool:
        """Become the store's gateway; False if another one is."""
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(self._lock)
                    return False
                time.sleep(0.05)
            else:
                self.address.unlink(missing_ok=True)
                return True

    def write_address(self, address: dict[str, Any]) -> None:
        """Say where the gateway listens."""
        write_private(self.address, address)

    def control_token(self) -> str:
        """Return the token of the control API, made on first use."""
        path = self.folder / "control.token"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text(encoding="utf-8").strip()

    def load_state(self) -> dict[str, Any]:
        """Return what the last gateway served, and its port."""
        try:
            state: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"port": 0, "deployments": {}}
        return state

    def save_state(self, state: dict[str, Any]) -> None:
        """Keep what is served, for the next gateway."""
        write_private(self._state, state)

    def log(self, deployment: str, revision: int) -> Path:
        """Return the log file of a revision's worker, emptied when it has grown too large."""
        path = self.logs / f"{deployment}-{revision}.log"
        if path.exists() and path.stat().st_size > _LOG_LIMIT:
            path.write_bytes(b"")
        return path

    def delete_logs(self, deployment: str) -> None:
        """Delete the logs of all revisions of a deployment."""
        for path in self.logs.iterdir():
            if re.fullmatch(rf"{re.escape(deployment)}-\d+\.log", path.name):
                path.unlink(missing_ok=True)

    def release(self) -> None:
        """Stop being the store's gateway."""
        self.address.unlink(missing_ok=True)
        os.close(self._lock)


def write_private(path: Path, content: Any) -> None:
    """Replace ``path`` by JSON, or by text as it is, atomically and with mode 0600."""
    text = content if isinstance(content, str) else json.dumps(content, indent=1)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def tail(path: Path, count: int) -> list[str]:
    """Return the last ``count`` lines of a log; none if there is no log yet.

    No more than its last mebibyte is read: of longer lines there are fewer.
    """
    try:
        with path.open("rb") as file:
            begin = max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES)
            file.seek(begin)
            text = file.read(_TAIL_BYTES).decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if begin and len(lines) > 1:
        del lines[0]  # its begin is not here
    if not lines[-1]:
        del lines[-1]
    return lines[max(0, len(lines) - count) :]
