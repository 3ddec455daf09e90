"""What has changed, each with all that depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.lineage.causes import causes
from jupyter_mlops.lineage.schemas import Change, LineageNode, NodeKind

if TYPE_CHECKING:
    from collections.abc import Sequence


def node(name: str, *changes: Change, kind: NodeKind = "notebook") -> LineageNode:
    return LineageNode(id=f"{kind}:{name}", kind=kind, name=name, changes=list(changes))


def upstream(path: str) -> Change:
    return Change(kind="upstream", path=path)


def found(items: Sequence[LineageNode]) -> list[tuple[str, str, list[str]]]:
    return [(one.change.kind, one.change.path, one.items) for one in causes(items)]


DATA = Change(kind="data", path="a.csv")


def test_what_is_stale_through_others_stands_with_the_change_behind_them() -> None:
    module = Change(kind="module", path="x.py")
    items = [
        node("etl.ipynb", DATA),
        node("train.ipynb", upstream("etl.ipynb")),
        node("live", module, upstream("train.ipynb"), kind="deployment"),
    ]
    assert found(items) == [
        ("data", "a.csv", ["notebook:etl.ipynb", "notebook:train.ipynb", "deployment:live"]),
        ("module", "x.py", ["deployment:live"]),
    ]


def test_what_goes_in_a_circle_is_found_in_whatever_order() -> None:
    items = [
        node("a", upstream("b")),
        node("b", DATA, upstream("a")),
        node("c", upstream("a")),
    ]
    assert found(items) == [("data", "a.csv", ["notebook:a", "notebook:b", "notebook:c"])]


@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 9), max_size=3), st.lists(st.integers(0, 3), max_size=2)),
        max_size=10,
    )
)
def test_all_that_is_stale_has_a_cause_if_what_it_needs_has(
    drawn: list[tuple[list[int], list[int]]],
) -> None:
    items = [
        node(
            str(at),
            *(Change(kind="data", path=str(file)) for file in files),
            *(upstream(str(maker)) for maker in makers if maker < at),
        )
        for at, (makers, files) in enumerate(drawn)
    ]
    by_cause = found(items)
    for at, item in enumerate(items):
        mine = {path for kind, path, ids in by_cause if item.id in ids}
        wanted = {change.path for change in item.changes if change.kind == "data"}
        for maker in [change.path for change in item.changes if change.kind == "upstream"]:
            wanted |= {path for _, path, ids in by_cause if items[int(maker)].id in ids}
        assert mine == wanted, at
    order = [item.id for item in items]
    for _, _, ids in by_cause:
        assert ids == sorted(ids, key=order.index)
