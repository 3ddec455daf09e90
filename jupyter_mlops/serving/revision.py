"""One revision of a deployment: a model with a worker that is kept alive."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .files import tail
from .model_format import ModelFormatError, read_mlmodel, self_test
from .process import Reply, WorkerDiedError, WorkerProcess, WorkerRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

State = Literal["pending", "running", "failed", "stopped"]

_CRASH_LIMIT = 5
_FIRST_BACKOFF = 0.1
_LONG_LIFE_SECONDS = 60
_MESSAGE_LINES = 10
_QUEUE_LIMIT = 256

logger = logging.getLogger(__name__)


class UnavailableError(Exception):
    """No worker can answer now; try again later."""


@dataclass(frozen=True)
class ModelSpec:
    """Which model to serve, and by which interpreter."""

    model_path: str
    python: str
    model_name: str
    model_version: str

    def to_json(self) -> dict[str, str]:
        """Return the fields as JSON types."""
        return asdict(self)


@dataclass(frozen=True)
class Limits:
    """How long a worker may take, in seconds."""

    load: float = 300
    predict: float = 120


class ServedRevision:
    """Keeps one worker of a model running, and says how that goes.

    A crashed worker is replaced, after a wait that doubles; after five crashes in a row without
    a good answer between them, or when the model cannot be loaded at all, the revision has failed.
    """

    def __init__(
        self, number: int, spec: ModelSpec, log: Path, limits: Limits, on_ready: Callable[[], None]
    ) -> None:
        self.number = number
        self.spec = spec
        self.log = log
        self.state: State = "stopped"
        self.message: str | None = None
        self.mlmodel: dict[str, Any] = {"flavors": {}}
        self.methods: list[str] = []
        self._limits = limits
        self._on_ready = on_ready
        self._crashes = 0
        self._worker: WorkerProcess | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id, None while there is none."""
        alive = self._worker is not None and self._worker.exit_code is None
        return self._worker.pid if alive and self._worker else None

    def start(self) -> None:
        """Start a worker unless one runs or starts already. Not after ``stop``."""
        if self.state in ("failed", "stopped"):
            self.state, self.message, self._crashes = "pending", "The model is loading.", 0
            self._task = asyncio.create_task(self._supervise())

    async def ask(self, op: str, body: bytes, **header: object) -> Reply:
        """Let the worker answer.

        Raises:
            UnavailableError: it is not ready, has died, or has too much to do.
            TimeoutError: it took too long.
        """
        worker = self._worker
        if self.state != "running" or worker is None:
            raise UnavailableError(self.message or "The model is not running.")
        if worker.pending >= _QUEUE_LIMIT:
            raise UnavailableError("The model has too many requests waiting.")
        try:
            reply = await worker.ask(op, body, self._limits.predict, **header)
        except WorkerDiedError as error:
            raise UnavailableError("The model's process died; it is being replaced.") from error
        if reply.status == 200:  # noqa: PLR2004 - HTTP's OK
            self._crashes = 0
        return reply

    async def stop(self) -> None:
        """End the worker, after the answers that it owes; nobody waits for one that still loads."""
        served = self.state == "running"
        self.state, self.message = "stopped", None
        if served and self._worker is not None and self._worker.pending:
            await self._worker.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _supervise(self) -> None:
        try:
            while True:
                if not await self._live():
                    return
                await asyncio.sleep(_FIRST_BACKOFF * 2 ** (self._crashes - 1))
        except (WorkerRefusedError, ModelFormatError) as error:
            self._fail(str(error))
        except Exception as error:
            logger.exception("Supervising %s failed", self.spec.model_path)
            self._fail(f"{type(error).__name__}: {error}")

    async def _live(self) -> bool:
        """Live one worker's life; True if another one is to follow."""
        started = time.monotonic()
        self._worker = worker = WorkerProcess(
            self.spec.python, Path(self.spec.model_path), self.log
        )
        try:
            await self._load(worker)
            self.state, self.message = "running", None
            self._on_ready()
            await worker.ended()
        except WorkerDiedError:
            await worker.ended()
        finally:
            await worker.stop()
        if time.monotonic() - started > _LONG_LIFE_SECONDS:
            self._crashes = 0
        self._crashes += 1
        if self._crashes >= _CRASH_LIMIT:
            self._fail(self._with_log(f"The model's process died {_CRASH_LIMIT} times in a row."))
            return False
        if self.state != "stopped":
            self.state = "pending"
            self.message = f"The model's process died ({_cause(worker)}); it is being replaced."
        return True

    async def _load(self, worker: WorkerProcess) -> None:
        folder = Path(self.spec.model_path)
        self.mlmodel = read_mlmodel(folder)
        await worker.start()
        body = json.dumps(self.mlmodel, default=str).encode()
        loaded = await self._ask_once(worker, "load", body, "The model cannot be loaded")
        self.methods = json.loads(loaded)["methods"]
        example = self_test(folder)
        if example is not None:
            await self._ask_once(
                worker,
                "invocations",
                example,
                "The model cannot predict its own input example",
                content_type="application/json",
            )

    async def _ask_once(
        self, worker: WorkerProcess, op: str, body: bytes, problem: str, **header: object
    ) -> bytes:
        try:
            reply = await worker.ask(op, body, self._limits.load, **header)
        except TimeoutError as error:
            raise WorkerRefusedError(
                f"{problem} within {self._limits.load:g} s. Look at the log."
            ) from error
        if reply.status != 200:  # noqa: PLR2004 - HTTP's OK
            raise WorkerRefusedError(f"{problem}: {reply.body.decode(errors='replace')}")
        return reply.body

    def _fail(self, message: str) -> None:
        if self.state != "stopped":
            self.state, self.message = "failed", message

    def _with_log(self, message: str) -> str:
        return "\n".join([message, *tail(self.log, _MESSAGE_LINES)])


def _cause(worker: WorkerProcess) -> str:
    code = worker.exit_code
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
