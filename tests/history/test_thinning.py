from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.core.clock import DAY_MS, HOUR_MS
from jupyter_mlops.core.errors import InvalidInputError
from jupyter_mlops.history.thinning import DEFAULT, Tier, parse, superfluous

if TYPE_CHECKING:
    import random

NOW = 1_800_000_000_000
TIERS = parse(DEFAULT)
# from a year ago to a day ahead, where a clock was wrong
MOMENTS = st.lists(st.integers(NOW - 365 * DAY_MS, NOW + DAY_MS), max_size=200).map(
    lambda times: [(time, f"{index}") for index, time in enumerate(times)]
)


def kept(moments: list[tuple[int, str]], now: int = NOW) -> list[tuple[int, str]]:
    gone = superfluous(moments, now, TIERS)
    return sorted(taken for taken in moments if taken[1] not in gone)


@given(MOMENTS)
def test_what_stays_obeys_the_rule(moments: list[tuple[int, str]]) -> None:
    stays = kept(moments)
    assert {taken for taken in moments if taken[0] > NOW - DAY_MS} <= set(stays)
    for youngest, oldest, width in (
        (DAY_MS, 7 * DAY_MS, HOUR_MS),
        (7 * DAY_MS, 30 * DAY_MS, DAY_MS),
        (30 * DAY_MS, 400 * DAY_MS, 7 * DAY_MS),
    ):
        steps = [time // width for time, _ in stays if youngest <= NOW - time < oldest]
        had = {time // width for time, _ in moments if youngest <= NOW - time < oldest}
        assert len(steps) == len(set(steps))
        assert set(steps) == had  # no step that had one is without


@given(MOMENTS, st.randoms(use_true_random=False))
def test_order_does_not_matter(moments: list[tuple[int, str]], shuffler: random.Random) -> None:
    other = moments[:]
    shuffler.shuffle(other)
    assert kept(other) == kept(moments)


@given(MOMENTS)
def test_a_second_time_changes_nothing(moments: list[tuple[int, str]]) -> None:
    assert kept(kept(moments)) == kept(moments)


@given(MOMENTS, st.lists(st.integers(NOW - 365 * DAY_MS, NOW), max_size=5))
def test_thinning_on_the_way_keeps_the_same(
    moments: list[tuple[int, str]], earlier: list[int]
) -> None:
    stays = moments
    for now in sorted(earlier):
        stays = kept(stays, now)
    assert kept(stays) == kept(moments)


def test_a_rule_of_ones_own() -> None:
    assert parse("all 2h, daily 1w") == (Tier(0, 2 * HOUR_MS), Tier(DAY_MS, 7 * DAY_MS))
    assert parse("off") == (Tier(0, None),)
    tiers = parse("all 2h, daily 1w")
    assert superfluous([(NOW - HOUR_MS, "a"), (NOW - 8 * DAY_MS, "b")], NOW, tiers) == {"b"}


@pytest.mark.parametrize(
    "rule",
    ["", "all", "weekly, daily", "all 7d, hourly 1d", "daily 1d, hourly 7d", "all 0d", "all 1y"],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    if rule == "all":
        assert parse(rule) == (Tier(0, None),)
        return
    with pytest.raises(InvalidInputError, match="keep_automatic"):
        parse(rule)
