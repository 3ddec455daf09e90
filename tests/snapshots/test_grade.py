from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from jupyter_mlops.kernels.schemas import CellRun
from jupyter_mlops.snapshots.grade import grade
from jupyter_mlops.snapshots.matching import Live
from jupyter_mlops.snapshots.notebook import CodeCell


def cells(*sources: str) -> list[CodeCell]:
    return [CodeCell(i, f"c{i}", source, (), []) for i, source in enumerate(sources)]


def ran(*runs: tuple[str | None, str]) -> list[CellRun]:
    return [
        CellRun(execution_count=i + 1, cell_id=cell_id, source=source, status="ok")
        for i, (cell_id, source) in enumerate(runs)
    ]


def failed(run: CellRun, line: int | None = None) -> CellRun:
    return run.model_copy(update={"status": "error", "failed_line": line})


def test_top_to_bottom_is_clean() -> None:
    assert grade(cells("a = 1", "b = a"), ran(("c0", "a = 1"), ("c1", "b = a"))) == ("clean", [])


def test_cells_without_ids_are_matched_by_source() -> None:
    verdict, _ = grade(cells("a = 1", "b = a"), ran((None, "a = 1"), (None, "b = a")))
    assert verdict == "clean"


def test_cells_that_are_equal_and_have_no_ids() -> None:
    made = [CodeCell(i, None, s, (), [], i + 1) for i, s in enumerate(["a = 1", "a", "a = 2", "a"])]
    runs = [(f"client-{cell.index}", cell.source) for cell in made]
    assert grade(made, ran(*runs))[0] == "clean"
    assert grade(made, ran(*((None, source) for _, source in runs)))[0] == "clean"
    cleared = [CodeCell(cell.index, None, cell.source, (), []) for cell in made]
    assert grade(cleared, ran(*runs))[0] == "clean"


def test_cells_that_have_the_same_id() -> None:
    made = [CodeCell(i, "copied", source, (), []) for i, source in enumerate(["a = 1", "b = a"])]
    assert grade(made, ran(("copied", "a = 1"), ("copied", "b = a")))[0] == "clean"
    assert grade(made, ran(("copied", "a = 1"), ("copied", "b = 0")))[0] == "stale"


def test_what_was_displayed_may_be_changed_through_its_name() -> None:
    made = cells("a = f()", "a", "_2.fit(1)", "print(a)")
    runs = [(f"c{i}", made[i].source) for i in (0, 1, 2, 3, 2)]
    assert grade(made, ran(*runs))[0] == "stale"
    made = cells("a = f()", "a", "b = _", "b.fit(1)", "print(a)")
    runs = [(f"c{i}", made[i].source) for i in (0, 1, 2, 3, 4, 3)]
    assert grade(made, ran(*runs))[0] == "stale"


def told(runs: list[CellRun], *values: dict[str, str]) -> list[CellRun]:
    """Add what a kernel says of the values that its cells have changed."""
    return [run.model_copy(update={"values": one}) for run, one in zip(runs, values, strict=True)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("b = a", "valid"),
        ("b = a\na;", "valid"),
        ("a\nb = a", "stale"),  # IPython can be told to show each statement's value
        ("print(a)\nb = a", "stale"),
        ("open('f', 'w').write(str(a))\nb = a", "stale"),
    ],
)
def test_a_cell_that_left_nothing_else_may_have_read_something_else(
    source: str, expected: str
) -> None:
    runs = ran(("c0", "a = 1"), ("c1", source), ("gone", "a = 2"), ("c1", source))
    again = ran(("c0", "a = 1"), ("gone", "b = 1"))
    seen = told(
        [*runs, *again], *({name: f"{n}/"} for name, n in zip("ababab", "112211", strict=True))
    )
    assert grade(cells("a = 1", source), seen)[0] == expected


def test_empty_cells_do_not_count() -> None:
    assert grade(cells("a = 1", "  \n"), ran(("c0", "a = 1")))[0] == "clean"


