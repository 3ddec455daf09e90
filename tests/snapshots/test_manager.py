from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
import tracemalloc
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlops.core.errors import InvalidInputError, NotFoundError, StoreUnavailableError
from jupyter_mlops.kernels.schemas import (
    FileAccess,
    KernelState,
    LocalModule,
)
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.code import code_state
from jupyter_mlops.snapshots.masking import Masker
from jupyter_mlops.snapshots.schemas import FileUse
from tests import kernel_states, notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.snapshots.schemas import Snapshot

PIXEL = base64.b64encode(b"\x89PNG not quite").decode()
SOURCES = ["depth = 4", "f1 = fit(depth)"]


def kernel_state(**changes: Any) -> KernelState:
    """Return the state of a kernel in which ``SOURCES`` ran."""
    found = {"scalars": {"depth": 5, "f1": 0.5}, "variables": {"depth": "int"}}
    return kernel_states.kernel_state(SOURCES, **(found | changes))


@pytest.fixture
def notebook(services: Services) -> Path:
    return notebooks.write(services.project.root / "train 1.ipynb", SOURCES, parameters=0)


def snap(services: Services, path: Path, state: KernelState | None = None, **more: Any) -> Snapshot:
    return services.snapshots.create(path, state, author="me", **more)


def test_a_snapshot_of_a_live_kernel(services: Services, notebook: Path) -> None:
    made = snap(services, notebook, kernel_state(), message="first")
    assert made.notebook_path == "train 1.ipynb"
    assert (made.grade, made.status) == ("clean", "FINISHED")
    assert made.parameters == {"depth": 5}  # as it ran, not as it stands in the file
    assert made.metrics == {"f1": 0.5}
    run = services.tracking.run(made.run_id)
    assert (run.snapshot_id, run.grade, run.author) == (made.id, "clean", "me")
    assert (run.params, run.metrics) == ({"depth": "5"}, {"f1": 0.5})
    assert services.snapshots.snapshots().items == [made]
    assert services.snapshots.snapshot(made.id[:8]).manifest.message == "first"


def test_a_snapshot_of_a_file_alone(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)
    assert made.grade == "unknown"
    assert made.parameters == {"depth": 4}
    assert made.metrics == {}


def test_the_id_is_the_digest_of_the_manifest(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)
    assert json.loads(services.objects.read(made.id))["notebook"]["path"] == "train 1.ipynb"


def test_the_notebook_comes_back_with_its_outputs(services: Services, notebook: Path) -> None:
    content: Any = nbformat.read(notebook, 4)
    image = nbformat.v4.new_output("display_data", {"image/png": PIXEL})
    content.cells[1].outputs = [image]
    nbformat.write(content, notebook)
    made = snap(services, notebook)
    notebook.unlink()
    assert services.snapshots.notebook(made.id).content["cells"][1]["outputs"][0]["data"]
    figure = json.loads(b"".join(services.comparisons.figure(made.id, 0)))
    assert figure == {"mime_type": "image/png", "data": PIXEL}
    with pytest.raises(NotFoundError):
        services.comparisons.figure(made.id, 1)


def test_files_and_modules_are_kept(services: Services, notebook: Path) -> None:
    root = services.project.root
    (root / "data.csv").write_text("a,b\n1,2\n")
    (root / ".env").write_text("KEY=1")
    (root / "helper.py").write_text('token = "hunter2222"\n')
    state = kernel_state(
        files=[
            FileAccess(path=str(root / "data.csv"), mode="read", cell_ids=["cell1"]),
            FileAccess(path=str(root / ".env"), mode="read"),
            FileAccess(path=str(root / "gone.csv"), mode="write"),
        ],
        modules=[LocalModule(name="helper", path=str(root / "helper.py"))],
    )
    manifest = services.snapshots.snapshot(snap(services, notebook, state).id).manifest
    data, env, gone = manifest.files
    assert (data.path, data.size, data.cell_ids) == ("data.csv", 8, ["cell1"])
    assert services.objects.read(data.object_id or "") == b"a,b\n1,2\n"
    assert (env.object_id, env.digest is not None) == (None, True)
    assert gone.digest is None
    assert "could not be read" in (gone.note or "")
    module = services.objects.read(manifest.modules[0].object_id or "")
    assert b"hunter" not in module
    assert manifest.masked[0].where == "module helper"


def test_a_file_over_the_limit_keeps_its_digest_only(services: Services, notebook: Path) -> None:
    path = services.project.root / "big.bin"
    path.write_bytes(b"x" * 2000)
    limited = Services(services.project, services.project.root, keep_limit=1000)
    state = kernel_state(files=[FileAccess(path=str(path), mode="read")])
    made = snap(limited, notebook, state)
    use = limited.snapshots.snapshot(made.id).manifest.files[0]
    assert (use.object_id, use.size) == (None, 2000)
    assert use.digest
    limited.close()


