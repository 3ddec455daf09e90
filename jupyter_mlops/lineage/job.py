"""One rerun on its way."""

from __future__ import annotations

import logging
import threading
import uuid
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any, Literal

from ..core.clock import from_ms, now_ms
from ..core.errors import MLOpsError, sentence
from ..executions.manager import Watch
from ..tracking.manager import new_run_id
from .schemas import Rerun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..executions.schemas import ExecutionResult
    from .runner import NotebookRunner
    from .schemas import RerunCreate, RerunStep

_log = logging.getLogger(__name__)

_DONE = {"finished", "unchanged"}
_UNDONE = {"failed", "skipped", "stopped"}


class Job:
    """One rerun on its way; the threads that run notebooks share it.

    Args:
        runner: runs the notebooks.
        request: how.
        steps: which, in order.
        rivals: by notebook, those before it that must have ended when it begins, however.
        author: who runs them.
        told: called with each step that begins or ends.
    """

    def __init__(
        self,
        runner: NotebookRunner,
        request: RerunCreate,
        steps: list[RerunStep],
        rivals: Mapping[str, set[str]],
        author: str,
        told: Callable[[RerunStep], None],
    ) -> None:
        self.rerun_id = uuid.uuid4().hex
        self._created_at = from_ms(now_ms())
        self._runner = runner
        self._request = request
        self._rivals = rivals
        self._author = author
        self._told = told
        self._steps = {step.notebook_path: step for step in steps}
        self._running: dict[str, Callable[[], None]] = {}
        self._stopping = False
        self._ended = not steps
        self._lock = threading.RLock()

    def state(self) -> Rerun:
        """Return how far it is."""
        with self._lock:
            return Rerun(
                rerun_id=self.rerun_id,
                state=self._state(),
                created_at=self._created_at,
                author=self._author,
                steps=list(self._steps.values()),
            )

    def _state(self) -> Literal["running", "finished", "failed", "stopped"]:
        if not self._ended:
            return "running"
        if all(step.state in _DONE for step in self._steps.values()):
            return "finished"
        return "stopped" if self._stopping else "failed"

    def stop(self) -> None:
        """End what runs, and begin nothing more."""
        with self._lock:
            self._stopping = True
            for end in self._running.values():
                end()

    def run(self, save: Callable[[Rerun], None]) -> None:
        """Run all steps, each when those before it are done; ``save`` writes how far it is."""
        for step in self.state().steps:
            if step.state == "skipped":  # there is no order for it
                self._told(step)
        futures: set[Future[None]] = set()
        jobs = self._request.jobs
        with ThreadPoolExecutor(jobs) as threads:
            while True:
                ready = self._ready(jobs - len(futures))
                save(self.state())
                futures |= {threads.submit(self._step, path) for path in ready}
                if not futures:
                    break
                _, futures = wait(futures, return_when=FIRST_COMPLETED)
        with self._lock:
            for path, step in list(self._steps.items()):
                if step.state == "waiting":
                    self._set(path, "stopped")
            self._ended = True
        save(self.state())

    def _ready(self, room: int) -> list[str]:
        """Return what may begin, at most ``room``, taking out what cannot be done any more.

        It gets the id that its run will have, so that this run finds what it is a step of.
        """
        ready: list[str] = []
        with self._lock:
            for path, step in list(self._steps.items()):
                if step.state != "waiting" or self._stopping:
                    continue
                before = {name: self._steps[name].state for name in step.after}
                failed = [name for name, state in before.items() if state in _UNDONE]
                if failed:
                    self._set(path, "skipped", message=f"{failed[0]} did not finish")
                elif len(ready) < room and self._is_free(path):
                    self._set(path, "running", run_id=new_run_id())
                    ready.append(path)
        return ready

    def _is_free(self, path: str) -> bool:
        after, rivals = self._steps[path].after, self._rivals[path]
        return all(self._steps[name].state in _DONE for name in after) and all(
            self._steps[name].state in _DONE | _UNDONE for name in rivals
        )

    def _step(self, path: str) -> None:
        after, run_id = self._steps[path].after, str(self._steps[path].run_id)
        ran = {name for name in after if self._steps[name].state == "finished"}
        try:
            if after and not self._runner.has_to_run(path, ran):
                self._set(path, "unchanged", run_id=None)
                return
            result = self._runner.execute(
                path,
                self._author,
                Watch(run_id, started=lambda end: self._begun(path, end)),
                in_place=self._request.in_place,
            )
        except (MLOpsError, OSError) as error:
            state = "stopped" if self._stopping else "failed"
            self._set(path, state, run_id=None, message=str(error))
        except Exception as error:  # the others have to go on, and this one must not look done
            _log.exception("%s could not be run again.", path)
            self._set(path, "failed", run_id=None, message=sentence(error))
        else:
            self._ends(path, result)
        finally:
            with self._lock:
                self._running.pop(path, None)

    def _begun(self, path: str, end: Callable[[], None]) -> None:
        with self._lock:
            self._running[path] = end
            if self._stopping:
                end()

    def _ends(self, path: str, result: ExecutionResult) -> None:
        message = result.trouble()
        bad = "stopped" if self._stopping else "failed"
        state = "finished" if message is None else bad
        self._set(path, state, run_id=result.run_id, message=message)

    def _set(self, path: str, state: str, **facts: Any) -> None:
        with self._lock:
            step = self._steps[path].model_copy(update={"state": state, **facts})
            self._steps[path] = step
        self._told(step)
