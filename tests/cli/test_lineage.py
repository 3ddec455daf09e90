"""``jupyter mlops lineage``: a tree, a list of what is stale, and the same as JSON."""

from __future__ import annotations

import contextlib
import json
import re
import signal
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from jupyter_mlops.core.errors import ConflictError, InvalidStateError
from jupyter_mlops.lineage.schemas import Lineage, Rerun, RerunCreate, StaleList
from tests import notebooks
from tests.lineage.conftest import Workshop, wait_for
from tests.lineage.openlineage_schema import events

from .conftest import start

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.services import Services

    from .conftest import Command


@pytest.fixture
def workshop(services: Services, folder: Path, tmp_path: Path) -> Workshop:
    made = Workshop(services, tmp_path / "models")
    assert folder == made.root
    made.write("in 1.csv", "a\n1\n")
    made.write("out.csv", "b\n1\n")
    made.snapshot("etl.ipynb", ["in 1.csv"], ["out.csv"])
    train = made.snapshot("train.ipynb", ["out.csv"])
    made.deploy("live", made.register("churn", train))
    return made


def test_a_tree_of_both_directions(mlops: Command, workshop: Workshop) -> None:
    said = mlops("lineage", "out.csv").stdout
    up, down = said.split("data out.csv is used by")
    assert "data out.csv depends on" in up
    assert "notebook etl.ipynb" in up
    assert "data in 1.csv" in up
    assert down.strip().splitlines()[0].strip("│├└─ ") == "notebook train.ipynb"
    assert "model churn version 1" in down
    assert "deployment live" in down
    found = Lineage.model_validate_json(mlops("lineage", "out.csv", "--json").stdout)
    assert found == workshop.services.lineage.lineage("data:out.csv")
    assert "in 1.csv" not in mlops("lineage", "out.csv", "--direction", "downstream").stdout
    short = mlops("lineage", "out.csv", "--depth", "1")
    assert "deployment live" not in short.stdout
    assert "There is more" in short.stderr


def test_all_of_it(mlops: Command, workshop: Workshop) -> None:
    said = mlops("lineage").stdout
    assert said.splitlines()[0].strip() == "data in 1.csv"
    for name in ("etl.ipynb", "out.csv", "train.ipynb", "version 1", "live"):
        assert name in said
    assert workshop.services.lineage.lineage().start is None


def test_a_long_road_is_told_to_its_end(mlops: Command, workshop: Workshop) -> None:
    long = "a step with a rather long name " * 3
    for number in range(12):
        workshop.write(f"{number + 1}.csv", str(number))
        workshop.snapshot(
            f"{long} {number}.ipynb",
            [f"{number}.csv"] if number else ["out.csv"],
            [f"{number + 1}.csv"],
        )
    said = mlops("lineage", "--limit", "2000").stdout
    for number in range(12):
        assert len(re.findall(rf"data {number + 1}\.csv(?! …)", said)) == 1
        assert said.count(f"notebook {long} {number}.ipynb") == 1
    lines = said.splitlines()
    assert max(line.index("data") for line in lines if "data" in line) < 60
    (again,) = [at for at, line in enumerate(lines) if line.lstrip().startswith("data 3.csv")]
    assert lines[again + 1].strip("│├└─ ") == f"notebook {long} 3.ipynb"


def test_what_is_stale_and_why(mlops: Command, workshop: Workshop) -> None:
    assert "Nothing is stale; 2 notebooks were looked at." in mlops("lineage", "--stale").stderr
    workshop.write("in 1.csv", "a\n2\n")
    lines = mlops("lineage", "--stale").stdout.splitlines()
    assert lines == [
        "▲ in 1.csv changed — 2 notebooks, 1 model version, 1 deployment depend on it",
        "  notebook etl.ipynb",
        "  notebook train.ipynb (through etl.ipynb)",
        "  model churn version 1 (through etl.ipynb)",
        "  deployment live (through etl.ipynb)",
    ]
    found = StaleList.model_validate(json.loads(mlops("lineage", "--stale", "--json").stdout))
    assert [item.name for item in found.items] == ["etl.ipynb", "train.ipynb", "churn", "live"]
    (cause,) = found.causes
    assert (cause.change.path, cause.items) == ("in 1.csv", [item.id for item in found.items])
    workshop.snapshot("alone.ipynb")
    workshop.notebook("alone.ipynb", "edited")
    lines = mlops("lineage", "--stale").stdout.splitlines()
    assert "▲ alone.ipynb was edited — 1 notebook depends on it" in lines
    assert "▲ data in 1.csv" in mlops("lineage", "live").stdout
    (workshop.root / "etl.ipynb").unlink()
    assert "Gone, and not looked at: etl.ipynb" in mlops("lineage", "--stale").stderr
    assert "restore a snapshot of it" in mlops("repro", "etl.ipynb", code=1).stderr


