"""Events of OpenLineage: what they say of runs, models and deployments, by its own schema."""

from __future__ import annotations

import copy
import json
import subprocess
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from jsonschema import ValidationError

from jupyter_mlops.core.clock import from_ms, now_ms
from jupyter_mlops.data.schemas import ColumnProfile, DataProfile
from jupyter_mlops.deployments.schemas import Revision
from jupyter_mlops.registry.schemas import VersionSource
from jupyter_mlops.snapshots.masking import MASK
from jupyter_mlops.snapshots.tables import data_profiles
from jupyter_mlops.tracking.entities import NOTEBOOK_TAG, PARENT_TAG
from tests import notebooks

from ..mlflow_models import array_model
from .openlineage_schema import check, events

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Workshop


def test_a_snapshot(workshop: Workshop) -> None:
    workshop.write("in 1.csv", "a\n1\n")
    workshop.write("out.csv", "b\n")
    path = workshop.notebook("use.ipynb", "password = 'hunter2hunter2'")
    content: Any = nbformat.read(path, 4)
    content.cells.insert(0, nbformat.v4.new_markdown_cell("# What it is for"))
    nbformat.write(content, path)
    workshop.snapshot("use.ipynb", ["in 1.csv"])
    with workshop.services.database.write() as connection:
        (use,) = workshop.services.snapshots.newest(path).files  # type: ignore[union-attr]
        profile = DataProfile(
            digest=str(use.digest),
            rows=70,
            looked_at=50,
            column_count=3,
            columns=[
                ColumnProfile(
                    name="a", type="int64", missing=2, distinct=7, quantiles=[0, 1, 2.5, None, 9]
                ),
                ColumnProfile(name="b", type="str", missing=0),
            ],
        ).model_dump(mode="json")
        row = {"digest": use.digest, "created_at": now_ms(), "profile": profile}
        connection.execute(data_profiles.insert(), row)
    made = workshop.snapshot("use.ipynb", ["in 1.csv"], ["out.csv"])
    workshop.services.announcer.close()
    *_, start, end = events(workshop.root)
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert (
        start["run"]["runId"].replace("-", "")
        == made.run_id
        == end["run"]["runId"].replace("-", "")
    )
    assert end["job"]["name"] == start["job"]["name"] == "use.ipynb"
    assert end["job"]["facets"]["documentation"]["description"] == "# What it is for"
    assert "hunter2" not in json.dumps(end)
    assert "password" in end["job"]["facets"]["sourceCode"]["sourceCode"]
    (given,), (written,) = end["inputs"], end["outputs"]
    assert (given["namespace"], given["name"]) == ("file", str(workshop.root / "in 1.csv"))
    fields = [{"name": "a", "type": "int64"}, {"name": "b", "type": "str"}]
    assert given["facets"]["schema"]["fields"] == fields
    assert given["facets"]["datasetType"]["datasetType"] == "FILE"
    statistics, quality = (
        given["inputFacets"][name] for name in ("inputStatistics", "dataQualityMetrics")
    )
    assert (statistics["rowCount"], statistics["size"]) == (70, 4)
    assert quality["rowCount"] == 50  # only the first rows were looked at
    assert quality["columnMetrics"] == {
        "a": {
            "nullCount": 2,
            "distinctCount": 7,
            "min": 0,
            "max": 9,
            "quantiles": {"0.25": 1, "0.5": 2.5},
        },
        "b": {"nullCount": 0},
    }
    assert given["facets"]["version"]["datasetVersion"] == use.digest
    assert written["outputFacets"]["outputStatistics"]["size"] == 2
    facet = end["run"]["facets"]["mlops_snapshot"]
    assert (facet["snapshotId"], facet["grade"]) == (made.id, made.grade)


def test_where_the_code_is_kept(workshop: Workshop) -> None:
    workshop.notebook("한글 1.ipynb")
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for command in (["init", "-q", "-b", "trunk"], ["add", "."], ["commit", "-qm", "start"]):
        subprocess.run([*git, *command], cwd=workshop.root, check=True)
    made = workshop.snapshot("한글 1.ipynb")
    workshop.services.announcer.close()
    code = workshop.services.snapshots.snapshot(made.id).manifest.code
    facet = events(workshop.root)[-1]["job"]["facets"]["sourceCodeLocation"]
    assert (facet["type"], facet["version"], facet["branch"]) == ("git", code.commit, "trunk")
    assert facet["url"] == (workshop.root / "한글 1.ipynb").as_uri()


