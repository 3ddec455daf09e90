"""Of a large notebook the cells are kept that somebody looks at, so that it is parsed once."""

from __future__ import annotations

import json
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops import upkeep
from jupyter_mlops.comparison import kept
from jupyter_mlops.comparison.kept import KeptParts, write
from jupyter_mlops.core.errors import NotFoundError
from jupyter_mlops.snapshots import parsing
from tests.disks import filled
from tests.snapshots.test_manager import snap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot

SIZE = 9_000_000


@pytest.fixture
def cells(tmp_path: Path) -> Iterator[KeptParts]:
    made = kept_on(tmp_path)
    yield made
    made.close()


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What processes that parse for comparisons were started for."""
    real, seen = parsing._elsewhere, []

    def noting(chunks: Any, sizes: Any, arguments: Any, files: Any) -> Iterator[bytes]:
        if arguments[0].startswith("jupyter_mlops.comparison"):
            seen.append(arguments[1])
        return real(chunks, sizes, arguments, files)

    monkeypatch.setattr(parsing, "_elsewhere", noting)
    return seen


def take(services: Services, letter: str) -> Snapshot:
    path = services.project.root / "large 한글.ipynb"
    outputs = [{"output_type": "stream", "name": "stdout", "text": letter * SIZE}]
    items = [
        {"cell_type": "code", "id": "a", "source": "show()", "metadata": {}, "outputs": outputs},
        {"cell_type": "markdown", "id": "b", "source": ["글 ", letter], "metadata": {}},
    ]
    path.write_text(json.dumps({"cells": items, "metadata": {}, "nbformat": 4}))
    return snap(services, path)


def opened(services: Services, snapshot: Snapshot, index: int) -> Any:
    return json.loads(b"".join(services.comparisons.cell(snapshot.id, index)))


def test_after_a_comparison_nothing_is_parsed_again(services: Services, parses: list[str]) -> None:
    base, other = take(services, "x"), take(services, "y")
    b"".join(services.comparisons.cells(base.id, other.id))
    assert parses == ["pairs"]
    told = [opened(services, one, at) for one in (base, other) for at in (0, 1)]
    assert parses == ["pairs"]
    assert [one["source"] for one in told] == ["show()", "글 x", "show()", "글 y"]
    assert told[0]["outputs_size"] > SIZE
    with pytest.raises(NotFoundError, match="no cell number 3"):
        opened(services, base, 2)
    assert list(services.project.staging.iterdir()) == []


def test_cells_that_are_opened_at_once_are_parsed_once(
    services: Services, parses: list[str]
) -> None:
    made = take(services, "x")
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda at: opened(services, made, at % 2)["source"], range(6)))
    assert told == ["show()", "글 x"] * 3
    assert parses == ["keep"]


def test_of_what_was_erased_nothing_is_told(services: Services) -> None:
    made = take(services, "x")
    assert opened(services, made, 1)["source"] == "글 x"
    notebook = services.snapshots.snapshot(made.id).manifest.notebook.object_id
    upkeep.erase(services, [notebook], author="ana", reason="a customer asked")
    with pytest.raises(NotFoundError, match="a customer asked"):
        opened(services, made, 1)
    assert services.comparisons._kept.part(notebook, 1) is None


def test_a_disk_that_takes_no_file(
    services: Services, parses: list[str], small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = take(services, "x")
    monkeypatch.setattr(services.comparisons, "_kept", kept_on(small_disk))
    with filled(small_disk):
        assert opened(services, made, 1)["source"] == "글 x"
    assert parses == ["keep", "cell"]
    monkeypatch.setattr(services.comparisons, "_kept", kept_on(small_disk / "gone"))
    assert opened(services, made, 1)["source"] == "글 x"
    assert parses == ["keep", "cell", "cell"]


@given(st.lists(st.binary(max_size=20), max_size=20))
def test_each_cell_comes_back(content: list[bytes]) -> None:
    with tempfile.TemporaryFile() as file:
        write(iter(content), file.fileno())
        places = [kept._place(file.fileno(), at) for at in range(len(content) + 1)]
        assert [os.pread(file.fileno(), end - at, at) for at, end in places] == [*content, b""]


def kept_on(folder: Path) -> KeptParts:
    return KeptParts(folder, most=4, seconds=600)


def keep(cells: KeptParts, *names: str) -> None:
    with cells.filling(names) as files:
        for name, file in zip(names, files, strict=True):
            write([name.encode()], file)


def test_only_the_last_ones_are_kept(cells: KeptParts) -> None:
    keep(cells, "a", "b", "c", "d")
    assert cells.part("a", 0) == b"a"
    keep(cells, "e")
    assert [cells.part(name, 0) for name in "abcde"] == [b"a", None, b"c", b"d", b"e"]
    keep(cells, "a")
    assert cells.part("a", 0) == b"a"


def test_what_nobody_looks_at_is_let_go(tmp_path: Path) -> None:
    cells = KeptParts(tmp_path, most=4, seconds=0.05)
    keep(cells, "a")
    (file,) = [one.file for one in cells._kept.values()]
    deadline = time.monotonic() + 60
    while not file.closed:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert cells.part("a", 0) is None


def test_what_failed_is_not_kept(cells: KeptParts) -> None:
    def failing() -> None:
        with cells.filling(["a"]) as files:
            write([b"a"], files[0])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert cells.part("a", 0) is None
