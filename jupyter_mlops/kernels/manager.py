"""Asks a kernel about itself, without its environment having anything of ours."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_core.utils import ensure_async

from ..core.errors import KernelUnavailableError, ModelUnsupportedError
from . import r
from .channel import EXECUTE, FIRST, SILENCE, Channel
from .schemas import (
    WATCHERS,
    DataRecord,
    KernelHistory,
    KernelResults,
    KernelState,
    LiveModel,
    LiveModelList,
    SavedModel,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

Answer = TypeVar("Answer", KernelState, KernelHistory, DataRecord)
_FOLDER = Path(__file__).parent
_MIME = "application/vnd.jupyter-mlops+json"
_PROBE = "_jupyter_mlops_probe"
_PYTHON = "python"
_RESTART_SECONDS = 60.0
_TRIES = 10
_MODULES = (*WATCHERS, "environment", "inspection", "packager")


class KernelProbe:
    """The probe in one kernel.

    Args:
        shell: where a kernel is asked to execute something.
        subshell: in which one, if the kernel has subshells; see ``connected``.
    """

    def __init__(self, shell: Channel, subshell: str | None) -> None:
        self._shell = shell
        self._subshell = subshell

    async def state(self) -> KernelState | None:
        """Return what a snapshot needs; None for a kernel that runs neither Python nor R.

        Raises:
            KernelUnavailableError: the kernel is dead, or cannot answer.
            KernelBusyError: it runs a cell.
        """
        language = await self._language()
        if language == r.LANGUAGE:
            return await self._ask_r(r.kernel_question, r.state)
        if language != _PYTHON:
            return None
        return KernelState.model_validate(await self._ask("state", {}))

    async def history(self) -> KernelHistory | None:
        """Return the cells in the order they ran; None where it is neither Python nor R."""
        language = await self._language()
        if language == r.LANGUAGE:
            return await self._ask_r(r.history_question, r.history)
        if language != _PYTHON:
            return None
        return KernelHistory.model_validate(await self._ask("history", {}))

    async def data(self) -> DataRecord | None:
        """Return the data that the cells have used; None where it is neither Python nor R."""
        language = await self._language()
        if language == r.LANGUAGE:
            return await self._ask_r(r.data_question, r.data)
        if language != _PYTHON:
            return None
        return DataRecord.model_validate(await self._ask("data", {}))

    async def results(self) -> KernelResults | None:
        """Return what the cells have found out; None where it is neither Python nor R."""
        language = await self._language()
        if language == r.LANGUAGE:
            state = await self._ask_r(r.kernel_question, r.state)
            return KernelResults(watched=False, cells=[], scalars=state.scalars, models=[])
        if language != _PYTHON:
            return None
        return KernelResults.model_validate(await self._ask("results", {}))

    async def models(self) -> list[LiveModel]:
        """Return the models alive in the namespace; none where it is not Python."""
        if not await self._is_python():
            return []
        return LiveModelList.model_validate(await self._ask("models", {})).items

    async def save_model(self, variable: str, folder: Path) -> SavedModel:
        """Have the kernel save a model to ``folder``, which must not exist.

        Raises:
            ModelUnsupportedError: the model cannot be saved; says what to do.
        """
        if not await self._is_python():
            raise ModelUnsupportedError("Only models in Python kernels can be registered.")
        arguments = {"variable": variable, "folder": str(folder)}
        return SavedModel.model_validate(await self._ask("save_model", arguments))

    async def idle(self) -> None:
        """Wait until the kernel is done with the cell that it runs.

        Raises:
            KernelBusyError: it is not, after the time that it has for an answer.
        """
        await self._shell.ask(FIRST, {})

    async def _is_python(self) -> bool:
        return await self._language() == _PYTHON

    async def _language(self) -> str:
        content = await self._shell.ask(FIRST, {}, subshell=self._subshell)
        return str(content.get("language_info", {}).get("name"))

    async def _ask_r(
        self, question: Callable[[Path], str], understood: Callable[[str], Answer]
    ) -> Answer:
        with tempfile.TemporaryDirectory(prefix="mlops-") as folder:
            place = Path(folder) / "answer.json"
            await self._evaluate(question(place), "")
            try:
                return understood(place.read_text(encoding="utf-8"))
            except (OSError, ValueError, KeyError) as error:
                raise KernelUnavailableError(
                    f"The R kernel did not tell about itself: {error}. Can it load jsonlite?"
                ) from error

    async def _ask(self, question: str, arguments: dict[str, Any]) -> dict[str, Any]:
        known = _expression(question, arguments)
        content = await self._evaluate("", known)
        if _is_news(_answer(content)):
            content = await self._evaluate(_sources(), known)
        answer = _answer(content)
        if answer is None:
            raise KernelUnavailableError(f"The kernel did not understand: {_trouble(content)}")
        if "error" in answer:
            kind = ModelUnsupportedError if question == "save_model" else KernelUnavailableError
            raise kind(answer["error"]["message"])
        return answer

    async def _evaluate(self, code: str, expression: str) -> dict[str, Any]:
        return await self._shell.ask(
            EXECUTE,
            {
                "code": code,
                "silent": True,
                "store_history": False,
                "allow_stdin": False,
                "stop_on_error": False,
                "user_expressions": {"answer": expression},
            },
            subshell=self._subshell,
        )


@asynccontextmanager
async def connected(
    kernel: Any,
    *,
    timeout: float = 30.0,  # noqa: ASYNC109 - ends in an error that says what to do
) -> AsyncIterator[KernelProbe]:
    """Connect to a kernel of a jupyter_client kernel manager for as long as the block lasts.

    A kernel with subshells (ipykernel 7) is asked in one, so that it answers while a cell runs.
    Of any other a busy one is told by its silence, after ``timeout`` seconds at most. One that is
    being restarted is waited for.

    Raises:
        KernelUnavailableError: the kernel is dead, or was restarted while it was asked.
    """
    await is_kept(kernel)
    process = _process(kernel)

    async def alive() -> bool:
        if _process(kernel) != process:
            raise KernelUnavailableError(
                "The kernel was restarted while it was asked about itself. Try again."
            )
        return bool(await ensure_async(kernel.is_alive()))

    # not kernel.client(): its clients share one identity, and the kernel's replies with it
    client = AsyncKernelClient()
    client.load_connection_info(kernel.get_connection_info())
    client.start_channels(iopub=False, stdin=False, hb=False)

    control = Channel(client, "control", alive, timeout)
    try:
        # of other languages a kernel may not answer on this channel
        subshell = await _subshell(control) if kernel.kernel_spec.language == _PYTHON else None
        try:
            yield KernelProbe(Channel(client, "shell", alive, timeout), subshell)
        finally:
            if subshell is not None and _process(kernel) == process and await alive():
                await control.ask("delete_subshell_request", {"subshell_id": subshell})
    finally:
        client.stop_channels()


async def is_kept(kernel: Any) -> bool:
    """Wait for the end of a restart or shutdown, if there is one; tell whether the kernel stays."""
    deadline = time.monotonic() + _RESTART_SECONDS
    while kernel.shutting_down and time.monotonic() < deadline:
        if _is_gone(kernel):
            return False
        await asyncio.sleep(SILENCE / 5)  # nobody tells
    return True


def _is_gone(kernel: Any) -> bool:
    """Tell whether a shutdown has taken the connection file away, which a restart leaves."""
    return not Path(kernel.connection_file).exists()


def _process(kernel: Any) -> int | None:
    """Return the id of a kernel's process, where it runs on this machine."""
    return getattr(kernel.provisioner, "pid", None)


