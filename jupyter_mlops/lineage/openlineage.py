"""Snapshots as run events of OpenLineage (openlineage.io), its object model 2-0-2.

A run is a snapshot's run, a job its notebook, a dataset a file or a URL. Only what the snapshot
keeps is told, so secrets are masked.
"""

from __future__ import annotations

import json
import uuid
from importlib import metadata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from ..core.clock import from_ms, now_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ..core.project import Project
    from ..snapshots.schemas import FileUse, Manifest

Event = dict[str, Any]

_SPEC = "https://openlineage.io/spec"
_EVENT = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
# name → version of its schema, as published
_FACETS = {
    "DatasetVersionDatasetFacet": "1-0-1",
    "DatasourceDatasetFacet": "1-0-1",
    "DocumentationJobFacet": "1-1-0",
    "ErrorMessageRunFacet": "1-0-1",
    "ExecutionParametersRunFacet": "1-0-0",
    "JobTypeJobFacet": "2-0-4",
    "OutputStatisticsOutputDatasetFacet": "1-0-2",
    "OwnershipJobFacet": "1-0-1",
    "ParentRunFacet": "1-2-0",
    "ProcessingEngineRunFacet": "1-1-1",
    "SchemaDatasetFacet": "1-2-0",
    "SourceCodeJobFacet": "1-0-1",
}
_LONGEST = 10_000
# what stays as it is in an address, escapes included
_URI = "%:/?#[]@!$&'()*+,;="


