from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.core.errors import InvalidInputError
from jupyter_mlops.core.filters import Comparison, Order, parse_filter, parse_orders
from jupyter_mlops.tracking.conditions import VOCABULARY


def one(text: str) -> Comparison:
    (comparison,) = parse_filter(text, VOCABULARY)
    return comparison


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metrics.f1 > 0.9", Comparison("metric", "f1", ">", 0.9)),
        ("metric.`f1 score`<=-1e-3", Comparison("metric", "f1 score", "<=", -0.001)),
        ('params."my lr" = "0.1"', Comparison("param", "my lr", "=", "0.1")),
        ("parameters.a.b != 'x'", Comparison("param", "a.b", "!=", "x")),
        ("tags.mlflow.user like '%me'", Comparison("tag", "mlflow.user", "LIKE", "%me")),
        ("`tags`.`a b` iLike 'X_'", Comparison("tag", "a b", "ILIKE", "X_")),
        (r"tag.t LIKE '\%' escape '\'", Comparison("tag", "t", "LIKE", r"\%", "\\")),
        ("tag.t = 'it''s'", Comparison("tag", "t", "=", "it's")),
        ("tag.t IS  not null", Comparison("tag", "t", "IS NOT NULL", None)),
        ("param.p is null", Comparison("param", "p", "IS NULL", None)),
        ("run_id IN ('a','b')", Comparison("attribute", "run_id", "IN", ("a", "b"))),
        ("attr.run_id not in ('a')", Comparison("attribute", "run_id", "NOT IN", ("a",))),
        ("created >= 12", Comparison("attribute", "start_time", ">=", 12)),
        ("`Run name` = 'x'", Comparison("attribute", "run_name", "=", "x")),
        ("dataset.context = 'train'", Comparison("dataset", "context", "=", "train")),
        ("params.매개 = '한글'", Comparison("param", "매개", "=", "한글")),
    ],
)
def test_what_can_be_said(text: str, expected: Comparison) -> None:
    assert one(text) == expected


def test_all_conditions_are_found() -> None:
    found = parse_filter("metrics.a>1 and params.b='AND' AND status = 'FINISHED'", VOCABULARY)
    assert [comparison.key for comparison in found] == ["a", "b", "status"]
    assert parse_filter(None, VOCABULARY) == parse_filter("  ", VOCABULARY) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("metrics.a > 'x'", "Expected a number, found 'x' at character 13"),
        ("params.a > 'x'", "cannot be compared with >"),
        ("params.a = x", "Expected a value in quotes"),
        ("params.a = 'x' OR params.b = 'y'", "Expected AND, found OR"),
        ("metrics.a > 1 AND", "Expected a field such as metrics.accuracy, found the end"),
        ("wrong.a = 'x'", "There is no wrong"),
        ("nothing = 'x'", "There is no attribute 'nothing'"),
        ("status IN ('a')", "cannot be compared with IN"),
        ("run_id IN ()", "Expected a value in quotes, found )"),
        ("metrics.a IS NULL", "cannot be compared with IS NULL"),
        ("metrics.a > 1; DROP TABLE runs", "Cannot read '; DROP TABLE runs'"),
        ("params.a = 'x", "Cannot read"),
        ("params.a = 'x' ESCAPE '!'", "Expected AND, found ESCAPE"),
        ("params.a LIKE 'x' ESCAPE 'e'", "one character that is no letter"),
        ("params.a LIKE 'x' ESCAPE ''", "one character that is no letter"),
        ("params.a LIKE '%!' ESCAPE '!'", "The pattern '%!' ends with '!'"),
    ],
)
def test_what_is_wrong_is_said(text: str, complaint: str) -> None:
    with pytest.raises(InvalidInputError, match=complaint.replace("(", r"\(").replace(")", r"\)")):
        parse_filter(text, VOCABULARY)


def test_orders() -> None:
    assert parse_orders("metrics.`a,b` desc, start_time", VOCABULARY) == [
        Order("metric", "a,b", ascending=False),
        Order("attribute", "start_time"),
    ]
    for text in ("", "metrics.a UP", "metrics.a DESC 1", "metrics.a,"):
        with pytest.raises(InvalidInputError):
            parse_orders(text, VOCABULARY)


words = st.sampled_from(
    ["metrics.a", "params.`b c`", "run_id", "=", ">", "'x'", "1", "1e999", "9" * 400, "IN", "NOT",
     "(", ")", ",", "AND", "IS", "NULL", "LIKE", "`", "'", "desc"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(words).map(" ".join)))
def test_whatever_is_written_is_parsed_or_refused(text: str) -> None:
    for parse in (parse_filter, parse_orders):
        with suppress(InvalidInputError):
            assert isinstance(parse(text, VOCABULARY), list)
