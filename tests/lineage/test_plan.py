"""Whatever needs what, all that can be run has an order, and of the rest it is said why."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.lineage.plan import plan

if TYPE_CHECKING:
    from jupyter_mlops.lineage.radar import Survey

NAMES = [f"{letter}.ipynb" for letter in "abcdefgh"]


def reached(needs: dict[str, set[str]], path: str) -> set[str]:
    """Return all that a notebook needs, directly or not."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        more = needs[waiting.pop()] - found
        found |= more
        waiting += more
    return found


@given(st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=3)))
def test_what_is_in_no_circle_nor_behind_one_is_run_in_order(given_needs: Any) -> None:
    needs = {path: given_needs.get(path, set()) - {path} for path in NAMES}
    survey = SimpleNamespace(
        stale=set(NAMES),
        needs=needs,
        heads={path: SimpleNamespace(id=path) for path in NAMES},
        findings={path: SimpleNamespace(changes=[]) for path in NAMES},
    )
    steps = plan(cast("Survey", survey))
    assert sorted(step.notebook_path for step in steps) == NAMES
    behind = {path: reached(needs, path) for path in NAMES}
    done: set[str] = set()
    for step in steps:
        path = step.notebook_path
        is_kept_out = any(one in behind[one] for one in {path, *behind[path]})
        assert (step.state == "skipped") == is_kept_out
        assert (step.message is not None) == is_kept_out
        if not is_kept_out:
            assert needs[path] <= done
        done.add(path)
        for before, after in zip(step.circle, [*step.circle[1:], *step.circle[:1]], strict=True):
            assert before in needs[after]
        assert not step.circle or path in step.circle
