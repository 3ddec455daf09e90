from __future__ import annotations

import asyncio
from typing import Any

from jupyter_events import EventLogger

from jupyter_mlops.core.events import register_schemas, schema_id
from jupyter_mlops.mlflow_api.announcer import Announcer


def test_a_change_is_told_once_and_many_as_one() -> None:
    async def collect() -> list[tuple[str, str]]:
        events = EventLogger()
        register_schemas(events)
        told: list[tuple[str, str]] = []
        enough = asyncio.Event()

        async def listen(logger: Any, schema_id: str, data: dict[str, str]) -> None:
            told.append((schema_id, data["id"]))
            if data["id"] == "*":
                enough.set()

        for room in ("tracking", "registry"):
            events.add_listener(schema_id=schema_id(room), listener=listen)
        announcer = Announcer(events)
        for identifier in ("r1", "r1", "r2"):
            announcer.changed("tracking", identifier)
        for number in range(50):
            announcer.changed("registry", str(number))
        await asyncio.wait_for(enough.wait(), 180)
        await events.gather_listeners()
        return told

    tracking, registry = schema_id("tracking"), schema_id("registry")
    assert sorted(asyncio.run(collect())) == sorted(
        [(tracking, "r1"), (tracking, "r2"), (registry, "*")]
    )
