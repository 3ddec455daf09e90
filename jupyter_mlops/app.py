"""The Jupyter server extension: settings, wiring, and nothing else."""

from __future__ import annotations

import asyncio
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import PeriodicCallback
from traitlets import Bool, Float, Int, Unicode

from .core.errors import MLOpsError
from .core.events import ROOMS, emit, register_schemas
from .core.memory import settle
from .core.project import Project
from .kernels.address import TRACKING_TOKEN, TRACKING_URI
from .kernels.manager import is_kept
from .kernels.provisioner import is_ipykernel, watch_kernels
from .mlflow_api.announcer import Announcer
from .mlflow_api.gathering import Gathering
from .mlflow_api.lane import KernelLane
from .mlflow_api.routes import BASE
from .mlflow_api.tokens import KernelTokens
from .routes import handlers, version
from .services import Services
from .tracking.entities import INTERPRETER_TAG, KERNEL_TAG, NOTEBOOK_TAG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .tracking.entities import LogEntry

_CONTENTS_EVENTS = "https://events.jupyter.org/jupyter_server/contents_service/v1"


class ServerKernels:
    """Finds the kernels of notebooks in a Jupyter server's sessions."""

    def __init__(self, session_manager: Any, kernel_manager: Any) -> None:
        self._sessions = session_manager
        self._kernels = kernel_manager

    async def kernel_of(self, notebook_path: str) -> Any | None:
        """Return the kernel manager of a notebook, None if it has no kernel, or not for long."""
        for session in await self._sessions.list_sessions():
            if session["path"] == notebook_path and session["type"] == "notebook":
                kernel = self._kernels.get_kernel(session["kernel"]["id"])
                return kernel if await is_kept(kernel) else None
        return None

    def interpreter_of(self, kernel_id: str) -> dict[str, str]:
        """Return the tag that names a Python kernel's interpreter, none for another language."""
        spec = self._kernels.get_kernel(kernel_id).kernel_spec
        if spec is None or not is_ipykernel(spec.argv):
            return {}
        python = shutil.which(spec.argv[0]) or sys.executable
        return {INTERPRETER_TAG: python}

    async def notebook_of(self, kernel_id: str) -> str | None:
        """Return the path of the notebook that a kernel runs for, None if there is none."""
        for session in await self._sessions.list_sessions():
            if session["kernel"]["id"] == kernel_id and session["type"] == "notebook":
                return str(session["path"])
        return None


