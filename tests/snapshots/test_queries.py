"""Which snapshots there are, and which has an id, is answered by indexes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from jupyter_mlops.core.errors import NotFoundError
from tests import notebooks
from tests.databases import SHARED

from .test_manager import snap

if TYPE_CHECKING:
    from jupyter_mlops.services import Services

pytestmark = pytest.mark.skipif(SHARED, reason="asks SQLite for its plans")


def plans(services: Services, action: Any) -> list[str]:
    """Return the steps of an action's queries, as SQLite goes about them, but of those by a list.

    The subquery of ``QueryAmong`` is no table.
    """
    asked: list[tuple[str, Any]] = []
    caller = threading.current_thread()

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        # what a snapshot has left to do is done in other threads
        is_ours = threading.current_thread() is caller
        if is_ours and statement.startswith("SELECT") and "json_each" not in statement:
            asked.append((statement, values))

    engine = services.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert asked
    with services.database.read() as connection:
        return [
            row[-1]
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


def test_no_question_reads_all_rows(services: Services) -> None:
    path = notebooks.write(services.project.root / "a.ipynb", ["1"])
    made = snap(services, path)
    actions = (
        lambda: services.snapshots.snapshot(made.id),
        lambda: services.snapshots.snapshot(made.id[:8]),
        lambda: services.snapshots.newest(path),
        lambda: services.tracking.run_ids(made.run_id[:8]),
    )
    steps = [step for action in actions for step in plans(services, action)]
    assert any(step.startswith("SEARCH snapshots") for step in steps)
    slow = ("SCAN snapshots", "SCAN runs", "LIST SUBQUERY")
    assert [step for step in steps if step.startswith(slow)] == []


def test_an_id_is_found_by_its_start_and_by_nothing_else(services: Services) -> None:
    made = snap(services, notebooks.write(services.project.root / "a.ipynb", ["1"]))
    for start in (made.id, made.id[:6]):
        assert services.snapshots.snapshot(start).id == made.id
    for other in (f"{made.id[:6]}g", f"{made.id}0", made.id[1:7], "%" * 6, f"{made.id[:5]}_"):
        with pytest.raises(NotFoundError):
            services.snapshots.snapshot(other)
