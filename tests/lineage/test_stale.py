from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import nbformat
import pytest

from jupyter_mlops.lineage import code, present
from jupyter_mlops.lineage.manager import LineageManager
from tests import notebooks

if TYPE_CHECKING:
    from typing import Any

    from jupyter_mlops.lineage.schemas import LineageNode, StaleList
    from jupyter_mlops.snapshots.schemas import Snapshot

    from .conftest import Workshop

RAW = "data/손님 1.csv"


def facts(items: list[LineageNode]) -> dict[str, list[tuple[str, str]]]:
    return {one.id: [(change.kind, change.path) for change in one.changes] for one in items}


def stale(workshop: Workshop) -> StaleList:
    return workshop.services.lineage.stale()


@pytest.fixture
def road(workshop: Workshop) -> tuple[Snapshot, Snapshot]:
    """Raw data → etl → clean data → train → model → deployment."""
    workshop.write(RAW, "a,b\n1,2\n")
    workshop.write("clean.csv", "a\n1\n")
    workshop.write("helper.py", "one = 1\n")
    etl = workshop.snapshot("etl.ipynb", [RAW], ["clean.csv"])
    train = workshop.snapshot("train.ipynb", ["clean.csv"], modules=["helper.py"])
    workshop.deploy("live", workshop.register("churn", train))
    return etl, train


@pytest.mark.usefixtures("road")
def test_nothing_is_stale_at_first(workshop: Workshop) -> None:
    found = stale(workshop)
    assert (found.items, found.unknown, found.checked, found.cut) == ([], [], 2, False)


@pytest.mark.usefixtures("road")
@pytest.mark.parametrize("text", ["a,b\n1,3\n", "a,b\n1,2\n3,4\n"], ids=["same size", "longer"])
def test_a_changed_file_reaches_the_endpoint(workshop: Workshop, text: str) -> None:
    workshop.write(RAW, text)
    found = stale(workshop)
    assert facts(found.items) == {
        "notebook:etl.ipynb": [("data", RAW)],
        "notebook:train.ipynb": [("upstream", "etl.ipynb")],
        "version:churn/1": [("upstream", "etl.ipynb")],
        "deployment:live": [("upstream", "etl.ipynb")],
    }
    assert [one.kind for one in found.items] == ["notebook", "notebook", "version", "deployment"]
    workshop.write(RAW, "a,b\n1,2\n")  # the same again
    assert stale(workshop).items == []


def test_a_new_snapshot_is_fresh_but_the_old_model_is_not(
    workshop: Workshop, road: tuple[Snapshot, Snapshot]
) -> None:
    workshop.write("clean.csv", "a\n2\n")
    workshop.snapshot("etl.ipynb", [RAW], ["clean.csv"])
    again = workshop.snapshot("train.ipynb", ["clean.csv"], modules=["helper.py"])
    assert facts(stale(workshop).items) == {
        "version:churn/1": [("data", "clean.csv")],
        "deployment:live": [("data", "clean.csv")],
    }
    _, train = road
    found = workshop.services.lineage.lineage("data:clean.csv")
    states = {one.id: one.state for one in found.nodes}
    assert states[f"snapshot:{train.id}"] == "stale"
    assert states[f"snapshot:{again.id}"] == "current"
    assert states["notebook:train.ipynb"] == "current"
    assert states["data:clean.csv"] == "current"
    assert states["deployment:live"] == "stale"
    workshop.deploy("live", workshop.register("churn", again))
    assert stale(workshop).items == []


@pytest.mark.usefixtures("road")
def test_code_counts_and_says_which(workshop: Workshop) -> None:
    workshop.write("helper.py", "one = 2\n")
    workshop.notebook("etl.ipynb", "pass  # edited")
    found = facts(stale(workshop).items)
    assert found["notebook:etl.ipynb"] == [("notebook", "etl.ipynb")]
    assert found["version:churn/1"] == [("module", "helper.py"), ("upstream", "etl.ipynb")]
    (workshop.root / "helper.py").unlink()
    assert ("missing", "helper.py") in facts(stale(workshop).items)["notebook:train.ipynb"]


