"""Headless runs, each in a process of its own: papermill changes the working folder of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from ..core.errors import InvalidInputError, MLOpsError, NotFoundError, StoreUnavailableError
from ..objects.disk import writing
from ..tracking.manager import new_run_id
from .alive import VANISHED, close_vanished
from .recovery import recover
from .rescue import rescue_file, settle
from .schemas import ExecutionRequest, ExecutionResult
from .waiting import WaitingRun, close_abandoned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ..core.project import Project
    from ..snapshots.manager import SnapshotManager
    from ..tracking.manager import TrackingManager
    from ..tracking.schemas import Run
    from .alive import RunEnd

_ENDING_SECONDS = 300  # so long may the snapshot of a stopped run take, and its kernel's end


@dataclass(frozen=True)
class Watch:
    """Follows one run.

    Args:
        run_id: the id that the run gets; made if None.
        started: called with a function that ends the run in order, from any thread.
        told: called with the number of each cell that begins, from 1, and that of all.
    """

    run_id: str | None = None
    started: Callable[[Callable[[], None]], None] = lambda _end: None
    told: Callable[[int, int], None] = lambda _cell, _cells: None


NOBODY = Watch()


class ExecutionManager:
    """The headless runs of one store.

    Args:
        project: whose store it is.
        tracking: has its runs.
        snapshots: gives what takes a snapshot of a run that was killed.
        vanished: called with each run whose process ended before it could say how.
    """

    def __init__(
        self,
        project: Project,
        tracking: TrackingManager,
        snapshots: Callable[[], SnapshotManager],
        vanished: Callable[[Run], None],
    ) -> None:
        self._project = project
        self._tracking = tracking
        self._snapshots = snapshots
        self._tell_vanished = vanished

    def run(
        self,
        notebook: Path,
        output: Path | None = None,
        *,
        author: str,
        copy: Path | None = None,
        parameters: Mapping[str, Any] | None = None,
        arguments: Mapping[str, str] | None = None,
        kernel_name: str | None = None,
        timeout: int | None = None,
        watch: Watch = NOBODY,
    ) -> ExecutionResult:
        """Run a notebook in its own folder, and return when it has ended, however it has.

        Args:
            notebook: the file to run; it is not changed.
            output: where the executed notebook goes; without, it is in the run's snapshot, masked.
            author: who runs it.
            copy: where it goes, as it is, if it finishes.
            parameters: values for the notebook's parameters, of JSON types.
            arguments: values as texts, which get the type that they look like; they win.
            kernel_name: the kernelspec; by default the notebook's own.
            timeout: seconds that one cell may take.
            watch: who is told how it goes.

        Raises:
            NotFoundError, InvalidInputError, ForbiddenPathError: it cannot be run so.
            StoreUnavailableError: the store cannot be written, or no process be started.
        """
        request = ExecutionRequest(
            **self._places(notebook.resolve(), output, watch.run_id or new_run_id()),
            author=author,
            copy_path=str(copy) if copy else None,
            parameters=_plain(parameters or {}),
            arguments=dict(arguments or {}),
            kernel_name=kernel_name,
            timeout=timeout,
        )
        return self._result(request, _run_child(request, watch))

    def waiting(self, run_id: str) -> WaitingRun:
        """Return what gives a run a row that waits for its turn."""
        return WaitingRun(self._project, self._tracking, run_id)

    def close_vanished(self) -> None:
        """Record of runs whose process is gone how they ended, of those in a queue too."""
        close_abandoned(self._project, self._tracking)
        close_vanished(self._project, self._tracking, self._recover, self._tell_vanished)

    def settle_outputs(self, largest: float = math.inf) -> None:
        """Leave no executed notebook as it was that an earlier version wrote into the store.

        Args:
            largest: bytes of what is masked.
        """
        settle(self._project, self._tracking, largest)

    def _recover(self, run: Run, end: RunEnd) -> None:
        recover(self._project, self._snapshots(), run, end)

    def _places(self, notebook: Path, output: Path | None, run_id: str) -> dict[str, str | None]:
        """Return the run, and the files that it reads and writes."""
        if not notebook.is_file():
            raise NotFoundError(f"There is no notebook {notebook}.", path=str(notebook))
        return {
            "project": str(self._project.root),
            "run_id": run_id,
            "notebook_path": str(notebook),
            "output_path": str(self._output(notebook, output.resolve())) if output else None,
            "rescue_path": None if output else str(self._rescue(run_id)),
        }

    def _output(self, notebook: Path, output: Path) -> Path:
        self._project.keep_out(output)
        if not output.parent.is_dir():
            raise InvalidInputError(f"There is no folder {output.parent} for the output.")
        # a hard link, or a disk to which two cases of a name are one, has it under another
        if output.exists() and output.samefile(notebook):
            raise InvalidInputError("The output would overwrite the notebook. Give another path.")
        return output

    def _rescue(self, run_id: str) -> Path:
        self._project.prepare()
        file = rescue_file(self._project, run_id)
        with writing(file.parent):
            file.parent.mkdir(parents=True, exist_ok=True)
        return file

    def _result(self, request: ExecutionRequest, answer: dict[str, Any] | None) -> ExecutionResult:
        """Return what a process said at its end, or what is known of one that said nothing."""
        if answer is None:
            return self._vanished(request)
        if "error" in answer:
            error = answer["error"]
            raise _ERRORS.get(error["code"], MLOpsError)(error["message"], **error["details"])
        return ExecutionResult.model_validate(answer["result"])

    def _vanished(self, request: ExecutionRequest) -> ExecutionResult:
        """Close the run of a process that ended without a word, killed say."""
        self.close_vanished()
        try:
            run = self._tracking.run(request.run_id)
        except NotFoundError:
            raise MLOpsError(VANISHED) from None
        return ExecutionResult(
            run_id=run.run_id,
            status=run.status,
            notebook_path=run.notebook_path or request.notebook_path,
            output_path=request.output_path,
            snapshot_id=run.snapshot_id,
            parameters=dict(run.params),
            metrics={},
            models=[],
            error=run.error,
            problem=None if run.status == "FINISHED" and run.snapshot_id else VANISHED,
            duration_seconds=0.0,
        )


_ERRORS: dict[str, type[MLOpsError]] = {
    kind.code: kind for kind in (InvalidInputError, NotFoundError, StoreUnavailableError)
}


def _run_child(request: ExecutionRequest, watch: Watch) -> dict[str, Any] | None:
    with _child() as child:
        assert child.stdin is not None  # noqa: S101
        assert child.stdout is not None  # noqa: S101
        _tell(child.stdin, request)
        watch.started(partial(_end, child))
        try:
            answer = _answer(child.stdout, watch)
        except KeyboardInterrupt:
            _end(child)
            answer = _answer(child.stdout, watch)
            if answer is None:
                raise
        try:
            child.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
        return answer


def _end(child: subprocess.Popen[str]) -> None:
    """Have a run end in order, and record what there is; one that does not is killed."""
    child.terminate()
    killing = threading.Timer(_ENDING_SECONDS, child.kill)
    killing.daemon = True
    killing.start()


def _tell(pipe: IO[str], request: ExecutionRequest) -> None:
    try:
        pipe.write(request.model_dump_json() + "\n")
        pipe.flush()
    except BrokenPipeError:  # the child has died at once, and will not answer
        with suppress(BrokenPipeError):
            pipe.close()


def _child() -> subprocess.Popen[str]:
    # -P: modules in the working folder are not the child's business. A group of its own: what
    # the terminal interrupts is this process, which stops the child once, in order.
    command = [sys.executable, "-P", "-m", "jupyter_mlops.executions.child"]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
            text=True,
            encoding="utf-8",
        )
    except OSError as error:
        raise StoreUnavailableError(
            f"The run could not be started: {error.strerror}. Try again when less is running."
        ) from error


def _answer(lines: Iterable[str], watch: Watch) -> dict[str, Any] | None:
    """Return the last word of a child, passing on how far it is; None if it ends without."""
    for line in lines:
        try:
            answer: dict[str, Any] = json.loads(line)
        except ValueError:  # it was killed while it said this
            return None
        if "cell" not in answer:
            return answer
        watch.told(answer["cell"], answer["cells"])
    return None


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        plain: dict[str, Any] = json.loads(json.dumps(dict(parameters)))
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"Parameters are numbers, texts, lists and maps: {error}"
        ) from error
    return plain
