"""A server extension for tests: tells what the server process imported, unpickled and froze.

And for how many seconds its loop was held at most since somebody asked, apart from what it waited
for a processor.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado import web

_LOOK_SECONDS = 0.002
_SCHEDULE = Path("/proc/thread-self/schedstat")  # Linux

unpickled: list[str] = []
_pauses = [0.0]


class WitnessHandler(APIHandler):
    @web.authenticated
    def get(self) -> None:
        said = {"modules": sorted(sys.modules), "unpickled": unpickled, "pause": max(_pauses)}
        _pauses[:] = [0.0]
        self.finish(json.dumps({**said, "frozen": gc.get_freeze_count()}))


async def _watch() -> None:
    while True:
        before = time.perf_counter() - waited()
        await asyncio.sleep(_LOOK_SECONDS)
        _pauses.append(time.perf_counter() - waited() - before - _LOOK_SECONDS)


def waited() -> float:
    """Return for how many seconds this thread could have run and had no processor."""
    return int(_SCHEDULE.read_text().split()[1]) / 1e9 if _SCHEDULE.exists() else 0.0


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "pickle.find_class":
        unpickled.append(".".join(map(str, arguments)))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "tests.server.witness"}]


def _load_jupyter_server_extension(app: Any) -> None:
    sys.addaudithook(_audit)
    app.io_loop.add_callback(_watch)
    base = app.web_app.settings["base_url"]
    app.web_app.add_handlers(".*", [(f"{base}witness", WitnessHandler)])
