"""MLflow's clients for R and Java, which no registry that we install from has.

R: the bodies are what httr 1.4.5 sent for the calls of the client's source; all numbers are texts.
Java: bodies are made, and answers read, with the protocol's own protobuf messages in their JSON
form, as its ``JsonFormat`` does; 64-bit numbers are texts, unknown fields are ignored.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from .client import run_client

if TYPE_CHECKING:
    from tests.server.process import Server


# what MLflow makes of infinity
LARGEST = sys.float_info.max


class R:
    """Sends what the R client sends."""

    def __init__(self, server: Server) -> None:
        self._url = f"{server.url}/mlops/mlflow/api/2.0/mlflow"
        self._headers = {
            "Authorization": f"Bearer {server.token}",
            "User-Agent": "mlflow-r-client/3.17.2",
            "Accept": "application/json, text/xml, application/xml, */*",
        }

    def get(self, path: str, **query: str) -> Any:
        return self._send(f"{path}?{urlencode(query)}", None)

    def post(self, path: str, body: str) -> Any:
        return self._send(path, body.encode())

    def _send(self, path: str, body: bytes | None) -> Any:
        headers = self._headers | ({"Content-Type": "application/json"} if body else {})
        request = urllib.request.Request(f"{self._url}/{path}", body, headers)
        with urllib.request.urlopen(request, timeout=180) as answer:
            return json.load(answer)


def test_r(server: Server) -> None:
    r = R(server)
    experiment = r.post("experiments/create", '{"name":"r 한글"}')["experiment_id"]
    found = r.get("experiments/get-by-name", experiment_name="r 한글")["experiment"]
    assert (found["experiment_id"], found["lifecycle_stage"]) == (experiment, "active")
    created = r.post(
        "runs/create",
        f'{{"experiment_id":"{experiment}","user_id":"ann","start_time":"1700000000123",'
        '"tags":[{"key":"mlflow.source.name","value":"x.R"}]}',
    )
    run = created["run"]["info"]["run_uuid"]
    both = f'{{"run_uuid":"{run}","run_id":"{run}",'
    for value, step in (("0.5", 3), ("NaN", 0)):
        r.post(
            "runs/log-metric",
            f'{both}"key":"m","value":"{value}","timestamp":"1700000000123","step":"{step}"}}',
        )
    r.post("runs/log-parameter", f'{both}"key":"depth","value":"3"}}')
    r.post("runs/set-tag", f'{both}"key":"t","value":"v"}}')
    r.post("runs/delete-tag", f'{{"run_id":"{run}","key":"t"}}')
    r.post(
        "runs/log-batch",
        f'{{"run_id":"{run}","metrics":[{{"key":"a","value":"1","step":"0",'
        '"timestamp":"1700000000123"},{"key":"b","value":"Infinity","step":"1",'
        '"timestamp":"1700000000123"}],"params":[{"key":"p","value":"v"}]}',
    )
    ended = r.post("runs/update", f'{both}"status":"FINISHED","end_time":"1700000000999"}}')
    assert ended["run_info"]["run_uuid"] == run
    data = r.get("runs/get", run_uuid=run, run_id=run)["run"]["data"]
    assert {item["key"]: item["value"] for item in data["metrics"]} == {
        "a": 1,
        "b": LARGEST,
        "m": 0.5,
    }
    assert {item["key"]: item["value"] for item in data["params"]} == {"depth": "3", "p": "v"}
    history = r.get("metrics/get-history", run_uuid=run, run_id=run, metric_key="m")["metrics"]
    assert {(point["value"], int(point["step"])) for point in history} == {("NaN", 0), (0.5, 3)}
    listed = r.post(
        "runs/search", f'{{"experiment_ids":["{experiment}"],"run_view_type":"ACTIVE_ONLY"}}'
    )
    ordered = r.post(
        "runs/search",
        f'{{"experiment_ids":["{experiment}"],"filter":"metrics.m > 0.2",'
        '"run_view_type":"ACTIVE_ONLY","order_by":["metrics.m DESC"]}',
    )
    for answer in (listed, ordered):
        assert [item["info"]["run_uuid"] for item in answer["runs"]] == [run]
    assert r.get("artifacts/list", run_uuid=run, run_id=run)["root_uri"]
    r.post("runs/delete", f'{{"run_id":"{run}"}}')
    r.post("runs/restore", f'{{"run_id":"{run}"}}')
    assert r.post("registered-models/create", '{"name":"r model"}')["registered_model"]["name"]
    versions = r.post("registered-models/get-latest-versions", '{"name":"r model"}')
    assert versions.get("model_versions", []) == []


def test_java(server: Server) -> None:
    answer = run_client(
        server,
        """
