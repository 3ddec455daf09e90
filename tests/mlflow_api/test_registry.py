"""Registered models and versions: MLflow's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .client import run_client

if TYPE_CHECKING:
    from tests.server.process import Server

_FIT = """
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True, as_frame=True)
model = LogisticRegression(max_iter=500).fit(X, y)
def log(name, **more):
    return mlflow.sklearn.log_model(
        model, name=name, pip_requirements=["scikit-learn"], input_example=X.head(2), **more)
"""


def test_a_model_is_registered_loaded_and_deployable(server: Server) -> None:
    answer = run_client(
        server,
        _FIT
        + """
with mlflow.start_run() as run:
    log("iris", registered_model_name="iris 한글")
    second = log("iris")
version = mlflow.register_model(second.model_uri, "iris 한글", tags={"from": "second"})
client.set_registered_model_alias("iris 한글", "champion", version.version)
by_alias = mlflow.sklearn.load_model("models:/iris 한글@champion")
by_number = mlflow.pyfunc.load_model("models:/iris 한글/1")
copied = client.copy_model_version("models:/iris 한글/1", "other")
answer({
    "version": version.version, "run": version.run_id == run.info.run_id,
    "tags": version.tags,
    "alias": client.get_model_version_by_alias("iris 한글", "champion").version,
    "same": bool((by_alias.predict(X) == by_number.predict(X)).all()),
    "uri": client.get_model_version_download_uri("iris 한글", "1").split("/")[:2],
    "copied": [copied.name, str(copied.version), copied.source],
})
""",
    )
    assert answer == {
        "version": "2",
        "run": True,
        "tags": {"from": "second"},
        "alias": "2",
        "same": True,
        "uri": ["mlflow-artifacts:", "registered"],
        "copied": ["other", "1", "models:/iris 한글/1"],
    }
    shown = server.call("GET", "api/mlops/models/iris 한글")
    assert shown["aliases"] == {"champion": 2}
    newest = shown["versions"][0]
    assert (newest["version"], newest["flavor"], bool(newest["object_id"])) == (2, "sklearn", True)
    assert newest["signature"]
    assert newest["input_example"]


def test_the_registry_in_full(server: Server) -> None:
    answer = run_client(
        server,
        """
made = client.create_registered_model("full", {"team": "a"}, "words")
client.update_registered_model("full", "other words")
client.set_registered_model_tag("full", "k", "v")
client.delete_registered_model_tag("full", "team")
for n in range(3):
    client.create_model_version("full", f"s3://bucket/{n}", run_id=None, tags={"n": str(n)},
                                description=f"number {n}", await_creation_for=0)
client.update_model_version("full", "1", "first")
client.set_model_version_tag("full", "1", "extra", "yes")
client.delete_model_version_tag("full", "1", "n")
client.transition_model_version_stage("full", "1", "Production")
client.transition_model_version_stage("full", "2", "production", archive_existing_versions=True)
client.set_registered_model_alias("full", "a", "3")
client.set_registered_model_alias("full", "b", "3")
client.delete_registered_model_alias("full", "b")
client.delete_model_version("full", "3")
fourth = client.create_model_version("full", "s3://bucket/4", await_creation_for=0)
client.rename_registered_model("full", "fuller")
full = client.get_registered_model("fuller")
first = client.get_model_version("fuller", "1")
fails(client.get_registered_model, "full")
fails(client.get_model_version, "fuller", "3")
fails(client.create_registered_model, "fuller")
fails(client.get_model_version_by_alias, "fuller", "a")
fails(client.create_model_version, "fuller", "/etc/passwd", await_creation_for=0)
fails(client.create_model_version, "nothing", "s3://x", await_creation_for=0)
fails(client.transition_model_version_stage, "fuller", "1", "Nowhere")
fails(client.search_model_versions, "nonsense = 'x'")
fails(client.register_prompt, "p", "Hello")
found = {
    "models": [m.name for m in client.search_registered_models(
        "name LIKE 'full%' AND tags.k = 'v'")],
    "versions": [v.version for v in client.search_model_versions(
        "name = 'fuller'", order_by=["version_number ASC"])],
    "tagged": [v.version for v in client.search_model_versions("tags.extra = 'yes'")],
    "page": [len(client.search_model_versions("name = 'fuller'", max_results=2)),
             client.search_model_versions("name = 'fuller'", max_results=2).token is not None],
    "latest": [v.version for v in client.get_latest_versions("fuller", ["Production"])],
}
client.delete_registered_model("fuller")
left = [m.name for m in client.search_registered_models("name = 'fuller'")]
again = client.create_registered_model("fuller")
answer({
    "made": [made.name, made.tags, made.description],
    "full": [full.description, full.tags, full.aliases],
    "first": [first.description, first.tags, first.current_stage, first.source],
    "fourth": str(fourth.version), "errors": errors, "found": found, "left": left,
    "again": [again.tags, again.latest_versions],
})
""",
    )
    assert answer == {
        "made": ["full", {"team": "a"}, "words"],
        "full": ["other words", {"k": "v"}, {}],
        "first": ["first", {"extra": "yes"}, "Archived", "s3://bucket/0"],
        "fourth": "4",
        "errors": [
            "RESOURCE_DOES_NOT_EXIST",
            "RESOURCE_DOES_NOT_EXIST",
            "RESOURCE_ALREADY_EXISTS",
            "RESOURCE_DOES_NOT_EXIST",
            "INVALID_PARAMETER_VALUE",
            "RESOURCE_DOES_NOT_EXIST",
            "INVALID_PARAMETER_VALUE",
            "INVALID_PARAMETER_VALUE",
            "NOT_IMPLEMENTED",
        ],
        "found": {
            "models": ["fuller"],
            "versions": ["1", "2", "4"],
            "tagged": ["1"],
            "page": [2, True],
            "latest": ["2"],
        },
        "left": [],
        "again": [{}, []],
    }
