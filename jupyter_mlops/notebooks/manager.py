"""What is done with a notebook and the kernel that runs it: snapshots, and models of the kernel."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from ..core.errors import KernelBusyError, KernelUnavailableError
from ..kernels.manager import connected
from ..kernels.schemas import LiveModelList
from ..objects.unfinished import Unfinished
from ..registry.schemas import VersionSource
from . import apart
from .findings import Findings, place
from .grading import grade_notebook
from .live_data import completed_data, live_data
from .schemas import AutomaticSnapshot, LiveExperiment, PresentNotebook

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from ..kernels.manager import KernelProbe
    from ..kernels.schemas import DataRecord, KernelResults, KernelState
    from ..registry.schemas import ModelVersion, ModelVersionCreate
    from ..services import Services
    from ..snapshots.schemas import Snapshot
    from .schemas import (
        AutomaticSnapshotCreate,
        ExperimentRequest,
        GradeRequest,
        LiveData,
        NotebookGrade,
        PresentNotebookCreate,
        SnapshotCreate,
    )


class KernelSource(Protocol):
    """Where live kernels come from: the Jupyter server, or nowhere."""

    async def kernel_of(self, notebook_path: str) -> Any | None:
        """Return the jupyter_client kernel manager of a notebook, None if it has no kernel."""


class LiveNotebooks:
    """The notebooks of one store's project.

    Args:
        services: the store's managers.
        kernels: where live kernels come from; None outside a server.
        timeout: seconds to wait for a kernel's answer.
    """

    def __init__(self, services: Services, kernels: KernelSource | None, timeout: float) -> None:
        self._services = services
        self._kernels = kernels
        self._timeout = timeout

    async def capture(self, request: SnapshotCreate, *, author: str) -> Snapshot:
        """Take a snapshot of a notebook, of its live kernel if one runs.

        It is attached to the run that the kernel has logged with MLflow since the last one, else
        to a run of its own.
        """
        self._services.notebook(request.notebook_path)
        state = await self._state(request.notebook_path)
        return await self._snapshot(request.notebook_path, state, author, request.message)

    async def _snapshot(
        self, notebook_path: str, state: KernelState | None, author: str, message: str | None = None
    ) -> Snapshot:
        path = self._services.notebook(notebook_path)
        kernel = await self._kernels.kernel_of(notebook_path) if self._kernels else None

        def create() -> Snapshot:
            run_id = self._services.tracking.unattached(str(kernel.kernel_id)) if kernel else None
            return apart.create(
                self._services, path, state, author=author, message=message, run_id=run_id
            )

        return await asyncio.to_thread(create)

    async def grade(self, request: GradeRequest) -> NotebookGrade:
        """Tell how far the results of a notebook can be trusted now, without a snapshot."""
        path = self._services.notebook(request.notebook_path)
        async with self._probe(request.notebook_path) as probe:
            history = await probe.history() if probe else None
        return await asyncio.to_thread(grade_notebook, path, request, history)

    async def data(self, notebook_path: str) -> LiveData:
        """Tell what data the cells of a notebook have used, and what of it has changed since.

        What has not changed is not read.
        """
        path = self._services.notebook(notebook_path)
        async with self._probe(notebook_path) as probe:
            record = await probe.data() if probe else None
        return await asyncio.to_thread(self._data, path, record)

    def _data(self, path: Path, record: DataRecord | None) -> LiveData:
        services = self._services
        if record and not record.watched:
            record = completed_data(path, record)
        last = services.snapshots.newest(path) if record else None
        return live_data(services.project, services.objects, record, last)

    async def present(self, request: PresentNotebookCreate, *, author: str) -> PresentNotebook:
        """Look at the notebook of a run or a snapshot as it stands now; nothing is stored.

        Of a kernel that cannot answer, only the notebook is looked at.
        """
        path = await asyncio.to_thread(self._path_of, request.id)
        notebook_path = path.relative_to(self._services.root).as_posix()
        state, note = None, None
        try:
            state = await self._state(notebook_path)
        except (KernelBusyError, KernelUnavailableError) as error:
            note = error.message
        kept = await asyncio.to_thread(
            lambda: apart.look(self._services, path, state, author=author, sent=request.content)
        )
        return PresentNotebook(
            id=kept,
            notebook_path=notebook_path,
            unsaved=request.content is not None,
            live=state is not None,
            note=note,
        )

    def _path_of(self, name: str) -> Path:
        """Return where the notebook of a run is, which has to be below the Jupyter root."""
        path = self._services.project.root / self._services.comparisons.notebook_path(name)
        return self._services.notebook(str(path))

    async def experiment(self, request: ExperimentRequest) -> LiveExperiment:
        """Tell what a notebook has found out so far, and to which experiment its runs go."""
        path = self._services.notebook(request.notebook_path)
        async with self._probe(request.notebook_path) as probe:
            known = await probe.results() if probe else None
        return await asyncio.to_thread(self._experiment, path, request, known)

    def _experiment(
        self, path: Path, request: ExperimentRequest, known: KernelResults | None
    ) -> LiveExperiment:
        findings = Findings(path, request, known)
        found = place(self._services.tracking, self._services.project.relative(path))
        return LiveExperiment(
            live=known is not None,
            parameters=findings.parameters(),
            results=findings.results(),
            models=known.models if known else [],
            experiment_id=found.experiment_id,
            experiment_name=found.name,
        )

    async def capture_changed(
        self, request: AutomaticSnapshotCreate, *, author: str
    ) -> AutomaticSnapshot:
        """Take a snapshot of a notebook unless nothing has happened since the last one.

        A run that the kernel has logged is left to the next snapshot that someone asks for.
        """
        path = self._services.notebook(request.notebook_path)
        state = await self._state(request.notebook_path)

        def capture() -> Snapshot | None:
            if apart.is_large(path):
                return apart.take_and_tell(
                    self._services,
                    path,
                    state,
                    author=author,
                    origin=request.origin,
                    only_changed=True,
                )
            return self._services.history.capture_changed(
                path, state, author=author, origin=request.origin
            )

        made = await asyncio.to_thread(capture)
        if made is None:
            return AutomaticSnapshot(id=None, run_id=None)
        return AutomaticSnapshot(id=made.id, run_id=made.run_id)

    async def live_models(self, notebook_path: str) -> LiveModelList:
        """List the models alive in the kernel of a notebook."""
        self._services.notebook(notebook_path)
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
        path = self._services.notebook(notebook_path)
        async with self._probe(notebook_path) as found, self._staging() as folder:
            probe = _required(found, notebook_path)
            saved = await probe.save_model(variable, folder / "model")
            state = await probe.state()
            current = (
                await asyncio.to_thread(self._services.snapshots.current, path, state)
                if state
                else None
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
                lambda: self._services.registry.register_folder(
                    name,
                    folder / "model",
                    author=author,
                    source=source,
                    description=request.description,
                )
            )

    def _register_kept(self, name: str, request: ModelVersionCreate, author: str) -> ModelVersion:
        snapshot, model = self._services.snapshots.kept_model(
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
        return self._services.registry.register_tree(
            name,
            model.object_id or "",
            author=author,
            source=source,
            description=request.description,
        )

    def _register_folder(self, name: str, request: ModelVersionCreate, author: str) -> ModelVersion:
        folder = self._services.project.resolve(request.path or "")
        return self._services.registry.register_folder(
            name, folder, author=author, source=VersionSource(), description=request.description
        )

    async def _state(self, notebook_path: str) -> KernelState | None:
        async with self._probe(notebook_path) as probe:
            return None if probe is None else await probe.state()

    @asynccontextmanager
    async def _probe(self, notebook_path: str) -> AsyncIterator[KernelProbe | None]:
        kernel = await self._kernels.kernel_of(notebook_path) if self._kernels else None
        if kernel is None:
            yield None
        else:
            async with connected(kernel, timeout=self._timeout) as probe:
                yield probe

    @asynccontextmanager
    async def _staging(self) -> AsyncIterator[Path]:
        project = self._services.project
        project.prepare()
        stack = ExitStack()
        made = Unfinished(project.store).folder(project.staging)
        try:
            yield await asyncio.to_thread(stack.enter_context, made)
        finally:
            await asyncio.to_thread(stack.close)


def _required(probe: KernelProbe | None, notebook_path: str) -> KernelProbe:
    if probe is None:
        raise KernelUnavailableError(
            f"No kernel is running for {notebook_path}. Start one, run the notebook, and try again."
        )
    return probe
