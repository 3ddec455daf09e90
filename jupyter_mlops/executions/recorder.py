"""Records one headless run: running from its start, a snapshot with its models at its end."""

from __future__ import annotations

import asyncio
import getpass
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient.exceptions import CellExecutionError
from papermill.iorw import papermill_io
from papermill.log import logger

from ..core.errors import KernelBusyError, MLOpsError, sentence
from ..core.opening import open_database
from ..core.project import Project
from ..core.running import find_project
from ..kernels.manager import connected
from ..objects.disk import writing
from ..objects.manager import ObjectManager
from ..objects.unfinished import Unfinished
from ..snapshots.cells import storable
from ..snapshots.manager import SnapshotManager
from ..snapshots.masking import Masker, env_values, inherited_secrets
from ..snapshots.subject import Executed
from ..tracking.entities import NOTEBOOK_TAG, OUTPUT_TAG
from ..tracking.manager import TrackingManager, new_run_id
from .alive import living
from .models import ModelKeeper
from .outcome import CellFailure, outcome
from .progress import Progress
from .rescue import rescue, rescue_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..core.database import Database
    from ..kernels.schemas import KernelState
    from ..snapshots.schemas import Origin, Snapshot
    from ..tracking.schemas import RunError, RunStatus
    from .alive import Life

MODELS_LIMIT = 512 * 1024 * 1024
_ANSWER_SECONDS = 120.0
_INTERRUPTED_SECONDS = 10.0