def test_repro(mlops: Command, services: Services, folder: Path, tmp_path: Path) -> None:
    made = Workshop(services, tmp_path / "models")
    for name in ("in.csv", "out.csv"):
        made.write(name, "1")
    copy = "text = open('in.csv').read()\nopen('out.csv', 'w').write(text)"
    notebooks.write(folder / "a.ipynb", [copy])
    notebooks.write(folder / "b.ipynb", ["n = int(open('out.csv').read())"])
    made.snapshot("a.ipynb", ["in.csv"], ["out.csv"])
    made.register("counted", made.snapshot("b.ipynb", ["out.csv"]))
    assert "Nothing is stale." in mlops("repro", "--dry-run").stderr
    assert "Nothing is stale." in mlops("repro").stderr
    (folder / "in.csv").write_text("twelve")
    assert mlops("repro", "--dry-run").stdout.splitlines() == [
        "a.ipynb: in.csv changed",
        "b.ipynb: a.ipynb, which makes an input, is stale",
    ]
    failed = mlops("repro", "--jobs", "1", code=1)
    lines = failed.stdout.splitlines()
    assert lines[:3] == ["a.ipynb: running", "a.ipynb: finished", "b.ipynb: running"]
    assert lines[3].startswith("b.ipynb: failed: Cell 1: ValueError: invalid literal")
    assert "1 of 2 notebooks were run" in failed.stderr
    (folder / "in.csv").write_text("12")
    found = Rerun.model_validate_json(mlops("repro", "--json").stdout)
    assert [step.state for step in found.steps] == ["finished", "finished"]
    for option in ((), ("--dry-run",)):  # no run makes a version anew
        assert mlops("repro", *option).stderr.splitlines() == [
            "No notebook is stale.",
            "Stale until registered and deployed anew: model counted version 1.",
        ]
    assert "No finished snapshot" in mlops("repro", "no.ipynb", code=1).stderr


def test_a_circle_is_named_and_the_rest_is_run(
    mlops: Command, services: Services, folder: Path, tmp_path: Path
) -> None:
    made = Workshop(services, tmp_path / "models")
    for name in "abc":
        made.write(f"{name}.csv", name)
    made.snapshot("one.ipynb", ["a.csv"], ["b.csv"])
    made.snapshot("two.ipynb", ["b.csv"], ["a.csv"])
    made.snapshot("other.ipynb", ["c.csv"])
    made.write("a.csv", "other")
    circle = "skipped: in a circle, in which each needs what the one before it makes: "
    refused = mlops("repro", "--json", code=1)
    assert "is in a circle, in which each needs what the one before it makes" in refused.stderr
    assert "one.ipynb → two.ipynb" in refused.stderr
    made.write("c.csv", "other")
    planned = mlops("repro", "--dry-run").stdout.splitlines()
    assert planned[0] == "other.ipynb: c.csv changed"
    assert sorted(line.split(": ")[0] for line in planned[1:]) == ["one.ipynb", "two.ipynb"]
    assert all(circle in line for line in planned[1:])
    found = mlops("repro", code=1)
    assert "other.ipynb: finished" in found.stdout
    assert found.stdout.count(circle) == 2
    assert "1 of 3 notebooks were run; the rest is stale still. Run those in a circle" in (
        found.stderr
    )


