"""papermill's own command line with ``--engine mlops``, on real kernels and stores."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

import nbformat
import papermill as papermill_library
import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.core.errors import NotFoundError
from jupyter_mlops.executions.alive import vanished
from jupyter_mlops.executions.recorder import RunRecorder
from tests import notebooks
from tests.databases import SHARED
from tests.environments import bare_environment

from .conftest import Papermill, add_kernel, staged

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from jupyter_mlops.core.project import Project
    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import SnapshotDetail
    from jupyter_mlops.tracking.schemas import Run

TREE = [
    "max_depth = 2",
    "from sklearn.datasets import load_iris\n"
    "from sklearn.tree import DecisionTreeClassifier\n"
    "X, y = load_iris(return_X_y=True)\n"
    "model = DecisionTreeClassifier(max_depth=max_depth, random_state=0).fit(X, y)",
    "accuracy = model.score(X, y)\nleaves = model.get_n_leaves()",
]
SLOW = (
    "import os, time\n"
    "with open('pid', 'w') as file:\n"
    "    file.write(f'{os.getpid()}\\n')\n"
    "time.sleep(600)"
)
UNWRITABLE = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def code_cells(path: Path) -> list[Any]:
    """The code cells of an executed notebook, without the one that papermill adds."""
    cells = nbformat.read(path, as_version=4).cells
    tagged = [cell for cell in cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    return [cell for cell in tagged if cell.cell_type == "code"]


def only_run(services: Services) -> tuple[Run, SnapshotDetail]:
    """The one run in the store, and its snapshot."""
    (run,) = services.tracking.runs().items
    (snapshot,) = services.snapshots.snapshots().items
    assert (run.snapshot_id, snapshot.run_id) == (snapshot.id, run.run_id)
    assert (run.status, run.grade) == (snapshot.status, snapshot.grade)
    assert run.ended_at
    assert staged(services.project) == []
    return run, services.snapshots.snapshot(snapshot.id)


def test_the_data_of_each_cell(papermill: Papermill, services: Services) -> None:
    sources = [
        "import pandas as pd\npd.DataFrame({'a': [1, 2]}).to_parquet('결과.parquet')",
        "sum(pd.read_parquet('결과.parquet').a)\nimport duckdb",
        "duckdb.sql(\"select count(*) from '결과.parquet'\").fetchall()",
    ]
    notebooks.write(papermill.folder / "data.ipynb", sources)
    code, said = papermill.run("data.ipynb", "out.ipynb")
    assert code == 0, said
    _, snapshot = only_run(services)
    uses = {use.mode: use for use in snapshot.manifest.files}
    assert {use.path for use in uses.values()} == {"결과.parquet"}
    assert uses["write"].cell_ids == ["cell0"]
    assert uses["read"].cell_ids == ["cell1", "cell2"]
    assert uses["read"].object_id == uses["write"].object_id


def test_a_run_with_its_snapshot_and_models(papermill: Papermill, services: Services) -> None:
    path = notebooks.write(papermill.folder / "train 1.ipynb", TREE, parameters=0)
    before = path.read_bytes()
    code, said = papermill.run("train 1.ipynb", "결과 1.ipynb", "-p", "max_depth", "4")
    assert code == 0, said
    assert path.read_bytes() == before
    executed = code_cells(papermill.folder / "결과 1.ipynb")
    assert [cell.execution_count for cell in executed] == [1, 3, 4]

    run, snapshot = only_run(services)
    assert (run.status, run.grade, run.error) == ("FINISHED", "clean", None)
    assert (run.notebook_path, run.params) == ("train 1.ipynb", {"max_depth": "4"})
    assert run.tags["mlops.output_path"] == "결과 1.ipynb"
    assert snapshot.parameters == {"max_depth": 4}
    assert snapshot.metrics.keys() == {"accuracy", "leaves"}
    assert snapshot.metrics["accuracy"] > 0.97
    kept = services.snapshots.notebook(snapshot.id).content["cells"]
    assert [cell["execution_count"] for cell in kept] == [1, 2, 3, 4]
    assert f"Snapshot {snapshot.id[:12]} of run {run.run_id}" in said

    (model,) = snapshot.manifest.models
    assert (model.variable, model.class_name) == ("model", "DecisionTreeClassifier")
    assert model.object_id
    assert services.snapshots.kept_model(snapshot.id, "model")[1] == model


def test_a_failing_notebook_is_kept(papermill: Papermill, services: Services) -> None:
    sources = ["rate = 0.5", "half = rate / 2", "raise ValueError('no 데이터')", "never = half"]
    notebooks.write(papermill.folder / "in.ipynb", sources)
    code, said = papermill.run("in.ipynb", "out.ipynb")
    assert (code, "no 데이터" in said) == (1, True)
    executed = code_cells(papermill.folder / "out.ipynb")
    assert [cell.execution_count for cell in executed] == [1, 2, 3, None]
    assert executed[2].outputs[0].ename == "ValueError"

    run, snapshot = only_run(services)
    assert run.status == "FAILED"
    assert run.error
    assert (run.error.name, run.error.message) == ("ValueError", "no 데이터")
    assert (run.error.cell_index, run.error.cell_id) == (2, "cell2")
    assert snapshot.manifest.error == run.error
    assert snapshot.metrics == {"half": 0.25}
    assert [cell.status for cell in snapshot.manifest.cells] == ["ok", "ok", "error"]


def test_a_clean_exit_is_no_failure(papermill: Papermill, services: Services) -> None:
    notebooks.write(papermill.folder / "in.ipynb", ["x = 1.5 * 2", "raise SystemExit(0)", "y = 1"])
    code, said = papermill.run("in.ipynb", "out.ipynb")
    assert code == 0, said
    run, snapshot = only_run(services)
    assert (run.status, run.error, snapshot.metrics) == ("FINISHED", None, {"x": 3.0})


def test_a_kernel_that_dies(papermill: Papermill, services: Services) -> None:
    sources = ["x = 1", "import os\nos._exit(1)", "never = 1"]
    notebooks.write(papermill.folder / "in.ipynb", sources, parameters=0)
    code, _ = papermill.run("in.ipynb", "out.ipynb", "-p", "x", "2")
    assert code not in {0, None}
    assert len(code_cells(papermill.folder / "out.ipynb")) == 3

    run, snapshot = only_run(services)
    assert (run.status, run.params) == ("FAILED", {"x": "2"})
    assert run.error
    assert (run.error.name, run.error.cell_id) == ("DeadKernelError", "cell1")
    assert "died" in run.error.message
    assert (snapshot.grade, snapshot.parameters) == ("unknown", {"x": 2})
    assert "kernel is dead" in " ".join(snapshot.manifest.notes)


def test_a_cell_that_takes_too_long(papermill: Papermill, services: Services) -> None:
    notebooks.write(papermill.folder / "in.ipynb", ["done = 2 * 3", SLOW])
    code, _ = papermill.run("in.ipynb", "out.ipynb", "--execution-timeout", "5")
    assert code not in {0, None}
    run, snapshot = only_run(services)
    assert run.status == "FAILED"
    assert run.error
    assert (run.error.name, run.error.cell_index) == ("CellTimeoutError", 1)
    assert snapshot.metrics == {"done": 6.0}
    assert not psutil.pid_exists(kernel_pid(papermill.folder))


def test_a_run_that_is_killed_is_closed(papermill: Papermill, services: Services) -> None:
    notebooks.write(papermill.folder / "slow.ipynb", [SLOW])
    with papermill.start("slow.ipynb", "out.ipynb") as process:
        begun(papermill, process)
        services.executions.close_vanished()
        assert [run.status for run in services.tracking.runs().items] == ["RUNNING"]
        process.kill()
        process.wait()
    assert [run.status for run in services.tracking.runs().items] == ["RUNNING"]
    assert staged(services.project)
    services.close_vanished()
    (run,) = services.tracking.runs().items
    assert run.status == "KILLED"
    assert run.error
    assert (run.error.name, run.error.cell_id) == ("Killed", "cell0")
    assert vanished(services.project) == staged(services.project) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run(papermill: Papermill, services: Services, number: signal.Signals) -> None:
    notebooks.write(papermill.folder / "in.ipynb", ["done = 2 * 3", SLOW, "never = 1"])
    with papermill.start("in.ipynb", "out.ipynb") as process:
        begun(papermill, process)
        assert [run.status for run in services.tracking.runs().items] == ["RUNNING"]
        process.send_signal(number)
        process.communicate()
    assert process.returncode not in {0, None}

    run, snapshot = only_run(services)
    assert run.status == "KILLED"
    assert run.error
    assert (run.error.message, run.error.cell_id) == ("The run was stopped.", "cell1")
    assert snapshot.metrics == {"done": 6.0}
    assert len(code_cells(papermill.folder / "out.ipynb")) == 3
    assert not psutil.pid_exists(kernel_pid(papermill.folder))


def begun(papermill: Papermill, process: subprocess.Popen[str]) -> None:
    """Wait until the slow cell runs."""
    deadline = time.monotonic() + 180
    while not (papermill.folder / "pid").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kernel_pid(folder: Path) -> int:
    return int((folder / "pid").read_text())


def a_file_in_its_place(project: Project) -> None:
    project.store.write_text("no folder")


def a_damaged_database(project: Project) -> None:
    project.prepare()
    (project.store / "mlops.db").write_bytes(b"no database" * 1000)


_DAMAGED = pytest.param(
    a_damaged_database, marks=pytest.mark.skipif(SHARED, reason="damages a SQLite file")
)


def read_only(project: Project) -> None:
    project.prepare()
    project.staging.chmod(0o500)
    project.store.chmod(0o500)


@pytest.mark.parametrize("damage", [a_file_in_its_place, _DAMAGED, read_only])
def test_a_store_that_cannot_be_written_costs_no_result(
    papermill: Papermill, project: Project, damage: Callable[[Project], None]
) -> None:
    notebooks.write(papermill.folder / "in.ipynb", ["x = 1", "print(x + 1)"])
    damage(project)
    # root may write anywhere, unless it gives that up
    prefix = UNWRITABLE if damage is read_only and os.geteuid() == 0 else ()
    code, said = papermill.run("in.ipynb", "out.ipynb", prefix=prefix)
    assert code == 0, said
    executed = code_cells(papermill.folder / "out.ipynb")
    assert executed[1].outputs[0].text == "2\n"
    (line,) = [line for line in said.splitlines() if "no snapshot of this run" in line]
    assert str(project.store) in line
    assert "Traceback" not in said


def test_a_store_that_goes_away_costs_no_result(papermill: Papermill, project: Project) -> None:
    sources = ["import shutil\nshutil.rmtree('.mlops')\nopen('.mlops', 'w').close()", "print(2)"]
    notebooks.write(papermill.folder / "in.ipynb", sources)
    code, said = papermill.run("in.ipynb", "out.ipynb")
    assert code == 0, said
    assert code_cells(papermill.folder / "out.ipynb")[1].outputs[0].text == "2\n"
    assert "no snapshot of this run was kept" in said


def test_objects_that_cannot_be_written_leave_a_finished_run(
    papermill: Papermill, services: Services
) -> None:
    notebooks.write(papermill.folder / "in.ipynb", ["x = 1", "raise ValueError"])
    services.project.prepare()
    (services.project.store / "objects").write_text("no folder")
    code, said = papermill.run("in.ipynb", "out.ipynb")
    assert (code, "no snapshot of this run was kept" in said) == (1, True)
    (run,) = services.tracking.runs().items
    assert (run.status, run.snapshot_id) == ("FAILED", None)
    assert run.error
    assert run.error.name == "ValueError"
    assert staged(services.project) == []


def test_a_kernel_without_our_package(
    papermill: Papermill, services: Services, tmp_path: Path
) -> None:
    add_kernel(tmp_path / "jupyter", "bare", bare_environment())
    papermill.environment["JUPYTER_PATH"] = str(tmp_path / "jupyter")
    check = "import importlib.util\nassert importlib.util.find_spec('jupyter_mlops') is None"
    notebooks.write(papermill.folder / "in.ipynb", [*TREE, check], parameters=0)
    code, said = papermill.run("in.ipynb", "out.ipynb", "-k", "bare")
    assert code == 0, said
    run, snapshot = only_run(services)
    assert (run.status, snapshot.grade, snapshot.parameters) == (
        "FINISHED",
        "clean",
        {"max_depth": 2},
    )
    assert snapshot.manifest.environment
    assert snapshot.manifest.environment.executable == str(bare_environment())
    kept = services.snapshots.kept_model(snapshot.id, "model")[1]
    assert kept.saved
    assert kept.saved["executable"] == str(bare_environment())


def test_a_model_that_was_never_fitted_is_left_out(
    papermill: Papermill, services: Services
) -> None:
    cell = "from sklearn.tree import DecisionTreeClassifier\nmodel = DecisionTreeClassifier()"
    notebooks.write(papermill.folder / "train.ipynb", [cell])
    assert papermill.run("train.ipynb", "out.ipynb")[0] == 0
    (model,) = only_run(services)[1].manifest.models
    assert (model.variable, model.fitted, model.object_id) == ("model", False, None)


def test_models_over_the_limit_are_left_out(papermill: Papermill, services: Services) -> None:
    forest = (
        "from sklearn.ensemble import RandomForestClassifier\n"
        "forest = RandomForestClassifier(n_estimators=100, random_state=0).fit(X, y)"
    )
    path = notebooks.write(papermill.folder / "in.ipynb", [*TREE[:2], forest])
    recorder = RunRecorder(services.project, path, models_limit=50_000)
    papermill_library.execute_notebook(
        str(path), None, engine_name="mlops", progress_bar=False, recorder=recorder
    )
    assert recorder.models.kept.keys() == {"model"}
    _, snapshot = only_run(services)
    kept = {model.variable: model.object_id for model in snapshot.manifest.models}
    assert kept == {"model": kept["model"], "forest": None}
    assert kept["model"]
    assert (
        "The model forest was not kept: the run's models are too large." in snapshot.manifest.notes
    )
    with pytest.raises(NotFoundError, match="does not keep it"):
        services.snapshots.kept_model(snapshot.id, "forest")


def test_a_run_belongs_to_the_store_above_its_notebook(
    papermill: Papermill, services: Services, tmp_path: Path
) -> None:
    services.project.prepare()
    folder = papermill.folder / "down"
    folder.mkdir()
    notebooks.write(folder / "in.ipynb", ["import os\nassert os.path.isfile('in.ipynb')"])
    papermill.folder = tmp_path
    inside = folder.relative_to(tmp_path)
    code, said = papermill.run(f"{inside}/in.ipynb", "out.ipynb", "--cwd", str(inside))
    assert code == 0, said
    run, _ = only_run(services)
    assert run.notebook_path == "down/in.ipynb"
    assert not (folder / ".mlops").exists()
    assert (tmp_path / "out.ipynb").exists()
