"""Restoring over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api


async def test_to_a_new_folder_and_in_place(api: Api, jp_root_dir: Path) -> None:
    path = notebooks.write(jp_root_dir / "train 1.ipynb", ["x = 1"])
    text = path.read_text()
    taken = await api("POST", "snapshots", {"notebook_path": path.name})
    target = f"snapshots/{taken.id[:12]}/restore"
    restored = await api("POST", target, {"folder": "새 폴더/a"})
    assert restored.notebook_path == "새 폴더/a/train 1.ipynb"
    assert (jp_root_dir / restored.notebook_path).read_text() == text

    notebooks.write(path, ["x = 2"])
    restored = await api("POST", target, {"in_place": True})
    assert path.read_text() == text
    assert restored.notebook_path == path.name
    safety = await api("GET", f"snapshots/{restored.safety_snapshot_id}")
    assert safety.origin == "safety"


async def test_what_is_refused(api: Api, jp_root_dir: Path) -> None:
    path = notebooks.write(jp_root_dir / "train.ipynb", ["x = 1"])
    taken = await api("POST", "snapshots", {"notebook_path": path.name})
    target = f"snapshots/{taken.id}/restore"
    assert "in place" in (await api.error(422, "POST", target, {})).message
    await api.error(422, "POST", target, {"folder": "x", "in_place": True})
    await api.error(422, "POST", target, {"folder": "x", "kernel": True})
    assert (await api.error(403, "POST", target, {"folder": "../x"})).code == "forbidden_path"
    assert (await api.error(403, "POST", target, {"folder": "a/.git/x"})).code == "forbidden_path"
    assert (await api.error(409, "POST", target, {"folder": "."})).code == "conflict"
    await api.error(404, "POST", f"snapshots/{'f' * 64}/restore", {"folder": "x"})
    said = await api.error(409, "POST", target, {"folder": "x", "environment": True})
    assert said.code == "environment_unavailable"
    assert [entry.name for entry in jp_root_dir.iterdir() if entry.name != ".mlops"] == [path.name]