class RunRecorder:
    """One run of a notebook.

    Nothing here raises because of the store: the notebook runs on, and ``problem`` says what
    could not be kept.

    Args:
        project: whose store it is.
        notebook: the file that was run, absolute; the run belongs to it.
        run_id: the id that the run gets; made if None.
        models_limit: bytes; the models of one run that together take more are left out.
        root: the folder that the run's paths are relative to; by default the project's.
        origin: what takes the snapshot.
        on_cell: called with the index of each cell that begins.
        rescue: where the executed notebook goes, masked, if there can be no snapshot of it.
    """

    def __init__(
        self,
        project: Project,
        notebook: Path,
        *,
        author: str | None = None,
        run_id: str | None = None,
        models_limit: int = MODELS_LIMIT,
        root: Path | None = None,
        origin: Origin = "run",
        on_cell: Callable[[int], None] = lambda _: None,
        rescue: Path | None = None,
    ) -> None:
        self.project = project
        self.executed: bytes | None = None
        self.cells = 0
        self.progress: Progress | None = None
        self.run_id = run_id
        self.status: RunStatus = "RUNNING"
        self.error: RunError | None = None
        self.snapshot: Snapshot | None = None
        self.problem: str | None = None
        self.obituary: str | None = None
        self.rescued: Path | None = None
        self._rescue = rescue
        self._on_cell = on_cell
        self._root = project if root is None else Project(root)
        self.origin: Origin = origin
        self._notebook = notebook
        self._author = author or getpass.getuser()
        self.models = ModelKeeper(models_limit, self._note)
        self._database: Database | None = None
        self._living = ExitStack()
        self._life: Life | None = None
        self._staging: Path | None = None
        self._state: KernelState | None = None
        self._failure: CellFailure | None = None
        self._raised: BaseException | None = None
        self._notes: list[str] = []

    @property
    def notebook_path(self) -> str:
        """The notebook, relative to the project."""
        return self._root.relative(self._notebook)

    @property
    def root(self) -> Path:
        """The folder that the run's paths are relative to."""
        return self._root.root

    @property
    def author(self) -> str:
        """Who runs it."""
        return self._author

    @classmethod
    def of(cls, notebook: Any) -> RunRecorder:
        """Return a recorder for a notebook that papermill has loaded, which names its files."""
        source = _source(notebook)
        return cls(find_project(source), source)

    @contextmanager
    def recording(self, manager: Any) -> Iterator[None]:
        """Record what happens in the block as one run of ``manager.nb``."""
        self._start(manager.nb)
        raised: BaseException | None = None
        try:
            yield
        except BaseException as error:
            raised = error
            raise
        finally:
            self._finish(manager.nb, raised)

    def cell_started(self, index: int, cell_id: str | None) -> None:
        """Note which cell begins."""
        if self._life is not None:
            self._life.reach(index, cell_id)
        self._on_cell(index)

    def cell_failed(self, index: int, cell_id: str | None, error: BaseException) -> None:
        """Note which cell failed."""
        self._failure = CellFailure(index, cell_id, error)

    @property
    def is_interrupted(self) -> bool:
        """Whether the run ended otherwise than by its cells: its kernel died, say."""
        failure = self._failure.error if self._failure else None
        cause = self._raised or failure
        return cause is not None and not isinstance(cause, CellExecutionError)

    @property
    def may_change(self) -> bool:
        """Whether files of the run may only be whole when its kernel has ended."""
        state = self._state
        seen = state is not None and state.environment.language.lower() == "python"
        return state is None or not seen or any(use.mode == "write" for use in state.files)

    def masker(self) -> Masker:
        """Return what masks the secrets that are known by now, in what is recorded of the run."""
        masker = Masker()
        masker.learn(env_values(self._notebook.parent, self.root))
        # a dead kernel cannot be asked, but has inherited this environment
        masker.learn(self._state.secrets if self._state else inherited_secrets())
        return masker

    def inspect(self, kernel: Any, *, interrupted: bool) -> None:
        """Ask the kernel for its state and keep its models, before it ends."""
        # a thread of its own: this one's event loop may hold the remains of an interrupted cell
        with ThreadPoolExecutor(1) as thread:
            try:
                thread.submit(asyncio.run, self._inspect(kernel, interrupted)).result()
            except Exception as error:  # the run itself must go on
                self._note(f"The kernel's state is not in the snapshot: {sentence(error)}")

    async def _inspect(self, kernel: Any, interrupted: bool) -> None:
        if interrupted and await kernel.is_alive():
            await kernel.interrupt_kernel()
        seconds = _INTERRUPTED_SECONDS if interrupted else _ANSWER_SECONDS
        async with connected(kernel, timeout=seconds) as probe:
            if interrupted:  # else the kernel may be ended while it answers for the cell
                with suppress(KernelBusyError):
                    await probe.idle()
            self._state = await probe.state()
            if self._state and self._staging is not None:
                await self.models.keep(probe, self._state.models, self._staging)

    def _start(self, notebook: Any) -> None:
        self.cells = len(notebook.cells)
        facts = notebook.metadata.get("papermill", {})
        tags = {NOTEBOOK_TAG: self.notebook_path}
        if isinstance(facts.get("output_path"), str):
            tags[OUTPUT_TAG] = facts["output_path"]
        elif self._rescue is not None:
            tags[OUTPUT_TAG] = ""  # it runs headless, and is written nowhere
        # papermill's command logs all that any library has to say
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with self._guarded():
            self._database = open_database(self.project)
            run_id = self.run_id or new_run_id()
            with writing(self.project.store):
                staging = Unfinished(self.project.store).folder(self.project.staging)
                self._staging = self._living.enter_context(staging)
                self._life = self._living.enter_context(living(self.project, run_id))
            run = TrackingManager(self._database).start_run(
                _run_name(self._notebook, self.origin),
                author=self._author,
                run_id=run_id,
                tags=tags,
                params=self.masker().value("", facts.get("parameters") or {}, "parameters"),
            )
            self.run_id = run.run_id
            if self.origin == "run":
                self.progress = Progress(rescue_file(self.project, run_id), self.masker)

    def _finish(self, notebook: Any, raised: BaseException | None) -> None:
        self._raised = raised
        self.status, self.error = outcome(notebook, self._failure, raised, self.obituary)
        if self.error is not None:
            message = self.masker().text(storable(self.error.message), "error")
            self.error = self.error.model_copy(update={"message": message})
        self.executed = nbformat.writes(notebook).encode("utf-8", "replace")
        if self._database is not None and self.problem is None:
            with self._guarded():
                self._record(self._database, self.executed)
        if self.snapshot is None and self._rescue is not None:
            self._save(self._rescue, self.executed)
        elif self.progress is not None:
            self.progress.discard()
        self._living.close()
        if self._database is not None:
            self._database.close()
        if self.problem:
            logger.error("jupyter-mlops: no snapshot of this run was kept. %s", self.problem)
        elif self.snapshot:
            logger.info("Snapshot %s of run %s", self.snapshot.id[:12], self.run_id)

    def _save(self, path: Path, executed: bytes) -> None:
        """Save what no snapshot could take."""
        try:
            rescue(path, executed, self.masker())
        except Exception as error:  # the run itself has ended well
            logger.error("jupyter-mlops: the executed notebook is lost. %s", sentence(error))
        else:
            self.rescued = path

    def _record(self, database: Database, content: bytes) -> None:
        tracking = TrackingManager(database)
        objects = ObjectManager(self.project.store / "objects", database, self.project.remote())
        secrets = [*env_values(self._notebook.parent, self.root)]
        secrets += () if self._state else inherited_secrets()
        try:
            self._follow(tracking.run(str(self.run_id)).notebook_path)
            self.snapshot = SnapshotManager(self._root, database, objects, tracking).create(
                self._notebook,
                self._state,
                author=self._author,
                run_id=self.run_id,
                executed=Executed(
                    content, (self.status, self.error), self.models.kept, self._notes, secrets
                ),
                origin=self.origin,
            )
        finally:
            try:
                tracking.finish_run(str(self.run_id), self.status, self.error)
            except MLOpsError:
                if self._life is not None:
                    self._life.leave_word(self.status, self.error)
                raise

    def _follow(self, path: str | None) -> None:
        """Take the notebook for where it is now, if it was renamed while it ran."""
        if path is not None and path != self.notebook_path:
            self._notebook = self.root / path
        elif self.origin == "run" and not self._notebook.exists():
            self._note(
                f"{self.notebook_path} was moved, renamed or deleted while it ran, and not by "
                "Jupyter: the snapshot has the name that it had."
            )

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (MLOpsError, OSError) as error:
            self.problem = sentence(error)
        except Exception as error:
            logger.exception("jupyter-mlops failed")
            self.problem = sentence(error)

    def _note(self, note: str) -> None:
        logger.warning(note)
        self._notes.append(note)


def _run_name(notebook: Path, origin: Origin) -> str:
    return notebook.name if origin == "run" else f"{notebook.name} ({origin})"


def _source(notebook: Any) -> Path:
    """Return the input notebook, or what stands for it where it came through a pipe or the net."""
    facts = notebook.metadata.get("papermill", {})
    here = Path.cwd()
    # papermill reads and writes relative to the folder it was called in, whatever --cwd says
    with suppress(Exception):
        files = papermill_io.get_handler("local")
        called_in = files.cwd(None)
        files.cwd(called_in)
        here = Path(called_in or here)
    for path in (facts.get("input_path"), facts.get("output_path")):
        if isinstance(path, str) and path not in {"", "-"} and "://" not in path:
            return (here / path).resolve()
    return here / "notebook.ipynb"