def test_git_state(services: Services, notebook: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=notebook.parent, check=True)  # noqa: S607

    assert services.snapshots.snapshot(snap(services, notebook).id).manifest.code.commit is None
    git("init", "-q", "-b", "main")
    (notebook.parent / "한글.py").write_text("x = 1\n")
    git("add", "한글.py")
    git("commit", "-q", "-m", "first")
    (notebook.parent / "한글.py").write_text("x = 2\n")
    code = services.snapshots.snapshot(snap(services, notebook).id).manifest.code
    assert (code.branch, code.dirty, len(code.commit or "")) == ("main", True, 40)
    assert "+++ b/한글.py" in (code.diff or "")
    assert "+x = 2" in (code.diff or "")
    data = notebook.parent / "a [b] 한글.csv"
    data.write_text("a\n1\n")
    git("add", "-A")
    data.write_text("a\n2\n")
    read = kernel_state(files=[FileAccess(path=str(data), mode="read")])
    code = services.snapshots.snapshot(snap(services, notebook, read).id).manifest.code
    assert "+x = 2" in (code.diff or "")
    assert "a [b]" not in (code.diff or "")  # or it could not be erased
    (notebook.parent / "한글.py").write_text("# 한글\n" * 4_000_000)
    tracemalloc.start()
    code = code_state(notebook.parent, Masker())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len((code.diff or "").encode()) <= 1024 * 1024
    assert code.note == "the diff is cut at 1 MiB"
    assert most < 16 * 1024 * 1024


def test_git_in_a_folder_of_two_lines(tmp_path: Path) -> None:
    folder = tmp_path / "two\nlines"
    folder.mkdir()
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for arguments in (["init", "-q", "-b", "main"], ["commit", "-qm", "first", "--allow-empty"]):
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)  # noqa: S607
    code = code_state(folder, Masker())
    assert (code.branch, len(code.commit or "")) == ("main", 40)
    long = [folder / str(number) / ("x" * 4000) for number in range(1000)]
    assert code_state(folder, Masker(), long).note == "git failed: Argument list too long"


def test_git_that_does_not_answer(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bin_ = notebook.parent / "bin"
    bin_.mkdir()
    (bin_ / "git").write_text("#!/bin/sh\nexec sleep 600\n")
    (bin_ / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(bin_), prepend=os.pathsep)
    monkeypatch.setattr("jupyter_mlops.snapshots.code._SECONDS", 0.1)
    assert code_state(notebook.parent, Masker()).note == "git did not answer in 0.1 s"


def test_a_failed_last_cell_makes_a_failed_run(services: Services, notebook: Path) -> None:
    content: Any = nbformat.read(notebook, 4)
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    content.cells[1].outputs = [error]
    nbformat.write(content, notebook)
    cells = kernel_state().cells
    failed = [cells[0], cells[1].model_copy(update={"status": "error"})]
    made = snap(services, notebook, kernel_state(cells=failed))
    run = services.tracking.run(made.run_id)
    assert run.status == "FAILED"
    assert run.error
    assert (run.error.name, run.error.cell_index, run.error.cell_id) == ("ValueError", 1, "cell1")


def test_the_parent_is_the_snapshot_before(services: Services, notebook: Path) -> None:
    first, second = snap(services, notebook), snap(services, notebook)
    assert (first.parent_id, second.parent_id) == (None, first.id)


def test_current_is_the_newest_snapshot_of_the_same_history(
    services: Services, notebook: Path
) -> None:
    state = kernel_state()
    assert services.snapshots.current(notebook, state) is None
    made = snap(services, notebook, state)
    assert services.snapshots.current(notebook, state) == made
    more = [*state.cells, state.cells[0].model_copy(update={"execution_count": 3})]
    assert services.snapshots.current(notebook, kernel_state(cells=more)) is None


def test_deleting_the_run_hides_the_snapshot(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)
    services.tracking.delete_run(made.run_id)
    assert services.snapshots.snapshots().items == []
    services.tracking.restore_run(made.run_id)
    assert services.snapshots.snapshots().items == [made]


def test_two_at_once_are_both_kept(services: Services, notebook: Path) -> None:
    made: list[Snapshot] = []
    threads = [
        threading.Thread(target=lambda: made.append(snap(services, notebook, kernel_state())))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.run_id for one in made}) == 4
    assert len(services.snapshots.snapshots().items) == 4


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"cells": 1}', '{"worksheets": []}'])
def test_what_is_no_notebook_is_refused(services: Services, content: str) -> None:
    path = services.project.root / "x.ipynb"
    path.write_text(content)
    with pytest.raises(InvalidInputError):
        snap(services, path)
    assert services.tracking.runs().items == []


def test_a_missing_notebook_says_so(services: Services) -> None:
    with pytest.raises(NotFoundError, match="renamed"):
        snap(services, services.project.root / "gone.ipynb")


def test_a_store_that_cannot_be_written_records_nothing(
    services: Services, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snap(services, notebook)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", full)
        with pytest.raises(StoreUnavailableError, match=r"[Ss]pace|full"):
            snap(services, notebook, kernel_state())
    assert len(services.snapshots.snapshots().items) == 1
    assert len(services.tracking.runs().items) == 1
    snap(services, notebook, kernel_state())


@pytest.mark.parametrize("snapshot_id", ["", "abc", "0" * 64, "%%%%%%%%"])
def test_unknown_ids(services: Services, snapshot_id: str) -> None:
    with pytest.raises((NotFoundError, InvalidInputError)):
        services.snapshots.snapshot(snapshot_id)


def test_data_of_the_first_version_has_one_cell() -> None:
    old = {"path": "a", "mode": "read", "size": 1, "digest": None, "object_id": None}
    assert FileUse.model_validate(old | {"cell_id": "cell1"}).cell_ids == ["cell1"]
    assert FileUse.model_validate(old | {"cell_id": None}).cell_ids == []
