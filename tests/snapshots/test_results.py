from __future__ import annotations

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.printed import PrintedNumber
from jupyter_mlops.snapshots.results import metrics, with_pinned


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


def printed(**values: float) -> dict[str, PrintedNumber]:
    return {name: PrintedNumber(name, value, "c1") for name, value in values.items()}


def test_what_is_pinned_comes_first() -> None:
    found = with_pinned({"f1": 0.5, "n": 3.0}, ["n", "auc"], {"n": 3}, printed(auc=0.9, x=1.0))
    assert list(found.items()) == [("n", 3.0), ("auc", 0.9), ("f1", 0.5)]


def test_the_namespace_knows_better_than_what_was_printed() -> None:
    assert with_pinned({}, ["f1"], {"f1": 0.8765}, printed(f1=0.88)) == {"f1": 0.8765}


def test_a_setting_can_be_pinned_and_what_is_gone_is_left_out() -> None:
    found = with_pinned({}, ["rate", "gone", "bad"], {"rate": 0.1, "bad": float("inf")}, {})
    assert found == {"rate": 0.1}
