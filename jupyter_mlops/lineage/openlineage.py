"""What all events of OpenLineage (openlineage.io), object model 2-0-2, have in common.

Only what the store keeps is told, so secrets are masked.
"""

from __future__ import annotations

import json
import uuid
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.clock import from_ms, now_ms
from ..snapshots.masking import Masker

if TYPE_CHECKING:
    from datetime import datetime

    from ..core.project import Project

Event = dict[str, Any]

_SPEC = "https://openlineage.io/spec"
_EVENTS = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs"
# name → version of its schema, as published
_FACETS = {
    "DataQualityMetricsInputDatasetFacet": "1-0-3",
    "DatasetTypeDatasetFacet": "1-0-1",
    "DatasetVersionDatasetFacet": "1-0-1",
    "DatasourceDatasetFacet": "1-0-1",
    "DocumentationJobFacet": "1-1-0",
    "ErrorMessageRunFacet": "1-0-1",
    "ExecutionParametersRunFacet": "1-0-0",
    "InputStatisticsInputDatasetFacet": "1-0-0",
    "JobTypeJobFacet": "2-0-4",
    "OutputStatisticsOutputDatasetFacet": "1-0-2",
    "OwnershipJobFacet": "1-0-1",
    "ParentRunFacet": "1-2-0",
    "ProcessingEngineRunFacet": "1-1-1",
    "SchemaDatasetFacet": "1-2-0",
    "SourceCodeJobFacet": "1-0-1",
    "SourceCodeLocationJobFacet": "1-1-0",
}


class Parent(NamedTuple):
    """The run that another one is part of and the outermost one, each by its id and its job."""

    run_id: str
    job: str
    root_id: str
    root_job: str


class EventMaker:
    """Makes the parts of the events of one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.namespace = project.root.as_uri()
        self.version = metadata.version("jupyter_mlops")
        self._producer = f"urn:jupyter-mlops:{self.version}"

    def run_event(
        self,
        kind: str,
        run: Event,
        job: Event,
        when: datetime | None = None,
        *,
        inputs: list[Event] | None = None,
        outputs: list[Event] | None = None,
    ) -> Event:
        """Return what happened to a run, now if it is not said when."""
        return {
            "eventType": kind,
            **self._heading("RunEvent", when),
            "run": run,
            "job": job,
            "inputs": inputs or [],
            "outputs": outputs or [],
        }

    def dataset_event(self, dataset: Event, when: datetime) -> Event:
        """Return that a dataset is there, of which no run is known."""
        return {**self._heading("DatasetEvent", when), "dataset": dataset}

    def job(self, name: str, facets: Event) -> Event:
        """Return a job of this project."""
        return {"namespace": self.namespace, "name": name, "facets": facets}

    def job_type(self, kind: str, processing: str = "BATCH") -> Event:
        """Return the facet that says what a job does."""
        return self.facet(
            "JobTypeJobFacet", processingType=processing, integration="JUPYTER", jobType=kind
        )

    def ownership(self, author: str) -> Event:
        """Return the facet that says whose a job is."""
        return self.facet("OwnershipJobFacet", owners=[{"name": f"user:{author}"}])

    def parameters(self, values: dict[str, Any]) -> Event:
        """Return the facet that says what a run was given, be it a client that logged it."""
        masker = Masker()
        pairs = [
            {"key": key, "value": _text(masker.value(key, value, "parameters"))}
            for key, value in values.items()
        ]
        return self.facet("ExecutionParametersRunFacet", parameters=pairs)

    def parent(self, parent: Parent) -> Event:
        """Return the facet that says which run another one is part of."""

        def told(run_id: str, job_name: str) -> Event:
            return {"run": run(run_id), "job": {"namespace": self.namespace, "name": job_name}}

        root = told(parent.root_id, parent.root_job)
        return self.facet("ParentRunFacet", **told(parent.run_id, parent.job), root=root)

    def facet(self, kind: str, /, **values: Any) -> Event:
        """Return a facet of OpenLineage's with those of the values that are known."""
        url = f"{_SPEC}/facets/{_FACETS[kind]}/{kind}.json#/$defs/{kind}"
        return {"_producer": self._producer, "_schemaURL": url, **given(values)}

    def own_facet(self, name: str, /, **values: Any) -> Event:
        """Return a facet that only we have."""
        url = f"urn:jupyter-mlops:facets:{name}:1"
        return {"_producer": self._producer, "_schemaURL": url, **values}

    def _heading(self, kind: str, when: datetime | None) -> Event:
        return {
            "eventTime": (when or from_ms(now_ms())).isoformat(timespec="milliseconds"),
            "producer": self._producer,
            "schemaURL": f"{_EVENTS}/{kind}",
        }


def run(run_id: str, facets: Event | None = None) -> Event:
    """Return a run.

    Ids of MLflow's clients are UUIDs without hyphens; another's gets one made of it.
    """
    try:
        known = uuid.UUID(hex=run_id)
    except ValueError:
        known = uuid.uuid5(uuid.NAMESPACE_URL, run_id)
    return {"runId": str(known), **({"facets": facets} if facets is not None else {})}


def given(values: Event) -> Event:
    """Return the values that are known."""
    return {key: value for key, value in values.items() if value is not None}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
