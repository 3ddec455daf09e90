"""The data of experiments side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from jupyter_mlops.comparison import columns, differences
from jupyter_mlops.comparison.columns import Table
from jupyter_mlops.comparison.subjects import Subject
from jupyter_mlops.kernels.schemas import FileAccess, LocalModule
from jupyter_mlops.snapshots.schemas import FileUse
from jupyter_mlops.snapshots.tables import data_profiles

from .comparing import compare, snap

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services


def test_where_no_kernel_was_alive_nothing_is_removed(services: Services, notebook: Path) -> None:
    (notebook.parent / "a.csv").write_text("a")
    (notebook.parent / "helper.py").write_text("a")
    read = FileAccess(path=str(notebook.parent / "a.csv"), mode="read")
    module = LocalModule(name="helper", path=str(notebook.parent / "helper.py"))
    alive = snap(services, notebook, files=[read], modules=[module], seeds={"numpy": 1})
    dead = services.snapshots.create(notebook, None, author="me")
    found = compare(services, alive, dead)
    assert [row.states[1] for row in found.data] == [None]
    assert not any(row.differs for row in found.data)
    assert not any(row.differs for row in found.code.modules)
    assert not any(row.differs for row in found.code.facts)
    found = compare(services, dead, alive)
    assert [row.states[1] and row.states[1].change for row in found.data] == ["unknown"]


@pytest.mark.parametrize(
    ("sizes", "change"), [((1, 2), "changed"), ((1, 1), "unknown"), ((1, None), "unknown")]
)
def test_a_file_that_cannot_be_read_is_known_by_its_size(
    services: Services, sizes: tuple[int | None, ...], change: str
) -> None:
    baseline = Subject(services.tracking.start_run("a", author="me"), None, None)
    base, use = (
        FileUse(path="a", mode="read", size=size, digest=None, object_id=None) for size in sizes
    )
    assert differences._change(use, base, baseline) == change


def test_data(services: Services, notebook: Path) -> None:
    root = services.project.root

    def read(**texts: str) -> Any:
        for name, text in texts.items():
            (root / f"{name} 데이터.csv").write_text(text)
        return [FileAccess(path=str(root / f"{name} 데이터.csv"), mode="read") for name in texts]

    first = snap(services, notebook, files=read(same="a\n1\n", more="a\n1\n", gone="a\n"))
    second = snap(services, notebook, files=read(same="a\n1\n", more="a\n1\n2\n3\n", new="a\n"))
    digests = [
        file.digest
        for made in (first, second)
        for file in services.snapshots.snapshot(made.id).manifest.files
        if file.path.startswith("more")
    ]
    profiles = [
        _profile(1, age="int64", name="object", gone="bool"),
        _profile(3, age="float64", name="object", new="bool"),
    ]
    with services.database.write() as connection:
        connection.execute(
            sa.insert(data_profiles),
            [
                {"digest": digest, "created_at": 0, "profile": profile}
                for digest, profile in zip(digests, profiles, strict=True)
            ],
        )
    found = {row.path.split()[0]: row for row in compare(services, first, second).data}
    assert list(found) == ["gone", "more", "new", "same"]  # what differs comes first
    assert {name: row.states[1] and row.states[1].change for name, row in found.items()} == {
        "gone": "removed",
        "more": "changed",
        "new": "added",
        "same": "same",
    }
    more = found["more"].states[1]
    assert more
    assert (more.size_delta, more.row_delta, more.rows) == (4, 2, 3)
    assert [(one.name, one.before, one.after) for one in more.columns] == [
        ("age", "int64", "float64"),
        ("gone", "bool", None),
        ("new", None, "bool"),
    ]
    assert (found["new"].states[0], found["same"].differs) == (None, False)


def _profile(rows: int, **types: str) -> dict[str, Any]:
    found = [{"name": name, "type": kind} for name, kind in types.items()]
    return {"rows": rows, "columns": found, "column_count": len(found)}


def test_of_a_wide_table_columns_are_not_told() -> None:
    wide = Table.of(_profile(1, a="bool") | {"column_count": 2})
    assert columns.changes(wide, Table.of(_profile(1, b="bool"))) == []
    assert columns.changes(Table.of({"rows": None}), wide) == []
