"""What is excused because the clock showed it, and that nothing else is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jupyter_mlops.analysis.clocks import readers
from jupyter_mlops.executions.clock import Clock
from jupyter_mlops.executions.clock_faces import Span
from jupyter_mlops.executions.outputs import Piece

THEN = datetime(2026, 11, 30, 17, 58, 59, 120_000, tzinfo=UTC)
NOW = datetime(2027, 1, 1, 18, 9, 7, 340_000, tzinfo=UTC)
SHAPES = ("%Y-%m-%d", "%H:%M", "%d.%m.%Y", "%b %d", "%A", "%Y%m%d", "%d/%m/%y", "%Y-%m-%dT%H:%M:%S")
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.one_of(
    st.integers(0, 1999).map(str), st.floats(0, 100).map(lambda number: f"{number:.2f}")
)


def span(moment: datetime, seconds: float = 0.5) -> Span:
    return Span(moment.timestamp() - seconds / 2, moment.timestamp() + seconds / 2)


def turned(
    before: str, after: str, code: str = "", then: datetime = THEN, now: datetime = NOW
) -> str:
    clock = Clock([span(then)], [span(now)], code)
    (piece,) = clock.turn_back([Piece("stdout", before)], [Piece("stdout", after)])
    assert isinstance(piece.content, str)
    return piece.content


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d",
        "as of %d.%m.%Y, 3 rows",
        "%H:%M",
        "%H:%M:%S",
        "%Y-%m-%d %H:%M:%S.%f+00:00",
        "%Y-%m-%dT%H:%M:%SZ",
        "datetime.date({0.year}, {0.month}, {0.day})",
        "{0.day} %B %Y",
        "%a %b %d %H:%M:%S %Y",
        "%m/%d/%y %I:%M %p",
        "report_%Y%m%d_%H%M.csv",
        "%Y%m%dT%H",
        "<td>%Y-%m</td>",
        "{1:.0f}",
        "{1:.3f}",
    ],
)
def test_what_a_clock_shows_is_excused(form: str) -> None:
    then, now = (moment.strftime(form).format(moment, moment.timestamp()) for moment in (THEN, NOW))
    assert turned(then, now, "'%H%M'" if "%H%M" in form else "") == then


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("strftime('%H')", "%H"),
        ("f'{now:%-M}'", "{0.minute}"),
        ("now.hour", "{0.hour} h"),
        ("now.second", "{0.second}"),
        ("now$min", "[1] {0.minute}"),
        ("time.localtime().tm_mon", "{0.month}"),
        ("date.today().weekday()", "{2}"),
        ("strftime('%D')", "%m/%d/%y"),
        ("hour(now())", "{0.hour}"),
    ],
)
def test_a_part_of_a_time_is_excused_where_the_code_asks_for_it(code: str, form: str) -> None:
    then, now = (
        moment.strftime(form).format(moment, 0, moment.weekday()) for moment in (THEN, NOW)
    )
    assert turned(then, now, code) == then
    if "/" not in form:
        assert turned(then, now) == now


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("17 rows", "18 rows"),  # the hours, but not as a time
        ("17/100", "18/100"),
        ("0.58", "0.09"),
        ("17:58 f1 0.58", "18:09 f1 0.59"),
        ("17:58", "18:10"),
        ("17:58", "19:09"),
        ("17:58", "17:09"),
        ("17:57", "18:09"),
        ("2026-11-29", "2027-01-01"),
        ("2026-11-30 a", "2027-01-01 b"),
        ("Monday", "Saturday"),
        ("Monday", "Sunday"),
        ("59.12", "7.34"),
        ("17:58", "18:09:07"),
        ("17:58", "at 18:09"),
        ("1796061545", "1798826947"),  # after it had ended
        ("17 Marathons", "18 Marathons"),
    ],
)
def test_nothing_else_is(before: str, after: str) -> None:
    assert turned(before, after) != before


def test_what_is_left_is_told_with_the_time_of_then() -> None:
    assert turned("17:58 f1 0.90", "18:09 f1 0.91") == "17:58 f1 0.91"


def test_other_zones_are_those_that_the_code_names() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    then, now = (f"{moment.astimezone(seoul):%H:%M}" for moment in (THEN, NOW))
    assert turned(then, now, "ZoneInfo('Asia/Seoul')") == then
    assert turned(then, now, "read('America/', 'Data/file.csv')") == now


def test_of_what_took_long_a_short_part_of_the_time_tells_nothing() -> None:
    for seconds, excused in ((2, True), (3600, False)):
        clock = Clock([span(THEN, seconds)], [span(NOW, seconds)], "'%M'")
        (piece,) = clock.turn_back([Piece("stdout", "58")], [Piece("stdout", "9")])
        assert (piece.content == "58") == excused
        (piece,) = clock.turn_back([Piece("stdout", "2026-11-30")], [Piece("stdout", "2027-01-01")])
        assert piece.content == "2026-11-30"


def test_images_and_other_outputs_stay() -> None:
    clock = Clock([span(THEN)], [span(NOW)], "")
    before = [Piece("stdout", "17:58"), Piece("image/png", b"17:58")]
    after = [Piece("stdout", "18:09"), Piece("image/png", b"18:09")]
    assert clock.turn_back(before, after) == [before[0], after[1]]
    assert clock.turn_back(before, after[:1]) == after[:1]


@pytest.mark.parametrize(
    ("code", "values", "excused"),
    [
        ("year = date.today().year", (2026, 2027), True),
        ("hour = now.hour", (17.0, 18.0), True),
        ("hour = now.hour", (17.0, 19.0), False),
        ("score = f(now)", (17.0, 18.0), False),
        ("t = time.time()", (THEN.timestamp(), NOW.timestamp()), True),
        ("t = time.time_ns()", (THEN.timestamp() * 1e9, NOW.timestamp() * 1e9), True),
        ("t = time.time() - start", (17.5, 18.25), False),
        ("t = time.time()", (float("nan"), float("inf")), False),
        ("t = time.time()", (None, NOW.timestamp()), False),
    ],
)
def test_numbers(code: str, values: tuple[float | None, float | None], excused: bool) -> None:
    assert Clock([span(THEN)], [span(NOW)], code).explains(*values) == excused


@given(moments, moments, st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3))
def test_any_moments(then: datetime, now: datetime, shapes: list[str]) -> None:
    form = " and ".join(shapes)
    before = then.strftime(form)
    assert turned(before, now.strftime(form), then=then, now=now) == before


@given(moments, moments, st.sampled_from(SHAPES), numbers, numbers)
def test_no_number_beside_the_time_is_excused(
    then: datetime, now: datetime, shape: str, old: str, new: str
) -> None:
    assume(old != new)
    text = f"{shape}; {{}} rows"
    before, after = then.strftime(text).format(old), now.strftime(text).format(new)
    assert turned(before, after, then=then, now=now) != before


@given(moments, st.timedeltas(timedelta(seconds=90), timedelta(days=900)), st.sampled_from(SHAPES))
def test_no_other_time_is_excused(then: datetime, later: timedelta, shape: str) -> None:
    now = then + timedelta(days=400)
    before, after = then.strftime(shape), (now + later).strftime(shape)
    # one of the moments at which the cell ran, be the day before the month or behind it
    shown = [(now + timedelta(seconds=one)).strftime(shape) for one in (-0.5, 0, 0.5)]
    assume(before != after and sorted(after) not in map(sorted, shown))
    assert turned(before, after, then=then, now=now) != before


@given(st.text(), st.text())
def test_any_text(before: str, after: str) -> None:
    found = turned(before, after, "%S %M")
    assert re.sub(r"\w", "", found) == re.sub(r"\w", "", after)


PYTHON = [
    ("a", "from datetime import date, datetime as dt\nimport time as t, pandas as pd"),
    ("b", "now = dt.now()\nx = 1"),
    ("c", "print(x)"),
    ("d", "print(f'{now:%H:%M}')"),
    ("e", "def stamp():\n    return t.strftime('%H')"),
    ("f", "stamp()"),
    ("g", "now = 3"),
    ("h", "now"),
    ("i", "pd.Timestamp('now')"),
    ("j", "pd.Timestamp('2026-01-01').strftime('%H'), t.sleep(0), t.perf_counter()"),
    ("k", "%time print(date.today())"),
    ("l", "!date +%H"),
    ("m", "self.now, model.today, now"),
    ("n", "def broken("),
]


def test_cells_that_read_a_clock_in_python() -> None:
    assert readers(PYTHON, "python") == {
        "b": {"b"},
        "d": {"b", "d"},
        "e": {"e"},
        "f": {"e", "f"},
        "i": {"i"},
        "k": {"k"},
        "l": {"l"},
    }


def test_cells_that_read_a_clock_in_r() -> None:
    cells = [
        (0, "x <- 1 # Sys.time()"),
        (1, "moment <- Sys.time(); Sys.Date() -> day"),
        (2, "format(moment, '%S')"),
        (3, "x"),
        (4, "day"),
        (5, "date()"),
        (6, "date(x); my.date(); df$today()"),
        (7, "day = 3"),
        (8, "day"),
        (9, "lubridate::now()"),
    ]
    assert readers(cells, "r") == {1: {1}, 2: {1, 2}, 4: {1, 4}, 5: {5}, 9: {9}}
    assert readers(cells, "julia") == {}