async def _subshell(control: Channel) -> str | None:
    """Return a new subshell; None if the kernel makes none, as one that only just starts does."""
    about = await control.ask(FIRST, {})
    if "kernel subshells" not in about.get("supported_features", ()):
        return None
    for _ in range(_TRIES):
        reply = await control.ask("create_subshell_request", {})
        if "subshell_id" in reply:
            return str(reply["subshell_id"])
        await asyncio.sleep(SILENCE)
    return None


def _is_news(answer: dict[str, Any] | None) -> bool:
    """Tell whether the kernel lacks the module that could answer, or the probe itself."""
    return answer is None or answer.get("error", {}).get("kind") == "unknown-question"


_LOADER = """
import sys, threading, types
# two may ask at once, each in a subshell's thread; a module must not be made twice
with vars(sys).setdefault("_jupyter_mlops_lock", threading.Lock()):
    for name, source in files.items():
        if name not in sys.modules:
            module = types.ModuleType(name)
            module.code = compile(source, name, "exec")
            exec(module.code, module.__dict__)
            sys.modules[name] = module
    sys.modules[probe].install(complete=False)
"""


@cache
def _sources() -> str:
    """Code that makes our modules in a kernel, those that it lacks, and leaves no name behind."""
    files = {
        f"_jupyter_mlops_{name}": (_FOLDER / f"{name}.py").read_text(encoding="utf-8")
        for name in _MODULES
    }
    return f"exec({_LOADER!r}, {{'files': {files!r}, 'probe': {_PROBE!r}}})"


def _expression(question: str, arguments: dict[str, Any]) -> str:
    text = json.dumps(arguments)
    return f"__import__('sys').modules[{_PROBE!r}].answer({question!r}, {text!r})"


def _answer(content: dict[str, Any]) -> dict[str, Any] | None:
    result = content.get("user_expressions", {}).get("answer", {})
    answer: dict[str, Any] | None = result.get("data", {}).get(_MIME)
    return answer


def _trouble(content: dict[str, Any]) -> str:
    result = content.get("user_expressions", {}).get("answer", content)
    return f"{result.get('ename', 'no answer')}: {result.get('evalue', '')}"
