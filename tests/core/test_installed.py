"""An update in place: what is imported from then on is of another version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import jupyter_mlops
from jupyter_mlops.core import errors, installed
from jupyter_mlops.http.errors import reply
from jupyter_mlops.mlflow_api.errors import reply as reply_to_client

SERVER = """
import pathlib, sys
from jupyter_mlops.core.errors import OutdatedError
from jupyter_mlops.core.project import Project
from jupyter_mlops.services import Services

services = Services(Project(pathlib.Path.cwd()), pathlib.Path.cwd())
before = services.tracking
print("ready", flush=True)
input()
assert services.tracking is before
try:
    services.data
except OutdatedError as error:
    print(error)
"""


def update(package: Path) -> None:
    """Do what an installer does: new files under the old names."""
    for path in package.rglob("*.py"):
        new = path.with_suffix(".new")
        new.write_text(path.read_text().replace("class DataManager", "class Renamed"))
        new.replace(path)


@pytest.mark.parametrize("change", [update, shutil.rmtree], ids=["updated", "removed"])
def test_what_is_needed_first_after_an_update_says_so(tmp_path: Path, change: object) -> None:
    assert callable(change)
    package = tmp_path / "site" / "jupyter_mlops"
    ignored = shutil.ignore_patterns("labextension", "__pycache__")
    shutil.copytree(Path(jupyter_mlops.__file__).parent, package, ignore=ignored)
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(package.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        change(package)
        said, _ = process.communicate("\n", timeout=60)
    assert "was updated, or removed" in said
    assert "Restart the Jupyter server" in said


def test_a_surprise_after_an_update_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reply(ImportError("cannot import name"))[0] == 500
    (tmp_path / "__init__.py").touch()
    monkeypatch.setattr(installed, "_MARK", tmp_path / "__init__.py")
    for surprise in (ImportError("cannot import name"), AttributeError("x"), TypeError("y")):
        status, body = reply(surprise)
        assert (status, body.code) == (503, "outdated")
        code, sentence = reply_to_client(surprise)
        assert (code.status, "Restart the Jupyter server" in sentence) == (503, True)
    assert reply(errors.NotFoundError("No such run."))[0] == 404
