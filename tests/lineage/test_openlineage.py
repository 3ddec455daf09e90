"""Events of OpenLineage: in the form that its own client has, in a file, and over HTTP."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import attr
import nbformat
import pytest
from openlineage.client import facet_v2
from openlineage.client.generated import base

from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.lineage import outbox
from jupyter_mlops.lineage.outbox import Outbox
from jupyter_mlops.services import Services
from jupyter_mlops.snapshots.tables import data_profiles
from tests import notebooks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Workshop

_OUTPUT = facet_v2.output_statistics_output_dataset
# the classes that OpenLineage generates from its published schema
FACETS = {
    "dataSource": facet_v2.datasource_dataset.DatasourceDatasetFacet,
    "documentation": facet_v2.documentation_job.DocumentationJobFacet,
    "errorMessage": facet_v2.error_message_run.ErrorMessageRunFacet,
    "executionParameters": facet_v2.execution_parameters_run.ExecutionParametersRunFacet,
    "jobType": facet_v2.job_type_job.JobTypeJobFacet,
    "outputStatistics": _OUTPUT.OutputStatisticsOutputDatasetFacet,
    "ownership": facet_v2.ownership_job.OwnershipJobFacet,
    "processing_engine": facet_v2.processing_engine_run.ProcessingEngineRunFacet,
    "schema": facet_v2.schema_dataset.SchemaDatasetFacet,
    "sourceCode": facet_v2.source_code_job.SourceCodeJobFacet,
    "version": facet_v2.dataset_version_dataset.DatasetVersionDatasetFacet,
}


def built(kind: Any, values: dict[str, Any]) -> Any:
    """Make one of the client's objects: an unknown or missing key or a wrong value raises."""
    return kind(**values)


def check_facets(facets: dict[str, dict[str, Any]]) -> None:
    for name, facet in facets.items():
        values = {key: value for key, value in facet.items() if not key.startswith("_")}
        assert facet["_producer"].startswith("urn:jupyter-mlops:")
        if name == "mlops_snapshot":
            continue
        made = built(FACETS[name], values)
        family = made._get_schema().rsplit("/", 1)[1]
        assert facet["_schemaURL"].endswith(f"#/$defs/{family}")
        known = {field.name for field in attr.fields(FACETS[name])}
        assert set(values) <= known


def check(event: dict[str, Any]) -> None:
    values = {key: value for key, value in event.items() if key != "schemaURL"}
    made = built(base.RunEvent, {**values, "eventType": base.EventType(event["eventType"])})
    assert event["schemaURL"] == made.schemaURL
    built(base.Run, event["run"])
    built(base.Job, event["job"])
    check_facets(event["run"].get("facets", {}))
    check_facets(event["job"]["facets"])
    for kind, datasets in (
        (base.InputDataset, event["inputs"]),
        (base.OutputDataset, event["outputs"]),
    ):
        for dataset in datasets:
            built(kind, dataset)
            uri = dataset["facets"]["dataSource"]["uri"]
            assert re.fullmatch(r"[a-z]+:[!-~]+", uri), uri
            check_facets(dataset["facets"])
            check_facets(dataset.get("outputFacets", {}))


def events(root: Path) -> list[dict[str, Any]]:
    lines = (root / ".mlops" / outbox.FILE).read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    for event in found:
        check(event)
    return found


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
        column = {"name": "a", "type": "int64", "missing": 0}
        profile = {"rows": 1, "looked_at": 1, "column_count": 1, "columns": [column]}
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
    assert given["facets"]["schema"]["fields"] == [{"name": "a", "type": "int64"}]
    assert given["facets"]["version"]["datasetVersion"] == use.digest
    assert written["outputFacets"]["outputStatistics"]["size"] == 2
    facet = end["run"]["facets"]["mlops_snapshot"]
    assert (facet["snapshotId"], facet["grade"]) == (made.id, made.grade)


def test_a_headless_run_tells_when_it_begins_and_how_it_fails(workshop: Workshop) -> None:
    path = notebooks.write(workshop.root / "bad.ipynb", ["depth = 1", "1 / 0"], parameters=0)
    result = workshop.services.executions.run(path, author="me", parameters={"depth": 2})
    start, end = events(workshop.root)
    assert (start["eventType"], end["eventType"]) == ("START", "FAIL")
    assert start["eventTime"] < end["eventTime"]
    assert end["run"]["runId"].replace("-", "") == result.run_id
    facets = end["run"]["facets"]
    assert facets["errorMessage"]["message"] == "ZeroDivisionError: division by zero"
    assert facets["executionParameters"]["parameters"] == [{"key": "depth", "value": "2"}]