class Events:
    """Makes the events of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._namespace = project.root.as_uri()
        self._producer = f"urn:jupyter-mlops:{metadata.version('jupyter_mlops')}"

    def started(self, run_id: str, notebook_path: str, when: datetime | None = None) -> Event:
        """Return that a run began, now if it is not said when."""
        job = {"namespace": self._namespace, "name": notebook_path}
        job["facets"] = {"jobType": self._job_type()}  # type: ignore[assignment]
        return self._event("START", when or from_ms(now_ms()), _run(run_id), job)

    def ended(
        self,
        snapshot_id: str,
        manifest: Manifest,
        *,
        description: str = "",
        sources: Iterable[str] = (),
        schemas: Mapping[str, list[tuple[str, str]]] | None = None,
        parent: tuple[str, str] | None = None,
    ) -> Event:
        """Return that a run ended as its snapshot says.

        Args:
            snapshot_id: of the snapshot.
            manifest: its document.
            description: what the notebook says of itself, Markdown.
            sources: of its code cells.
            schemas: by digest, the columns of tables: name and type.
            parent: the run that it is part of: its id and its name.
        """
        run = _run(manifest.run_id, self._run_facets(snapshot_id, manifest, parent))
        facets = self._job_facets(manifest, description, "\n\n".join(sources))
        job = {"namespace": self._namespace, "name": manifest.notebook.path, "facets": facets}
        kind = {"FINISHED": "COMPLETE", "KILLED": "ABORT"}.get(manifest.status, "FAIL")
        event = self._event(kind, manifest.created_at, run, job)
        known = schemas or {}
        for use in manifest.files:
            dataset = self._dataset(use, known.get(use.digest or "", []))
            if use.mode == "write":
                facet = self._statistics(use)
                event["outputs"].append(dataset | {"outputFacets": {"outputStatistics": facet}})
            else:
                event["inputs"].append(dataset)
        return event

    def _event(self, kind: str, when: datetime, run: Event, job: Event) -> Event:
        return {
            "eventType": kind,
            "eventTime": when.isoformat(timespec="milliseconds"),
            "producer": self._producer,
            "schemaURL": _EVENT,
            "run": run,
            "job": job,
            "inputs": [],
            "outputs": [],
        }

    def _run_facets(
        self, snapshot_id: str, manifest: Manifest, parent: tuple[str, str] | None
    ) -> Event:
        parameters = [{"key": key, "value": _text(v)} for key, v in manifest.parameters.items()]
        facets = {
            "executionParameters": self._facet(
                "ExecutionParametersRunFacet", parameters=parameters
            ),
            "mlops_snapshot": {
                "_producer": self._producer,
                "_schemaURL": "urn:jupyter-mlops:facets:snapshot:1",
                "snapshotId": snapshot_id,
                "grade": manifest.grade,
                "reasons": [reason.message for reason in manifest.reasons],
                "metrics": manifest.metrics,
            },
        }
        environment, error = manifest.environment, manifest.error
        if environment is not None:
            facets["processing_engine"] = self._facet(
                "ProcessingEngineRunFacet",
                name=environment.language,
                version=environment.language_version,
            )
        if error is not None:
            facets["errorMessage"] = self._facet(
                "ErrorMessageRunFacet",
                message=f"{error.name}: {error.message}"[:_LONGEST],
                programmingLanguage=(manifest.notebook.language or "unknown").upper(),
            )
        if parent is not None:
            job = {"namespace": self._namespace, "name": parent[1]}
            facets["parent"] = self._facet("ParentRunFacet", run=_run(parent[0]), job=job)
        return facets

    def _job_facets(self, manifest: Manifest, description: str, source: str) -> Event:
        facets = {
            "jobType": self._job_type(),
            "sourceCode": self._facet(
                "SourceCodeJobFacet",
                language=manifest.notebook.language or "unknown",
                sourceCode=source,
            ),
            "ownership": self._facet(
                "OwnershipJobFacet", owners=[{"name": f"user:{manifest.author}"}]
            ),
        }
        if description:
            facets["documentation"] = self._facet(
                "DocumentationJobFacet", description=description, contentType="text/markdown"
            )
        return facets

    def _job_type(self) -> Event:
        return self._facet(
            "JobTypeJobFacet", processingType="BATCH", integration="JUPYTER", jobType="NOTEBOOK"
        )

    def _dataset(self, use: FileUse, columns: list[tuple[str, str]]) -> Event:
        """Return a dataset by OpenLineage's rules for names: `file` and the absolute path."""
        if use.kind in {"file", "folder"}:
            path = self._project.root / use.path
            namespace, name = "file", path.as_posix()
            source = self._facet("DatasourceDatasetFacet", name="file", uri=path.as_uri())
        else:
            parts = urlsplit(use.path)
            namespace = f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.scheme
            namespace, name = namespace or "unknown", parts.path.lstrip("/") or use.path
            source = self._facet(
                "DatasourceDatasetFacet", name=namespace, uri=quote(use.path, safe=_URI)
            )
        facets = {"dataSource": source}
        if use.digest is not None:
            facets["version"] = self._facet("DatasetVersionDatasetFacet", datasetVersion=use.digest)
        if columns:
            fields = [{"name": column, "type": kind} for column, kind in columns]
            facets["schema"] = self._facet("SchemaDatasetFacet", fields=fields)
        return {"namespace": namespace, "name": name, "facets": facets}

    def _statistics(self, use: FileUse) -> Event:
        known = {"size": use.size, "fileCount": use.count}
        given = {key: value for key, value in known.items() if value is not None}
        return self._facet("OutputStatisticsOutputDatasetFacet", **given)

    def _facet(self, kind: str, /, **values: Any) -> Event:
        url = f"{_SPEC}/facets/{_FACETS[kind]}/{kind}.json#/$defs/{kind}"
        return {"_producer": self._producer, "_schemaURL": url, **values}


def _run(run_id: str, facets: Event | None = None) -> Event:
    # those of MLflow's clients are UUIDs without hyphens; another's gets one made of it
    try:
        known = uuid.UUID(hex=run_id)
    except ValueError:
        known = uuid.uuid5(uuid.NAMESPACE_URL, run_id)
    return {"runId": str(known), **({"facets": facets} if facets is not None else {})}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
