"""The last client before MLflow 3, which knows no logged models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.environments import MLFLOW_2, environment

from .client import run_client

if TYPE_CHECKING:
    from tests.server.process import Server


def test_the_usual_flows(server: Server) -> None:
    answer = run_client(
        server,
        """
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True, as_frame=True)
mlflow.set_experiment("old client")
mlflow.sklearn.autolog(log_models=False)
with mlflow.start_run(run_name="outer") as outer:
    model = LogisticRegression(max_iter=400).fit(X, y)
    with mlflow.start_run(run_name="inner", nested=True):
        mlflow.log_metric("m", 1.0)
    for step in range(3):
        mlflow.log_metric("loss", 3 - step, step=step)
    mlflow.log_text("words", "notes/t.txt")
    mlflow.sklearn.log_model(
        model, "model", registered_model_name="old", pip_requirements=["scikit-learn"])
client.set_registered_model_alias("old", "champion", "1")
client.transition_model_version_stage("old", "1", "Staging")
again = mlflow.sklearn.load_model("models:/old@champion")
staged = mlflow.pyfunc.load_model("models:/old/Staging")
run = mlflow.get_run(outer.info.run_id)
found = mlflow.search_runs(
    experiment_names=["old client"], filter_string="metrics.loss <= 1", order_by=["metrics.loss"])
answer({
    "params": run.data.params["max_iter"],
    "history": [m.value for m in client.get_metric_history(run.info.run_id, "loss")],
    # the full client draws a confusion matrix too
    "files": sorted(item.path for item in client.list_artifacts(run.info.run_id)
                    if not item.path.endswith(".png")),
    "text": mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/t.txt"),
    "tag": "mlflow.log-model.history" in run.data.tags,
    "same": bool((again.predict(X) == staged.predict(X)).all()),
    "found": found["run_id"].tolist() == [run.info.run_id],
    "stage": client.get_model_version("old", "1").current_stage,
})
""",
        environment("mlflow2", MLFLOW_2),
    )
    assert answer == {
        "params": "400",
        "history": [3.0, 2.0, 1.0],
        "files": ["estimator.html", "model", "notes"],
        "text": "words",
        "tag": True,
        "same": True,
        "found": True,
        "stage": "Staging",
    }
