"""Versions of data over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Opened

NAME = "data 한글.csv"


async def test_versions_of_what_a_notebook_read(
    api: Api, jp_root_dir: Path, open_notebook: Opened
) -> None:
    path = notebooks.write(jp_root_dir / "train 1.ipynb", [f"text = open('{NAME}').read()"])
    ids: list[str] = []
    for text in ("a\n1\n", "a\n1\n2\n"):
        (jp_root_dir / NAME).write_text(text)
        if not ids:
            tab = await open_notebook(path)
        await tab.run(0)
        ids.append((await api("POST", "snapshots", {"notebook_path": path.name})).id)
    (item,) = (await api("GET", "data", prefix="data")).items
    assert (item.path, item.versions, item.snapshots) == (NAME, 2, 2)
    newest, oldest = (await api("GET", "data/versions", path=NAME)).items
    assert (newest.size, oldest.size, newest.kept) == (6, 4, True)
    found = await api("GET", "data/diff", path=NAME)
    assert (found.old, found.new) == (oldest.digest, newest.digest)
    assert (found.table.rows_added, found.table.rows_removed) == (1, 0)
    found = await api("GET", "data/diff", old=ids[0], new=ids[1])
    assert [(change.path, change.change) for change in found.files] == [(NAME, "changed")]

    wish = {"path": NAME, "version": oldest.digest, "target": "copies/old.csv"}
    copy = await api("POST", "data/checkouts", wish)
    assert (jp_root_dir / "copies" / "old.csv").read_text() == "a\n1\n"
    assert copy.digest == oldest.digest
    assert (await api.error(409, "POST", "data/checkouts", wish)).code == "conflict"
    outside = wish | {"target": "../old.csv"}
    assert (await api.error(403, "POST", "data/checkouts", outside)).code == "forbidden_path"
    (use,) = (await api("GET", "data/uses", path=NAME, version=oldest.digest)).items
    assert (use.snapshot_id, use.notebook_path, use.modes) == (ids[0], path.name, ["read"])
    assert (await api("GET", "data/profile", path=NAME, version=oldest.digest)).rows == 1
    (jp_root_dir / NAME).write_text("mine\n")
    versions = await api("GET", "data/versions", path=NAME)
    assert versions.present.digest not in {newest.digest, oldest.digest}
    back = {"path": NAME, "version": oldest.digest, "in_place": True}
    copy = await api("POST", "data/checkouts", back)
    assert (jp_root_dir / NAME).read_text() == "a\n1\n"
    assert copy.safety_snapshot_id is not None
    await api("POST", "data/checkouts", back | {"version": copy.replaced})
    assert (jp_root_dir / NAME).read_text() == "mine\n"
    await api.error(422, "POST", "data/checkouts", wish | {"in_place": True})
    within = wish | {"target": ".mlops/config.toml"}
    assert (await api.error(403, "POST", "data/checkouts", within)).code == "forbidden_path"
    assert (await api("GET", "data/versions", path="absent.csv")).items == []
    hidden = wish | {"target": "a/.ipython/profile_default/startup/a.py"}
    assert (await api.error(403, "POST", "data/checkouts", hidden)).code == "forbidden_path"
    assert "two snapshots" in (await api.error(422, "GET", "data/diff", old=ids[0])).message
