"""papermill's engine ``mlops``: runs a notebook as papermill does and keeps a snapshot of the run.

papermill imports this module itself, by its entry point, whenever it is imported, so it stays
light. Import papermill first: its list of engines cannot take this module half loaded.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from contextlib import contextmanager
from queue import Empty
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async, run_sync
from nbclient.exceptions import CellExecutionError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from .bound import bound
from .last_words import LastWords, obituary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .ahead import KernelAhead
    from .progress import Progress
    from .recorder import RunRecorder

_NAMED = {"input_path", "timeout", "startup_timeout"}  # papermill's, which nbclient knows otherwise
_SAVE_PAUSE = 1.0
_SAVE_SHARE = 10


class MLOpsEngine(NBClientEngine):  # type: ignore[misc]
    """Runs a notebook with nbclient and records it: a run from its start, a snapshot at its end.

    Trouble with the store never costs the notebook's own result; it is logged as an error.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: Any = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        recorder: RunRecorder | None = None,
        **kwargs: Any,
    ) -> Any:
        """Run ``nb`` and return it, executed; ``recorder`` lets a caller see what was kept."""
        from .recorder import RunRecorder  # noqa: PLC0415 - every papermill would import it

        recorder = recorder or RunRecorder.of(nb)
        manager = _Manager(
            nb,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=autosave_cell_every,
        )
        try:
            with _terminable(), recorder.recording(manager):
                manager.progress = recorder.progress
                manager.notebook_start()
                try:
                    cls.execute_managed_notebook(
                        manager, kernel_name, log_output=log_output, recorder=recorder, **kwargs
                    )
                finally:
                    manager.cleanup_pbar()
                    manager.notebook_complete()
        finally:
            cls.recorded(recorder)
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        *,
        recorder: RunRecorder,
        kernel: KernelAhead | None = None,
        **kwargs: Any,
    ) -> Any:
        """Run the cells in a kernel that the probe watches; ends ``kernel`` if that is given."""
        manager, words = (kernel.manager(), kernel.words) if kernel else (None, LastWords())
        client = _Client(
            nb_man,
            manager,
            recorder=recorder,
            words=words,
            timeout=execution_timeout or kwargs.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            log_output=log_output,
            stdout_file=stdout_file,
            stderr_file=stderr_file,
            **{key: value for key, value in kwargs.items() if key not in _NAMED},
        )
        with cls.watching(recorder, kernel) as logs:
            try:
                return client.execute()
            finally:
                client.disconnect()
                if kernel is not None:
                    kernel.end()
                    if logs() or recorder.may_change:
                        kernel.close()

    @classmethod
    @contextmanager
    def watching(
        cls, _recorder: RunRecorder, _kernel: KernelAhead | None
    ) -> Iterator[Callable[[], bool]]:
        """Have the kernels that start in the block watched; yields what tells whether they log."""
        from ..kernels.provisioner import watch_kernels  # noqa: PLC0415

        watch_kernels()
        yield lambda: False

    @classmethod
    def recorded(cls, _recorder: RunRecorder) -> None:
        """Do what is to be done once a run has ended, however it did."""