@pytest.mark.usefixtures("road")
def test_outputs_text_and_injected_parameters_are_no_code(workshop: Workshop) -> None:
    file = workshop.root / "etl.ipynb"
    content: Any = nbformat.read(file, 4)
    content.cells[0].outputs = [nbformat.v4.new_output("stream", text="done")]
    injected = nbformat.v4.new_code_cell("depth = 1", metadata={"tags": ["injected-parameters"]})
    content.cells += [
        injected,
        nbformat.v4.new_markdown_cell("# Text"),
        nbformat.v4.new_code_cell(),
    ]
    nbformat.write(content, file)
    assert stale(workshop).items == []


def test_masked_secrets_are_no_change(workshop: Workshop) -> None:
    workshop.notebook("secret.ipynb", 'password = "hunter2hunter2"')
    workshop.write("helper.py", 'token = "hunter2hunter2"\n')
    workshop.snapshot("secret.ipynb", modules=["helper.py"])
    assert stale(workshop).items == []


def test_what_only_the_kernel_knew_as_a_secret_is_no_change(workshop: Workshop) -> None:
    workshop.write(".env", "DB_HOST=db-17.internal\n")
    workshop.notebook("use.ipynb", "connect('db-17.internal', 1)")
    helper = workshop.write("helper.py", "host = 'db-17.internal'\n")
    workshop.snapshot("use.ipynb", modules=["helper.py"])
    assert stale(workshop).items == []
    helper.write_text("host = 'db-18.internal'\nport = 2\n")
    workshop.notebook("use.ipynb", "connect('db-17.internal', 2)")
    found = facts(stale(workshop).items)["notebook:use.ipynb"]
    assert found == [("notebook", "use.ipynb"), ("module", "helper.py")]


def test_ends_of_lines_as_windows_has_them_are_kept_and_no_change(workshop: Workshop) -> None:
    helper = workshop.root / "helper.py"
    helper.write_bytes(b"one = 1\r\ntwo = 2\r\n")
    made = workshop.snapshot("use.ipynb", modules=["helper.py"])
    assert stale(workshop).items == []
    services = workshop.services
    (use,) = services.snapshots.snapshot(made.id).manifest.modules
    assert services.objects.read(use.object_id or "") == helper.read_bytes()


@pytest.mark.usefixtures("road")
def test_a_moved_file_is_found_by_its_content(workshop: Workshop) -> None:
    shutil.move(workshop.root / RAW, workshop.root / "moved.csv")
    assert facts(stale(workshop).items)["notebook:etl.ipynb"] == [("missing", RAW)]
    workshop.snapshot("other.ipynb", ["moved.csv"])
    (etl, *_) = (one for one in stale(workshop).items if one.name == "etl.ipynb")
    (change,) = etl.changes
    assert (change.kind, change.path, change.moved_to) == ("moved", RAW, "moved.csv")


def test_what_cannot_be_compared_is_unknown(workshop: Workshop) -> None:
    (workshop.root / "pipe").mkdir()
    workshop.snapshot("use.ipynb", ["pipe", "gone.csv"])
    (workshop.root / "gone.csv").mkdir()
    found = stale(workshop)
    assert found.items == []
    (node,) = found.unknown
    reasons = {(one.path, one.reason) for one in node.unchecked}
    assert reasons == {("pipe", "no digest"), ("gone.csv", "no digest")}