class MLOpsApp(ExtensionApp):
    """Snapshots, models and deployments of the notebooks under the server's root."""

    name = "jupyter_mlops"
    description = "Snapshot notebook experiments, register models, deploy and watch them."
    load_other_extensions = True

    store_root = Unicode(
        "",
        help="""Folder that holds the `.mlops` store. By default the nearest folder at or above
        the server's root that has one, else the server's root.""",
    ).tag(config=True)
    keep_limit = Int(
        256 * 1024 * 1024,
        min=0,
        help="""Size in bytes above which a snapshot keeps only the digest of a data file, not
        its content.""",
    ).tag(config=True)
    kernel_timeout = Float(
        30.0, min=0, help="Seconds to wait for a kernel's answer before a snapshot is given up."
    ).tag(config=True)
    headless_limit = Int(
        0,
        min=0,
        help="""How many headless runs that browsers begin go at once; others wait. 0 is as many
        as there are processors.""",
    ).tag(config=True)
    watch_interval = Float(
        1.0,
        min=0,
        help="""Seconds between looks at whether another process, papermill say, has changed the
        store. 0 switches this off.""",
    ).tag(config=True)
    probe_kernels = Bool(
        True,
        help="""Load the probe into Python kernels when they start, so that snapshots can name
        the files that a notebook opened.""",
    ).tag(config=True)
    artifact_limit = Int(
        50 * 1024**3, min=0, help="Size in bytes of the largest artifact that is taken."
    ).tag(config=True)
    track_kernels = Bool(
        True,
        help="""Give kernels that this server starts the address of its MLflow tracking routes and
        a token for them, unless `MLFLOW_TRACKING_URI` is set already.""",
    ).tag(config=True)

    @property
    def _server(self) -> Any:
        return self.serverapp

    def initialize_settings(self) -> None:
        """Make the services and start to listen for changes."""
        server = self._server
        root = Path(server.root_dir)
        start = Path(self.store_root) if self.store_root else root
        self._kernels = ServerKernels(server.session_manager, server.kernel_manager)
        self.kernel_tokens = KernelTokens(server.kernel_manager.__contains__)
        self.announcer = Announcer(server.event_logger)
        self.services = Services(
            Project.find(start, default=start),
            root,
            self._kernels,
            keep_limit=self.keep_limit,
            kernel_timeout=self.kernel_timeout,
            headless_limit=self.headless_limit,
        )
        self.gathering = Gathering(self._log_many)
        self._version: int | None = None
        self._looking = False
        self._renaming = asyncio.Lock()
        self._problem: str | None = None
        self._watch: PeriodicCallback | None = None
        register_schemas(server.event_logger)
        server.event_logger.add_listener(schema_id=_CONTENTS_EVENTS, listener=self._on_contents)
        if self.probe_kernels or self.track_kernels:
            tracking = self._tracking if self.track_kernels else None
            watch_kernels(probe=self.probe_kernels, tracking=tracking)

    def initialize_handlers(self) -> None:
        """Add the routes."""
        server = self._server
        lane = KernelLane(
            server.base_url, self.kernel_tokens, self.gathering, self.announcer, self.log
        )
        # before all others; add_handlers, as Jupyter has it, takes handlers only
        server.web_app.default_router.rules.insert(0, lane.rule)
        self.handlers.extend(handlers(self.name))

    def _log_many(self, entries: Sequence[LogEntry]) -> list[MLOpsError | None]:
        # in a thread: the managers are imported when first asked for
        return self.services.run_logger.log_many(entries)

    def _tracking(self, kernel_id: str) -> dict[str, str]:
        """Return the variables by which MLflow's clients in a kernel find this server."""
        server = self._server
        if server.sock:
            return {}  # MLflow's clients know no Unix sockets
        scheme = "https" if server.certfile else "http"
        host = server.ip if server.ip not in {"", "*", "0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
        host = f"[{host}]" if ":" in host else host
        return {
            TRACKING_URI: f"{scheme}://{host}:{server.port}{server.base_url.rstrip('/')}{BASE}",
            TRACKING_TOKEN: self.kernel_tokens.issue(kernel_id),
        }

    async def tags_of_kernel(self, kernel_id: str) -> dict[str, str]:
        """Return the tags of a run that is logged from a kernel: where it comes from."""
        notebook = await self._kernels.notebook_of(kernel_id)
        tags = {KERNEL_TAG: kernel_id} | self._kernels.interpreter_of(kernel_id)
        if notebook is not None:
            path = self.services.notebook(notebook)
            tags[NOTEBOOK_TAG] = self.services.project.relative(path)
        return tags

    async def _start_jupyter_server_extension(self, _serverapp: Any) -> None:
        settle()
        if self.watch_interval > 0:
            self._watch = PeriodicCallback(self._look, self.watch_interval * 1000)
            self._watch.start()
        await asyncio.to_thread(self._take_up)
        self.log.info("jupyter_mlops %s: store %s", version(), self.services.project.store)

    def _take_up(self) -> None:
        """Go on with what an earlier process left: events to send, outputs to mask."""
        from .upkeep import settle_outputs  # noqa: PLC0415 - the server starts without

        with suppress(MLOpsError):  # what is wrong with the store is told as soon as it is used
            self.services.outbox.wake()
            settle_outputs(self.services)

    async def _look(self) -> None:
        """Tell browsers when another process has written to the store."""
        if self._looking:
            return
        self._looking = True
        try:
            seen = await asyncio.to_thread(self._data_version)
        except MLOpsError as error:
            if error.message != self._problem:
                self.log.warning(error.message)
            self._problem = error.message
            return
        finally:
            self._looking = False
        self._problem = None
        if seen is None:
            return
        if self._version is not None and seen != self._version:
            for room in ROOMS:
                emit(self._server.event_logger, room, "changed", "*")
        self._version = seen

    def _data_version(self) -> int | None:
        if not self._has_store():
            return None
        self.services.close_vanished()
        return self.services.database.data_version()

    def _has_store(self) -> bool:
        database = self.services.project.database  # looking makes none
        return not isinstance(database, Path) or database.exists()

    async def _on_contents(self, logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        """Let notebooks that are renamed in Jupyter keep their snapshots."""
        if data.get("action") != "rename":
            return
        async with self._renaming:  # one after the other, as they came
            try:
                await asyncio.to_thread(self._renamed, data["source_path"], data["path"])
            except MLOpsError as error:
                self.log.warning("%s no longer has its snapshots: %s", data["path"], error.message)

    def _renamed(self, old: str, new: str) -> None:
        path = self.services.notebook(new)
        # a folder may be called otherwise by now
        if self._has_store() and (path.suffix == ".ipynb" or not path.is_file()):
            self.services.history.renamed(self.services.notebook(old), path)

    async def stop_extension(self) -> None:
        """Let go of the store; deployments go on."""
        if self._watch is not None:
            self._watch.stop()
        self.services.close()
