"""What becomes of snapshots, over HTTP and with Jupyter's own renames."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.core.events import schema_id
from jupyter_mlops.data.profiles import ProfileManager
from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Fetch, Opened


@pytest.fixture
def notebook(jp_root_dir: Path) -> Path:
    return notebooks.write(jp_root_dir / "내 노트.ipynb", ["x = 1", "y = x + 1"])


async def test_marks_of_two_tabs(api: Api, notebook: Path, jp_serverapp: Any) -> None:
    made = await api("POST", "snapshots", {"notebook_path": notebook.name})
    heard = listen(jp_serverapp)
    url = f"snapshots/{made.id}"
    await asyncio.gather(
        api("PATCH", url, {"note": "좋다"}), api("PATCH", url, {"tags": ["paper"], "pinned": True})
    )
    found = await api("GET", url)
    assert (found.note, found.tags, found.pinned) == ("좋다", ["paper"], True)
    for _ in range(2):
        event = await asyncio.wait_for(heard.get(), 60)
        assert (event["action"], event["id"]) == ("changed", made.id)
    assert len((await api("GET", "snapshots", tag="paper", pinned="true")).items) == 1
    assert (await api("GET", "snapshots", tag="other")).items == []
    assert len((await api("GET", "snapshots", text="좋다", grade="unknown")).items) == 1
    assert (await api("GET", "snapshots", text="나쁘다")).items == []
    await api.error(422, "GET", "snapshots", grade="good")
    error = await api.error(422, "PATCH", url, {"tags": ["a,b"]})
    assert error.details["fields"][0]["path"] == ["tags", "0"]
    await api.error(422, "PATCH", url, {"colour": "red"})
    await api.error(404, "PATCH", f"snapshots/{'0' * 64}", {"pinned": True})


async def test_delete_and_undo(api: Api, notebook: Path) -> None:
    made = await api("POST", "snapshots", {"notebook_path": notebook.name})
    await api("DELETE", f"snapshots/{made.id}")
    assert (await api("GET", "snapshots")).items == []
    assert (await api("GET", "runs")).items == []
    await api("POST", f"snapshots/{made.id}/undelete")
    assert [item.id for item in (await api("GET", "snapshots")).items] == [made.id]
    assert len((await api("GET", "runs")).items) == 1


async def test_automatic_snapshots_of_a_live_kernel(
    api: Api,
    notebook: Path,
    open_notebook: Opened,
    jp_serverapp: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    profiled: list[str] = []
    monkeypatch.setattr(ProfileManager, "prepare", lambda _, found: profiled.append(found))
    tab = await open_notebook(notebook)
    await tab.run(0, 1)
    body = {"notebook_path": notebook.name, "origin": "run-all"}
    made = await api("POST", "automatic-snapshots", body)
    heard = listen(jp_serverapp)
    again = await api("POST", "automatic-snapshots", body)
    assert made.id
    assert again.id is None
    await tab.run(1)
    assert (await api("POST", "automatic-snapshots", body)).id
    event = await asyncio.wait_for(heard.get(), 60)
    assert event["action"] == "created"  # nothing was told of what was not taken
    assert event["id"] != made.id
    assert heard.empty()
    assert (await api("GET", "runs")).items == []
    assert len((await api("GET", "runs", automatic="true")).items) == 2
    found = (await api("GET", "snapshots", notebook_path=notebook.name)).items
    assert [item.origin for item in found] == ["run-all", "run-all"]
    assert profiled == [item.id for item in reversed(found)]
    await api.error(422, "POST", "automatic-snapshots", body | {"origin": "user"})


async def test_a_rename_in_jupyter(api: Api, jp_fetch: Fetch, notebook: Path) -> None:
    made = await api("POST", "snapshots", {"notebook_path": notebook.name})

    async def move(old: str, new: str) -> None:
        body = json.dumps({"path": new})
        await jp_fetch("api", "contents", old, method="PATCH", body=body)

    async def history(path: str) -> list[str]:
        for _ in range(1200):  # the event comes after the answer
            found = (await api("GET", "snapshots", notebook_path=path)).items
            if found:
                return [item.id for item in found]
            await asyncio.sleep(0.05)
        return []

    await move(notebook.name, "b c.ipynb")
    assert await history("b c.ipynb") == [made.id]
    (notebook.parent / "d").mkdir()
    await move("b c.ipynb", "d/b c.ipynb")
    await move("d", "e")
    assert await history("e/b c.ipynb") == [made.id]
    assert (await api("GET", f"runs/{made.run_id}")).notebook_path == "e/b c.ipynb"
    for number in range(9):
        await move("e" * (number + 1), "e" * (number + 2))
    assert await history(f"{'e' * 10}/b c.ipynb") == [made.id]


async def test_a_rename_makes_no_store(jp_fetch: Fetch, jp_root_dir: Path, notebook: Path) -> None:
    body = json.dumps({"path": "b.ipynb"})
    await jp_fetch("api", "contents", notebook.name, method="PATCH", body=body)
    await asyncio.sleep(0.2)
    assert not (jp_root_dir / ".mlops").exists()


def listen(app: Any) -> asyncio.Queue[dict[str, Any]]:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def hear(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        heard.put_nowait(data)

    app.event_logger.add_listener(schema_id=schema_id("snapshots"), listener=hear)
    return heard
