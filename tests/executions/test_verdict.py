from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jupyter_mlops.executions.receipt_schemas import Tolerance
from jupyter_mlops.executions.verdict import Judgement, Outcome, judge
from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.notebook import Notebook


def outcome(*texts: str | None, **metrics: float | None) -> Outcome:
    """A run whose cells print the texts; None for a cell that did not run."""
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "source": "# Title"}]
    for index, text in enumerate(texts):
        output = {"output_type": "stream", "name": "stdout", "text": text}
        cells.append(
            {
                "cell_type": "code",
                "id": f"cell{index}",
                "source": f"score = {index}\n%magic" if index == 9 else f"score{index} = f()",
                "outputs": [output] if text else [],
                "execution_count": None if text is None else index + 1,
            }
        )
    return Outcome(Notebook({"cells": cells}), metrics)


def timed(text: str, moment: datetime, source: str = "print(date.today())") -> Outcome:
    """A run of a notebook with one cell that ran at a moment, and printed a text."""
    one = outcome(text)
    cell = one.notebook.content["cells"][1] | {"source": source}
    content = {"cells": [cell], "metadata": {"language_info": {"name": "python"}}}
    run = CellRun(
        execution_count=1,
        cell_id="cell0",
        source=source,
        status="ok",
        started_at=moment,
        duration_seconds=0.1,
    )
    return replace(one, notebook=Notebook(content), runs=[run])


def verdicts(found: Judgement) -> list[str]:
    return [cell.verdict for cell in found.cells]


def test_the_same() -> None:
    one = outcome("a", "", f1=0.9, nan=math.nan, none=None)
    found = judge(one, one, None, {})
    assert (found.verdict, found.summary) == ("reproduced", "reproduced: 2 cells, 3 metrics")
    assert {metric.verdict for metric in found.metrics} == {"same"}


@pytest.mark.parametrize(
    ("tags", "told"),
    [([], "; it fails at cell 2 as it did then: KeyError"), (["raises-exception"], "")],
)
def test_a_failure_is_reproduced_too(tags: list[str], told: str) -> None:
    one = outcome("a")
    cell = one.notebook.content["cells"][1]
    cell["outputs"] = [{"output_type": "error", "ename": "KeyError", "evalue": "x"}]
    cell["metadata"] = {"tags": tags}
    assert judge(one, one, None, {}).summary == f"reproduced: 1 cell, 0 metrics{told}"
    healed = judge(one, outcome("a"), None, {})
    assert healed.summary.startswith("differs at cell 2: it prints “a” where it raises")


def test_the_first_differing_cell_is_named() -> None:
    found = judge(outcome("a", "b", "c"), outcome("a", "x", "y"), None, {})
    assert found.verdict == "differs"
    assert found.summary == "differs at cell 3: it prints “x” instead of “b”"
    assert verdicts(found) == ["same", "differs", "differs"]


def test_a_random_cell_does_not_count() -> None:
    found = judge(outcome("a", "r1"), outcome("a", "r2"), outcome("a", "r3"), {})
    assert (found.verdict, verdicts(found)) == ("reproduced", ["same", "random"])
    assert "1 random by nature" in found.summary
    lucky = judge(outcome("r1"), outcome("r1"), outcome("r3"), {})
    assert verdicts(lucky) == ["random"]


@pytest.mark.parametrize(
    ("recorded", "found", "said"),
    [
        (0.9, 0.91, "0.91, it was 0.9"),
        (1.000004581, 1.000005304, "1.000005304, it was 1.000004581"),
        (1.0, math.nextafter(1.0, 2.0), "1.0000000000000002, it was 1"),
        (None, 0.5, "0.5, it was not a number"),
        (0.5, None, "not a number, it was 0.5"),
        (math.inf, 1e300, "1e+300, it was inf"),
    ],
)
def test_numbers_are_told_apart(recorded: float | None, found: float | None, said: str) -> None:
    judged = judge(outcome(f1=recorded), outcome(f1=found), None, {})
    assert judged.summary == f"differs: f1 is {said}"


def test_a_metric_of_a_random_cell_is_judged_by_its_tolerance() -> None:
    runs = (outcome("1", score0=0.9), outcome("2", score0=0.91), outcome("3", score0=0.92))
    found = judge(*runs, {})
    assert found.verdict == "differs"
    assert found.summary == (
        "differs at cell 2: score0 is 0.91, it was 0.9, and random by nature: give it a tolerance"
    )
    near = judge(*runs, {"score0": Tolerance(absolute=0.02)})
    assert (near.verdict, verdicts(near)) == ("within tolerance", ["random"])


@pytest.mark.parametrize(
    ("tolerance", "verdict"),
    [
        (Tolerance(), "differs"),
        (Tolerance(relative=0.001), "differs"),
        (Tolerance(relative=0.02), "within tolerance"),
        (Tolerance(absolute=0.009), "differs"),
        (Tolerance(absolute=0.0101), "within tolerance"),
        (Tolerance(absolute=1e-9, relative=0.1), "within tolerance"),
    ],
)
@pytest.mark.parametrize("name", ["f1", "*"])
def test_tolerances(tolerance: Tolerance, verdict: str, name: str) -> None:
    found = judge(outcome(f1=0.9), outcome(f1=0.91), None, {name: tolerance})
    assert found.verdict == verdict