def test_a_killed_rerun_is_told_as_stopped_and_the_next_may_begin(
    mlops: Command, services: Services, folder: Path, tmp_path: Path
) -> None:
    workshop = Workshop(services, tmp_path / "models")
    workshop.write("in.csv", "1")
    slow = "open('in.csv').read()\nopen('begun', 'w').close()\nimport time\ntime.sleep(600)"
    notebooks.write(folder / "slow.ipynb", [slow])
    workshop.snapshot("slow.ipynb", ["in.csv"], ["out.csv"])
    workshop.snapshot("last.ipynb", ["out.csv"])
    workshop.write("in.csv", "2")
    with start("repro") as process:
        wait_for((folder / "begun").exists)
        (found,) = services.reruns.reruns().items
        assert found.state == "running"
        with pytest.raises(ConflictError, match="already"):
            services.reruns.start(RerunCreate(), author="me")
        with pytest.raises(InvalidStateError, match="Another process"):
            services.reruns.stop(found.rerun_id)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()  # first, as it would tell how its children ended
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
    for _ in range(2):  # whatever the command is
        assert mlops("models").stdout == ""
        told = [event for event in events(folder) if event["job"]["name"] == "repro"]
        assert [event["eventType"] for event in told] == ["START", "ABORT"]
        assert {event["run"]["runId"].replace("-", "") for event in told} == {found.rerun_id}
    (found,) = services.reruns.reruns().items
    assert (found.state, [step.state for step in found.steps]) == ("stopped", ["stopped"] * 2)
    assert found.steps[0].message == "the server or command that ran it ended"
    assert services.reruns.stop(found.rerun_id) == found
    (folder / "slow.ipynb").unlink()  # nothing but the other one can be run
    again = services.reruns.run(RerunCreate(), author="me")
    assert [one.rerun_id for one in services.reruns.reruns().items] == [
        again.rerun_id,
        found.rerun_id,
    ]
    assert not list((services.project.store / "reruns").iterdir())


def test_names_neither_break_lines_nor_steer_the_terminal(
    mlops: Command, services: Services, tmp_path: Path
) -> None:
    made = Workshop(services, tmp_path / "models")
    data, notebook = "한글 🙂\n\x1b[31m.csv", "no\nte.ipynb"
    made.write(data, "1")
    made.snapshot(notebook, [data])
    made.write(data, "2")
    assert [line.strip("▲│├└─ ") for line in mlops("lineage").stdout.splitlines()][:2] == [
        "data 한글 🙂\\n\\x1b[31m.csv  (한글 🙂\\n\\x1b[31m.csv changed)",
        "notebook no\\nte.ipynb  (한글 🙂\\n\\x1b[31m.csv changed)",
    ]
    assert mlops("lineage", "--stale").stdout.splitlines() == [
        "▲ 한글 🙂\\n\\x1b[31m.csv changed — 1 notebook depends on it",
        "  notebook no\\nte.ipynb",
    ]
    planned = mlops("repro", "--dry-run").stdout
    assert planned == "no\\nte.ipynb: 한글 🙂\\n\\x1b[31m.csv changed\n"


def test_mistakes(mlops: Command, workshop: Workshop) -> None:
    assert workshop.root.is_dir()
    assert "is known once a snapshot has used it" in mlops("lineage", "no.csv", code=1).stderr
    assert "--stale takes no name" in mlops("lineage", "--stale", "x", code=2).stderr


def test_an_empty_store(mlops: Command) -> None:
    assert "There are no snapshots yet." in mlops("lineage").stderr
    assert mlops("lineage", "--stale").stdout == ""


def test_an_interrupt_leaves_a_clean_state(
    mlops: Command, services: Services, folder: Path, tmp_path: Path
) -> None:
    workshop = Workshop(services, tmp_path / "models")
    workshop.write("in.csv", "1")
    slow = "open('in.csv').read()\nopen('begun', 'w').close()\nimport time\ntime.sleep(600)"
    path = notebooks.write(folder / "slow.ipynb", [slow])
    workshop.snapshot("slow.ipynb", ["in.csv"], ["out.csv"])
    workshop.snapshot("last.ipynb", ["out.csv"])
    workshop.write("in.csv", "2")
    before = path.read_bytes()
    with start("repro", "--in-place") as process:
        wait_for((folder / "begun").exists)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        said, complaint = process.communicate(timeout=180)
    assert process.returncode == 1
    assert "slow.ipynb: stopped" in said
    assert "last.ipynb: stopped" in said
    assert "0 of 2 notebooks were run; the rest is stale still." in complaint
    assert "Traceback" not in complaint
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive
    assert path.read_bytes() == before
    (run,) = services.tracking.runs(filter_string="attributes.status = 'KILLED'").items
    assert run.notebook_path == "slow.ipynb"
    names = [item.name for item in services.lineage.stale().items]
    assert names == ["slow.ipynb", "last.ipynb"]
    assert not list(folder.glob(".slow*"))
    assert mlops("repro", "--dry-run").stdout.splitlines()[0] == "slow.ipynb: in.csv changed"
