"""Threads in which requests are answered, apart from those of the event loop.

Some take minutes: a restore that builds its environment, a profile behind others. The loop's own
threads are few on a small machine, and kernels that log wait for one.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 64
_threads = ThreadPoolExecutor(_MOST, thread_name_prefix="mlops-request")  # each made when needed


async def in_thread(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Return what a function returns that may take long."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, lambda: function(*arguments, **named))
