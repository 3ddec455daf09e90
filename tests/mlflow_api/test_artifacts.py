"""Files of runs and models: MLflow's own client, and plain requests."""

from __future__ import annotations

import http.client
import os
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest

from .client import run_client

if TYPE_CHECKING:
    from tests.server.process import Server

ARTIFACTS = "/mlops/mlflow/api/2.0/mlflow-artifacts/artifacts"


def send(
    server: Server, verb: str, path: str, body: bytes | None = None, *, stranger: bool = False
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=180)
    headers = {} if stranger else {"Authorization": f"token {server.token}"}
    try:
        connection.request(verb, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def test_the_client_logs_lists_and_loads_files(server: Server) -> None:
    answer = run_client(
        server,
        """
import os, tempfile
from pathlib import Path
folder = Path(tempfile.mkdtemp())
(folder / "a b.txt").write_text("한글")
(folder / "deep" / "er").mkdir(parents=True)
(folder / "deep" / "er" / "empty").touch()
with mlflow.start_run() as run:
    mlflow.log_artifact(folder / "a b.txt")
    mlflow.log_artifacts(folder, "all")
    mlflow.log_text("text", "notes/t.txt")
    mlflow.log_dict({"a": 1}, "d.json")
run_id = run.info.run_id
names = {item.path: item.is_dir for item in client.list_artifacts(run_id)}
inside = [item.path for item in client.list_artifacts(run_id, "all/deep")]
local = Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="all"))
text = mlflow.artifacts.load_text(f"runs:/{run_id}/a b.txt")
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
repository = get_artifact_repository(run.info.artifact_uri)
repository.delete_artifacts("d.json")
try:
    client.download_artifacts(run_id, "d.json")
    missing = "none"
except Exception as error:
    missing = type(error).__name__
answer([names, inside, sorted(p.name for p in local.rglob("*")), text, missing,
        [item.path for item in client.list_artifacts(run_id, "notes")]])
""",
    )
    names, inside, local, text, missing, notes = answer
    assert names == {"a b.txt": False, "all": True, "d.json": False, "notes": True}
    assert inside == ["all/deep/er"]
    assert local == ["a b.txt", "deep", "empty", "er"]
    assert (text, notes) == ("한글", ["notes/t.txt"])
    assert missing != "none"


def test_the_client_uploads_in_parts(server: Server) -> None:
    answer = run_client(
        server,
        """
import os, tempfile
from pathlib import Path
os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "1000"
os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 * 1024 * 1024)
file = Path(tempfile.mkdtemp()) / "big.bin"
content = os.urandom(12 * 1024 * 1024)
file.write_bytes(content)
from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository
sent = []
original = HttpArtifactRepository._upload_part
HttpArtifactRepository._upload_part = staticmethod(
    lambda *args, **kwargs: sent.append(1) or original(*args, **kwargs))
with mlflow.start_run() as run:
    mlflow.log_artifact(str(file), "models")
local = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="models/big.bin")
answer([len(sent), Path(local).read_bytes() == content])
""",
    )
    assert answer == [3, True]


def test_models_are_logged_and_loaded(server: Server) -> None:
    answer = run_client(
        server,
        """
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True, as_frame=True)
mlflow.set_experiment("iris")
mlflow.sklearn.autolog()
model = LogisticRegression(max_iter=777).fit(X, y)
(run,) = client.search_runs([client.get_experiment_by_name("iris").experiment_id])
mlflow.sklearn.autolog(disable=True)
with mlflow.start_run():
    made = mlflow.sklearn.log_model(
        model, name="linear", params={"kind": "linear"}, pip_requirements=["scikit-learn"])
    mlflow.log_metric("f1", 0.9, model_id=made.model_id)
again = mlflow.sklearn.load_model(made.model_uri)
found = mlflow.search_logged_models(
    [run.info.experiment_id], "metrics.f1 > 0.5 AND params.kind = 'linear'", output_format="list")
newest = mlflow.search_logged_models([run.info.experiment_id], order_by=[
    {"field_name": "metrics.f1", "ascending": False}], output_format="list")
client.set_logged_model_tags(made.model_id, {"a": "1", "b": "2"})
client.delete_logged_model_tag(made.model_id, "b")
tagged = client.get_logged_model(made.model_id)
client.delete_logged_model(made.model_id)
try:
    client.get_logged_model(made.model_id)
    gone = False
except MlflowException as error:
    gone = error.error_code
answer({
    "params": run.data.params["max_iter"],
    "metrics": sorted(run.data.metrics)[:2],
    "outputs": len(run.outputs.model_outputs),
    "same": bool((again.predict(X) == model.predict(X)).all()),
    "found": [item.model_id for item in found] == [made.model_id],
    "first": newest[0].model_id == made.model_id and len(newest) == 2,
    "status": str(tagged.status), "tags": tagged.tags.get("a"), "b": "b" in tagged.tags,
    "metric": [(m.key, m.value) for m in tagged.metrics],
    "gone": gone,
})
""",
    )
    assert answer == {
        "params": "777",
        "metrics": ["training_accuracy_score", "training_f1_score"],
        "outputs": 1,
        "same": True,
        "found": True,
        "first": True,
        "status": "READY",
        "tags": "1",
        "b": False,
        "metric": [["f1", 0.9]],
        "gone": "RESOURCE_DOES_NOT_EXIST",
    }


def test_bytes_are_streamed_both_ways(server: Server) -> None:
    content = os.urandom(1024 * 1024) * 150
    before = peak(server)
    assert send(server, "PUT", f"{ARTIFACTS}/0/big/{quote('한 글.html')}", content)[0] == 200
    status, body, headers = send(server, "GET", f"{ARTIFACTS}/0/big/{quote('한 글.html')}")
    assert (status, body == content) == (200, True)
    assert headers["Content-Length"] == str(len(content))
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert peak(server) - before < 40_000


def peak(server: Server) -> int:
    """Return the most memory that the server has had, in kB."""
    with open(f"/proc/{server.pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def test_an_upload_that_breaks_off_leaves_nothing(server: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=180)
    connection.putrequest("PUT", f"{ARTIFACTS}/0/broken/file")
    connection.putheader("Authorization", f"token {server.token}")
    connection.putheader("Content-Length", "10000000")
    connection.endheaders()
    connection.send(b"x" * 2_000_000)
    uploads = server.root / ".mlops" / "artifacts" / ".uploads"
    deadline = time.monotonic() + 180
    while not any(uploads.glob("*")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    connection.close()
    while any(uploads.glob("*")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert send(server, "GET", f"{ARTIFACTS}/0/broken/file")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "../../x",
        "..%2f..%2fx",
        "%2e%2e/%2e%2e/x",
        "%252e%252e%252fx",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "a%00b",
        "a%5c..%5cb",
        ".uploads/x",
        "registered/x/MLmodel",
    ],
)
def test_nothing_outside_is_reached(server: Server, path: str) -> None:
    before = {*server.root.iterdir(), server.root / ".mlops"}
    for verb in ("PUT", "GET", "DELETE"):
        status, body, _ = send(server, verb, f"{ARTIFACTS}/{path}", b"x" if verb == "PUT" else None)
        assert status in {400, 404}, (verb, body)
    status, _, _ = send(server, "GET", f"{ARTIFACTS}?path={path}")
    assert status in {400, 404}
    assert set(server.root.iterdir()) <= before


def test_strangers_neither_read_nor_write(server: Server) -> None:
    for verb, path in (
        ("GET", f"{ARTIFACTS}/0/a"),
        ("PUT", f"{ARTIFACTS}/0/a"),
        ("DELETE", f"{ARTIFACTS}/0/a"),
        ("GET", f"{ARTIFACTS}?path=0"),
        ("PUT", f"{ARTIFACTS.removesuffix('artifacts')}parts/{'0' * 32}/1"),
        ("POST", f"{ARTIFACTS.removesuffix('artifacts')}mpu/create/0/a"),
        ("GET", "/mlops/mlflow/get-artifact?run_id=0&path=a"),
    ):
        body = b"{}" if verb != "GET" else None
        assert send(server, verb, path, body, stranger=True)[0] == 403, (verb, path)


def test_a_file_that_is_too_large_is_refused_at_once(server: Server) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=180)
    connection.putrequest("PUT", f"{ARTIFACTS}/0/huge")
    connection.putheader("Authorization", f"token {server.token}")
    connection.putheader("Content-Length", str(10**15))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"error_code" in answer.read()
    connection.close()


def test_autolog_with_lightgbm(server: Server) -> None:
    answer = run_client(
        server,
        """
import lightgbm
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True, as_frame=True)
X.columns = [name.replace(" ", "_").replace("(", "").replace(")", "") for name in X.columns]
mlflow.set_experiment("boost")
mlflow.lightgbm.autolog()
data = lightgbm.Dataset(X, y)
booster = lightgbm.train(
    {"objective": "multiclass", "num_class": 3, "verbose": -1}, data, 7, valid_sets=[data])
(run,) = client.search_runs([client.get_experiment_by_name("boost").experiment_id])
history = client.get_metric_history(run.info.run_id, "training-multi_logloss")
model = mlflow.lightgbm.load_model(f"models:/{run.outputs.model_outputs[0].model_id}")
answer({
    "rounds": run.data.params["num_boost_round"],
    "steps": [point.step for point in history],
    "datasets": len(run.inputs.dataset_inputs),
    "same": bool((model.predict(X) == booster.predict(X)).all()),
})
""",
    )
    assert answer == {"rounds": "7", "steps": list(range(7)), "datasets": 1, "same": True}
