"""Lineage and radar take no snapshot for the newest whose date cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.lineage import store
from jupyter_mlops.snapshots import manager as snapshots

if TYPE_CHECKING:
    from .conftest import Workshop

YEAR = 400 * 86_400_000


@pytest.fixture
def ahead(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[str]]:
    """A snapshot that a clock dated far ahead, and two that were taken when it was right again."""
    workshop.write("old.csv", "a\n0\n")
    workshop.write("data.csv", "a\n1\n")
    with monkeypatch.context() as patched:
        patched.setattr(snapshots, "now_ms", lambda: now_ms() + YEAR)
        wrong = workshop.snapshot("train.ipynb", ["old.csv", "data.csv"])
    taken = [workshop.snapshot("train.ipynb", ["data.csv"]).id for _ in range(2)]
    return wrong.id, taken


def test_what_a_notebook_depends_on(workshop: Workshop, ahead: tuple[str, list[str]]) -> None:
    workshop.write("old.csv", "a\n2\n")
    found = workshop.services.lineage.stale()
    assert (found.items, found.unknown, found.checked) == ([], [], 1)
    workshop.write("data.csv", "a\n3\n")
    assert [one.id for one in workshop.services.lineage.stale().items] == ["notebook:train.ipynb"]


def test_which_snapshots_are_followed(workshop: Workshop, ahead: tuple[str, list[str]]) -> None:
    wrong, (first, second) = ahead
    with workshop.services.database.read() as connection:
        rows = store.get_newest(connection, "train.ipynb", 2)
        assert [row.id for row in rows] == [second, first, wrong]
        for limit in (0, 1, 2):
            rows = store.get_newest(connection, "train.ipynb", limit)
            assert [row.id for row in rows] == [second, first, wrong][: limit + 1]
        assert [row.id for row in store.get_heads(connection, 5)] == [second]
        used = store.of_paths(connection, ["data.csv"], "read", 1, set())["data.csv"]
        assert [(use.snapshot_id, use.total) for use in used] == [(second, 3)]


def test_of_what_many_used(
    workshop: Workshop, ahead: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (first, second) = ahead
    for few, expected in ((1, [second]), (2, [second, first])):
        monkeypatch.setattr(store, "_FEW", few)
        with workshop.services.database.read() as connection:
            used = store.of_paths(connection, ["data.csv"], "read", 9, set())["data.csv"]
        assert [use.snapshot_id for use in used] == expected


def test_a_notebook_that_has_no_other_date(
    workshop: Workshop, ahead: tuple[str, list[str]]
) -> None:
    wrong, others = ahead
    for other in others:
        workshop.services.history.delete(other)
    with workshop.services.database.read() as connection:
        assert [row.id for row in store.get_heads(connection, 5)] == [wrong]
        assert store.path_now(connection, "train.ipynb") == "train.ipynb"
