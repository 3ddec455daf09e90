"""Notebooks as they stand now, against their snapshots: nothing is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlops.comparison.kept import KeptParts, write
from jupyter_mlops.comparison.present import PresentNotebooks
from jupyter_mlops.comparison.schemas import CellComparison, StoredCell
from jupyter_mlops.core.errors import (
    InvalidInputError,
    KernelBusyError,
    NotFoundError,
    StoreUnavailableError,
)
from jupyter_mlops.kernels.schemas import FileAccess, LocalModule
from jupyter_mlops.notebooks import apart
from jupyter_mlops.notebooks.schemas import PresentNotebookCreate
from jupyter_mlops.snapshots.masking import MASK
from tests import notebooks
from tests.disks import filled
from tests.snapshots.test_manager import PIXEL, SOURCES, kernel_state

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.comparison.schemas import Comparison
    from jupyter_mlops.kernels.schemas import KernelState
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot

HIDDEN = "correct horse battery staple"


@pytest.fixture
def notebook(services: Services) -> Path:
    return notebooks.write(services.project.root / "train 한글.ipynb", SOURCES, parameters=0)


def snap(services: Services, path: Path, **changes: Any) -> Snapshot:
    return services.snapshots.create(path, kernel_state(**changes), author="me")


def look(services: Services, path: Path, state: KernelState | None = None) -> str:
    return apart.look(services, path, state, author="me")


def against(services: Services, base: Snapshot, state: KernelState | None = None) -> Comparison:
    path = services.project.root / base.notebook_path
    return services.comparisons.compare([base.id, look(services, path, state)])


def edit(path: Path, index: int, source: str, *outputs: Any) -> None:
    content: Any = nbformat.read(path, 4)
    content.cells[index].source = source
    content.cells[index].outputs = list(outputs)
    nbformat.write(content, path)


def objects_of(services: Services) -> list[str]:
    return sorted(services.objects.ids())


def test_what_was_edited_since_a_snapshot(services: Services, notebook: Path) -> None:
    base = snap(services, notebook, scalars={"depth": 5, "f1": 0.9})
    before = objects_of(services)
    edit(notebook, 0, "depth = 7")
    found = against(services, base, kernel_state(scalars={"depth": 7, "f1": 0.5}))
    assert [item.present for item in found.items] == [False, True]
    assert found.items[1].run.name == "train 한글.ipynb"
    assert [row.values for row in found.parameters] == [["5", "7"]]
    assert [row.values for row in found.metrics] == [[0.9, 0.5]]
    present = found.items[1].snapshot_id or ""
    pieces = services.comparisons.cells(base.id, present)
    cells = CellComparison.model_validate_json(b"".join(pieces))
    assert cells.other_id == present
    assert [pair.changes for pair in cells.items] == [["edited"], []]
    cell = StoredCell.model_validate_json(b"".join(services.comparisons.cell(present, 0)))
    assert (cell.source, cell.language) == ("depth = 7", "python")
    assert objects_of(services) == before
    assert len(services.snapshots.snapshots().items) == 1


def test_a_parameter_is_as_it_stands_where_its_cell_was_edited_after_it_ran(
    services: Services, notebook: Path
) -> None:
    ran = kernel_state(scalars={"depth": 5, "f1": 0.9})
    base = services.snapshots.create(notebook, ran, author="me")
    # set elsewhere, as the kernel knows
    assert [row.values for row in against(services, base, ran).parameters] == [["5", "5"]]
    edit(notebook, 0, "depth = 7")
    found = against(services, base, ran)
    assert [row.values for row in found.parameters] == [["5", "7"]]
    assert (found.items[1].grade, found.metrics[0].values) == ("stale", [0.9, 0.9])


def test_without_a_kernel_what_is_unknown_differs_from_nothing(
    services: Services, notebook: Path
) -> None:
    run = services.tracking.start_run("logged", author="me", params={"solver": "sag"})
    base = services.snapshots.create(
        notebook,
        kernel_state(scalars={"depth": 5, "f1": 0.9, "auc": 0.8}, seeds={"numpy": 1}),
        author="me",
        run_id=run.run_id,
    )
    edit(notebook, 1, SOURCES[1], nbformat.v4.new_output("stream", text="f1: 0.95\n"))
    found = against(services, base)
    assert {row.name: row.differs for row in found.parameters} == {"depth": True, "solver": False}
    assert {row.name: (row.values[1], row.differs) for row in found.metrics} == {
        "auc": (None, False),
        "f1": (0.95, True),
    }
    assert not found.items[1].has_environment
    assert not any(row.differs for row in found.code.facts)


def test_data_and_modules_are_as_they_are_on_the_disk(services: Services, notebook: Path) -> None:
    root = services.project.root
    (root / "part").mkdir()
    texts = {"same.csv": "a", "more.csv": "a", "gone.csv": "a", "part/0.csv": "0", "helper.py": "1"}
    for name, text in texts.items():
        (root / name).write_text(text)
    data = [name for name in texts if name.endswith(".csv") and "/" not in name]
    files = [FileAccess(path=str(root / name), mode="read") for name in data]
    files += [
        FileAccess(path=str(root / "part"), mode="read", kind="folder"),
        FileAccess(path="https://example.org/a", mode="read", kind="url"),
    ]
    modules = [LocalModule(name="helper", path=str(root / "helper.py"))]
    base = snap(services, notebook, files=files, modules=modules)
    (root / "more.csv").write_text("a\nb\n")
    (root / "gone.csv").unlink()
    (root / "part" / "1.csv").write_text("1")
    (root / "helper.py").write_text("2")
    found = against(services, base)
    assert {row.path: row.states[1] and row.states[1].change for row in found.data} == {
        "gone.csv": "removed",
        "more.csv": "changed",
        "part": "changed",
        "same.csv": "same",
        "https://example.org/a": "removed",
    }
    assert [(row.path, row.differs) for row in found.code.modules] == [("helper.py", True)]
    present = found.items[1].snapshot_id or ""
    assert services.comparisons.module(present, 0).text == "2"
    assert services.comparisons.diff(present).text is None


def test_a_kernel_that_ran_it_all_knows_what_was_read(services: Services, notebook: Path) -> None:
    (notebook.parent / "a.csv").write_text("a")
    access = FileAccess(path=str(notebook.parent / "a.csv"), mode="read")
    base = snap(services, notebook, files=[access])
    content: Any = nbformat.read(notebook, 4)
    for at, cell in enumerate(content.cells):
        cell.execution_count = at + 1
    nbformat.write(content, notebook)
    now = kernel_state()
    found = against(services, base, now)
    assert found.items[1].grade == "clean"
    assert [row.states[1] and row.states[1].change for row in found.data] == ["removed"]


def test_secrets_are_masked_as_in_snapshots(services: Services, notebook: Path) -> None:
    state = kernel_state(secrets=[HIDDEN])
    edit(notebook, 1, "print(it)", nbformat.v4.new_output("stream", text=f"{HIDDEN}\n"))
    base = services.snapshots.create(notebook, state, author="me")
    present = look(services, notebook, state)
    pieces = services.comparisons.cells(base.id, present)
    cells = CellComparison.model_validate_json(b"".join(pieces))
    assert [pair.changes for pair in cells.items] == [[], []]
    cell = b"".join(services.comparisons.cell(present, 1)).decode()
    assert MASK in cell
    assert HIDDEN not in cell


def test_figures(services: Services, notebook: Path) -> None:
    image = nbformat.v4.new_output("display_data", {"image/png": PIXEL})
    base = snap(services, notebook)
    edit(notebook, 1, SOURCES[1], image)
    found = against(services, base)
    assert [row.indexes for row in found.figures] == [[None, 0]]
    figure = json.loads(b"".join(services.comparisons.figure(found.items[1].snapshot_id or "", 0)))
    assert figure == {"mime_type": "image/png", "data": PIXEL}


def test_a_large_notebook_is_looked_at_apart(services: Services, notebook: Path) -> None:
    base = snap(services, notebook)
    filler = nbformat.v4.new_output("stream", name="stderr", text="x" * apart.LARGE)
    edit(notebook, 1, "print(it)", filler, nbformat.v4.new_output("stream", text=f"{HIDDEN}\n"))
    present = look(services, notebook, kernel_state(secrets=[HIDDEN]))
    pieces = services.comparisons.cells(base.id, present)
    cells = CellComparison.model_validate_json(b"".join(pieces))
    assert [pair.changes for pair in cells.items] == [[], ["edited", "outputs"]]
    cell = b"".join(services.comparisons.cell(present, 1)).decode()
    assert '"source":"print(it)"' in cell
    notebook_id = services.comparisons.present.side(present).manifest.notebook.object_id
    text = services.comparisons.present.side(present).read(notebook_id).decode()
    assert len(text) > apart.LARGE
    assert HIDDEN not in text


def test_one_that_is_not_kept_any_more_is_missing(services: Services, notebook: Path) -> None:
    base = snap(services, notebook)
    gone = f"present-{'0' * 32}"
    assert services.comparisons.compare([base.id, gone]).missing == [gone]
    with pytest.raises(NotFoundError, match="Refresh"):
        services.comparisons.cell(gone, 0)


def test_one_that_others_replace_while_it_is_read_says_so(tmp_path: Path) -> None:
    kept = KeptParts(tmp_path, most=1, seconds=600)
    with kept.filling(["a"]) as (file,):
        write([b"x" * 3_000_000], file)
    found = kept.stored("a", 0)
    assert found
    assert found[1] == 3_000_000
    assert next(iter(found[0]))
    kept.forget(["a"])
    with pytest.raises(NotFoundError, match="Try again"):
        next(found[0])  # type: ignore[call-overload]
    kept.close()


def test_a_full_disk_says_so(services: Services, notebook: Path, small_disk: Path) -> None:
    services.comparisons.present = PresentNotebooks(small_disk)
    with filled(small_disk), pytest.raises(StoreUnavailableError, match="no room"):
        look(services, notebook)


def test_what_cannot_be_read_leaves_nothing(services: Services, notebook: Path) -> None:
    notebook.write_text("no json")
    with pytest.raises(InvalidInputError, match="not JSON"):
        look(services, notebook)
    assert services.comparisons.present._kept._kept == {}
    assert list(services.project.staging.iterdir()) == []


def asked(name: str) -> PresentNotebookCreate:
    return PresentNotebookCreate(id=name)


class BusyKernels:
    async def kernel_of(self, _: str) -> Any:
        raise KernelBusyError("The kernel is busy.")


async def test_the_notebook_of_a_snapshot_is_found_where_it_is_now(
    services: Services, notebook: Path
) -> None:
    base = snap(services, notebook)
    moved = notebook.with_name("moved 한글.ipynb")
    notebook.rename(moved)
    services.history.renamed(notebook, moved)
    found = await services.notebooks.present(asked(base.id[:10]), author="me")
    assert (found.notebook_path, found.live, found.note) == (moved.name, False, None)
    assert found.id == services.comparisons.compare([base.run_id, found.id]).items[1].snapshot_id
    moved.unlink()
    with pytest.raises(NotFoundError, match="no notebook moved"):
        await services.notebooks.present(asked(base.id), author="me")
    with pytest.raises(NotFoundError, match="no run or snapshot"):
        await services.notebooks.present(asked("0" * 32), author="me")
    bare = services.tracking.start_run("bare", author="me")
    with pytest.raises(NotFoundError, match="not run in a notebook"):
        await services.notebooks.present(asked(bare.run_id), author="me")


async def test_a_busy_kernel_leaves_the_file(
    services: Services, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = snap(services, notebook)
    monkeypatch.setattr(services.notebooks, "_kernels", BusyKernels())
    found = await services.notebooks.present(asked(base.id), author="me")
    assert (found.live, found.note) == (False, "The kernel is busy.")
