"""Experiments side by side, from a real store."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from jupyter_mlops.comparison.schemas import CellComparison, StoredCell
from jupyter_mlops.core.errors import ConflictError, InvalidInputError, NotFoundError
from jupyter_mlops.kernels.schemas import FileAccess, LocalModule, Package
from tests.snapshots.test_manager import PIXEL, kernel_state

from .comparing import compare, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services
    from jupyter_mlops.snapshots.schemas import Snapshot


def test_parameters_and_metrics(services: Services, notebook: Path) -> None:
    first = snap(services, notebook, scalars={"depth": 4, "f1": 0.9})
    second = snap(services, notebook, scalars={"depth": 5, "f1": 0.926, "auc": 1})
    found = compare(services, first, second)
    assert [(row.name, row.values, row.differs) for row in found.parameters] == [
        ("depth", ["4", "5"], True)
    ]
    assert [(row.name, row.values, row.differs) for row in found.metrics] == [
        ("auc", [None, 1.0], True),
        ("f1", [0.9, 0.926], True),
    ]
    back = compare(services, second, first)
    assert [item.snapshot_id for item in back.items] == [second.id, first.id]


def test_runs_and_prefixes_will_do(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)
    logged = services.tracking.start_run("bare", author="me", params={"depth": 9})
    found = services.comparisons.compare([made.id[:10], logged.run_id[:12]])
    assert [item.snapshot_id for item in found.items] == [made.id, None]
    assert [row.values for row in found.parameters] == [["5", "9"]]
    assert [item.has_environment for item in found.items] == [True, False]
    # what is unknown differs from nothing
    assert (found.data, found.environment.packages) == ([], [])
    assert not any(row.differs for row in found.environment.facts + found.code.facts)


def test_what_is_not_there_is_named(services: Services, notebook: Path) -> None:
    made = snap(services, notebook)
    found = services.comparisons.compare([made.id, "f" * 32])
    assert (len(found.items), found.missing) == (1, ["f" * 32])


@pytest.mark.parametrize("ids", [["a" * 32], ["a" * 32] * 2, ["abc", "abcd"], ["%%%%%", "_____"]])
def test_ids_that_cannot_be_compared(services: Services, ids: list[str]) -> None:
    with pytest.raises(InvalidInputError):
        services.comparisons.compare(ids)


def test_too_many_are_refused(services: Services) -> None:
    with pytest.raises(InvalidInputError, match="50"):
        services.comparisons.compare([f"{number:032x}" for number in range(51)])


def test_a_prefix_of_several_is_refused(services: Services) -> None:
    for end in "ab":
        services.tracking.start_run("x", author="me", run_id="0" * 31 + end)
    with pytest.raises(ConflictError, match="more digits"):
        services.comparisons.compare(["000000", "f" * 32])


def test_snapshots_of_one_run_are_shown_as_they_were(services: Services, notebook: Path) -> None:
    run = services.tracking.start_run("train", author="me")
    made = [
        services.snapshots.create(
            notebook,
            kernel_state(scalars={"depth": depth, "f1": f1}),
            author="me",
            run_id=run.run_id,
        )
        for depth, f1 in ((4, 0.5), (5, 0.6))
    ]
    found = compare(services, *made)
    assert found.metrics[0].values == [0.5, 0.6]
    assert found.parameters[0].values == ["4", "5"]
    taken = [snapshot.created_at for snapshot in made]
    assert [item.run.started_at for item in found.items] == taken


def test_the_newest_snapshot_of_a_run_is_not_taken_for_its_first(
    services: Services, notebook: Path
) -> None:
    logged = {"rate": 0.1, "note": "mine"}
    run = services.tracking.start_run("train", author="me", params=logged)
    states = (
        {"depth": 4, "rate": 0.1, "f1": 0.5, "loss": float("nan")},
        {"depth": 9, "rate": 0.2, "f1": 0.6},
    )
    first, newest = (
        services.snapshots.create(
            notebook, kernel_state(scalars=state), author="me", run_id=run.run_id
        )
        for state in states
    )
    other = snap(services, notebook)
    for name in (newest.id, run.run_id):
        found = services.comparisons.compare([name, other.id])
        item = found.items[0]
        assert item.snapshot_id == newest.id
        assert item.run.params == {"depth": "9", "note": "mine", "rate": "0.1"}
        assert item.run.metrics == {"f1": 0.6, "rate": 0.2}
    assert [one.parameters for one in services.snapshots.found_by_others(newest.id)] == [
        first.parameters
    ]
    assert services.snapshots.found_by_others(other.id) == []


def test_environments(services: Services, notebook: Path) -> None:
    environment = kernel_state().environment

    def packages(**versions: str) -> Any:
        listed = [Package(name=name, version=version) for name, version in versions.items()]
        return environment.model_copy(update={"packages": listed, "platform": versions["numpy"]})

    first = snap(services, notebook, environment=packages(numpy="1", scipy="1", gone="1"))
    second = snap(services, notebook, environment=packages(numpy="2", scipy="1", new="1"))
    found = compare(services, first, second).environment
    assert [(row.name, row.values) for row in found.packages] == [
        ("gone", ["1", None]),
        ("new", [None, "1"]),
        ("numpy", ["1", "2"]),
    ]
    assert found.same_packages == 1
    assert [row.name for row in found.facts if row.differs] == ["platform"]


def test_machines(services: Services, notebook: Path) -> None:
    environment = kernel_state().environment

    def on(**facts: Any) -> Any:
        hardware = environment.hardware.model_copy(update=facts)
        return environment.model_copy(update={"hardware": hardware})

    first = snap(services, notebook, environment=on(cpu_model="one"))
    second = snap(services, notebook, environment=on(cpu_model="two", gpus=["a", "b"]))
    facts = compare(services, first, second).environment.facts
    assert [(row.name, row.values) for row in facts if row.differs] == [
        ("cpu_model", ["one", "two"]),
        ("gpus", [None, "a, b"]),
    ]


def test_figures_are_matched_by_their_cell(services: Services, notebook: Path) -> None:
    def show(*images: str) -> Snapshot:
        content: Any = nbformat.read(notebook, 4)
        content.cells[1].outputs = [
            nbformat.v4.new_output("display_data", {"image/png": image}) for image in images
        ]
        nbformat.write(content, notebook)
        return snap(services, notebook)

    found = compare(services, show(PIXEL, PIXEL), show(PIXEL), show("AAAA", PIXEL)).figures
    assert [(row.cell_id, row.indexes, row.differs) for row in found] == [
        ("cell1", [0, 0, 0], True),
        ("cell1", [1, None, 1], True),
    ]
    # a run without a snapshot does not lack a figure
    bare = services.tracking.start_run("bare", author="me")
    ids = [show(PIXEL).id, bare.run_id, show(PIXEL).id]
    (row,) = services.comparisons.compare(ids).figures
    assert (row.indexes, row.differs) == ([0, None, 0], False)


def test_code(services: Services, notebook: Path) -> None:
    helper = notebook.parent / "helper.py"
    modules = [LocalModule(name="helper", path=str(helper))]
    helper.write_text("x = 1\n")
    first = snap(services, notebook, modules=modules)
    for command in (["init", "-q"], ["add", "helper.py"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *command], cwd=notebook.parent, check=True)  # noqa: S607
    helper.write_text("x = 2\n")
    second = snap(services, notebook, modules=modules, seeds={"numpy": 42, "random": 7})
    found = compare(services, first, second).code
    different = {row.name: row.values for row in found.facts if row.differs}
    assert list(different) == ["commit", "branch", "diff", "seeds"]
    assert different["seeds"] == [None, "numpy 42, random 7"]
    (module,) = found.modules
    assert (module.path, module.indexes, module.differs) == ("helper.py", [0, 0], True)
    assert services.comparisons.module(second.id, 0).text == "x = 2\n"
    with pytest.raises(NotFoundError):
        services.comparisons.module(second.id, 1)


@pytest.mark.parametrize(
    ("sources", "noise"),
    [
        ([["seed = 1", "f1 = fit()"], ["seed = 2", "f1 = fit()"]], 0.25),
        ([["fit(random_state=1)"], ["fit(random_state=20)"]], 0.25),
        ([["seed = 1", "f1 = fit()"], ["seed = 2", "f1 = fit(more)"]], None),
    ],
)
def test_noise_is_what_seeds_alone_change(
    services: Services, notebook: Path, sources: list[list[str]], noise: float | None
) -> None:
    cells = kernel_state().cells
    made = [
        snap(
            services,
            notebook,
            scalars={"f1": f1},
            cells=[
                cell.model_copy(update={"source": source})
                for cell, source in zip(cells, texts, strict=False)
            ],
        )
        for f1, texts in zip((0.5, 0.75), sources, strict=True)
    ]
    assert [row.noise for row in compare(services, *made).metrics] == [noise]


def test_noise_is_not_told_where_the_data_or_the_code_is_unknown(
    services: Services, notebook: Path
) -> None:
    gone = FileAccess(path=str(notebook.parent / "gone.csv"), mode="read")
    unknown: list[dict[str, Any]] = [{"files": [gone]}, {"cells": []}]
    for changes in unknown:
        made = [snap(services, notebook, scalars={"f1": f1}, **changes) for f1 in (0.5, 0.75)]
        assert [row.noise for row in compare(services, *made).metrics] == [None]


def test_cells_are_told_first_and_read_when_asked(services: Services, notebook: Path) -> None:
    first = snap(services, notebook)
    content: Any = nbformat.read(notebook, 4)
    content.cells[1].source = "f1 = fit(depth, 한글)"
    content.cells[1].outputs = [nbformat.v4.new_output("stream", text="done\n")]
    nbformat.write(content, notebook)
    second = snap(services, notebook)
    pieces = services.comparisons.cells(first.id[:8], second.id)
    found = CellComparison.model_validate_json(b"".join(pieces))
    assert (found.base_id, found.other_id) == (first.id, second.id)
    assert [(p.cell_id, p.changes) for p in found.items] == [
        ("cell0", []),
        ("cell1", ["edited", "outputs"]),
    ]
    cell = StoredCell.model_validate_json(b"".join(services.comparisons.cell(second.id, 1)))
    assert (cell.source, cell.outputs[0]["text"]) == ("f1 = fit(depth, 한글)", ["done\n"])
    assert cell.language == "python"
    with pytest.raises(NotFoundError):
        services.comparisons.cell(second.id, 2)
