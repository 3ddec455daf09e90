"""What the server's log says of requests."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_mlops.mlflow_api.routes import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Api, Fetch


@pytest.fixture
def log(jp_serverapp: Any) -> Iterator[io.StringIO]:
    """What is logged from now on, all of it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_mlops"]
    logger = app.log
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield written
    logger.setLevel(before)
    logger.removeHandler(handler)


async def test_searched_words_are_not_logged(api: Api, jp_fetch: Fetch, log: io.StringIO) -> None:
    await api("GET", "snapshots", text="hunter22")
    await api("GET", "runs", filter="params.a = 'hunter22'")
    await api.error(422, "GET", "runs", filter="hunter22 hunter22")
    search = f"{BASE}/api/2.0/mlflow/registered-models/search"
    await jp_fetch(*search.split("/")[1:], params={"filter": "name = 'hunter22'"})
    said = log.getvalue()
    assert said.count("/api/mlops/runs (") == 2
    assert "/api/mlops/snapshots (" in said
    assert "registered-models/search" in said
    assert "hunter22" not in said
