"""Snapshots of notebooks whose kernel nothing of ours watches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.analysis import r
from jupyter_mlops.kernels.r import question, state
from jupyter_mlops.kernels.schemas import Unseen
from jupyter_mlops.snapshots.notebook import CodeCell
from jupyter_mlops.snapshots.unwatched import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jupyter_mlops.services import Services

SOURCES = ["alpha <- 0.5\nname = 'a'  # what", "limit <- 3L", "score <- alpha * limit", "unused"]
ANSWER = {
    "version": "4.2.2",
    "platform": "Debian",
    "machine": "x86_64",
    "cores": 2,
    "home": "/usr/lib/R",
    "executable": "/usr/lib/R/bin/R",
    "session": "R version 4.2.2",
    "folder": "/",
    "variables": {"alpha": "numeric", "score": "numeric"},
    "scalars": {"alpha": 0.25, "limit": 3, "score": 0.75},
    "names": ["digest", "base"],
    "versions": ["0.6", "4.2.2"],
    "repositories": ["", ""],
    "commits": ["", ""],
}


def notebook(
    folder: Path, sources: Sequence[str] = SOURCES, counts: Sequence[int | None] = (5, 2, 6, None)
) -> Path:
    content = nbformat.v4.new_notebook(metadata={"language_info": {"name": "R"}})
    for number, (source, count) in enumerate(zip(sources, counts, strict=True)):
        cell = nbformat.v4.new_code_cell(source, id=f"cell{number}")
        cell.execution_count = count
        content.cells.append(cell)
    content.cells[0].metadata.tags = ["parameters"]
    path = folder / "model.ipynb"
    nbformat.write(content, path)
    return path


def test_a_notebook_in_r(services: Services) -> None:
    path = notebook(services.project.root)
    taken = services.snapshots.create(path, state(json.dumps(ANSWER)), author="me")
    assert (taken.grade, taken.metrics) == ("unknown", {"score": 0.75})
    assert taken.parameters == {"alpha": 0.25, "name": "a"}
    manifest = services.snapshots.snapshot(taken.id).manifest
    assert [cell.cell_id for cell in manifest.cells] == ["cell1", "cell0", "cell2"]
    assert manifest.notes == []
    assert manifest.environment is not None
    assert manifest.environment.session_info == "R version 4.2.2"
    lock = manifest.environment.lock
    assert lock is not None
    assert lock.format == "r"
    locked = json.loads(services.objects.read(lock.object_id))
    assert list(locked["Packages"]) == ["digest"]  # R itself brings the other


def test_the_files_that_r_names(services: Services) -> None:
    root = services.project.root
    for name in ("자료.csv", "out.csv", "data/more.csv", "unused"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(name)
    sources = [
        "d <- read.csv('자료.csv') # out.csv",
        'more <- read.csv(file.path("data", "more.csv")); x <- "no file\\n"',
        "write.csv(merge(d, more), file = 'out.csv')",
    ]
    path = notebook(root, sources, [1, 2, 3])
    answer = json.dumps(ANSWER | {"folder": str(root)})
    taken = services.snapshots.create(path, state(answer), author="me")
    uses = services.snapshots.snapshot(taken.id).manifest.files
    assert {(use.path, use.mode, *use.cell_ids) for use in uses} == {
        ("자료.csv", "read", "cell0"),
        ("data/more.csv", "read", "cell1"),
        ("out.csv", "write", "cell2"),
    }
    assert all(use.object_id for use in uses)


def test_texts_of_r() -> None:
    code = """f('a', g("b)"), file.path('c', "d"), save(h('e')), 'f\\'g') # 'no'
    ) 'h' cat("""
    assert list(r.named_texts(code)) == [
        ("a", False),
        ("b)", False),
        ("c/d", False),
        ("e", True),
        ("h", False),
    ]


@given(st.text("fx.'\"()#\\n\\ "))
def test_any_text_is_read(code: str) -> None:
    for found in r.named_texts(code):
        assert found.text in code


def test_literals_of_r() -> None:
    lines = ["a <- 1", "b = -2.5e3; ", "c <- TRUE", "d <- 7L # seven", 'e <- "x"', ".f <- 'y'"]
    assert r.literals("\n".join([*lines, "g <- a + 1", "1 -> h"])) == {
        "a": 1.0,
        "b": -2500.0,
        "c": True,
        "d": 7,
        "e": "x",
        ".f": "y",
    }


def test_the_place_of_the_answer_is_a_text_of_r() -> None:
    assert r'file("/a \"b\" \\ 한글"' in question(Path('/a "b" \\ 한글'))


def test_what_subprocesses_hide_is_said_by_cell() -> None:
    cells = [CodeCell(index, f"c{index}", "", (), []) for index in (0, 2, 3)]
    unseen = [
        Unseen(name="make", reason="program", cell_ids=["c3", "c0"]),
        Unseen(name="tar", reason="program", cell_ids=["c0", "c3"]),
        Unseen(name="python a.py", reason="program", cell_ids=["c2"]),
        *[Unseen(name=f"p{n}", reason="program", cell_ids=["gone"]) for n in range(7)],
        Unseen(name="Process-1", reason="silent", cell_ids=["c0", "c2", "c3"]),
        Unseen(name="Process-2", reason="failed", detail="it runs another Python", cell_ids=["c0"]),
    ]
    assert sentences(unseen, cells) == [
        "Cells 1 and 4 started make, tar: of what they opened, only the files that their commands "
        "name are listed.",
        "Cell 3 started python a.py: of what it opened, only the files that its command names are "
        "listed.",
        "A cell that is not there any more started p0, p1, p2, p3, p4 and 2 more: of what they "
        "opened, only the files that their commands name are listed.",
        "Cells 1, 3 and 4 started Process-1, which ended without telling what it opened.",
        "Cell 1 started Process-2: it runs another Python.",
    ]
