"""The order of a rerun where contents do not tell it: tables, and files that two write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.executions.schemas import ExecutionResult
from jupyter_mlops.lineage.schemas import RerunCreate

if TYPE_CHECKING:
    from collections.abc import Callable

    from jupyter_mlops.lineage.schemas import RerunStep
    from jupyter_mlops.snapshots.schemas import Snapshot

    from .conftest import Workshop

TABLE = "postgresql://db.example/shop#sales"


@pytest.fixture
def rerun(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run what is stale, each notebook as the function says that is given by its name."""

    def run(takes: dict[str, Callable[[], Snapshot]], jobs: int) -> list[tuple[str, str]]:
        def execute(path: str, *_: Any, **__: Any) -> ExecutionResult:
            made = takes[path]()
            return ExecutionResult(
                run_id=made.run_id,
                status="FINISHED",
                notebook_path=path,
                output_path=None,
                snapshot_id=made.id,
                parameters={},
                metrics={},
                models=[],
                error=None,
                problem=None,
                duration_seconds=1.0,
            )

        monkeypatch.setattr(workshop.services.reruns.runner, "execute", execute)
        told: list[RerunStep] = []
        workshop.services.reruns.run(RerunCreate(jobs=jobs), author="me", told=told.append)
        return [(step.notebook_path, step.state) for step in told]

    return run


def test_who_reads_a_table_runs_after_who_wrote_it(workshop: Workshop, rerun: Any) -> None:
    def make() -> Snapshot:
        return workshop.snapshot("make.ipynb", ["in.csv"], ["seen.csv"], tables={TABLE: "write"})

    def use() -> Snapshot:
        return workshop.snapshot("use.ipynb", tables={TABLE: "read"}, writes=["total.csv"])

    for name in ("in", "seen", "total"):
        workshop.write(f"{name}.csv", name)
    use()
    make()
    workshop.snapshot("file.ipynb", ["seen.csv"])
    workshop.snapshot("last.ipynb", ["total.csv"])
    workshop.write("in.csv", "2")
    takes = {"make.ipynb": make, "use.ipynb": use}
    # what a table holds is not compared, so who reads one that was written runs; files are
    assert rerun(takes, 1) == [
        ("make.ipynb", "running"),
        ("make.ipynb", "finished"),
        ("use.ipynb", "running"),
        ("use.ipynb", "finished"),
        ("file.ipynb", "running"),
        ("file.ipynb", "unchanged"),
        ("last.ipynb", "running"),
        ("last.ipynb", "unchanged"),
    ]
    assert workshop.services.lineage.stale().items == []


@pytest.mark.parametrize("names", [("a.ipynb", "b.ipynb"), ("b.ipynb", "a.ipynb")])
def test_two_that_write_one_file_do_so_in_the_order_of_the_last_time(
    workshop: Workshop, rerun: Any, names: tuple[str, str]
) -> None:
    def take(name: str) -> Snapshot:
        workshop.write("out.csv", name)
        return workshop.snapshot(name, ["in.csv"], ["out.csv"])

    workshop.write("in.csv", "1")
    for name in names:
        take(name)
    workshop.snapshot("other.ipynb", ["in.csv"])
    workshop.snapshot("reader.ipynb", ["out.csv"])
    workshop.write("in.csv", "2")
    takes = {
        "other.ipynb": lambda: workshop.snapshot("other.ipynb", ["in.csv"]),
        **{name: partial(take, name) for name in names},
    }
    told = rerun(takes, 3)
    first, second = names
    # the third, which has nothing to do with them, begins with the first
    assert set(told[:2]) == {(first, "running"), ("other.ipynb", "running")}
    assert told.index((first, "finished")) < told.index((second, "running"))
    assert told[-1] == ("reader.ipynb", "unchanged")
    assert (workshop.root / "out.csv").read_text() == second
