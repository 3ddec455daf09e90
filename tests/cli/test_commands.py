"""``jupyter mlops`` on real stores, kernels and gateways, without a Jupyter server."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.comparison.schemas import Comparison
from jupyter_mlops.deployments.schemas import Deployment, DeploymentCreated, Prediction
from jupyter_mlops.executions.schemas import ExecutionResult
from jupyter_mlops.registry.schemas import ModelVersion, RegisteredModel
from jupyter_mlops.snapshots.schemas import Snapshot
from tests import notebooks
from tests.mlflow_models import array_model

from .conftest import start

if TYPE_CHECKING:
    from click.testing import Result

    from .conftest import Command

EXAMPLE = Path(__file__).parents[2] / "examples" / "breast-cancer"


def test_the_whole_road(mlops: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("train.ipynb", "breast_cancer.csv"):
        shutil.copy(EXAMPLE / name, folder)
    run = mlops("run", "train.ipynb", "-p", "max_depth", "4", "--json")
    result = ExecutionResult.model_validate_json(run.stdout)
    assert (result.status, result.models, result.problem) == ("FINISHED", ["model"], None)
    assert result.snapshot_id
    assert result.output_path is None
    assert (folder / "train.ipynb").read_bytes() == (EXAMPLE / "train.ipynb").read_bytes()

    (document,) = json.loads(mlops("snapshots", "--json").stdout)
    snapshot = Snapshot.model_validate(document)
    assert (snapshot.id, snapshot.run_id) == (result.snapshot_id, result.run_id)
    assert (snapshot.grade, snapshot.parameters["max_depth"]) == ("clean", 4)
    assert snapshot.metrics == result.metrics
    assert snapshot.metrics["f1"] > 0.9

    (folder / "down").mkdir()
    monkeypatch.chdir(folder / "down")  # the store above is the one
    register(mlops, snapshot.id)
    deploy_and_predict(mlops)
    roll_back_and_delete(mlops)


def register(mlops: Command, snapshot_id: str) -> None:
    source = ("--snapshot", snapshot_id[:12], "--variable", "model")
    said = mlops("register", "cancer", *source, "--description", "first").stdout
    assert said == "cancer version 1 (RandomForestClassifier)\n"
    second = mlops("register", "cancer", *source, "--json")
    version = ModelVersion.model_validate_json(second.stdout)
    assert (version.version, version.snapshot_id) == (2, snapshot_id)
    assert version.executable == sys.executable

    mlops("promote", "cancer", "2", "champion")
    said = mlops("promote", "cancer", "1", "champion", "--json").stdout
    assert RegisteredModel.model_validate_json(said).aliases == {"champion": 1}
    (model,) = json.loads(mlops("models", "--json").stdout)
    assert RegisteredModel.model_validate(model).latest_version == 2
    assert "champion → 1" in mlops("models").stdout
    rows = mlops("models", "cancer").stdout.splitlines()[1:]
    assert [row.split()[:2] for row in rows] == [
        ["2", "RandomForestClassifier"],
        ["1", "champion"],
    ]


def deploy_and_predict(mlops: Command) -> None:
    said = mlops("deploy", "cancer", "--alias", "champion", "--as", "screen", "--wait", "--json")
    first = DeploymentCreated.model_validate_json(said.stdout)
    assert (first.name, first.state, first.version) == ("screen", "running", 1)
    assert first.token
    assert first.url
    assert first.url.endswith("/v2/models/screen")

    detail = json.loads(mlops("models", "cancer", "--json").stdout)
    example = detail["versions"][0]["input_example"]
    Path("in 입력.json").write_text(json.dumps(example))
    printed = json.loads(mlops("predict", "screen", "--input", "in 입력.json").stdout)
    assert set(printed["predictions"]) <= {0, 1}
    piped = mlops("predict", "screen", "--input", "-", "--json", stdin=json.dumps(example))
    prediction = Prediction.model_validate_json(piped.stdout)
    assert (prediction.status_code, prediction.response) == (200, printed)
    wrong = mlops("predict", "screen", "--input", "-", code=1, stdin='{"inputs": [[1, 2]]}')
    assert wrong.stderr.startswith("screen answered 400: ")
    assert "{" not in wrong.stderr

    again = mlops("deploy", "cancer", "--version", "2", "--as", "screen", "--wait").stdout
    assert again == f"screen: running, cancer version 2\nurl   {first.url}\n"
    (row,) = mlops("deployments").stdout.splitlines()[1:]
    assert row.split() == ["screen", "running", "cancer", "2", first.url, "3", "1"]


def roll_back_and_delete(mlops: Command) -> None:
    assert "running, cancer version 1\n" in mlops("rollback", "screen").stdout
    refused = mlops("rollback", "screen", code=1)
    assert refused.stderr == "screen has no earlier version to return to.\n"

    stopped = Deployment.model_validate_json(mlops("stop", "screen", "--json").stdout)
    assert (stopped.state, stopped.version) == ("stopped", 1)
    answer = mlops("predict", "screen", "--input", "in 입력.json", code=1)
    assert answer.stderr == "screen answered 503: The deployment screen is stopped.\n"
    assert "screen: running" in mlops("start", "screen").stdout
    mlops("predict", "screen", "--input", "in 입력.json")

    last = Deployment.model_validate_json(mlops("delete", "screen", "--json").stdout)
    assert (last.name, last.state, last.version) == ("screen", "running", 1)
    assert mlops("deployments", "--json").stdout == "[]\n"
    assert mlops("deployments").stderr.startswith("No deployments yet.")


def test_where_no_store_is_none_is_made_or_called_well(mlops: Command, folder: Path) -> None:
    assert mlops("fsck", code=1).stderr == f"There is no store at or above {folder}.\n"
    said = mlops("import", "--from", "./mlruns", code=1).stderr
    assert said == f"There is no folder {folder / 'mlruns'}.\n"
    assert list(folder.iterdir()) == []


def test_snapshots_of_files(mlops: Command, folder: Path) -> None:
    down = folder / "down 아래"
    down.mkdir()
    for path in (folder / "a.ipynb", down / "b.ipynb"):
        notebooks.write(path, ["x = 1"], parameters=0)
    empty = mlops("snapshots")
    nowhere, none = empty.stderr.splitlines()
    assert (empty.stdout, nowhere) == ("", f"There is no store at or above {folder}.")
    assert none.startswith("No snapshots yet.")
    assert not (folder / ".mlops").exists()
    said = mlops("snapshot", "a.ipynb", "-m", "first try").stdout
    assert said.endswith("of a.ipynb: unknown, no metrics\n")
    taken = [
        Snapshot.model_validate_json(mlops("snapshot", path, "--json").stdout)
        for path in ("down 아래/b.ipynb", folder / "a.ipynb")
    ]
    assert [snapshot.parameters for snapshot in taken] == [{"x": 1}, {"x": 1}]

    def listed(*arguments: str) -> list[str]:
        return [item["notebook_path"] for item in json.loads(mlops(*arguments, "--json").stdout)]

    assert listed("snapshots") == ["a.ipynb", "down 아래/b.ipynb", "a.ipynb"]
    assert listed("snapshots", "--limit", "2") == ["a.ipynb", "down 아래/b.ipynb"]
    assert listed("snapshots", "--notebook", "down 아래/b.ipynb") == ["down 아래/b.ipynb"]
    rows = mlops("snapshots").stdout.splitlines()
    assert rows[1].startswith(taken[1].id[:12])
    assert "x=1" in rows[1]


def test_a_folder_in_mlflow_format(mlops: Command, folder: Path) -> None:
    array_model(folder / "sum of two")
    said = mlops("register", "Sum of two", "--path", "sum of two", "--json").stdout
    version = ModelVersion.model_validate_json(said)
    assert (version.name, version.version, version.flavor) == ("Sum of two", 1, "sklearn")


def test_the_token_is_shown_before_the_wait(mlops: Command, folder: Path) -> None:
    array_model(folder / "model")
    (folder / "model" / "model.pkl").write_bytes(pickle.dumps(Slow()))
    mlops("register", "slow", "--path", "model")
    with start("deploy", "slow", "--wait") as process:
        assert process.stdout
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate()
    assert first.startswith("token ")
    assert said.startswith("slow: pending, slow version 1\n")
    assert (process.returncode, "Traceback" in complained) == (1, False)


class Slow:
    """A model that takes its time to load."""

    def __reduce__(self) -> tuple[Any, ...]:
        return time.sleep, (600,)


def test_a_deployment_that_fails(mlops: Command, folder: Path) -> None:
    array_model(folder / "model")
    (folder / "model" / "model.pkl").write_bytes(b"no pickle")
    mlops("register", "broken", "--path", "model")
    failed = mlops("deploy", "broken", "--wait", "--json", code=1)
    deployment = DeploymentCreated.model_validate_json(failed.stdout)
    assert deployment.state == "failed"
    assert deployment.token
    assert one_line(failed).startswith("broken failed: The model cannot be loaded: Unpickling")


@pytest.mark.parametrize(
    "arguments",
    [
        "nope",
        "snapshot",
        "snapshot nope.ipynb",
        "snapshots --limit 0",
        "run nope.ipynb",
        "run a.ipynb -p depth",
        "run a.ipynb -y [1]",
        "run a.ipynb -y {",
        "run a.ipynb --timeout 0",
        "register m",
        "register m --snapshot 123456",
        "register m --snapshot 123456 --variable v --path .",
        "register m --path nope",
        "promote m one champion",
        "deploy m --version 1 --alias champion",
        "deploy m --version 0",
        "predict m",
        "predict m --input nope.json",
        "predict m --input a.ipynb",
        "rollback",
    ],
)
def test_wrong_usage(mlops: Command, folder: Path, arguments: str) -> None:
    (folder / "a.ipynb").write_text("no JSON")
    result = mlops(*arguments.split(), code=2)
    assert result.stdout == ""
    assert "\nError: " in f"\n{result.stderr}"
    assert not (folder / ".mlops").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("models nope", "There is no registered model 'nope'."),
        ("register nope --snapshot SNAPSHOT --variable v", "has no model v. It has: none."),
        ("register nope --snapshot 123456 --variable v", "There is no snapshot 123456."),
        ("register nope --snapshot 123 --variable v", "Give at least 6 digits"),
        ("register nope --path .", "no MLmodel file"),
        ("register a/b --path model", "must not contain /"),
        ("promote sum 2 champion", "has no version 2"),
        ("promote sum 1 a/b", "must consist of letters"),
        ("deploy nope", "There is no registered model 'nope'."),
        ("deploy sum --alias champion", "has no alias 'champion'"),
        ("deploy sum --version 2", "has no version 2"),
        ("deploy sum --as a/b", "A deployment's name has"),
        ("predict nope --input -", "There is no deployment 'nope'."),
        ("rollback nope", "There is no deployment 'nope'."),
        ("stop nope", "There is no deployment 'nope'."),
        ("start nope", "There is no deployment 'nope'."),
        ("delete nope", "There is no deployment 'nope'."),
        ("snapshot model/MLmodel", "is not a notebook"),
    ],
)
def test_what_cannot_be_done(mlops: Command, folder: Path, arguments: str, says: str) -> None:
    array_model(folder / "model")
    mlops("register", "sum", "--path", "model")
    notebooks.write(folder / "a.ipynb", ["x = 1"])
    taken = json.loads(mlops("snapshot", "a.ipynb", "--json").stdout)["id"]
    result = mlops(*arguments.replace("SNAPSHOT", taken).split(), code=1, stdin="{}")
    assert result.stdout == ""
    assert says in one_line(result)


@pytest.mark.parametrize("command", ["snapshots", "models", "deployments", "snapshot a.ipynb"])
def test_a_damaged_store(mlops: Command, folder: Path, command: str) -> None:
    notebooks.write(folder / "a.ipynb", ["x = 1"])
    (folder / ".mlops").mkdir()
    (folder / ".mlops" / "mlops.db").write_bytes(b"no database" * 1000)
    assert "mlops.db is damaged. Restore it" in one_line(mlops(*command.split(), code=1))


def one_line(result: Result) -> str:
    """What a failed command says: one line, and no traceback."""
    (line,) = result.stderr.splitlines()
    return line


def test_damage_is_found(mlops: Command, folder: Path) -> None:
    notebooks.write(folder / "a.ipynb", ["x = 1"])
    array_model(folder / "model")
    mlops("snapshot", "a.ipynb")
    mlops("register", "sum", "--path", "model")
    said = mlops("fsck").stdout
    assert "all as written" in said

    objects = folder / ".mlops" / "objects"
    packs = sorted((objects / "packs").iterdir(), key=lambda pack: pack.stat().st_mtime_ns)
    content = packs[-1].read_bytes()
    packs[-1].chmod(0o600)
    packs[-1].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    found = json.loads(mlops("fsck", "--json", code=1).stdout)
    assert [problem["kind"] for problem in found["problems"]] == ["damaged"]
    assert mlops("fsck", code=1).stdout.endswith(": 1 problem\n")
    packs[-1].write_bytes(content)

    (objects / ".mlops-left.part").write_bytes(b"12345")
    assert mlops("gc").stdout == "0 objects, 0 bytes, and 0 files of crashes, 0 bytes: removed\n"
    os.utime(objects / ".mlops-left.part", (0, 0))
    assert mlops("gc", "--dry-run").stdout.endswith("1 file of crashes, 5 bytes: to remove\n")
    collected = json.loads(mlops("gc", "--json").stdout)
    assert [item["name"] for item in collected["leftovers"]] == [".mlops-left.part"]
    assert collected["removed"] == {"objects": 0, "size_bytes": 0}
    assert not (objects / ".mlops-left.part").exists()
    assert mlops("fsck").exit_code == 0


def test_references_that_lead_nowhere_are_found(mlops: Command, folder: Path) -> None:
    notebooks.write(folder / "a.ipynb", ["x = 1"])
    array_model(folder / "model")
    mlops("snapshot", "a.ipynb")
    mlops("register", "sum", "--path", "model")
    with sqlite3.connect(folder / ".mlops" / "mlops.db") as connection:
        connection.execute("DELETE FROM objects")
    connection.close()
    found = json.loads(mlops("fsck", "--json", code=1).stdout)
    assert [problem["kind"] for problem in found["problems"]] == ["reference", "reference"]
    snapshot, version = found["problems"]
    assert snapshot["name"].endswith("of a.ipynb")
    assert version["name"] == "sum version 1"


def test_compare(mlops: Command, folder: Path) -> None:
    path = notebooks.write(folder / "train 한글.ipynb", ["depth = 4", "1 + 1"], parameters=0)
    mlops("snapshot", path)
    notebooks.write(path, ["depth = 5", "1 + 1"], parameters=0)
    mlops("snapshot", path)
    new, old = (found["id"] for found in json.loads(mlops("snapshots", "--json").stdout))
    table = mlops("compare", old[:8], new).stdout
    assert [line.split() for line in table.splitlines()[1:]] == [["parameter", "depth", "4", "5"]]
    document = json.loads(mlops("compare", old, new, "--json").stdout)
    found = Comparison.model_validate(document)
    assert [item.snapshot_id for item in found.items] == [old, new]
    same = json.loads(mlops("snapshot", path, "--json").stdout)["id"]
    assert "differ in nothing" in mlops("compare", new, same).stderr
    assert "no run or snapshot ffffff" in mlops("compare", old, "ffffffff", code=1).stderr
    assert "Two to 50" in mlops("compare", old, code=1).stderr
    notebooks.write(path, ["depth = 6", "1 + 1"], parameters=0)
    table = mlops("compare", old[:8], "--now").stdout
    assert "train 한글.ipynb now" in table
    assert table.splitlines()[1].split() == ["parameter", "depth", "4", "6"]