def test_the_file_is_bounded(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_LARGEST", 1_000)
    workshop.services.project.prepare()
    box = Outbox(workshop.services.project.store, None)
    for number in range(200):
        box.put({"number": number, "text": "x" * 80})
    found = workshop.services.project.store.glob(f"{outbox.FILE}*")
    files = [file for file in found if file.suffix != ".lock"]
    assert len(files) == 5
    assert sum(file.stat().st_size for file in files) < 6_000
    last = (workshop.services.project.store / outbox.FILE).read_text().splitlines()[-1]
    assert json.loads(last)["number"] == 199


@contextmanager
def endpoint(statuses: list[int]) -> Iterator[tuple[str, list[Any]]]:
    """An HTTP endpoint that answers with ``statuses``, then with 200."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = statuses.pop(0) if statuses else 200
            got.append((self.path, self.headers.get("Authorization"), status, body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_events_are_sent_again_until_they_arrive(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_PAUSES", (0.05,))
    monkeypatch.setenv(outbox.TOKEN, "very-secret")
    project = workshop.services.project
    with endpoint([503, 429]) as (url, got):
        monkeypatch.setenv("MLOPS_OPENLINEAGE_URL", url)
        services = Services(project, project.root)
        path = workshop.notebook("use.ipynb")
        services.snapshots.create(path, None, author="me")
        services.close()
    assert {(path, token) for path, token, *_ in got} == {("/api/v1/lineage", "Bearer very-secret")}
    assert [status for _, _, status, _ in got] == [503, 429, 200, 200]
    arrived = [body for *_, status, body in got if status == 200]
    assert arrived == events(project.root)
    assert not list((project.store / outbox.QUEUE).glob("*.json"))
    for file in project.store.rglob("*"):
        assert not file.is_file() or b"very-secret" not in file.read_bytes()


def test_what_could_not_be_sent_is_sent_by_the_next_process(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = workshop.services.project
    monkeypatch.setattr("jupyter_mlops.lineage.announcing._SECONDS", 0.2)
    monkeypatch.setenv("MLOPS_OPENLINEAGE_URL", "http://127.0.0.1:9/lineage")
    services = Services(project, project.root)
    made = services.snapshots.create(workshop.notebook("use.ipynb"), None, author="me")
    services.close()
    assert len(list((project.store / outbox.QUEUE).glob("*.json"))) == 2
    assert workshop.services.snapshots.snapshots().items[0].id == made.id
    with endpoint([]) as (url, got):
        monkeypatch.setenv("MLOPS_OPENLINEAGE_URL", f"{url}/mine")
        later = Services(project, project.root)
        later.outbox.wake()
        later.outbox.close(10)
        later.close()
    assert [path for path, *_ in got] == ["/mine", "/mine"]
    assert [body["eventType"] for *_, body in got] == ["START", "COMPLETE"]


def test_a_refused_event_does_not_hold_up_the_others(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = workshop.services.project.store
    workshop.services.project.prepare()
    monkeypatch.delenv(outbox.TOKEN, raising=False)
    with endpoint([400]) as (url, got):
        box = Outbox(store, url)
        box.put({"number": 1}, {"number": 2})
        box.close(10)
    assert [(token, status, body["number"]) for _, token, status, body in got] == [
        (None, 400, 1),
        (None, 200, 2),
    ]


@pytest.mark.parametrize("url", ["ftp://a/b", "http://me:pass@host/", "nonsense", "http://"])
def test_an_address_that_cannot_be_is_not_used(workshop: Workshop, url: str) -> None:
    workshop.services.project.prepare()
    store = workshop.services.project.store
    box = Outbox(store, url)
    box.put({"number": 1})
    box.close()
    assert not (store / outbox.QUEUE).exists()
    assert "pass" not in (store / outbox.FILE).read_text()


def test_a_full_disk_costs_no_snapshot(workshop: Workshop) -> None:
    workshop.services.project.prepare()
    (workshop.services.project.store / outbox.FILE).mkdir()  # nothing can be written there
    made = workshop.snapshot("use.ipynb")
    workshop.services.announcer.close()
    assert workshop.services.snapshots.snapshots().items[0].id == made.id
