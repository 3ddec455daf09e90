"""The gateway as an ASGI program."""

from __future__ import annotations

import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from . import control, inference
from .access import RefusalError, refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from .supervisor import Supervisor

logger = logging.getLogger(__name__)


def create_app(
    supervisor: Supervisor,
    *,
    version: str,
    max_request_bytes: int,
    end: Callable[[], None],
    on_start: Callable[[], None],
) -> Starlette:
    """Return the program.

    Args:
        supervisor: what is served; restored at the start, closed at the end.
        version: told to clients.
        max_request_bytes: larger prediction requests are answered with 413.
        end: ends the gateway.
        on_start: called once requests are answered.
    """
    app = Starlette(
        routes=[*control.ROUTES, *inference.ROUTES],
        exception_handlers={
            RefusalError: _refused,
            HTTPException: _no_route,
            Exception: _failed,
        },
        lifespan=partial(_serving, supervisor, on_start),
    )
    app.state.supervisor = supervisor
    app.state.version = version
    app.state.max_request_bytes = max_request_bytes
    app.state.end = end
    return app


@contextlib.asynccontextmanager
async def _serving(
    supervisor: Supervisor, on_start: Callable[[], None], _: Starlette
) -> AsyncIterator[None]:
    supervisor.restore()
    on_start()
    try:
        yield
    finally:
        await supervisor.close()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusalError)  # noqa: S101 - for the type checker
    return refusal(request, error.status, error.message, error.headers)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    return refusal(request, error.status_code, error.detail, error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return refusal(request, 500, "The gateway failed; its log says why.")
