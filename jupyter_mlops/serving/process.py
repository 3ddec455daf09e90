"""One model process: started in the model's interpreter, asked over a Unix socket, ended."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from .worker.frames import PREFIX, encode_frame

_WORKER = Path(__file__).with_name("worker")
_SOCKET_LIMIT = 90  # AF_UNIX paths end at 104 to 108 bytes
_CONNECT_SECONDS = 60
_DRAIN_SECONDS = 10
_END_SECONDS = 3


class WorkerRefusedError(Exception):
    """The model cannot be served like this; trying again would not help."""


class WorkerDiedError(Exception):
    """The process ended or closed its socket."""


class Reply(NamedTuple):
    """A worker's answer: 200 with JSON, 400 or 500 with a reason as text."""

    status: int
    body: bytes


class WorkerProcess:
    """A worker; ``start`` it once.

    Args:
        python: the model's interpreter.
        model: the model's folder.
        log: where everything goes that the worker prints.
    """

    def __init__(self, python: str, model: Path, log: Path) -> None:
        self._command = [python, str(_WORKER)]
        self._model = model
        self._log = log
        self._ids = itertools.count()
        self._pending: dict[int, asyncio.Future[Reply]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process's id once it was started."""
        return self._process.pid if self._process else None

    @property
    def pending(self) -> int:
        """The number of questions without an answer."""
        return len(self._pending)

    @property
    def exit_code(self) -> int | None:
        """How the process ended, negative for a signal; None while it lives."""
        return self._process.returncode if self._process else None

    async def start(self) -> None:
        """Start the process and wait until it has connected.

        Raises:
            WorkerRefusedError: the interpreter cannot be run.
            WorkerDiedError: the process ended before it connected.
        """
        folder = Path(tempfile.mkdtemp(prefix="mlops-", dir=_socket_root()))
        connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writer = writer
            self._reading = asyncio.create_task(self._read(reader))
            if not connected.done():
                connected.set_result(None)

        try:
            server = await asyncio.start_unix_server(accept, folder / "s", limit=2**20)
            try:
                await self._spawn(folder / "s")
                await self._connection(connected)
            finally:
                server.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def ask(self, op: str, body: bytes, seconds: float, **header: object) -> Reply:
        """Send a question and wait for its answer.

        Raises:
            WorkerDiedError: there will be no answer.
            TimeoutError: there was none within ``seconds``.
        """
        if self._writer is None or self._reading is None or self._reading.done():
            raise WorkerDiedError
        number = next(self._ids)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            async with asyncio.timeout(seconds):
                self._writer.write(encode_frame({"id": number, "op": op, **header}, body))
                await self._writer.drain()
                return await answer
        except ConnectionError as error:
            raise WorkerDiedError from error
        finally:
            self._pending.pop(number, None)

    async def ended(self) -> None:
        """Wait until the worker can answer no more, and see its process out."""
        if self._reading is not None:
            await asyncio.wait([self._reading])
        await self._end()

    async def stop(self) -> None:
        """End the process, after the answers that it owes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self._pending:
                    await asyncio.wait(list(self._pending.values()))
                    await asyncio.sleep(0)
        await self._end()

    async def _spawn(self, socket: Path) -> None:
        command = [*self._command, "--socket", str(socket), "--model", str(self._model)]
        with self._log.open("ab") as log:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._model,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                    start_new_session=True,
                )
            except OSError as error:
                raise WorkerRefusedError(
                    f"The model's interpreter {command[0]} cannot be started: {error.strerror}. "
                    "Restore its environment, or register the model again from another kernel."
                ) from error

    async def _connection(self, connected: asyncio.Future[None]) -> None:
        assert self._process is not None  # noqa: S101 - for the type checker
        ended = asyncio.ensure_future(self._process.wait())
        either: set[asyncio.Future[Any]] = {connected, ended}
        try:
            await asyncio.wait(
                either, timeout=_CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ended.cancel()
        if not connected.done():
            await self._end()
            raise WorkerDiedError

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                head, body = PREFIX.unpack(await reader.readexactly(PREFIX.size))
                header = json.loads(await reader.readexactly(head))
                reply = Reply(header["status"], await reader.readexactly(body))
                answer = self._pending.get(header["id"])
                if answer is not None and not answer.done():
                    answer.set_result(reply)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the process is gone: whoever waits is told below
        finally:
            for answer in self._pending.values():
                if not answer.done():
                    answer.set_exception(WorkerDiedError())

    async def _end(self) -> None:
        if self._process is None:
            return
        if self._writer is None:
            self._kill()
        else:
            self._writer.close()  # a worker ends when its socket does
        try:
            async with asyncio.timeout(_END_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._kill()
            await self._process.wait()
        finally:
            if self._process.returncode is None:  # cancelled while waiting
                self._kill()

    def _kill(self) -> None:
        assert self._process is not None  # noqa: S101 - for the type checker
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _socket_root() -> str | None:
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) < _SOCKET_LIMIT - len("/mlops-12345678/s") else "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
