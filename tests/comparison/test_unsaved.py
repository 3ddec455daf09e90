"""A notebook as it stands in an editor, with what is not saved, against its snapshot."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from pydantic import ValidationError

from jupyter_mlops.comparison.schemas import CellComparison, StoredCell
from jupyter_mlops.core.errors import InvalidInputError
from jupyter_mlops.notebooks.schemas import MOST_CONTENT, PresentNotebookCreate
from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks
from tests.snapshots.test_manager import PIXEL, SOURCES, kernel_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.notebooks.schemas import PresentNotebook
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot


@pytest.fixture
def notebook(services: Services) -> Path:
    return notebooks.write(services.project.root / "train 한글.ipynb", SOURCES, parameters=0)


@pytest.fixture
def base(services: Services, notebook: Path) -> Snapshot:
    return services.snapshots.create(notebook, None, author="me")


async def look(services: Services, base: Snapshot, text: str | None) -> PresentNotebook:
    content = None if text is None else base64.b64encode(text.encode()).decode()
    request = PresentNotebookCreate(id=base.id, content=content)
    return await services.notebooks.present(request, author="me")


def edited(path: Path, edit: Callable[[list[Any]], None]) -> str:
    content: Any = nbformat.read(path, 4)
    edit(content.cells)
    return str(nbformat.writes(content))


def edit_all(cells: list[Any]) -> None:
    cells[0].source = "depth = 7"
    cells[0].metadata["tags"] = ["parameters", "paper"]
    cells[1].outputs = [nbformat.v4.new_output("display_data", {"image/png": PIXEL})]
    text = nbformat.v4.new_markdown_cell("새 셀", id="new")
    text["attachments"] = {"a.png": {"image/png": PIXEL}}
    cells.append(text)


async def test_what_is_not_saved_is_compared(
    services: Services, notebook: Path, base: Snapshot
) -> None:
    on_disk = notebook.read_bytes()
    present = await look(services, base, edited(notebook, edit_all))
    assert (present.unsaved, present.live) == (True, False)
    found = services.comparisons.compare([base.id, present.id])
    assert [row.values for row in found.parameters] == [["4", "7"]]
    assert [row.indexes for row in found.figures] == [[None, 0]]
    pieces = services.comparisons.cells(base.id, present.id)
    pairs = CellComparison.model_validate_json(b"".join(pieces)).items
    assert [pair.changes for pair in pairs] == [["edited", "tags"], ["outputs"], ["added"]]
    last = b"".join(services.comparisons.cell(present.id, 2))
    assert list(StoredCell.model_validate_json(last).attachments) == ["a.png"]
    assert notebook.read_bytes() == on_disk
    assert len(services.snapshots.snapshots().items) == 1


async def test_the_file_is_not_read_then(
    services: Services, notebook: Path, base: Snapshot
) -> None:
    content = notebook.read_text()
    notebook.write_text("no json")
    with pytest.raises(InvalidInputError, match="not JSON"):
        await look(services, base, None)
    present = await look(services, base, content)
    pieces = services.comparisons.cells(base.id, present.id)
    pairs = CellComparison.model_validate_json(b"".join(pieces)).items
    assert [pair.changes for pair in pairs] == [[], []]


async def test_its_secrets_are_masked(services: Services, notebook: Path, base: Snapshot) -> None:
    token = "ghp_" + "a1B2" * 9

    def write(cells: list[Any]) -> None:
        cells[1].source = f"token = '{token}'"

    present = await look(services, base, edited(notebook, write))
    cell = b"".join(services.comparisons.cell(present.id, 1)).decode()
    assert MASK in cell
    assert token not in cell


async def test_its_grade_is_that_of_what_stands_there(
    services: Services, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = kernel_state(scalars={"depth": 5, "f1": 0.9})
    base = services.snapshots.create(notebook, state, author="me")

    async def live(_: str) -> Any:
        return state

    monkeypatch.setattr(services.notebooks, "_state", live)
    present = await look(services, base, edited(notebook, edit_all))
    assert present.live
    found = services.comparisons.compare([base.id, present.id])
    assert found.items[1].grade == "stale"
    assert [row.values for row in found.parameters] == [["5", "7"]]


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"cells": 1})])
async def test_what_is_no_notebook_is_refused(
    services: Services, base: Snapshot, content: str
) -> None:
    with pytest.raises(InvalidInputError, match="not a notebook"):
        await look(services, base, content)
    assert services.comparisons.present._kept._kept == {}


def test_too_much_is_refused() -> None:
    assert PresentNotebookCreate(id="abcdef", content="x" * MOST_CONTENT).content
    with pytest.raises(ValidationError, match="at most"):
        PresentNotebookCreate(id="abcdef", content="x" * (MOST_CONTENT + 1))