@pytest.mark.parametrize(
    ("history", "code", "cell_id"),
    [
        ([("c0", "a = 2"), ("c1", "b = a")], "edited", "c0"),
        ([("c0", "a = 1")], "not-run", "c1"),
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


def test_magics_are_followed() -> None:
    timed = cells("a = 1", "%%time\nb = a + 1", "%matplotlib inline\nc = b", "%time d = c")
    runs = [(f"c{i}", timed[i].source) for i in (0, 1, 2, 3, 0, 2)]
    assert grade(timed, ran(*runs))[0] == "valid"
    again = [*runs[:4], ("c1", "%%time\nb = a + 1")]
    assert grade(timed, ran(*again))[0] == "valid"


@pytest.mark.parametrize("hidden", ["%run other.py", "%reset -f", "%store -r", "from x import *"])
def test_what_may_do_anything_may_have_changed_everything(hidden: str) -> None:
    made = cells("a = 1", "print(a)", hidden)
    assert grade(made, ran(("c0", "a = 1"), ("c2", hidden), ("c1", "print(a)")))[0] == "stale"


def test_commands_of_the_system_change_files() -> None:
    made = cells("t = open('f').read()", "!touch f", "%%bash\necho x > f")
    shuffled = [(f"c{i}", made[i].source) for i in (1, 2, 0)]
    assert grade(made, ran(*shuffled))[0] == "stale"


def test_comments_and_blanks_are_no_edits() -> None:
    verdict, _ = grade(cells("# set\na = 1\n"), ran(("c0", "a  =  1")))
    assert verdict == "clean"


def test_a_failed_cell_ends_a_run_from_top_to_bottom() -> None:
    made = cells("a = 1", "b = c", "d = a")
    history = ran(("c0", "a = 1"), ("c1", "b = c"), ("c2", "d = a"))
    runs = [history[0], failed(history[1]), history[2]]
    verdict, reasons = grade(made, runs)
    assert (verdict, reasons[0].code, reasons[0].cell_id) == ("stale", "failed", "c1")
    allowed = CodeCell(1, "c1", "b = c", ("raises-exception",), [])
    assert grade([made[0], allowed, made[2]], runs)[0] == "clean"
    assert grade(made[:2], runs[:2])[0] == "clean"
    runs[1] = failed(history[1], 1)
    assert "Cell 2 failed at line 1:" in grade(made, runs)[1][0].message


FAILED_AT_2 = "a = 1\nb = nowhere\nc = 3"


@pytest.mark.parametrize(
    ("line", "prints", "expected"),
    [
        (2, "a", "stale"),  # what the first run has left
        (2, "b", "valid"),  # the line that failed left none
        (2, "c", "valid"),  # which it did not come to
        (None, "c", "stale"),
        (9, "c", "stale"),  # no line of it
    ],
)
def test_a_cell_that_failed_did_what_comes_before_that(
    line: int | None, prints: str, expected: str
) -> None:
    before = "a = b = c = 0"
    shows = f"print({prints})"
    runs = ran(("c2", FAILED_AT_2), ("c0", before), ("c2", FAILED_AT_2), ("c1", shows))
    history = [failed(runs[0], line), runs[1], failed(runs[2], line), runs[3]]
    assert grade(cells(before, shows, FAILED_AT_2), history)[0] == expected


def test_a_name_that_could_not_be_deleted_may_be_another_time() -> None:
    runs = ran(("c1", "del a"), ("c0", "a = 1"))
    assert grade(cells("a = 1", "del a"), [failed(runs[0], 1), runs[1]])[0] == "stale"


@pytest.mark.parametrize("magic", ["%%time\n", "t = [\\\n]\n"])
def test_lines_are_not_trusted_where_they_may_be_others(magic: str) -> None:
    source = f"{magic}a = 1\nnowhere"
    runs = ran(("c0", "a = 0"), ("c2", source), ("c1", "print(a)"), ("c2", source))
    history = [runs[0], failed(runs[1], 1), runs[2], failed(runs[3], 1)]
    assert grade(cells("a = 0", "print(a)", source), history)[0] == "stale"


def test_outputs_of_another_run() -> None:
    history = ran(("c0", "a = 1"), ("c1", "b = a"))
    shown = [
        CodeCell(i, f"c{i}", s, (), [], n) for i, (s, n) in enumerate([("a = 1", 1), ("b = a", 9)])
    ]
    verdict, reasons = grade(shown, history)
    assert (verdict, reasons[0].code, reasons[0].cell_id) == ("stale", "outputs", "c1")


def test_outputs_are_not_in_a_file_that_is_older_than_the_run() -> None:
    shown = [CodeCell(0, "c0", "a = 1", (), [], 1)]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    runs = [run.model_copy(update={"started_at": at}) for run in ran(("c0", "a = 1"))]
    later, earlier = Live(at.timestamp() + 5), Live(at.timestamp() - 5)
    assert grade(shown, runs, live=later)[0] == "clean"
    verdict, reasons = grade(shown, runs, live=earlier)
    assert (verdict, reasons[0].code, reasons[0].cell_id) == ("stale", "outputs", "c0")
    cleared = [CodeCell(0, "c0", "a = 1", (), [])]
    assert grade(cleared, runs, live=earlier)[0] == "clean"


def test_runs_that_name_no_cell_are_the_notebooks_where_nobody_names_any() -> None:
    runs = [run.model_copy(update={"unnamed": True}) for run in ran((None, "a = 1"))]
    assert grade(cells("a = 1"), runs)[0] == "clean"
    assert grade(cells("a = 1"), runs, live=Live())[0] == "stale"


# ruff: noqa: E501
SAID = [
    (["a = 1", "print(a)", "a = 2"], "0121", "Cell 2 used a as cell 3 had left it"),
    (["a = 1", "a += 1"], "011", "Cell 2 used a as it had left it itself: run again what sets a"),
    (["print(a)", "a = 1"], "10", "Cell 1 uses a, which cell 2 makes: in a run from top"),
    (["a = 1", "print(a)", "a += 1"], "0122", "Cell 3 used a as it had left it"),
    (["import random\nrandom.seed(1)", "random.random()"], "011", "Cell 2 draws random numbers"),
    (["t = open('f').read()", "open('f', 'w').write('x')"], "10", "Cell 1 uses files"),
    (["a = 1", "%run other.py", "a = 2"], "0121", "Cell 2 may use any variable (exec"),
    (["class A: pass", "a = A()", "isinstance(a, A)"], "0102", "Cell 3 uses A and a, which do not belong"),
    (["import weakref\na = f()", "r = weakref.ref(a)", "r()"], "0102", "Cell 1 ends what a was before"),
]  # fmt: skip


@pytest.mark.parametrize(("sources", "order", "said"), SAID)
def test_reasons_say_what_was_not_as_it_should_be(
    sources: list[str], order: str, said: str
) -> None:
    made = cells(*sources)
    runs = ran(*((f"c{digit}", sources[int(digit)]) for digit in order))
    verdict, reasons = grade(made, runs)
    assert verdict == "stale"
    assert reasons[0].message.startswith(said)


def test_cleared_outputs_are_said() -> None:
    history = ran(("c0", "a = 1"), ("c1", "b = a"))
    sources = [("a = 1", 1), ("b = a", None)]
    shown = [CodeCell(i, f"c{i}", s, (), [], n) for i, (s, n) in enumerate(sources)]
    verdict, reasons = grade(shown, history)
    assert (verdict, [(r.code, r.cell_id) for r in reasons]) == ("clean", [("cleared", "c1")])


def test_modules_of_the_project_may_change_what_they_are_given() -> None:
    made = cells("from helpers import clean", "p = []", "clean(p)", "print(p)")
    runs = ran(*((f"c{i}", made[i].source) for i in (0, 1, 2, 3, 2)))
    assert grade(made, runs, {"helpers"})[0] == "stale"
    assert grade(made, runs)[0] == "valid"


def test_a_long_history_is_told_quickly() -> None:
    sources = [
        "n = 0\np = []",
        *(f"n = n + {i}\nfor x in range(3):\n    p.append(n)" for i in range(200)),
    ]
    made = cells(*sources)
    runs = [(f"c{i}", source) for i, source in enumerate(sources)]
    started = time.thread_time()
    assert grade(made, ran(*runs * 5))[0] == "valid"
    assert time.thread_time() - started < 10
