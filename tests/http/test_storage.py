"""What a store lets go, and erasures, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Api, Opened

NAME = "data 한글.csv"


async def test_what_goes_and_what_is_erased(
    api: Api, jp_root_dir: Path, open_notebook: Opened
) -> None:
    path = notebooks.write(jp_root_dir / "train 1.ipynb", [f"text = open('{NAME}').read()"])
    (jp_root_dir / NAME).write_text("a\n1\n")
    tab = await open_notebook(path)
    await tab.run(0)
    await api("POST", "snapshots", {"notebook_path": path.name})
    found = await api("GET", "storage", keep_data="newest 1")
    assert (found.keep_data, found.set_rule, found.would_go.data) == ("newest 1", "off", [])
    await api("POST", "storage/collections", {"keep_data": "newest 1"})
    assert "newest 10" in (await api.error(422, "GET", "storage", keep_data="x")).message
    await api.error(422, "POST", "storage/collections", {"keep_data": "x"})

    assert (await api("GET", "erasures/preview", path=NAME)).versions == 1
    await api.error(422, "POST", "erasures", {"path": NAME, "reason": " "})
    await api.error(404, "POST", "erasures", {"path": "absent.csv", "reason": "asked"})
    erased = await api("POST", "erasures", {"path": NAME, "reason": "asked"})
    assert (erased.objects, erased.erasable.in_project) == (1, True)
    (record,) = (await api("GET", "erasures")).items
    assert (record.paths, record.reason) == ([NAME], "asked")
    (version,) = (await api("GET", "data/versions", path=NAME)).items
    assert not version.kept
