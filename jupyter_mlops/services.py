"""The managers of one store, made when first needed, and the work that takes several of them.

The server, the command line and Python callers all go through here. Importing this module is
cheap: the managers bring SQLAlchemy in, which takes most of a second, so they are imported in
the thread that first asks for one.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import threading
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .core.errors import KernelUnavailableError
from .core.project import Project
from .kernels.schemas import KernelState, LiveModelList
from .registry.schemas import ModelVersion, ModelVersionCreate, VersionSource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .core.database import Database
    from .deployments.manager import DeploymentManager
    from .executions.manager import ExecutionManager
    from .kernels.manager import KernelProbe
    from .objects.manager import ObjectManager
    from .registry.catalog import ModelCatalog
    from .registry.manager import RegistryManager
    from .snapshots.manager import SnapshotManager
    from .snapshots.schemas import Snapshot, SnapshotCreate
    from .tracking.artifacts import ArtifactStore
    from .tracking.experiments import ExperimentManager
    from .tracking.files import Files
    from .tracking.history import MetricHistory
    from .tracking.logging import RunLogger
    from .tracking.manager import TrackingManager
    from .tracking.models import LoggedModelManager
    from .tracking.runs import RunManager


T = TypeVar("T")


class _once(cached_property[T]):  # noqa: N801 - reads as a decorator
    """A cached property that two threads do not make twice."""

    def __get__(self, instance: Any, owner: type | None = None) -> T:  # type: ignore[override]
        with instance._lock:
            made: T = super().__get__(instance, owner)
        return made


class KernelSource(Protocol):
    """Where live kernels come from: the Jupyter server, or nowhere."""

    async def kernel_of(self, notebook_path: str) -> Any | None:
        """Return the jupyter_client kernel manager of a notebook, None if it has no kernel."""


class Services:
    """One store's managers.

    Args:
        project: the project folder.
        root: the folder that notebook paths in requests are relative to.
        kernels: where live kernels come from; None outside a server.
        keep_limit: bytes; of a larger data file a snapshot keeps only the digest.
        python: the interpreter for the gateway.
        kernel_timeout: seconds to wait for a kernel's answer.
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
    ) -> None:
        self.project = project
        self.root = root.resolve()
        self._kernels = kernels
        self._keep_limit = keep_limit
        self._python = python
        self._kernel_timeout = kernel_timeout
        self._lock = threading.RLock()

    @_once
    def database(self) -> Database:
        """The rows; the store's folder is made with it."""
        from .core.opening import open_database  # noqa: PLC0415

        return open_database(self.project)

    @_once
    def objects(self) -> ObjectManager:
        """The bytes."""
        from .objects.manager import ObjectManager  # noqa: PLC0415

        return ObjectManager(self.project.store / "objects", self.database, self.project.remote())

    @_once
    def tracking(self) -> TrackingManager:
        """Experiments and runs."""
        from .tracking.manager import TrackingManager  # noqa: PLC0415

        return TrackingManager(self.database)

    @_once
    def experiments(self) -> ExperimentManager:
        """Experiments, as MLflow's protocol knows them."""
        from .tracking.experiments import ExperimentManager  # noqa: PLC0415

        return ExperimentManager(self.database)

    @_once
    def runs(self) -> RunManager:
        """Runs, as MLflow's protocol knows them."""
        from .tracking.runs import RunManager  # noqa: PLC0415

        return RunManager(self.database)

    @_once
    def run_logger(self) -> RunLogger:
        """What is logged to runs."""
        from .tracking.logging import RunLogger  # noqa: PLC0415

        return RunLogger(self.database)

    @_once
    def metrics(self) -> MetricHistory:
        """The points of metrics."""
        from .tracking.history import MetricHistory  # noqa: PLC0415

        return MetricHistory(self.database)

    @_once
    def logged_models(self) -> LoggedModelManager:
        """Logged models, as MLflow's protocol knows them."""
        from .tracking.models import LoggedModelManager  # noqa: PLC0415

        return LoggedModelManager(self.database)

    @_once
    def artifacts(self) -> ArtifactStore:
        """The files of runs and logged models."""
        from .tracking.artifacts import ArtifactStore  # noqa: PLC0415

        self.project.prepare()
        return ArtifactStore(self.project.store / "artifacts", self.project.remote())

    @_once
    def files(self) -> Files:
        """All files that MLflow's clients reach as artifacts."""
        from .tracking.files import Files  # noqa: PLC0415

        return Files(self.artifacts, self.objects)

    @_once
    def snapshots(self) -> SnapshotManager:
        """Snapshots."""
        from .snapshots.manager import KEEP_LIMIT, SnapshotManager  # noqa: PLC0415

        limit = KEEP_LIMIT if self._keep_limit is None else self._keep_limit
        return SnapshotManager(
            self.project, self.database, self.objects, self.tracking, keep_limit=limit
        )

    @_once
    def executions(self) -> ExecutionManager:
        """Headless runs."""
        from .executions.manager import ExecutionManager  # noqa: PLC0415

        return ExecutionManager(self.project, self.tracking)

    @_once
    def registry(self) -> RegistryManager:
        """Registered models."""
        from .registry.manager import RegistryManager  # noqa: PLC0415

        return RegistryManager(self.database, self.objects)

    @_once
    def catalog(self) -> ModelCatalog:
        """Registered models, as MLflow's protocol knows them."""
        from .registry.catalog import ModelCatalog  # noqa: PLC0415

        return ModelCatalog(self.database)

    @_once
    def deployments(self) -> DeploymentManager:
        """Deployments."""
        from .deployments.manager import DeploymentManager  # noqa: PLC0415

        return DeploymentManager(self.project, self.database, self.registry, python=self._python)

    def close(self) -> None:
        """Close the database if it was opened. Deployments go on."""
        if "database" in self.__dict__:
            self.database.close()

    def notebook(self, path: str) -> Path:
        """Return the absolute path of a notebook given relative to ``root``, never above it."""
        return Project(self.root).resolve(path)

    async def capture(self, request: SnapshotCreate, *, author: str) -> Snapshot:
        """Take a snapshot of a notebook, of its live kernel if one runs.

        It is attached to the run that the kernel has logged with MLflow since the last one, else
        to a run of its own.
        """
        self.notebook(request.notebook_path)
        state = await self._state(request.notebook_path)
        return await self._snapshot(request.notebook_path, state, author, request.message)

    async def _snapshot(
        self, notebook_path: str, state: KernelState | None, author: str, message: str | None = None
    ) -> Snapshot:
        path = self.notebook(notebook_path)
        kernel = await self._kernels.kernel_of(notebook_path) if self._kernels else None

        def create() -> Snapshot:
            run_id = self.tracking.unattached(str(kernel.kernel_id)) if kernel else None
            return self.snapshots.create(path, state, author=author, message=message, run_id=run_id)

        return await asyncio.to_thread(create)

    async def live_models(self, notebook_path: str) -> LiveModelList:
        """List the models alive in the kernel of a notebook."""
        self.notebook(notebook_path)
        async with self._probe(notebook_path) as probe:
            return LiveModelList(items=await _required(probe, notebook_path).models())

    async def register(
        self, name: str, request: ModelVersionCreate, *, author: str
    ) -> ModelVersion:
        """Register a model from a live kernel, a headless run's snapshot, or a folder."""
        if request.notebook_path is not None:
            return await self._register_live(name, request, author)
        if request.snapshot_id is not None:
            return await asyncio.to_thread(lambda: self._register_kept(name, request, author))
        return await asyncio.to_thread(lambda: self._register_folder(name, request, author))

    async def _register_live(
        self, name: str, request: ModelVersionCreate, author: str
    ) -> ModelVersion:
        notebook_path, variable = request.notebook_path or "", request.variable or ""
        path = self.notebook(notebook_path)
        async with self._probe(notebook_path) as found, self._staging() as folder:
            probe = _required(found, notebook_path)
            saved = await probe.save_model(variable, folder / "model")
            state = await probe.state()
            current = (
                await asyncio.to_thread(self.snapshots.current, path, state) if state else None
            )
            snapshot = current or await self._snapshot(notebook_path, state, author)
            source = VersionSource(
                run_id=snapshot.run_id,
                snapshot_id=snapshot.id,
                notebook_path=snapshot.notebook_path,
                variable=variable,
                framework=saved.framework,
                class_name=saved.class_name,
                serialization=saved.serialization,
                executable=saved.executable,
            )
            return await asyncio.to_thread(
                lambda: self.registry.register_folder(
                    name,
                    folder / "model",
                    author=author,
                    source=source,
                    description=request.description,
                )
            )

    def _register_kept(self, name: str, request: ModelVersionCreate, author: str) -> ModelVersion:
        snapshot, model = self.snapshots.kept_model(
            request.snapshot_id or "", request.variable or ""
        )
        saved = model.saved or {}
        source = VersionSource(
            run_id=snapshot.run_id,
            snapshot_id=snapshot.id,
            notebook_path=snapshot.notebook_path,
            variable=model.variable,
            framework=model.framework,
            class_name=model.class_name,
            serialization=saved.get("serialization"),
            executable=saved.get("executable"),
        )
        return self.registry.register_tree(
            name,
            model.object_id or "",
            author=author,
            source=source,
            description=request.description,
        )

    def _register_folder(self, name: str, request: ModelVersionCreate, author: str) -> ModelVersion:
        folder = self.project.resolve(request.path or "")
        return self.registry.register_folder(
            name, folder, author=author, source=VersionSource(), description=request.description
        )

    async def _state(self, notebook_path: str) -> KernelState | None:
        async with self._probe(notebook_path) as probe:
            return None if probe is None else await probe.state()

    @asynccontextmanager
    async def _probe(self, notebook_path: str) -> AsyncIterator[KernelProbe | None]:
        from .kernels.manager import connected  # noqa: PLC0415

        kernel = await self._kernels.kernel_of(notebook_path) if self._kernels else None
        if kernel is None:
            yield None
        else:
            async with connected(kernel, timeout=self._kernel_timeout) as probe:
                yield probe

    @asynccontextmanager
    async def _staging(self) -> AsyncIterator[Path]:
        self.project.prepare()
        folder = Path(tempfile.mkdtemp(dir=self.project.staging))
        try:
            yield folder
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _required(probe: KernelProbe | None, notebook_path: str) -> KernelProbe:
    if probe is None:
        raise KernelUnavailableError(
            f"No kernel is running for {notebook_path}. Start one, run the notebook, and try again."
        )
    return probe
