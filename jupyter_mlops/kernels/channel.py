"""Asks a kernel on one of its channels, and waits for the answer as long as there can be one."""

from __future__ import annotations

import time
from queue import Empty
from typing import TYPE_CHECKING, Any, Literal

from ..core.errors import KernelBusyError, KernelUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jupyter_client.asynchronous.client import AsyncKernelClient

FIRST = "kernel_info_request"
"""What is asked first on a channel: it changes nothing, so it can be asked again."""

EXECUTE = "execute_request"
"""What must not be asked twice."""

SILENCE = 0.5  # seconds


class Channel:
    """A channel of a kernel, on which one question is asked after another.

    Args:
        client: a client whose channels run.
        name: of the channel.
        alive: tells whether the kernel's process lives.
        seconds: to wait for an answer at most.
    """

    def __init__(
        self,
        client: AsyncKernelClient,
        name: Literal["shell", "control"],
        alive: Callable[[], Awaitable[bool]],
        seconds: float,
    ) -> None:
        self._session = client.session
        self._socket = getattr(client, f"{name}_channel")
        self._receive = getattr(client, f"get_{name}_msg")
        self._alive = alive
        self._seconds = seconds

    async def ask(
        self, kind: str, content: dict[str, Any], *, subshell: str | None = None
    ) -> dict[str, Any]:
        """Return the content of the reply to a message.

        Raises:
            KernelUnavailableError: the kernel is dead.
            KernelBusyError: it did not answer in time.
        """
        begun = time.monotonic()
        asked = {self._send(kind, content, subshell)}
        behind: set[str] = set()  # asked after it
        patience = SILENCE
        while True:
            if not await self._alive():
                raise KernelUnavailableError(
                    "The kernel is dead. Restart it, run the notebook, and try again."
                )
            reply = await self._next()
            answered = reply and reply["parent_header"].get("msg_id")
            if reply is not None and answered in asked:
                answer: dict[str, Any] = reply["content"]
                if answer.get("status") != "aborted":
                    return answer
                # a cell before it failed, with which some kernels drop all that waits
                asked.add(self._send(kind, content, subshell))
            if answered in behind and kind != EXECUTE:  # answers come in order: it was lost
                behind.clear()
                asked.add(self._send(kind, content, subshell))
            silent = time.monotonic() - begun
            if silent > self._seconds:
                raise KernelBusyError(
                    "The kernel is busy with a cell. Wait until it is done, or interrupt it, "
                    "and try again."
                )
            # what comes while a kernel starts may be lost, or lie there until something else comes
            if silent > patience:
                (asked if kind == FIRST else behind).add(self._send(FIRST, {}, subshell))
                patience *= 2

    def _send(self, kind: str, content: dict[str, Any], subshell: str | None) -> str:
        message = self._session.msg(kind, content)
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        self._socket.send(message)
        return str(message["msg_id"])

    async def _next(self) -> dict[str, Any] | None:
        """Return the next reply, to whatever question; None after a silence."""
        try:
            reply: dict[str, Any] = await self._receive(timeout=SILENCE)
        except (TimeoutError, Empty):
            return None
        return reply