def test_a_headless_run_tells_when_it_begins_and_how_it_fails(workshop: Workshop) -> None:
    fails = "password = 'hunter2hunter2'; depth / 0"
    path = notebooks.write(workshop.root / "bad.ipynb", ["depth = 1", fails], parameters=0)
    result = workshop.services.executions.run(path, author="me", parameters={"depth": 2})
    start, end = events(workshop.root)
    assert (start["eventType"], end["eventType"]) == ("START", "FAIL")
    assert start["eventTime"] < end["eventTime"]
    assert end["run"]["runId"].replace("-", "") == result.run_id
    facets = end["run"]["facets"]
    assert facets["errorMessage"]["message"] == "ZeroDivisionError: division by zero"
    trace = facets["errorMessage"]["stackTrace"]
    assert "depth / 0" in trace
    assert trace.endswith("ZeroDivisionError: division by zero")
    assert "\x1b" not in trace
    assert "hunter2" not in trace
    assert facets["executionParameters"]["parameters"] == [{"key": "depth", "value": "2"}]


def test_a_run_whose_process_is_killed_is_aborted(workshop: Workshop) -> None:
    services, path = workshop.services, workshop.notebook("long 노트.ipynb")
    run_id = services.runs.create("0", run_tags={NOTEBOOK_TAG: path.name}).info.run_id
    services.announcer.started(run_id, path.name)
    alive = services.project.store / "executions" / "alive" / run_id
    alive.parent.mkdir(parents=True)
    alive.touch()  # as of a process that held its lock
    services.close_vanished()
    services.close_vanished()
    services.announcer.close()
    start, end = events(workshop.root)
    assert (start["eventType"], end["eventType"]) == ("START", "ABORT")
    for key in ("job", "producer"):
        assert start[key] == end[key]
    assert start["run"]["runId"] == end["run"]["runId"]
    assert "ended without a word" in end["run"]["facets"]["errorMessage"]["message"]


def test_runs_inside_a_run_name_it_as_their_parent(workshop: Workshop) -> None:
    runs, path = workshop.services.runs, workshop.notebook("sweep 탐색.ipynb")
    tags = {NOTEBOOK_TAG: path.name}

    def begin(parent: str | None) -> str:
        inside = {PARENT_TAG: parent} if parent else {}
        return runs.create("0", run_tags=tags | inside).info.run_id

    outer = begin(None)
    trial = begin(outer)
    fold, lost = begin(trial), begin(outer)
    logged = [("depth", "3"), ("api_key", "hunter22"), ("url", "mysql://me:hunter22@db/x")]
    workshop.services.run_logger.log(trial, run_params=logged)
    runs.update(trial, status="FINISHED", end_time=now_ms())
    runs.update(fold, status="KILLED", end_time=now_ms())
    workshop.services.snapshots.create(path, None, author="me", run_id=outer)
    inner = workshop.services.snapshots.create(path, None, author="me", run_id=fold)
    workshop.services.announcer.close()
    told = events(workshop.root)
    by_run: dict[str, list[dict[str, Any]]] = {}
    for event in told:
        by_run.setdefault(event["run"]["runId"].replace("-", ""), []).append(event)
    assert [event["eventType"] for event in by_run[trial]] == ["START", "COMPLETE"]
    assert [event["eventType"] for event in by_run[lost]] == ["START"]  # it goes on
    assert [event["eventType"] for event in by_run[fold][:2]] == ["START", "ABORT"]
    assert "parent" not in by_run[outer][0]["run"].get("facets", {})
    for run_id, parent, job in (
        (trial, outer, path.name),
        (lost, outer, path.name),
        (fold, trial, f"{path.name}.nested"),
    ):
        for event in by_run[run_id]:
            facet = event["run"]["facets"]["parent"]
            assert facet["run"]["runId"].replace("-", "") == parent
            assert facet["job"] == {"namespace": workshop.root.as_uri(), "name": job}
            assert facet["root"]["run"]["runId"].replace("-", "") == outer
            assert facet["root"]["job"]["name"] == path.name
    _, ended = by_run[trial]
    assert ended["job"]["name"] == f"{path.name}.nested"
    given = ended["run"]["facets"]["executionParameters"]["parameters"]
    assert {one["key"]: one["value"] for one in given} == {
        "depth": "3",
        "api_key": MASK,
        "url": f"mysql://{MASK}@db/x",
    }
    # a snapshot of a run inside another one, as of a notebook that is run by another
    assert by_run[fold][-1]["run"]["facets"]["mlops_snapshot"]["snapshotId"] == inner.id


