from __future__ import annotations

import pytest

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.notebook import CodeCell


def cells(*sources: str) -> list[CodeCell]:
    return [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(sources)]


def ran(*runs: tuple[str | None, str]) -> list[CellRun]:
    return [
        CellRun(execution_count=i + 1, cell_id=cell_id, source=source, status="ok")
        for i, (cell_id, source) in enumerate(runs)
    ]


def test_top_to_bottom_is_clean() -> None:
    assert grade(cells("a = 1", "b = a"), ran(("c0", "a = 1"), ("c1", "b = a"))) == ("clean", [])


def test_cells_without_ids_are_matched_by_source() -> None:
    verdict, _ = grade(cells("a = 1", "b = a"), ran((None, "a = 1"), (None, "b = a")))
    assert verdict == "clean"


def test_empty_cells_do_not_count() -> None:
    assert grade(cells("a = 1", "  \n"), ran(("c0", "a = 1")))[0] == "clean"


@pytest.mark.parametrize(
    ("history", "code", "cell_id"),
    [
        ([("c0", "a = 2"), ("c1", "b = a")], "edited", "c0"),
        ([("c0", "a = 1")], "not-run", "c1"),
        # run again after what used it, with another value in between
        ([("c0", "a = 1"), ("c1", "b = a"), ("c0", "a = 1")], "order", "c1"),
        # out of order: b was computed from an earlier a
        ([("c1", "b = a"), ("c0", "a = 1")], "order", "c1"),
    ],
)
def test_stale(history: list[tuple[str, str]], code: str, cell_id: str) -> None:
    verdict, reasons = grade(cells("a = 1", "b = a"), ran(*history))
    assert verdict == "stale"
    assert (reasons[0].code, reasons[0].cell_id) == (code, cell_id)


def test_name_of_a_deleted_cell() -> None:
    verdict, reasons = grade(cells("b = a"), ran(("gone", "a = 1"), ("c0", "b = a")))
    assert verdict == "stale"
    assert reasons[0].code == "deleted"
    assert "a" in reasons[0].message


def test_a_deleted_cell_that_nothing_uses_is_harmless() -> None:
    verdict, _ = grade(cells("b = 1"), ran(("gone", "print(1)"), ("c0", "b = 1")))
    assert verdict == "valid"


def test_running_a_cell_twice_is_valid() -> None:
    history = ran(("c0", "a = 1"), ("c1", "b = a"), ("c1", "b = a"))
    assert grade(cells("a = 1", "b = a"), history)[0] == "valid"


@pytest.mark.parametrize("change", ["a += 1", "a.append(1)", "a['k'] = 1", "a.k = 1"])
def test_changing_in_place_twice_is_stale(change: str) -> None:
    history = ran(("c0", "a = f()"), ("c1", change), ("c1", change))
    assert grade(cells("a = f()", change), history)[0] == "stale"


def test_what_cannot_be_told() -> None:
    assert grade(cells("a = 1"), None)[0] == "unknown"
    assert grade(cells("a = 1"), [])[0] == "unknown"
    assert grade(cells("a <- 1 ->"), ran(("c0", "a <- 1 ->"), ("c0", "a <- 1 ->")))[0] == "unknown"
