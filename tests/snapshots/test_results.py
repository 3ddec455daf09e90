from __future__ import annotations

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.results import metrics


def history(*sources: str) -> list[CellRun]:
    return [CellRun(execution_count=1, cell_id=None, source=s, status="ok") for s in sources]


def test_computed_numbers_are_results() -> None:
    found = metrics({"f1": 0.5, "n": 3}, history("f1 = score(y)\nn = len(y)"), [])
    assert found == {"f1": 0.5, "n": 3.0}


def test_settings_counters_and_parameters_are_not() -> None:
    scalars = {"rate": 0.1, "i": 9, "depth": 4, "f1": 0.5}
    code = history("rate = 0.1", "for i in range(10):\n    f1 = step(i)", "depth = int(depth)")
    assert metrics(scalars, code, ["depth"]) == {"f1": 0.5}


def test_the_last_binding_decides() -> None:
    assert metrics({"a": 1}, history("a = 0", "a = f()"), []) == {"a": 1.0}
    assert metrics({"a": 0}, history("a = f()", "a = 0"), []) == {}


def test_only_finite_numbers() -> None:
    assert metrics({"a": float("nan"), "b": float("inf")}, history("a = f()\nb = g()"), []) == {}
