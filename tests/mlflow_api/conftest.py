"""A real Jupyter server, shared by the tests of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.server.process import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("lab") / "my project 한글"
    root.mkdir()
    with Server(root, tmp_path_factory.mktemp("runtime")) as running:
        yield running
