"""Reproductions with real kernels, each in its own process."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from blake3 import blake3
from jupyter_client.kernelspec import KernelSpecManager

from jupyter_mlops import upkeep
from jupyter_mlops.core.errors import InvalidInputError
from jupyter_mlops.executions.receipt_schemas import Tolerance
from jupyter_mlops.kernels.schemas import FileAccess, Package
from jupyter_mlops.restoring.environments import EnvironmentBuilder
from jupyter_mlops.services import Services
from tests import notebooks
from tests.environments import KERNEL, environment
from tests.snapshots.test_manager import kernel_state, snap

from .conftest import add_kernel
from .reproductions import begin, local, reproduce, run, shown, with_kernel

READS = [
    "depth = 2",
    "import helper, os\nprint(os.path.abspath('out'))\nopen('out', 'w').write('x')",
    "rows = open('자료/in put.csv').read().split()\ntotal = sum(map(float, rows)) * depth\ntotal",
]


def files(services: Services) -> list[str]:
    """List the user's files."""
    found = services.project.root.rglob("*")
    return sorted(str(path) for path in found if ".mlops" not in path.parts)


def test_the_data_modules_and_parameters_are_what_they_were(
    services: Services, folder: Path
) -> None:
    (folder / "helper.py").write_text("x = 1\n")
    data = folder / "자료" / "in put.csv"
    data.parent.mkdir()
    data.write_text("1\n2\n")
    path = notebooks.write(folder / "train 1.ipynb", READS, parameters=0)
    taken = run(services, path, parameters={"depth": 3})
    assert taken.metrics == {"total": 9.0}
    first = services.snapshots.snapshot(taken.id).manifest
    (folder / "helper.py").write_text("1 / 0\n")
    data.write_text("7\n")
    notebooks.write(path, ["# other"])
    (folder / "out").unlink()
    before = files(services)

    receipt = reproduce(services, taken)
    assert (receipt.state, receipt.verdict) == ("completed", "reproduced"), receipt.summary
    assert receipt.environment
    assert (receipt.environment.kind, receipt.environment.python) == ("same", sys.executable)
    assert {cell.verdict for cell in receipt.cells} == {"same"}
    (metric,) = receipt.metrics
    assert (metric.name, metric.recorded, metric.found) == ("total", 9.0, 9.0)
    assert receipt.duration_seconds
    assert receipt.run_seconds
    assert files(services) == before

    (run_id,) = receipt.run_ids
    rerun = services.tracking.run(run_id)
    again = services.snapshots.snapshot(rerun.snapshot_id or "")
    assert (again.origin, again.author) == ("reproduction", "someone")
    assert (again.notebook_path, again.parameters) == (taken.notebook_path, taken.parameters)
    uses = {(use.path, use.mode, use.digest) for use in again.manifest.files}
    assert uses == {(use.path, use.mode, use.digest) for use in first.files}
    assert services.reproductions.receipts(taken.id).items == [receipt]
    assert reproduce(services, again).verdict == "reproduced"


@local
def test_what_differs_and_what_is_random(services: Services, folder: Path) -> None:
    path = shown(
        folder / "a.ipynb",
        ("print('a')", "a\n"),
        ("import random; print(random.random())", "0.5\n"),
        ("print('b')", "c\n"),
        ("1 / 0", ""),
    )
    receipt = reproduce(services, snap(services, path))
    assert receipt.summary == "differs at cell 3: it prints “b” instead of “c”"
    verdicts = [cell.verdict for cell in receipt.cells]
    assert verdicts == ["same", "random", "differs", "differs"]
    assert receipt.cells[-1].difference == "also raises “ZeroDivisionError: division by zero”"
    assert len(receipt.run_ids) == 2
    assert receipt.environment
    assert receipt.environment.kind == "installed"
    assert receipt.environment.notes
    assert ["which files" in note for note in receipt.notes] == [True]


@local
def test_secrets_that_are_shown_make_no_difference_and_are_not_told(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "k3rnel-own-value")
    shows = "import os\nprint(os.environ['SOME_API_KEY'])"
    drawn, timed = "import random\nprint(random.random())", "import time\ntime.strftime('%M:%S')"
    path = notebooks.write(folder / "a.ipynb", [shows, drawn, timed])
    receipt = reproduce(services, run(services, path))
    assert receipt.summary == (
        "reproduced: 3 cells, 0 metrics; 1 random by nature; 1 cell showing the time"
    )
    assert "k3rnel" not in receipt.model_dump_json()