def test_cells_may_show_metrics_that_are_near_enough() -> None:
    near = {"score0": Tolerance(absolute=0.01)}
    before = outcome("score 0.90, 90.1 % of 12", score0=0.901)
    after = outcome("score 0.91, 90.7 % of 12", score0=0.907)
    found = judge(before, after, None, near)
    assert (found.verdict, verdicts(found)) == ("within tolerance", ["within tolerance"])
    other = outcome("score 0.91, 90.7 % of 13", score0=0.907)
    assert judge(before, other, None, near).verdict == "differs"
    assert judge(before, after, None, {}).verdict == "differs"


def test_metrics_that_are_missing_or_new() -> None:
    found = judge(outcome(f1=0.9), outcome(auc=0.9), None, {"*": Tolerance(absolute=9)})
    assert {metric.name: metric.verdict for metric in found.metrics} == {
        "auc": "new",
        "f1": "differs",
    }
    assert found.summary == "differs: f1 is missing, it was 0.9"
    found = judge(outcome(f1=None), outcome(), None, {"*": Tolerance(relative=9)})
    assert found.summary == "differs: f1 is missing, it was not a number"


def test_times_are_volatile_once_they_are_seen_to_be() -> None:
    recorded, first, second = (outcome(fit_seconds=value) for value in (1.0, 2.0, 3.0))
    assert judge(recorded, first, None, {}).verdict == "differs"
    assert judge(recorded, first, second, {}).verdict == "reproduced"
    still = judge(recorded, first, first, {})
    assert still.verdict == "differs"


def test_a_cell_that_was_not_run_then_does_not_count() -> None:
    found = judge(outcome("a", None), outcome("a", "b"), None, {})
    assert (found.verdict, verdicts(found)) == ("reproduced", ["same", "not run then"])


MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def test_a_cell_that_shows_the_time_does_not_count() -> None:
    recorded, first = timed("2026-11-30", MONDAY), timed("2026-12-01", TUESDAY)
    for second in (None, first, timed("2026-12-02", TUESDAY + timedelta(days=1))):
        found = judge(recorded, first, second, {})
        assert (found.verdict, verdicts(found)) == ("reproduced", ["shows the time"])
        assert found.summary == "reproduced: 1 cell, 0 metrics; 1 cell showing the time"
        assert found.cells[0].difference == "prints “2026-12-01” instead of “2026-11-30”"
    (lucky,) = judge(recorded, recorded, first, {}).cells
    assert lucky.verdict == "shows the time"


def test_all_else_that_such_a_cell_shows_counts() -> None:
    recorded = timed("2026-11-30: 4 rows", MONDAY)
    found = judge(recorded, timed("2026-12-01: 5 rows", TUESDAY), None, {})
    assert found.summary == (
        "differs at cell 1: it prints “2026-11-30: 5 rows” instead of “2026-11-30: 4 rows”"
    )
    other = timed("2026-12-01: 6 rows", TUESDAY)
    assert verdicts(judge(recorded, other, other, {})) == ["differs"]
    drawn = timed("2026-12-01: 7 rows", TUESDAY)
    assert verdicts(judge(recorded, other, drawn, {})) == ["random"]
    assert judge(recorded, timed("2026-12-02: 4 rows", TUESDAY), None, {}).verdict == "differs"


def test_the_time_beside_a_metric_that_is_near_enough() -> None:
    recorded = replace(timed("2026-11-30: 0.90", MONDAY), metrics={"f1": 0.90})
    first = replace(timed("2026-12-01: 0.91", TUESDAY), metrics={"f1": 0.91})
    found = judge(recorded, first, None, {"f1": Tolerance(absolute=0.02)})
    assert (found.verdict, verdicts(found)) == ("within tolerance", ["within tolerance"])


def test_a_metric_that_is_the_time() -> None:
    source = "day = date.today().day"
    recorded = replace(timed("", MONDAY, source), metrics={"day": 30.0})
    first = replace(timed("", TUESDAY, source), metrics={"day": 1.0})
    found = judge(recorded, first, None, {})
    assert (found.verdict, found.metrics[0].verdict) == ("reproduced", "shows the time")
    assert judge(recorded, replace(first, metrics={"day": 2.0}), None, {}).verdict == "differs"


def test_a_time_that_nobody_knows_the_cell_to_have_read_differs() -> None:
    recorded, first = timed("2026-11-30", MONDAY), timed("2026-12-01", TUESDAY)
    unknown = replace(recorded, runs=[])
    assert judge(unknown, first, None, {}).verdict == "differs"
    other = (timed("2026-11-30", MONDAY, "f()"), timed("2026-12-01", TUESDAY, "f()"))
    assert judge(*other, None, {}).verdict == "differs"


def test_a_cell_that_is_gone_differs() -> None:
    found = judge(outcome("a", "b"), outcome("a"), None, {})
    assert found.summary == "differs at cell 3: it no longer prints “b”"


def test_cells_without_ids_are_matched_by_position() -> None:
    one = outcome("a", "b")
    for cell in one.notebook.content["cells"]:
        cell.pop("id", None)
    assert judge(one, one, None, {}).verdict == "reproduced"


def test_cells_with_one_id_are_matched_by_position() -> None:
    one = outcome("a", "b")
    for cell in one.notebook.content["cells"]:
        cell["id"] = "same"
    assert verdicts(judge(one, one, None, {})) == ["same", "same"]
