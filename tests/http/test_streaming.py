"""Answers that are written in pieces, and break off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tornado.simple_httpclient import HTTPStreamClosedError

from jupyter_mlops.core.errors import StoreUnavailableError
from jupyter_mlops.core.schema import Schema
from jupyter_mlops.http.handler import RouteHandler
from jupyter_mlops.http.route import Route, Streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Fetch


@pytest.fixture
def add_answer(jp_serverapp: Any) -> Any:
    """Have the server answer ``GET broken`` with these bytes, and then with an error."""

    def add(said: list[bytes], error: Exception) -> None:
        def pieces() -> Iterator[bytes]:
            yield from said
            raise error

        route = Route("GET", "broken", lambda _: Streamed(pieces()), "Break off", Schema)
        options = {"name": "jupyter_mlops", "routes": {"GET": route}}
        place = f"{jp_serverapp.base_url}broken"
        jp_serverapp.web_app.add_handlers(".*$", [(place, RouteHandler, options)])

    return add


@pytest.mark.parametrize("error", [StoreUnavailableError("It is gone."), RuntimeError("surprise")])
async def test_an_answer_that_breaks_off_does_not_look_whole(
    jp_fetch: Fetch, add_answer: Any, error: Exception
) -> None:
    add_answer([b'{"items":[]}'], error)
    with pytest.raises(HTTPStreamClosedError):
        await jp_fetch("broken")


async def test_an_error_before_the_first_piece_is_answered(
    jp_fetch: Fetch, add_answer: Any
) -> None:
    add_answer([], StoreUnavailableError("It is gone."))
    answer = await jp_fetch("broken", raise_error=False)
    assert (answer.code, b"It is gone." in answer.body) == (507, True)
