"""Checks events against OpenLineage's published schema, and in the form of its own client.

The schema says what must be there and of which form. Unknown keys it allows, so the classes that
its client generates from it look for these.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attr
from jsonschema import Draft202012Validator
from openlineage.client import facet_v2
from openlineage.client.generated import base
from referencing import Registry, Resource

from jupyter_mlops.lineage import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = Path(__file__).with_name("openlineage_spec")
OWN = "urn:jupyter-mlops:facets:"
_INPUT = facet_v2.input_statistics_input_dataset
_OUTPUT = facet_v2.output_statistics_output_dataset
_QUALITY = facet_v2.data_quality_metrics_input_dataset
# the classes that OpenLineage generates from its published schema
FACETS = {
    "dataQualityMetrics": _QUALITY.DataQualityMetricsInputDatasetFacet,
    "dataSource": facet_v2.datasource_dataset.DatasourceDatasetFacet,
    "datasetType": facet_v2.dataset_type_dataset.DatasetTypeDatasetFacet,
    "documentation": facet_v2.documentation_job.DocumentationJobFacet,
    "errorMessage": facet_v2.error_message_run.ErrorMessageRunFacet,
    "executionParameters": facet_v2.execution_parameters_run.ExecutionParametersRunFacet,
    "inputStatistics": _INPUT.InputStatisticsInputDatasetFacet,
    "jobType": facet_v2.job_type_job.JobTypeJobFacet,
    "outputStatistics": _OUTPUT.OutputStatisticsOutputDatasetFacet,
    "ownership": facet_v2.ownership_job.OwnershipJobFacet,
    "parent": facet_v2.parent_run.ParentRunFacet,
    "processing_engine": facet_v2.processing_engine_run.ProcessingEngineRunFacet,
    "schema": facet_v2.schema_dataset.SchemaDatasetFacet,
    "sourceCode": facet_v2.source_code_job.SourceCodeJobFacet,
    "sourceCodeLocation": facet_v2.source_code_location_job.SourceCodeLocationJobFacet,
    "version": facet_v2.dataset_version_dataset.DatasetVersionDatasetFacet,
}


def events(root: Path) -> list[dict[str, Any]]:
    """Return the events of a project, each checked."""
    lines = (root / ".mlops" / outbox.FILE).read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    for event in found:
        check(event)
    return found


def check(event: dict[str, Any]) -> None:
    """Validate an event, and each of its facets by the schema that it names."""
    _validator("https://openlineage.io/spec/2-0-2/OpenLineage.json").validate(event)
    _validator(event["schemaURL"]).validate(event)
    _check_form(event)
    for name, facet in _facets(event):
        assert facet["_producer"].startswith("urn:jupyter-mlops:")
        if facet["_schemaURL"].startswith(OWN):
            assert name.startswith("mlops_")
            continue
        _validator(facet["_schemaURL"]).validate(facet)
        whole = facet["_schemaURL"].partition("#")[0]
        _validator(whole).validate({name: facet})  # under its own name
        values = {key: value for key, value in facet.items() if not key.startswith("_")}
        _built(FACETS[name], values)
        assert set(values) <= {field.name for field in attr.fields(FACETS[name])}
        for metrics in facet.get("columnMetrics", {}).values():
            _built(_QUALITY.ColumnMetrics, metrics)
        if "root" in facet:
            _built(facet_v2.parent_run.Root, facet["root"])


@cache
def _registry() -> Registry[Any]:
    found: Registry[Any] = Registry()  # without a way to fetch: an unknown address is an error
    for file in SCHEMAS.glob("*.json"):
        found = Resource.from_contents(json.loads(file.read_text(encoding="utf-8"))) @ found
    return found


@cache
def _validator(url: str) -> Draft202012Validator:
    checker = Draft202012Validator.FORMAT_CHECKER
    assert {"date-time", "uri", "uuid"} <= set(checker.checkers)  # else formats are not looked at
    return Draft202012Validator({"$ref": url}, registry=_registry(), format_checker=checker)


def _check_form(event: dict[str, Any]) -> None:
    values = {key: value for key, value in event.items() if key != "schemaURL"}
    datasets: list[tuple[Any, Any]] = []
    if "dataset" in event:
        made = _built(base.DatasetEvent, values)
        datasets += [(base.StaticDataset, event["dataset"])]
    else:
        made = _built(base.RunEvent, {**values, "eventType": base.EventType(event["eventType"])})
        _built(base.Run, event["run"])
        _built(base.Job, event["job"])
        datasets += [(base.InputDataset, dataset) for dataset in event["inputs"]]
        datasets += [(base.OutputDataset, dataset) for dataset in event["outputs"]]
    assert event["schemaURL"] == made.schemaURL
    for kind, dataset in datasets:
        _built(kind, dataset)
        uri = dataset["facets"]["dataSource"]["uri"]
        assert re.fullmatch(r"[a-z]+:[!-~]+", uri), uri


def _facets(event: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    datasets = [*event.get("inputs", []), *event.get("outputs", [])]
    datasets += [event["dataset"]] if "dataset" in event else []
    holders = [event.get("run", {}), event.get("job", {}), *datasets]
    for holder in holders:
        yield from holder.get("facets", {}).items()
        yield from holder.get("inputFacets", {}).items()
        yield from holder.get("outputFacets", {}).items()


def _built(kind: Any, values: dict[str, Any]) -> Any:
    """Make one of the client's objects: an unknown or missing key or a wrong value raises."""
    return kind(**values)