@local
def test_a_notebook_whose_cells_have_no_ids(services: Services, folder: Path) -> None:
    path = shown(folder / "a.ipynb", ("print('a')", "a\n"), ("print('b')", "c\n"))
    content = json.loads(path.read_text())
    for cell in content["cells"]:
        del cell["id"]
    path.write_text(json.dumps(content | {"nbformat_minor": 4}))
    receipt = reproduce(services, snap(services, path))
    assert receipt.summary == "differs at cell 2: it prints “b” instead of “c”"


@local
def test_within_tolerance(services: Services, folder: Path) -> None:
    taken = run(
        services,
        notebooks.write(folder / "a.ipynb", ["import os\nscore = 1 + os.getpid() * 1e-9\nscore"]),
    )
    assert reproduce(services, taken).verdict == "differs"
    tolerances = {"score": Tolerance(relative=0.01)}
    receipt = reproduce(services, taken, tolerances=tolerances, twice=True)
    assert receipt.verdict == "within tolerance", receipt.summary
    with pytest.raises(InvalidInputError, match=r"no metric f1\. It has: score"):
        begin(services, taken, tolerances={"f1": Tolerance()})


@local
@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("import os; os._exit(1)", {}, "Cell 1: The kernel died"),
        ("import time; time.sleep(60)", {"timeout": 1}, "Cell 1: The cell took longer"),
    ],
)
def test_no_verdict_on_what_did_not_run(
    services: Services, folder: Path, source: str, options: dict[str, Any], message: str
) -> None:
    receipt = reproduce(
        services, snap(services, shown(folder / "a.ipynb", (source, ""))), **options
    )
    assert (receipt.state, receipt.verdict) == ("failed", None)
    assert message in (receipt.summary or "")


@local
def test_data_that_cannot_be_had(services: Services, folder: Path) -> None:
    path = notebooks.write(folder / "a.ipynb", ["open('.env')"])
    secret = folder / ".env"
    secret.write_text("hunter2")
    state = kernel_state(files=[FileAccess(path=str(secret), mode="read")])
    taken = snap(services, path, with_kernel(state, language="none"))  # any kernel will do
    secret.write_text("hunter3")
    receipt = reproduce(services, taken)
    assert receipt.state == "failed"
    assert "Data is missing: sub dir/.env" in (receipt.summary or "")
    assert [missing.path for missing in receipt.missing] == ["sub dir/.env"]
    secret.write_text("hunter2")  # unchanged, it is linked
    assert reproduce(services, taken).state == "completed"


@local
def test_data_that_was_erased(services: Services, folder: Path) -> None:
    path = shown(folder / "a.ipynb", ("import os; print(len(os.listdir('parts')))", "2\n"))
    (folder / "parts").mkdir()
    for name in ("1", "2"):
        (folder / "parts" / name).write_text(name)
    reads = FileAccess(path=str(folder / "parts"), kind="folder", mode="read")
    state = kernel_state(files=[reads], scalars={})
    taken = snap(services, path, with_kernel(state, language="none"))
    upkeep.erase(services, [blake3(b"2").hexdigest()], author="ana", reason="a customer asked")
    assert reproduce(services, taken).verdict == "reproduced"  # it is still where it was
    (folder / "parts" / "2").write_text("3")
    receipt = reproduce(services, taken)
    assert (receipt.state, receipt.verdict) == ("failed", None)
    said = receipt.summary or ""
    assert said.startswith(
        "It cannot be reproduced, because data was erased: sub dir/parts/2. Erased on "
    )
    assert "by ana: a customer asked." in said
    assert [(one.path, one.erased) for one in receipt.missing] == [("sub dir/parts/2", True)]


@local
def test_a_file_read_by_its_absolute_path_has_to_be_what_it_was(
    services: Services, folder: Path
) -> None:
    (folder / "x.csv").write_text("1")
    taken = run(services, notebooks.write(folder / "a.ipynb", [f"open({str(folder / 'x.csv')!r})"]))
    (folder / "x.csv").write_text("2")
    receipt = reproduce(services, taken)
    assert receipt.state == "failed"
    assert "by its absolute path" in (receipt.summary or "")


