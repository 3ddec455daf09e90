"""The managers of one store, made when first needed, and the work that takes several of them.

The server, the command line and Python callers all go through here. Importing this module is
cheap: the managers bring SQLAlchemy in, which takes most of a second, so they are imported in
the thread that first asks for one.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from .core.once import once
from .core.programs import Programs
from .core.project import Project
from .records import Records

if TYPE_CHECKING:
    from pathlib import Path

    from .comparison.manager import ComparisonManager
    from .data.manager import DataManager
    from .data.profiles import ProfileManager
    from .deployments.manager import DeploymentManager
    from .executions.background import HeadlessRuns
    from .executions.manager import ExecutionManager
    from .executions.reproduction import ReproductionManager
    from .history.manager import SnapshotHistory
    from .history.needs import SnapshotNeeds
    from .lineage.announcing import LineageAnnouncer
    from .lineage.manager import LineageManager
    from .lineage.outbox import Outbox
    from .lineage.reruns import RerunManager
    from .notebooks.manager import KernelSource, LiveNotebooks
    from .registry.manager import RegistryManager
    from .restoring.kept import EnvironmentKeeper
    from .restoring.manager import Restorer
    from .snapshots.manager import SnapshotManager
    from .tracking.schemas import Run

# each before what it needs
_CLOSED = (
    *("programs", "profiles", "reruns", "headless", "reproductions", "comparisons"),
    *("announcer", "outbox", "database"),
)


class Services(Records):
    """One store's managers.

    Args:
        project: the project folder.
        root: the folder that notebook paths in requests are relative to.
        kernels: where live kernels come from; None outside a server.
        keep_limit: bytes; of a larger data file a snapshot keeps only the digest.
        python: the interpreter for the gateway.
        kernel_timeout: seconds to wait for a kernel's answer.
        headless_limit: how many headless runs go at once; by default one a processor.
    """

    def __init__(
        self,
        project: Project,
        root: Path,
        kernels: KernelSource | None = None,
        *,
        keep_limit: int | None = None,
        python: str = sys.executable,
        kernel_timeout: float = 30.0,
        headless_limit: int | None = None,
    ) -> None:
        super().__init__(project)
        self.root = root.resolve()
        self._kernels = kernels
        self._keep_limit = keep_limit
        self._python = python
        self._kernel_timeout = kernel_timeout
        self._headless_limit = headless_limit

    @once
    def snapshots(self) -> SnapshotManager:
        """Snapshots."""
        from .snapshots.manager import KEEP_LIMIT, SnapshotManager  # noqa: PLC0415

        limit = KEEP_LIMIT if self._keep_limit is None else self._keep_limit
        return SnapshotManager(
            self.project,
            self.database,
            self.objects,
            self.tracking,
            keep_limit=limit,
            created=self.announcer.ended,
        )

    @once
    def profiles(self) -> ProfileManager:
        """What the tables among the data hold."""
        from .data.profiles import ProfileManager  # noqa: PLC0415

        return ProfileManager(self.project, self.database, self.objects, self.snapshots)

    @once
    def comparisons(self) -> ComparisonManager:
        """Experiments side by side."""
        from .comparison.manager import ComparisonManager  # noqa: PLC0415

        parts = self.database, self.objects, self.tracking, self.snapshots
        return ComparisonManager(self.project, *parts)

    @once
    def programs(self) -> Programs:
        """Programs that are waited for, until the store is closed."""
        return Programs()

    @once
    def restorer(self) -> Restorer:
        """Restores snapshots."""
        from .notebooks import apart  # noqa: PLC0415
        from .restoring.environments import EnvironmentBuilder  # noqa: PLC0415
        from .restoring.manager import Restorer  # noqa: PLC0415

        return Restorer(
            self.project,
            self.objects,
            self.snapshots,
            EnvironmentBuilder(self.project, self.objects, programs=self.programs),
            partial(apart.create, self),
        )

    @once
    def environments(self) -> EnvironmentKeeper:
        """Environments that were built of snapshots."""
        from .restoring.kept import EnvironmentKeeper  # noqa: PLC0415

        return EnvironmentKeeper(self.project, self.database)

    @once
    def notebooks(self) -> LiveNotebooks:
        """Notebooks with their kernels."""
        from .notebooks.manager import LiveNotebooks  # noqa: PLC0415

        return LiveNotebooks(self, self._kernels, self._kernel_timeout)

    @once
    def data(self) -> DataManager:
        """Versions of data."""
        from .data.manager import DataManager  # noqa: PLC0415
        from .notebooks import apart  # noqa: PLC0415

        create = partial(apart.create, self)
        parts = self.database, self.objects, self.profiles
        return DataManager(self.project, *parts, create)

    @once
    def needs(self) -> SnapshotNeeds:
        """What snapshots need of the objects."""
        from .history.needs import SnapshotNeeds  # noqa: PLC0415

        return SnapshotNeeds(self.database, self.objects)

    @once
    def history(self) -> SnapshotHistory:
        """What becomes of snapshots."""
        from .history.manager import SnapshotHistory  # noqa: PLC0415

        needed = self.registry.made_from
        return SnapshotHistory(self.project, self.database, self.snapshots, needed)

    @once
    def executions(self) -> ExecutionManager:
        """Headless runs."""
        from .executions.manager import ExecutionManager  # noqa: PLC0415
        from .snapshots.manager import SnapshotManager  # noqa: PLC0415

        def vanished(run: Run) -> None:  # what is needed is made then
            if run.snapshot_id is None:
                self.announcer.vanished(run)
            else:
                manifest = self.snapshots.snapshot(run.snapshot_id).manifest
                self.announcer.ended(run.snapshot_id, manifest, began=True)

        def snapshots() -> SnapshotManager:  # what it takes is told of by ``vanished``
            parts = self.database, self.objects, self.tracking
            return SnapshotManager(self.project, *parts)

        return ExecutionManager(self.project, self.tracking, snapshots, vanished)

    @once
    def headless(self) -> HeadlessRuns:
        """Headless runs that somebody watches."""
        from .executions.background import HeadlessRuns  # noqa: PLC0415

        return HeadlessRuns(self.project, self.executions, self._headless_limit)

    @once
    def reproductions(self) -> ReproductionManager:
        """Snapshots that are run again."""
        from .executions.reproduction import ReproductionManager  # noqa: PLC0415

        return ReproductionManager(self.project, self.database, self.snapshots)

    @once
    def registry(self) -> RegistryManager:
        """Registered models."""
        from .registry.manager import RegistryManager  # noqa: PLC0415

        return RegistryManager(self.database, self.objects, registered=self.announcer.registered)

    @once
    def deployments(self) -> DeploymentManager:
        """Deployments."""
        from .deployments.manager import DeploymentManager  # noqa: PLC0415

        return DeploymentManager(
            self.project,
            self.database,
            self.registry,
            python=self._python,
            revised=self.announcer.revised,
        )

    @once
    def lineage(self) -> LineageManager:
        """What depends on what."""
        from .lineage.manager import LineageManager  # noqa: PLC0415

        return LineageManager(self.project, self.database, self.objects)

    @once
    def outbox(self) -> Outbox:
        """OpenLineage events on their way out."""
        from .lineage.outbox import Outbox  # noqa: PLC0415

        return Outbox(self.project.store, self.project.settings.openlineage_url)

    @once
    def announcer(self) -> LineageAnnouncer:
        """Tells of runs and snapshots as OpenLineage events."""
        from .lineage.announcing import LineageAnnouncer  # noqa: PLC0415

        return LineageAnnouncer(
            self.project, self.database, self.objects, self.tracking, self.outbox
        )

    @once
    def reruns(self) -> RerunManager:
        """Stale notebooks that are run again."""
        from .lineage.reruns import RerunManager  # noqa: PLC0415
        from .lineage.runner import NotebookRunner  # noqa: PLC0415

        runner = NotebookRunner(self.project, self.lineage, self.snapshots, self.executions)
        return RerunManager(self.project, self.database, self.lineage, runner, self.announcer)

    def close_vanished(self) -> None:
        """Record how what runs notebooks ended whose process is gone; remove what it left."""
        from .core.locks import is_free  # noqa: PLC0415
        from .executions.alive import vanished  # noqa: PLC0415
        from .executions.waiting import abandoned  # noqa: PLC0415
        from .objects.unfinished import Unfinished  # noqa: PLC0415

        if self.project.is_read_only:
            return
        Unfinished(self.project.store).sweep()
        if vanished(self.project) or abandoned(self.project):
            self.executions.close_vanished()
        if any((self.project.store / "reproductions").glob("*.lock")):
            self.reproductions.close_vanished()
        if any(map(is_free, (self.project.store / "reruns").glob("*"))):
            self.reruns.close_vanished()

    def close(self) -> None:
        """Close the database if it was opened. Deployments and reproductions go on."""
        for name in _CLOSED:
            if name in self.__dict__:
                getattr(self, name).close()

    def notebook(self, path: str) -> Path:
        """Return the absolute path of a notebook given relative to ``root``, never above it."""
        return Project(self.root).resolve(path)
