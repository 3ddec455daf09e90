"""What a store has of rows and bytes, and what MLflow's protocol asks of them.

As with all managers of a store, each is made when it is first needed, see ``services``.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from .core.once import once

if TYPE_CHECKING:
    from .core.database import Database
    from .core.project import Project
    from .objects.manager import ObjectManager
    from .registry.catalog import ModelCatalog
    from .tracking.artifacts import ArtifactStore
    from .tracking.experiments import ExperimentManager
    from .tracking.files import Files
    from .tracking.history import MetricHistory
    from .tracking.logging import RunLogger
    from .tracking.manager import TrackingManager
    from .tracking.models import LoggedModelManager
    from .tracking.runs import RunManager


class Records:
    """The managers of one store's rows and bytes.

    Args:
        project: whose store it is.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.once_lock = threading.RLock()

    @once
    def database(self) -> Database:
        """The rows; the store's folder is made with it."""
        from .core.opening import open_database  # noqa: PLC0415

        return open_database(self.project)

    @once
    def objects(self) -> ObjectManager:
        """The bytes."""
        from .objects.manager import ObjectManager  # noqa: PLC0415

        return ObjectManager(self.project.store / "objects", self.database, self.project.remote())

    @once
    def tracking(self) -> TrackingManager:
        """Experiments and runs."""
        from .tracking.manager import TrackingManager  # noqa: PLC0415

        return TrackingManager(self.database)

    @once
    def experiments(self) -> ExperimentManager:
        """Experiments, as MLflow's protocol knows them."""
        from .tracking.experiments import ExperimentManager  # noqa: PLC0415

        return ExperimentManager(self.database)

    @once
    def runs(self) -> RunManager:
        """Runs, as MLflow's protocol knows them."""
        from .tracking.runs import RunManager  # noqa: PLC0415

        return RunManager(self.database)

    @once
    def run_logger(self) -> RunLogger:
        """What is logged to runs."""
        from .tracking.logging import RunLogger  # noqa: PLC0415

        return RunLogger(self.database)

    @once
    def metrics(self) -> MetricHistory:
        """The points of metrics."""
        from .tracking.history import MetricHistory  # noqa: PLC0415

        return MetricHistory(self.database)

    @once
    def logged_models(self) -> LoggedModelManager:
        """Logged models, as MLflow's protocol knows them."""
        from .tracking.models import LoggedModelManager  # noqa: PLC0415

        return LoggedModelManager(self.database)

    @once
    def artifacts(self) -> ArtifactStore:
        """The files of runs and logged models."""
        from .tracking.artifacts import ArtifactStore  # noqa: PLC0415

        if not self.project.is_read_only:
            self.project.prepare()
        return ArtifactStore(self.project.store / "artifacts", self.project.remote())

    @once
    def files(self) -> Files:
        """All files that MLflow's clients reach as artifacts."""
        from .tracking.files import Files  # noqa: PLC0415

        return Files(self.artifacts, self.objects)

    @once
    def catalog(self) -> ModelCatalog:
        """Registered models, as MLflow's protocol knows them."""
        from .registry.catalog import ModelCatalog  # noqa: PLC0415

        return ModelCatalog(self.database)
