"""Requests that take long leave the event loop's own threads to others."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from jupyter_mlops.core.errors import NotFoundError
from jupyter_mlops.data.profiles import ProfileManager

if TYPE_CHECKING:
    import pytest

    from .conftest import Api, Fetch

AT_ONCE = 4


async def test_kernels_log_while_requests_wait(
    api: Api, jp_fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answered = asyncio.Semaphore(0), threading.Event()
    loop = asyncio.get_running_loop()

    def take_long(*_: object) -> None:
        loop.call_soon_threadsafe(begun.release)
        answered.wait()
        raise NotFoundError("There is none.")

    monkeypatch.setattr(ProfileManager, "profile", take_long)
    # as on a machine with few processors
    loop.set_default_executor(ThreadPoolExecutor(AT_ONCE))
    waiting = [
        asyncio.create_task(api.error(404, "GET", "snapshots/abcdef/tables/0"))
        for _ in range(AT_ONCE)
    ]
    try:
        for _ in waiting:
            await begun.acquire()
        name = json.dumps({"name": "churn"})
        path = "mlops/mlflow/api/2.0/mlflow/experiments/create"
        made = await jp_fetch(path, method="POST", body=name)
        assert made.code == 200
        assert not any(task.done() for task in waiting)
    finally:
        answered.set()
    for task in waiting:
        assert (await task).code == "not_found"
