"""A large notebook: its snapshot takes a while, and holds nothing up."""

from __future__ import annotations

import asyncio
import json
import resource
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Fetch

MEBIBYTE = 1024 * 1024
SIZE = 200 * MEBIBYTE


def write_large(path: Path, outputs: list[str]) -> None:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{number}",
            "source": "show()",
            "metadata": {},
            "execution_count": number + 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": text}],
        }
        for number, text in enumerate(outputs)
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook))


async def longest_pause(stop: asyncio.Event) -> float:
    """Return for how many seconds the loop was held at most."""
    longest = 0.0
    while not stop.is_set():
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - before)
    return longest


async def send(fetch: Fetch, route: str, **body: str) -> Any:
    """Send a request that may take longer than others."""
    answer = await fetch(
        "api/mlops", route, method="POST", body=json.dumps(body), request_timeout=200
    )
    return json.loads(answer.body)


@pytest.mark.timeout(240)
async def test_a_notebook_of_200_megabytes(
    api: Api, jp_fetch: Fetch, jp_root_dir: Path, jp_serverapp: Any
) -> None:
    await api("GET", "snapshots")
    path = jp_root_dir / "large.ipynb"
    row = "epoch 17 of 100: loss 0.123456, accuracy 0.987654\n"
    write_large(path, [row * (SIZE // 4 // len(row))] * 4)
    stop = asyncio.Event()
    watch = asyncio.create_task(longest_pause(stop))
    started = time.monotonic()
    made = await send(jp_fetch, "snapshots", notebook_path=path.name)
    taken = time.monotonic() - started
    again = await send(jp_fetch, "automatic-snapshots", notebook_path=path.name, origin="save")
    stop.set()
    pause = await watch
    assert again["id"] is None
    notebook = (await api("GET", f"snapshots/{made['id']}")).manifest.notebook
    assert notebook.size > SIZE - 1000
    app = next(iter(jp_serverapp.extension_manager.extension_apps["jupyter_mlops"]))
    await asyncio.to_thread(app.services.announcer.close)
    told = (jp_root_dir / ".mlops" / "openlineage.jsonl").read_text().splitlines()
    assert [json.loads(line)["eventType"] for line in told] == ["START", "COMPLETE"]
    assert taken < 100
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 2_000_000
    # the machine of the tests is busy; in the server's own process it would be seconds
    assert pause < 1
    path.write_text("{")
    assert (await api.error(422, "POST", "snapshots", {"notebook_path": path.name})).code
    path.write_text("{" + " " * 9 * MEBIBYTE)
    said = await api.error(422, "POST", "snapshots", {"notebook_path": path.name})
    assert said.code == "invalid_input"