class _Manager(NotebookExecutionManager):  # type: ignore[misc]
    """Writes the notebook now and then: papermill writes all of it twice a cell."""

    _complete = False
    _pause = 0.0
    progress: Progress | None = None

    def save(self, **kwargs: Any) -> None:
        """Save at the start, at the end, and between not more than a tenth of the time."""
        waited = (self.now() - self.last_save_time).total_seconds()
        if self._complete or waited >= self._pause:
            started = time.monotonic()
            super().save(**kwargs)
            self._pause = max(_SAVE_PAUSE, _SAVE_SHARE * (time.monotonic() - started))

    def autosave_cell(self) -> None:
        """Note that a cell has shown something, and save now and then."""
        if self.progress is not None:
            self.progress.changed()
        super().autosave_cell()

    def cell_complete(self, cell: Any, cell_index: int | None = None, **kwargs: Any) -> None:
        """Keep what a cell has shown: the next may take long, or be the last."""
        super().cell_complete(cell, cell_index, **kwargs)
        if self.progress is not None:
            self.progress.changed()
            self.progress.save(self.nb)

    def notebook_complete(self, **kwargs: Any) -> None:
        """Save once more, whatever the pause."""
        self._complete = True
        super().notebook_complete(**kwargs)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """Tells the recorder which cell failed, and lets it ask the kernel before that ends."""

    def __init__(
        self,
        nb_man: Any,
        kernel: Any = None,
        *,
        recorder: RunRecorder,
        words: LastWords,
        **kwargs: Any,
    ) -> None:
        super().__init__(nb_man, kernel, **kwargs)
        self._recorder = recorder
        self._words = words

    async def async_start_new_kernel(self, **kwargs: Any) -> None:
        """Start a kernel whose own words go to nobody's terminal."""
        self.km.kernel_spec.argv = bound(self.km.kernel_spec.argv)
        with self._words.starting() as streams:
            await super().async_start_new_kernel(**streams, **kwargs)

    start_new_kernel = run_sync(async_start_new_kernel)

    async def _connect(self) -> Any:
        """Connect to the kernel as soon as it answers and what it says is heard.

        nbclient then waits for a fifth of a second until nothing more is said, which it would
        pass over by itself.
        """
        deadline = time.monotonic() + self.startup_timeout
        self.kc = client = self.km.client()
        try:
            client.start_channels()
            while not await _is_heard(client):
                if not await ensure_async(self.km.is_alive()):
                    self._note_death()
                    raise DeadKernelError("The kernel died before it was ready.")
                if time.monotonic() > deadline:
                    raise TimeoutError(f"No kernel was ready in {self.startup_timeout} s.")
        except BaseException:
            await self._async_cleanup_kernel()
            raise
        client.allow_stdin = False
        self._words.forget()
        if self._recorder.origin == "run":
            self._name_kernel()
        return client

    def _note_death(self) -> None:
        """Note of what the kernel died, while that is known of its process."""
        process = getattr(self.km.provisioner, "process", None)
        code = None if process is None else process.poll()
        self._recorder.obituary = obituary(code, self._words.text())

    def _name_kernel(self) -> None:
        """Have the executed notebook name the kernel that ran it, where it named another."""
        spec, metadata = self.km.kernel_spec, self.nb.metadata
        if metadata.get("kernelspec", {}).get("name") != self.km.kernel_name:
            metadata["kernelspec"] = {
                "display_name": spec.display_name,
                "language": spec.language,
                "name": self.km.kernel_name,
            }

    start_new_kernel_client = run_sync(_connect)

    def disconnect(self) -> None:
        """Let go of a kernel that somebody else ends."""
        if self.kc is not None:
            self.kc.stop_channels()

    def papermill_execute_cells(self) -> None:
        """Run the cells, then ask the kernel what there is to keep."""
        interrupted = False
        try:
            super().papermill_execute_cells()
        except BaseException:
            interrupted = True
            raise
        finally:
            self._recorder.inspect(self.km, interrupted=interrupted)

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        """Run a cell and note what it raises."""
        # ipykernel tells the probe by it which cell opened a file; nbclient does not send it
        self.kc.session.metadata = {"cellId": cell.get("id")}
        self._recorder.cell_started(cell_index, cell.get("id"))
        try:
            return self._execute_followed(cell, cell_index, *args, **kwargs)
        except BaseException as error:
            if isinstance(error, DeadKernelError):
                self._note_death()
            self._recorder.cell_failed(cell_index, cell.get("id"), error)
            if not isinstance(error, CellExecutionError):  # papermill marks only those
                self.nb_man.cell_exception(cell, cell_index=cell_index, exception=error)
            raise

    async def _async_execute_followed(self, *args: Any, **kwargs: Any) -> Any:
        """Run a cell, and keep meanwhile what it shows."""
        progress = self._recorder.progress
        following = progress and asyncio.ensure_future(progress.follow(self.nb))
        try:
            return await self.async_execute_cell(*args, **kwargs)
        finally:
            if following:
                following.cancel()

    _execute_followed = run_sync(_async_execute_followed)


async def _is_heard(client: Any) -> bool:
    """Ask a kernel once, and tell whether its answer and its broadcasts came."""
    client.kernel_info()
    try:
        reply = await client.get_shell_msg(timeout=1)
        await client.get_iopub_msg(timeout=0.2)
    except Empty:
        return False
    return bool(reply["msg_type"] == "kernel_info_reply")


@contextmanager
def _terminable() -> Iterator[None]:
    """Make SIGTERM end the run in order, so that it is recorded, where nobody else handles it."""
    mine = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    if not mine:
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminate(number: int, _: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)
