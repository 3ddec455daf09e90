"""Keeping a server's memory from holding it up, and giving back what it no longer needs."""

from __future__ import annotations

import asyncio
import ctypes
import gc
from functools import cache
from typing import Any

LARGE = 1024 * 1024
"""Bytes of an answer after which it is worth the milliseconds that it takes."""

_SOON = 1.0
_waiting: set[asyncio.AbstractEventLoop] = set()


def settle() -> None:
    """Take for permanent what there is: call it when a server has been set up.

    From then on the garbage collector leaves that alone. To look through all that a server has
    imported it would hold every thread, for a tenth of a second.
    """
    gc.freeze()


def give_back_soon() -> None:
    """Give the system what is freed until a second from now; call it in an event loop's thread.

    The C library keeps what threads have freed, for each thread its own.
    Many calls within that second count as one. Does nothing where the C library is not glibc:
    other ones give back by themselves. See malloc_trim(3).
    """
    loop = asyncio.get_running_loop()
    if loop not in _waiting and _trim() is not None:
        _waiting.add(loop)
        loop.call_later(_SOON, _give_back, loop)


def _give_back(loop: asyncio.AbstractEventLoop) -> None:
    _waiting.discard(loop)
    loop.run_in_executor(None, _trim(), 0)  # takes milliseconds


@cache
def _trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
