"""A real Jupyter server, shared by the tests of this folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests import notebooks
from tests.server.process import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("lab") / "my project 한글"
    root.mkdir()
    with Server(root, tmp_path_factory.mktemp("runtime")) as running:
        yield running


@pytest.fixture(scope="module")
def kernel(server: Server) -> dict[str, str]:
    """Return what a kernel of this server finds in its environment."""
    notebook = server.root / "모델 a" / "train.ipynb"
    notebook.parent.mkdir(exist_ok=True)
    code = (
        "import json, os\n"
        "names = ('MLFLOW_TRACKING_URI', 'MLFLOW_TRACKING_TOKEN')\n"
        "json.dump({name: os.environ.get(name) for name in names}, open('env.json', 'w'))"
    )
    notebooks.write(notebook, [code])
    server.run(notebook, "python3")
    found: dict[str, str] = json.loads((notebook.parent / "env.json").read_text())
    return found
