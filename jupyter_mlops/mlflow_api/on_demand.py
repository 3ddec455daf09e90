"""The tracking server of one headless run, which comes when its kernel first knocks.

A notebook that logs nothing waits for none of it.
"""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..kernels.address import TrackingAddress
    from ..services import Services


@contextmanager
def tracking_on_demand(
    address: TrackingAddress, services: Services, user: str, context: Mapping[str, str]
) -> Iterator[Callable[[], bool]]:
    """Have a server at hand while the block runs; yields what tells whether it was asked.

    See ``standalone.tracking_server``.
    """
    asked = threading.Event()
    ended, end = socket.socketpair()

    def wait() -> None:
        if not _comes(address.listener, ended):
            return
        asked.set()
        from .standalone import tracking_server  # noqa: PLC0415

        with tracking_server(address, services, user, context):
            ended.recv(1)

    thread = threading.Thread(target=wait, name="mlops-tracking", daemon=True)
    thread.start()
    try:
        yield asked.is_set
    finally:
        end.close()
        thread.join()
        ended.close()


def _comes(listener: socket.socket, ended: socket.socket) -> bool:
    """Wait until someone connects; False if the end comes first."""
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(ended, selectors.EVENT_READ)
        return any(key.fileobj is listener for key, _ in selector.select())