import os, urllib.request
from urllib.parse import urlencode
from google.protobuf import json_format
from mlflow.protos import model_registry_pb2 as registry, service_pb2 as service
base = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/"
def call(route, response, request=None, verb=None, **query):
    text = request and json_format.MessageToJson(request, preserving_proto_field_name=True)
    sent = urllib.request.Request(
        base + route + (f"?{urlencode(query)}" if query else ""), text and text.encode(),
        {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"],
         "User-Agent": "mlflow-java-client/3.17.2", "Content-Type": "application/json"},
        method=verb or ("POST" if request else "GET"))
    with urllib.request.urlopen(sent, timeout=180) as got:
        return json_format.Parse(got.read().decode(), response, ignore_unknown_fields=True)
def post(route, request):
    return call(route, type(request).Response(), request)

experiment = post("experiments/create", service.CreateExperiment(name="java 한글")).experiment_id
named = call("experiments/get-by-name", service.GetExperimentByName.Response(),
             experiment_name="java 한글").experiment
post("experiments/update", service.UpdateExperiment(experiment_id=experiment, new_name="java 2"))
post("experiments/set-experiment-tag",
     service.SetExperimentTag(experiment_id=experiment, key="k", value="v"))
run = post("runs/create", service.CreateRun(
    experiment_id=experiment, start_time=1700000000123, user_id="bob")).run.info
both = {"run_uuid": run.run_id, "run_id": run.run_id}
post("runs/log-parameter", service.LogParam(**both, key="depth", value="3"))
for step, value in enumerate((0.5, float("nan"), float("-inf"))):
    post("runs/log-metric", service.LogMetric(
        **both, key="m", value=value, timestamp=1700000000123 + step, step=step))
post("runs/log-batch", service.LogBatch(
    run_id=run.run_id, metrics=[service.Metric(key="b", value=1e-300, timestamp=5, step=2**40)],
    params=[service.Param(key="p", value="v")], tags=[service.RunTag(key="t", value="w")]))
post("runs/set-tag", service.SetTag(**both, key="u", value="x"))
post("runs/delete-tag", service.DeleteTag(run_id=run.run_id, key="u"))
post("runs/update", service.UpdateRun(
    **both, status=service.RunStatus.Value("FINISHED"), end_time=1700000000999))
got = call("runs/get", service.GetRun.Response(), **both).run
history = call("metrics/get-history", service.GetMetricHistory.Response(),
               **both, metric_key="m").metrics
found = post("runs/search", service.SearchRuns(
    experiment_ids=[experiment], filter="params.depth = '3'", max_results=1000,
    run_view_type=service.ViewType.Value("ACTIVE_ONLY"), order_by=["metrics.b DESC"]))
files = call("artifacts/list", service.ListArtifacts.Response(), **both, path="")
post("runs/delete", service.DeleteRun(run_id=run.run_id))
post("runs/restore", service.RestoreRun(run_id=run.run_id))

post("registered-models/create", registry.CreateRegisteredModel(name="java model"))
version = post("model-versions/create", registry.CreateModelVersion(
    name="java model", run_id=run.run_id, source="s3://bucket/x")).model_version
call("model-versions/update", registry.UpdateModelVersion.Response(),
     registry.UpdateModelVersion(name="java model", version=version.version), verb="PATCH")
post("model-versions/transition-stage", registry.TransitionModelVersionStage(
    name="java model", version=version.version, stage="Staging"))
latest = call("registered-models/get-latest-versions", registry.GetLatestVersions.Response(),
              name="java model", stages="Staging").model_versions
where = call("model-versions/get-download-uri", registry.GetModelVersionDownloadUri.Response(),
             name="java model", version=version.version).artifact_uri
searched = call("model-versions/search", registry.SearchModelVersions.Response(),
                filter="name = 'java model'").model_versions
answer({
    "experiment": named.experiment_id == experiment,
    "status": service.RunStatus.Name(got.info.status),
    "times": [got.info.start_time, got.info.end_time],
    "metrics": {item.key: [str(item.value), item.step] for item in got.data.metrics},
    "params": {item.key: item.value for item in got.data.params},
    "tags": {item.key: item.value for item in got.data.tags if not item.key.startswith("ml")},
    "history": [[str(item.value), item.timestamp, item.step] for item in history],
    "found": [item.info.run_id == run.run_id for item in found.runs],
    "root": files.root_uri == got.info.artifact_uri,
    "latest": [[item.version, item.current_stage] for item in latest],
    "where": where,
    "searched": [item.name for item in searched],
})
""",
    )
    start = 1700000000123
    assert answer == {
        "experiment": True,
        "status": "FINISHED",
        "times": [start, 1700000000999],
        "metrics": {"m": [str(-LARGEST), 2], "b": ["1e-300", 2**40]},
        "params": {"depth": "3", "p": "v"},
        "tags": {"t": "w"},
        "history": [["0.5", start, 0], ["nan", start + 1, 1], [str(-LARGEST), start + 2, 2]],
        "found": [True],
        "root": True,
        "latest": [["1", "Staging"]],
        "where": "s3://bucket/x",
        "searched": ["java model"],
    }
