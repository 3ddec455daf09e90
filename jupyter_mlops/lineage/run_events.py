"""Runs and their snapshots as events of OpenLineage.

A run is a snapshot's run, a job its notebook, a dataset a file or a URL. What MLflow's clients
logged as runs inside it are runs of a job of their own, with the notebook's run as their parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..tracking.entities import PARENT_TAG
from .datasets import DatasetMaker
from .openlineage import run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..data.schemas import DataProfile
    from ..snapshots.schemas import Manifest
    from ..tracking.schemas import Run, RunError
    from .openlineage import Event, Parent
    from .schemas import Rerun
    from .texts import Texts

RERUN = "repro"
_LONGEST = 10_000
_ENDS = {"FINISHED": "COMPLETE", "KILLED": "ABORT", "FAILED": "FAIL"}
_RERUNS = {"running": "START", "finished": "COMPLETE", "failed": "FAIL", "stopped": "ABORT"}
_UNDONE = {"failed", "skipped"}


def job_name(found: Run) -> str:
    """Return the job that a run belongs to."""
    name = found.notebook_path or found.name
    return f"{name}.nested" if found.tags.get(PARENT_TAG) else name


class RunEvents(DatasetMaker):
    """Makes the events of one project's runs."""

    def started(
        self,
        run_id: str,
        notebook_path: str,
        when: datetime | None = None,
        parent: Parent | None = None,
    ) -> Event:
        """Return that a notebook's run began, now if it is not said when."""
        facets = {"parent": self.parent(parent)} if parent else None
        job = self.job(notebook_path, {"jobType": self.job_type("NOTEBOOK")})
        return self.run_event("START", run(run_id, facets), job, when)

    def ended(
        self,
        snapshot_id: str,
        manifest: Manifest,
        *,
        texts: Texts,
        profiles: Mapping[str, DataProfile] | None = None,
        parent: Parent | None = None,
    ) -> Event:
        """Return that a run ended as its snapshot says.

        Args:
            snapshot_id: of the snapshot.
            manifest: its document.
            texts: what the notebook says of itself.
            profiles: by digest, what is known of tables.
            parent: the run that it is part of.
        """
        inputs, outputs = self.datasets(manifest.files, profiles or {})
        return self.run_event(
            _ENDS.get(manifest.status, "FAIL"),
            run(manifest.run_id, self._run_facets(snapshot_id, manifest, texts, parent)),
            self.job(
                manifest.notebook.path,
                self._job_facets(manifest, texts),
            ),
            manifest.created_at,
            inputs=inputs,
            outputs=outputs,
        )

    def vanished(self, found: Run, parent: Parent | None = None) -> Event:
        """Return that a notebook's run ended without a snapshot that says more."""
        facets = {"executionParameters": self.parameters(dict(found.params))}
        if found.error is not None:
            facets["errorMessage"] = self._error(found.error, "unknown")
        if parent is not None:
            facets["parent"] = self.parent(parent)
        name = found.notebook_path or found.name
        job = self.job(name, {"jobType": self.job_type("NOTEBOOK")})
        kind = _ENDS.get(found.status, "FAIL")
        return self.run_event(kind, run(found.run_id, facets), job, found.ended_at)

    def nested(self, found: Run, parent: Parent) -> list[Event]:
        """Return when a run inside a notebook's began, and how it ended if it has."""
        facets = {
            "parent": self.parent(parent),
            "executionParameters": self.parameters(dict(found.params)),
            "mlops_run": self.own_facet("run", name=found.name, metrics=found.metrics),
        }
        job = self.job(job_name(found), {"jobType": self.job_type("RUN")})
        begun = {"parent": facets["parent"]}
        events = [self.run_event("START", run(found.run_id, begun), job, found.started_at)]
        if found.status in _ENDS:
            told = run(found.run_id, facets)
            events.append(self.run_event(_ENDS[found.status], told, job, found.ended_at))
        return events

    def rerun(self, rerun: Rerun) -> Event:
        """Return that a rerun of stale notebooks began, or how it ended: they are parts of it."""
        facets = {}
        if rerun.state == "failed":
            undone = [step.notebook_path for step in rerun.steps if step.state in _UNDONE]
            facets["errorMessage"] = self.facet(
                "ErrorMessageRunFacet",
                message=f"Not run: {', '.join(undone)}"[:_LONGEST],
                programmingLanguage="unknown",
            )
        job = self.job(
            RERUN, {"jobType": self.job_type("RERUN"), "ownership": self.ownership(rerun.author)}
        )
        when = rerun.created_at if rerun.state == "running" else None
        return self.run_event(_RERUNS[rerun.state], run(rerun.rerun_id, facets), job, when)

    def _run_facets(
        self, snapshot_id: str, manifest: Manifest, texts: Texts, parent: Parent | None
    ) -> Event:
        facets = {
            "executionParameters": self.parameters(manifest.parameters),
            "mlops_snapshot": self.own_facet(
                "snapshot",
                snapshotId=snapshot_id,
                grade=manifest.grade,
                reasons=[reason.message for reason in manifest.reasons],
                metrics=manifest.metrics,
            ),
        }
        environment, error = manifest.environment, manifest.error
        if environment is not None:
            facets["processing_engine"] = self.facet(
                "ProcessingEngineRunFacet",
                name=environment.language,
                version=environment.language_version,
                openlineageAdapterVersion=self.version,
            )
        if error is not None:
            language = manifest.notebook.language or "unknown"
            facets["errorMessage"] = self._error(error, language, texts.trace)
        if parent is not None:
            facets["parent"] = self.parent(parent)
        return facets

    def _error(self, error: RunError, language: str, trace: str = "") -> Event:
        return self.facet(
            "ErrorMessageRunFacet",
            message=f"{error.name}: {error.message}"[:_LONGEST],
            programmingLanguage=language.upper(),
            stackTrace=trace or None,
        )

    def _job_facets(self, manifest: Manifest, texts: Texts) -> Event:
        facets = {
            "jobType": self.job_type("NOTEBOOK"),
            "sourceCode": self.facet(
                "SourceCodeJobFacet",
                language=manifest.notebook.language or "unknown",
                sourceCode=texts.source,
            ),
            "ownership": self.ownership(manifest.author),
        }
        code = manifest.code
        if code.commit is not None:
            facets["sourceCodeLocation"] = self.facet(
                "SourceCodeLocationJobFacet",
                type="git",
                url=(self.project.root / manifest.notebook.path).as_uri(),
                version=code.commit,
                branch=code.branch,
            )
        if texts.description:
            facets["documentation"] = self.facet(
                "DocumentationJobFacet",
                description=texts.description,
                contentType="text/markdown",
            )
        return facets
