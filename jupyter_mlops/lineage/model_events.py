"""Models and deployments as events of OpenLineage.

A registered model is a dataset, which its runs write; a deployment is a service that reads it, and
each of its revisions a run of that service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from .openlineage import EventMaker, run
from .run_events import job_name

if TYPE_CHECKING:
    from ..deployments.schemas import Revision
    from ..registry.schemas import ModelVersion
    from ..tracking.schemas import Run
    from .openlineage import Event


class ModelEvents(EventMaker):
    """Makes the events of one project's models and deployments."""

    def registered(self, version: ModelVersion, source: Run | None) -> Event:
        """Return that a version was registered, by the run that made it if one is known."""
        dataset = self._model(version.name, version.version)
        dataset["facets"]["mlops_model"] = self.own_facet(
            "model",
            framework=version.framework,
            serialization=version.serialization,
            objectId=version.object_id,
            snapshotId=version.snapshot_id,
        )
        if source is None:
            return self.dataset_event(dataset, version.created_at)
        # the run has ended, or goes on: neither is said by this
        facets = {"jobType": self.job_type("NOTEBOOK" if source.notebook_path else "RUN")}
        job = self.job(job_name(source), facets)
        told = run(source.run_id)
        return self.run_event("OTHER", told, job, version.created_at, outputs=[dataset])

    def deployed(self, name: str, revision: Revision) -> Event:
        """Return that a deployment was to serve a version from then on."""
        return self._service("START", name, revision)

    def replaced(self, name: str, revision: Revision) -> Event:
        """Return that a deployment is not to serve a version any more, from now on."""
        return self._service("COMPLETE", name, revision)

    def _service(self, kind: str, name: str, revision: Revision) -> Event:
        began = revision.created_at
        key = f"{self.namespace}/deployments/{name}/{revision.revision}/{began.isoformat()}"
        facets = {
            "jobType": self.job_type("DEPLOYMENT", "SERVICE"),
            "ownership": self.ownership(revision.author),
        }
        return self.run_event(
            kind,
            run(key),
            self.job(f"deployments/{name}", facets),
            began if kind == "START" else None,
            inputs=[self._model(revision.model_name, revision.version)],
        )

    def _model(self, name: str, version: int) -> Event:
        uri = f"models:/{quote(name, safe='')}/{version}"
        facets = {
            "dataSource": self.facet("DatasourceDatasetFacet", name="models", uri=uri),
            "datasetType": self.facet("DatasetTypeDatasetFacet", datasetType="MODEL"),
            "version": self.facet("DatasetVersionDatasetFacet", datasetVersion=str(version)),
        }
        return {"namespace": self.namespace, "name": f"models/{name}", "facets": facets}
