"""MLflow's own client against our server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .client import run_client

if TYPE_CHECKING:
    from tests.server.process import Server


def test_the_fluent_flow(server: Server) -> None:
    answer = run_client(
        server,
        """
mlflow.set_experiment("fluent")
with mlflow.start_run(run_name="outer", tags={"team": "a"}) as outer:
    mlflow.log_params({"depth": 4, "name": "한글"})
    for step in range(3):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"nan": float("nan"), "inf": float("inf")}, step=1)
    with mlflow.start_run(nested=True, run_name="inner") as inner:
        mlflow.log_metric("loss", 0.1)
run = mlflow.get_run(outer.info.run_id)
inner = mlflow.get_run(inner.info.run_id)
found = mlflow.search_runs(
    experiment_names=["fluent"],
    filter_string="metrics.loss < 0.5 AND tags.team = 'a' AND attributes.status = 'FINISHED'",
    order_by=["metrics.loss DESC"],
)
with mlflow.start_run(run_id=outer.info.run_id):
    mlflow.set_tag("resumed", "yes")
answer({
    "params": run.data.params,
    "loss": run.data.metrics["loss"],
    "nan": str(run.data.metrics["nan"]),
    "inf": run.data.metrics["inf"],
    "history": [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, "loss")],
    "status": run.info.status,
    "parent": inner.data.tags["mlflow.parentRunId"] == run.info.run_id,
    "found": found["tags.mlflow.runName"].tolist(),
    "resumed": mlflow.get_run(outer.info.run_id).data.tags["resumed"],
    "artifacts": run.info.artifact_uri.split("/")[0],
})
""",
    )
    assert answer == {
        "params": {"depth": "4", "name": "한글"},
        "loss": 1 / 3,
        "nan": "nan",
        "inf": 1.7976931348623157e308,
        "history": [[0, 1.0], [1, 0.5], [2, 1 / 3]],
        "status": "FINISHED",
        "parent": True,
        "found": ["outer"],
        "resumed": "yes",
        "artifacts": "mlflow-artifacts:",
    }


def test_the_client_in_full(server: Server) -> None:
    answer = run_client(
        server,
        """
from mlflow.entities import Metric, Param, RunTag, ViewType
number = client.create_experiment("full", tags={"a": "1"})
client.set_experiment_tag(number, "b", "2")
client.rename_experiment(number, "fuller")
experiment = client.get_experiment_by_name("fuller")
run = client.create_run(number, tags={"t": "1"}, run_name="first")
run_id = run.info.run_id
client.log_batch(
    run_id,
    [Metric("m", float(step), 1000 + step, step) for step in range(1000)],
)
client.log_batch(run_id, params=[Param("p", "1")], tags=[RunTag("u", "2")])
client.log_param(run_id, "q", 3)
client.set_tag(run_id, "t", "changed")
client.delete_tag(run_id, "u")
client.update_run(run_id, status="FAILED", name="second")
client.set_terminated(run_id, "KILLED", 5000)
history = client.get_metric_history(run_id, "m")
other = client.create_run(number)
client.delete_run(other.info.run_id)
deleted = client.search_runs([number], run_view_type=ViewType.DELETED_ONLY)
client.restore_run(other.info.run_id)
names = [e.name for e in client.search_experiments(filter_string="tags.b = '2'")]
client.delete_experiment(number)
gone = client.get_experiment(number).lifecycle_stage
client.restore_experiment(number)
run = client.get_run(run_id)
pages, token = [], None
while True:
    page = client.search_runs([number], max_results=1, page_token=token)
    pages += [found.info.run_id for found in page]
    token = page.token
    if not token:
        break
answer({
    "tags": experiment.tags, "names": names, "gone": gone,
    "history": [len(history), history[-1].value],
    "deleted": [found.info.run_id for found in deleted] == [other.info.run_id],
    "run": [run.info.run_name, run.info.status, run.info.end_time, run.data.params],
    "run_tags": {k: v for k, v in run.data.tags.items() if k in "tu"},
    "pages": sorted(pages) == sorted([run_id, other.info.run_id]),
})
""",
    )
    assert answer == {
        "tags": {"a": "1", "b": "2"},
        "names": ["fuller"],
        "gone": "deleted",
        "history": [1000, 999.0],
        "deleted": True,
        "run": ["second", "KILLED", 5000, {"p": "1", "q": "3"}],
        "run_tags": {"t": "changed"},
        "pages": True,
    }


def test_datasets_and_errors(server: Server) -> None:
    answer = run_client(
        server,
        """
import pandas as pd
with mlflow.start_run() as run:
    data = mlflow.data.from_pandas(pd.DataFrame({"a": [1, 2]}), source="train.csv", name="train")
    mlflow.log_input(data, context="training")
    mlflow.log_param("p", 1)
    run_id = run.info.run_id
    fails(client.log_param, run_id, "p", 2)
fails(client.get_run, "0" * 32)
fails(client.get_experiment, "999")
fails(client.create_experiment, "Default")
fails(client.search_runs, ["0"], "nonsense = 1")
fails(client.search_runs, ["0"], max_results=60000)
fails(client.log_metric, run_id, "bad//name", 1.0)
fails(mlflow.search_traces, locations=["0"])
found = client.get_run(run_id).inputs.dataset_inputs[0]
matching = client.search_runs(["0"], "dataset.name = 'train' AND datasets.context = 'training'")
answer([errors, found.dataset.name, found.tags[0].value, len(matching)])
""",
    )
    assert answer == [
        [
            "INVALID_PARAMETER_VALUE",
            "RESOURCE_DOES_NOT_EXIST",
            "RESOURCE_DOES_NOT_EXIST",
            "RESOURCE_ALREADY_EXISTS",
            "INVALID_PARAMETER_VALUE",
            "INVALID_PARAMETER_VALUE",
            "INVALID_PARAMETER_VALUE",
            "NOT_IMPLEMENTED",
        ],
        "train",
        "training",
        1,
    ]


def test_eight_processes_at_once_lose_nothing(server: Server) -> None:
    answer = run_client(
        server,
        """
import multiprocessing
def write(run_id, number):
    client = MlflowClient()
    for step in range(25):
        client.log_metric(run_id, "m", float(number), timestamp=step + 1, step=step)
    with mlflow.start_run(run_name=str(number)):
        pass
run_id = client.create_run("0").info.run_id
Process = multiprocessing.get_context("fork").Process
writers = [Process(target=write, args=(run_id, n)) for n in range(8)]
for writer in writers:
    writer.start()
for writer in writers:
    writer.join()
codes = [writer.exitcode for writer in writers]
answer([codes, len(client.get_metric_history(run_id, "m"))])
""",
    )
    assert answer == [[0] * 8, 200]


def test_async_logging_is_all_there(server: Server) -> None:
    answer = run_client(
        server,
        """
with mlflow.start_run() as run:
    for step in range(200):
        mlflow.log_metric("m", step, step=step, synchronous=False)
    mlflow.flush_async_logging()
answer(len(client.get_metric_history(run.info.run_id, "m")))
""",
    )
    assert answer == 200