@local
def test_the_notebook_lies_in_a_folder_that_it_reads(services: Services, folder: Path) -> None:
    """The kernel stands in that folder before it is filled."""
    (folder / "helper.py").write_text("x = 1")
    (folder / "a.csv").write_text("7")
    cells = ("import helper; print(helper.x, open('a.csv').read())", "1 7\n")
    path = shown(folder / "a.ipynb", cells)
    reads = FileAccess(path=str(folder), kind="folder", mode="read")
    state = kernel_state(files=[reads], scalars={})
    taken = snap(services, path, with_kernel(state, language="none"))
    (folder / "a.csv").unlink()
    receipt = reproduce(services, taken)
    assert receipt.verdict == "reproduced", receipt.summary


@local
def test_packages_that_are_others_now(services: Services, folder: Path) -> None:
    path = notebooks.write(folder / "a.ipynb", ["1"])
    state = kernel_state()
    packages = [Package(name="pip", version="0.1")]
    state = with_kernel(state, executable=sys.executable, packages=packages)
    taken = snap(services, path, state)
    receipt = reproduce(services, taken)
    assert receipt.state == "failed"
    assert "Rebuild the environment" in (receipt.summary or "")
    assert receipt.environment
    found = {one.name: one.recorded for one in receipt.environment.differences}
    assert (found["pip"], found["python"], found["ipykernel"]) == ("0.1", "3.12", None)
    taken = snap(services, path, with_kernel(state, executable="/no/python"))
    assert "not there any more" in (reproduce(services, taken).summary or "")


@local
def test_a_rebuilt_environment(
    services: Services, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = environment("kernel", KERNEL)
    add_kernel(tmp_path / "jupyter", "small", python)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    path = notebooks.write(folder / "a.ipynb", ["import sys; print(sys.version)"])
    taken = run(services, path, kernel_name="small")
    manifest = services.snapshots.snapshot(taken.id).manifest
    assert manifest.notebook.kernel_name == "small"  # which ran it, not python3
    recorded = manifest.environment
    (tmp_path / "elsewhere").mkdir()
    other = Services(type(services.project)(tmp_path / "elsewhere"), tmp_path / "elsewhere")
    EnvironmentBuilder(other.project, services.objects).build(
        recorded, snapshot_id=taken.id, downloads=True
    )  # so that uv has the wheels
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # the cable is pulled
    receipt = reproduce(services, taken, environment="rebuild")
    assert receipt.verdict == "reproduced", receipt.summary
    assert receipt.environment
    assert receipt.environment.kind == "rebuilt"
    assert str(services.project.store / "environments") in (receipt.environment.python or "")


@local
def test_a_notebook_in_r(services: Services, folder: Path, tmp_path: Path) -> None:
    if "ir" not in KernelSpecManager().find_kernel_specs():
        pytest.skip("there is no R kernel here: install IRkernel")
    (folder / "자료.csv").write_text("x\n1\n3\n")
    path = folder / "a.ipynb"
    where = tmp_path / "where.txt"
    sources = [
        "set.seed(1); mean(read.csv('자료.csv')$x) + runif(1)",
        "format(Sys.time(), '%M:%S')",
        f"writeLines(setdiff(.libPaths(), .Library), {json.dumps(str(where))})",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    metadata = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    taken = run(services, path)
    (folder / "자료.csv").unlink()
    receipt = reproduce(services, taken)
    assert receipt.verdict == "reproduced", receipt.summary
    assert receipt.environment
    assert (receipt.environment.kind, receipt.environment.notes) == ("same", [])
    assert [cell.verdict for cell in receipt.cells] == ["same", "shows the time", "same"]
    receipt = reproduce(services, taken, environment="rebuild")
    assert receipt.verdict == "reproduced", receipt.summary
    assert receipt.environment
    assert receipt.environment.kind == "rebuilt"
    library = Path(receipt.environment.python or "").parents[1] / "library"
    assert library.is_relative_to(services.project.store)
    assert where.read_text() == f"{library}\n"  # and nothing else, but for R's own

    state = kernel_state()
    packages = [Package(name="base", version="1.0")]
    state = with_kernel(state, language="R", language_version="1.0", packages=packages)
    receipt = reproduce(services, snap(services, path, state))
    assert receipt.state == "failed"
    assert "install those" in (receipt.summary or "")
    assert receipt.environment
    changed = {one.name: one.recorded for one in receipt.environment.differences}
    assert (changed["r"], changed["base"]) == ("1.0", "1.0")