def test_large_files_are_compared_by_size_only(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.write("big.csv", "12345678")
    workshop.notebook("use.ipynb")
    workshop.snapshot("use.ipynb", ["big.csv"])
    monkeypatch.setattr(present, "READ_LIMIT", 4)
    monkeypatch.setattr(code, "LARGEST", 4)
    services = workshop.services
    small = LineageManager(services.project, services.database, services.objects)
    (node,) = small.stale().unknown
    reasons = {(one.path, one.reason) for one in node.unchecked}
    assert reasons == {("big.csv", "large"), ("use.ipynb", "large")}
    workshop.write("big.csv", "123456789")
    assert facts(small.stale().items) == {"notebook:use.ipynb": [("data", "big.csv")]}


def test_failures_and_what_a_restore_took_do_not_count(workshop: Workshop) -> None:
    workshop.write("in.csv", "1")
    workshop.snapshot("use.ipynb", ["in.csv"])
    workshop.write("in.csv", "2")
    workshop.snapshot("use.ipynb", ["in.csv"], status="error")
    workshop.snapshot("use.ipynb", ["in.csv"], origin="safety")
    assert facts(stale(workshop).items) == {"notebook:use.ipynb": [("data", "in.csv")]}
    workshop.snapshot("use.ipynb", ["in.csv"])
    assert stale(workshop).items == []


def test_what_a_notebook_writes_itself_is_no_input(workshop: Workshop) -> None:
    workshop.write("log.db", "1")
    workshop.snapshot("log.ipynb", ["log.db"], ["log.db"])
    workshop.write("log.db", "2")
    assert stale(workshop).items == []


def test_notebooks_come_in_the_order_in_which_they_are_to_run(workshop: Workshop) -> None:
    for name in ("in", "z", "y"):
        workshop.write(f"{name}.csv", name)
    workshop.snapshot("1 last.ipynb", ["y.csv"])
    workshop.snapshot("2 middle.ipynb", ["z.csv"], ["y.csv"])
    workshop.snapshot("3 first.ipynb", ["in.csv"], ["z.csv"])
    workshop.write("in.csv", "new")
    names = [one.name for one in stale(workshop).items]
    assert names == ["3 first.ipynb", "2 middle.ipynb", "1 last.ipynb"]


def test_a_circle_makes_all_of_it_stale(workshop: Workshop) -> None:
    workshop.write("a.csv", "a")
    workshop.write("b.csv", "b")
    workshop.snapshot("one.ipynb", ["a.csv"], ["b.csv"])
    workshop.snapshot("two.ipynb", ["b.csv"], ["a.csv"])
    notebooks.write(workshop.root / "one.ipynb", ["edited = 1"])
    assert facts(stale(workshop).items) == {
        "notebook:one.ipynb": [("notebook", "one.ipynb"), ("upstream", "two.ipynb")],
        "notebook:two.ipynb": [("upstream", "one.ipynb")],
    }


def test_a_circle_takes_the_order_of_no_other(workshop: Workshop) -> None:
    for name in ("in", "z", "a", "b"):
        workshop.write(f"{name}.csv", name)
    workshop.snapshot("1 last.ipynb", ["a.csv", "z.csv"])
    workshop.snapshot("2 first.ipynb", ["in.csv"], ["z.csv"])
    workshop.snapshot("3 round.ipynb", ["b.csv"], ["a.csv"])
    workshop.snapshot("4 round.ipynb", ["a.csv"], ["b.csv"])
    workshop.write("in.csv", "new")
    notebooks.write(workshop.root / "3 round.ipynb", ["edited = 1"])
    names = [one.name for one in stale(workshop).items]
    assert names == ["2 first.ipynb", "4 round.ipynb", "3 round.ipynb", "1 last.ipynb"]


@pytest.mark.usefixtures("road")
def test_looking_twice_reads_and_writes_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write would tell all browsers that something changed, and they would look again."""
    database = workshop.services.database
    stale(workshop)
    before = database.data_version()
    workshop.write(RAW, "a,b\n1,3\n")
    first = stale(workshop)
    assert database.data_version() != before  # what was read is remembered
    again = database.data_version()
    monkeypatch.setattr("builtins.open", None)
    assert stale(workshop) == first
    assert database.data_version() == again


def test_equal_contents_make_no_circle(workshop: Workshop) -> None:
    """Who passes a content on to another name has not made the file that it came from."""
    for name in ("in.csv", "a.csv", "b.csv"):
        workshop.write(name, "the same")
    workshop.snapshot("a.ipynb", ["in.csv"], ["a.csv"])
    workshop.snapshot("b.ipynb", ["a.csv"], ["b.csv"])
    workshop.write("in.csv", "other")
    assert facts(stale(workshop).items) == {
        "notebook:a.ipynb": [("data", "in.csv")],
        "notebook:b.ipynb": [("upstream", "a.ipynb")],
    }
