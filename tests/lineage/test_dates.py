"""Lineage and radar take no snapshot for the newest whose date cannot be, and agree on ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.lineage import data_store, registered, store
from jupyter_mlops.snapshots import manager as snapshots
from jupyter_mlops.snapshots import store as snapshot_store
from jupyter_mlops.snapshots import tables as snapshot_tables

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
        assert [row.id for row in store.get_heads(connection)] == [second]
        used = data_store.of_paths(connection, ["data.csv"], "read", 1, set())["data.csv"]
        assert [(use.snapshot_id, use.total) for use in used] == [(second, 3)]


def test_of_what_many_used(
    workshop: Workshop, ahead: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, (first, second) = ahead
    for few, expected in ((1, [second]), (2, [second, first])):
        monkeypatch.setattr(data_store, "_FEW", few)
        with workshop.services.database.read() as connection:
            used = data_store.of_paths(connection, ["data.csv"], "read", 9, set())["data.csv"]
        assert [use.snapshot_id for use in used] == expected


def test_a_notebook_that_has_no_other_date(
    workshop: Workshop, ahead: tuple[str, list[str]]
) -> None:
    wrong, others = ahead
    for other in others:
        workshop.services.history.delete(other)
    with workshop.services.database.read() as connection:
        assert [row.id for row in store.get_heads(connection)] == [wrong]
        assert store.path_now(connection, "train.ipynb") == "train.ipynb"


def test_which_registered_ones_are_followed(
    workshop: Workshop, ahead: tuple[str, list[str]]
) -> None:
    wrong, (first, second) = ahead
    for snapshot_id in (wrong, first, second):
        workshop.register("churn", workshop.services.snapshots.snapshot(snapshot_id))
    with workshop.services.database.read() as connection:
        for limit, expected in ((1, [second]), (3, [second, first, wrong])):
            found = registered.get_registered_of(connection, "train.ipynb", limit)
            assert found == expected


def test_what_there_is_room_for(workshop: Workshop, ahead: tuple[str, list[str]]) -> None:
    wrong, (first, second) = ahead
    for limit, expected in ((2, {second}), (3, {second, first}), (4, {second, first, wrong})):
        graph = workshop.services.lineage.lineage("notebook:train.ipynb", limit=limit)
        found = {node.name for node in graph.nodes if node.kind == "snapshot"}
        assert found == expected


def test_what_a_file_held_last(workshop: Workshop) -> None:
    held = {}
    for change in (YEAR, 0):
        workshop.write("data.csv", f"{change}")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(snapshots, "now_ms", lambda change=change: now_ms() + change)
            held[change] = workshop.snapshot("train.ipynb", ["data.csv"]).id
    graph = workshop.services.lineage.lineage("notebook:train.ipynb")
    (data,) = (node for node in graph.nodes if node.kind == "data")
    (use,) = workshop.services.snapshots.snapshot(held[0]).manifest.files
    assert (data.digest, data.state) == (use.digest, "current")


def test_of_one_moment_all_are_in_the_order_of_the_list(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = now_ms()
    monkeypatch.setattr(snapshots, "now_ms", lambda: now)
    workshop.write("data.csv", "1")
    for number in range(8):
        snapshot = workshop.snapshot(f"{number}.ipynb", ["data.csv"])
        workshop.register("churn", snapshot)
    with workshop.services.database.read() as connection:
        listed = [
            row.id for row in snapshot_store.listing(connection, 9, None, snapshot_store.Wanted())
        ]
        heads = store.get_heads(connection)
    graph = workshop.services.lineage.lineage(limit=10)
    drawn = [node.name for node in graph.nodes if node.kind == "snapshot"]
    assert [row.id for row in heads] == listed == sorted(listed, reverse=True)
    # that of the model's newest version is there first
    others = [one for one in listed if one != snapshot.id]
    assert drawn[0] == snapshot.id
    assert drawn[1:] == others[: len(drawn) - 1]
    assert len(drawn) >= 3


def test_a_run_goes_on_with_its_newest_snapshot(
    workshop: Workshop, ahead: tuple[str, list[str]]
) -> None:
    wrong, (first, second) = ahead
    services = workshop.services
    run_id = services.snapshots.snapshot(second).run_id
    with services.database.write() as connection:
        table = snapshot_tables.snapshots
        connection.execute(sa.update(table).values(run_id=run_id))
    services.history.delete(second)
    with services.database.read() as connection:
        assert store.get_of_runs(connection, [run_id]) == {run_id: first}
    services.history.delete(first)
    services.history.undelete(second)
    services.history.delete(second)
    with services.database.read() as connection:
        assert store.get_of_runs(connection, [run_id]) == {run_id: wrong}
