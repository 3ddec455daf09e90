"""A large notebook: its snapshot takes a while, and holds nothing up."""

from __future__ import annotations

import asyncio
import base64
import json
import resource
import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from jupyter_mlops.comparison.schemas import CellComparison
from tests import notebooks
from tests.server.witness import waited

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Api, Fetch

MEBIBYTE = 1024 * 1024
SIZE = 200 * MEBIBYTE


def write_large(path: Path, outputs: list[str]) -> None:
    streams = [[{"output_type": "stream", "name": "stdout", "text": text}] for text in outputs]
    path.write_text(json.dumps(notebooks.showing(streams)))


async def longest_pause(stop: asyncio.Event) -> float:
    """Return for how many seconds the loop was held at most, but for want of a processor."""
    longest = 0.0
    while not stop.is_set():
        before = time.perf_counter() - waited()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - waited() - before)
    return longest


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long the texts were that this process, the server's, has parsed."""
    sizes = [0]

    def noting(loads: Callable[..., Any]) -> Callable[..., Any]:
        def noted(data: Any, **more: Any) -> Any:
            sizes.append(len(data))
            return loads(data, **more)

        return noted

    for module in (json, orjson):
        monkeypatch.setattr(module, "loads", noting(module.loads))
    return sizes


async def send(fetch: Fetch, route: str, **body: str) -> Any:
    answer = await fetch("api/mlops", route, method="POST", body=json.dumps(body))
    return json.loads(answer.body)


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
    # in the server's own process it would be seconds
    assert pause < 1
    path.write_text("{")
    assert (await api.error(422, "POST", "snapshots", {"notebook_path": path.name})).code
    path.write_text("{" + " " * 9 * MEBIBYTE)
    said = await api.error(422, "POST", "snapshots", {"notebook_path": path.name})
    assert said.code == "invalid_input"


async def test_the_server_never_parses_a_large_notebook(
    api: Api, jp_fetch: Fetch, jp_root_dir: Path, parsed: list[int]
) -> None:
    path = jp_root_dir / "large.ipynb"
    write_large(path, ["x" * 6 * MEBIBYTE, "y" * 6 * MEBIBYTE, "z"])
    await api("GET", "snapshots")
    first = await send(jp_fetch, "snapshots", notebook_path=path.name)
    write_large(path, ["x" * 6 * MEBIBYTE, "Y" * 6 * MEBIBYTE, "loss: 0.5"])
    second = await send(jp_fetch, "snapshots", notebook_path=path.name)

    async def read(*place: str, **query: str) -> bytes:
        answer = await jp_fetch("api/mlops", *place, params=query)
        return bytes(answer.body)

    whole = await read("snapshots", first["id"], "notebook")
    part = await read("snapshots", first["id"], "notebook", outputs_limit=str(7 * MEBIBYTE))
    cell = await read("snapshots", second["id"], "cells", "1")
    ids = {"base": first["id"], "other": second["id"]}
    matched = CellComparison.model_validate_json(await read("comparisons", "cells", **ids))
    present = await api("POST", "present-notebooks", {"id": first["id"]})
    ids = {"base": second["id"], "other": present.id}
    unchanged = CellComparison.model_validate_json(await read("comparisons", "cells", **ids))
    asked = {"notebook_path": path.name}
    assert (await api("POST", "notebook-grade", asked)).grade == "unknown"
    assert [one.name for one in (await api("POST", "live-experiment", asked)).results] == ["loss"]
    restored = await api("POST", f"snapshots/{first['id']}/restore", {"in_place": True})
    assert (await api("GET", "stale")).items == []
    assert max(parsed) < 1 * MEBIBYTE

    assert [pair.changes for pair in matched.items] == [[], ["outputs"], ["outputs"]]
    assert [pair.changes for pair in unchanged.items] == [[], [], []]
    assert json.loads(cell)["outputs_size"] > 6 * MEBIBYTE
    assert json.loads(whole)["content"] == json.loads(path.read_text())
    assert [len(c["outputs"]) for c in json.loads(part)["content"]["cells"]] == [1, 0, 1]
    kept = await api("GET", f"snapshots/{restored.safety_snapshot_id}")
    assert (kept.origin, kept.manifest.notebook.object_id) == (
        "safety",
        (await api("GET", f"snapshots/{second['id']}")).manifest.notebook.object_id,
    )


async def test_the_server_never_parses_what_an_editor_shows(
    api: Api, jp_fetch: Fetch, jp_root_dir: Path, parsed: list[int]
) -> None:
    path = jp_root_dir / "train.ipynb"
    write_large(path, ["x", "y"])
    made = await send(jp_fetch, "snapshots", notebook_path=path.name)
    saved = path.read_bytes()
    write_large(path, ["x" * 7 * MEBIBYTE, "y"])
    shown = path.read_bytes()
    path.write_bytes(saved)

    async def look(content: bytes) -> Any:
        sent = base64.b64encode(content).decode()
        return await send(jp_fetch, "present-notebooks", id=made["id"], content=sent)

    present = await look(shown)
    assert max(parsed) < 1 * MEBIBYTE
    ids = {"base": made["id"], "other": present["id"]}
    answer = await jp_fetch("api/mlops", "comparisons", "cells", params=ids)
    pairs = CellComparison.model_validate_json(answer.body).items
    assert [pair.changes for pair in pairs] == [["outputs"], []]
    body = {"id": made["id"], "content": base64.b64encode(shown[:-9]).decode()}
    said = await api.error(422, "POST", "present-notebooks", body)
    assert said.message == "train.ipynb is not a notebook: it is not JSON."
    said = await api.error(422, "POST", "present-notebooks", body | {"content": "{}"})
    assert "base64" in said.message


async def test_what_cannot_be_read_is_an_error_before_the_first_byte(
    api: Api, jp_fetch: Fetch, jp_root_dir: Path
) -> None:
    path = jp_root_dir / "large.ipynb"
    write_large(path, ["x" * 9 * MEBIBYTE])
    await api("GET", "snapshots")
    made = await send(jp_fetch, "snapshots", notebook_path=path.name)
    objects = jp_root_dir / ".mlops" / "objects"
    object_id = (await api("GET", f"snapshots/{made['id']}")).manifest.notebook.object_id
    (stored,) = objects.glob(f"{object_id[:2]}/{object_id[2:]}*")
    stored.chmod(0o644)
    data = stored.read_bytes()
    stored.write_bytes(data[:-9] + b"\0" + data[-8:])
    said = await api.error(507, "GET", f"snapshots/{made['id']}/notebook")
    assert "damaged" in said.message