def test_runs_that_name_each_other_as_parents_come_to_an_end(workshop: Workshop) -> None:
    runs, path = workshop.services.runs, workshop.notebook("odd.ipynb")
    one = runs.create("0", run_tags={NOTEBOOK_TAG: path.name}).info.run_id
    other = runs.create("0", run_tags={PARENT_TAG: one}).info.run_id
    workshop.services.run_logger.log(one, run_tags=[(PARENT_TAG, other)])
    workshop.services.snapshots.create(path, None, author="me", run_id=one)
    workshop.services.announcer.close()
    facet = events(workshop.root)[-1]["run"]["facets"]["parent"]
    assert facet["run"]["runId"].replace("-", "") == other


def test_a_version_is_written_by_the_run_that_it_comes_from(
    workshop: Workshop, tmp_path: Path
) -> None:
    made = workshop.snapshot("train.ipynb")
    version = workshop.register("churn 모델", made)
    by_client = workshop.register("churn 모델", made, by_run=True)
    model = array_model(tmp_path / "lost", 2.0)
    lost = workshop.services.registry.register_folder(
        "churn 모델", model, author="me", source=VersionSource(run_id="0" * 32)
    )
    workshop.services.announcer.close()
    *_, first, second, third = events(workshop.root)
    for event, registered in ((first, version), (second, by_client)):
        assert event["eventType"] == "OTHER"  # how the run ended was told before
        assert event["run"]["runId"].replace("-", "") == made.run_id
        assert event["job"]["name"] == "train.ipynb"
        (dataset,) = event["outputs"]
        assert dataset["name"] == "models/churn 모델"
        facets = dataset["facets"]
        assert facets["version"]["datasetVersion"] == str(registered.version)
        assert facets["datasetType"]["datasetType"] == "MODEL"
        assert facets["mlops_model"]["objectId"] == registered.object_id
    assert "run" not in third  # its run is another server's
    assert third["dataset"]["facets"]["version"]["datasetVersion"] == str(lost.version)


def test_a_deployment_reads_a_version_for_as_long_as_it_is_to_serve_it(workshop: Workshop) -> None:
    one, two = (
        Revision(
            revision=number,
            model_name="churn",
            version=number + 6,
            created_at=from_ms(1_000 * number),
            author="me",
        )
        for number in (1, 2)
    )
    announcer = workshop.services.announcer
    workshop.services.project.prepare()
    announcer.revised("live 1", None, one)
    announcer.revised("live 1", one, two)
    announcer.revised("live 1", two, None)
    announcer.close()
    told = events(workshop.root)
    assert [event["eventType"] for event in told] == ["START", "COMPLETE", "START", "COMPLETE"]
    assert {event["job"]["name"] for event in told} == {"deployments/live 1"}
    assert {event["job"]["facets"]["jobType"]["processingType"] for event in told} == {"SERVICE"}
    ids = [event["run"]["runId"] for event in told]
    assert (ids[0], ids[2]) == (ids[1], ids[3])
    assert ids[0] != ids[2]
    served = [event["inputs"][0]["facets"]["version"]["datasetVersion"] for event in told]
    assert served == ["7", "7", "8", "8"]
    assert told[0]["inputs"][0]["name"] == "models/churn"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda event: event.update(eventTime="yesterday"),
        lambda event: event.update(producer="no uri"),
        lambda event: event.update(eventType="FINISHED"),
        lambda event: event["run"].update(runId="42"),
        lambda event: event["job"].pop("namespace"),
        lambda event: event["job"]["facets"]["jobType"].pop("integration"),
        lambda event: event["job"]["facets"]["ownership"].update(owners=[{"type": "me"}]),
        lambda event: event["run"]["facets"]["executionParameters"].pop("_producer"),
    ],
)
def test_the_schema_is_really_asked(workshop: Workshop, spoil: Any) -> None:
    workshop.snapshot("use.ipynb")
    workshop.services.announcer.close()
    event = copy.deepcopy(events(workshop.root)[-1])
    spoil(event)
    with pytest.raises(ValidationError):
        check(event)
