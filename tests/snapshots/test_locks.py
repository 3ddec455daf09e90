"""Locks of environments, held to the standard by its own library."""

from __future__ import annotations

import hashlib
import http.server
import json
import subprocess
import threading
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from packaging.pylock import Pylock

from jupyter_mlops.kernels.schemas import Environment, Package
from jupyter_mlops.snapshots import locks
from tests import kernel_states

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def environment(*packages: Package, **changes: Any) -> Environment:
    facts = {"language_version": "3.12.1", "prefix": "/nowhere", "packages": list(packages)}
    return kernel_states.environment(**(facts | changes))


def pylock(text: str) -> Pylock:
    parsed = Pylock.from_dict(tomllib.loads(text))
    parsed.validate()
    return parsed


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package index that has `small-thing` 1.0 and goes away after uv has asked it once."""
    name = "small_thing-1.0-py3-none-any.whl"
    folder = tmp_path / "simple" / "small-thing"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr("small_thing.py", "")
        about = "small_thing-1.0.dist-info"
        wheel.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: small-thing\nVersion: 1.0\n"
        )
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "index.html").write_text(f'<a href="{name}#sha256={digest}">{name}</a>')

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(tmp_path))

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    address = f"http://kim:secret@127.0.0.1:{server.server_port}/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", address)
    uv = str(locks.installed_uv())
    ask = [uv, "pip", "compile", "--quiet", "--no-deps", "-"]
    subprocess.run(ask, input="small-thing", text=True, check=True, stdout=subprocess.DEVNULL)
    server.shutdown()
    server.server_close()
    thread.join()
    yield digest
    locks._lock.cache_clear()


def test_hashes_are_those_that_uv_has_seen_and_nothing_is_fetched(index: str) -> None:
    made = locks.lock(
        environment(Package(name="small-thing", version="1.0"), Package(name="pip", version="9.9"))
    )
    (package,) = pylock(made.text).packages
    assert package.name == "small-thing"
    assert package.wheels is not None
    assert package.wheels[0].hashes == {"sha256": index}
    assert "secret" not in made.text
    assert tomllib.loads(made.text)["tool"]["jupyter-mlops"]["unlocked"] == ["pip==9.9"]


def test_what_came_from_an_address_of_its_own() -> None:
    made = locks.lock(
        environment(
            Package(name="g", version="1", source="https://host/g.git", commit="ab" * 20),
            Package(name="e", version="2", source="file:///home/a%20b/e", editable=True),
            Package(name="w", version="3", source="https://host/w.whl", sha256="00" * 32),
            Package(name="x", version="4", source="https://host/x.whl"),
        )
    )
    packages = {str(package.name): package for package in pylock(made.text).packages}
    assert packages["g"].vcs is not None
    assert packages["g"].vcs.commit_id == "ab" * 20
    assert packages["e"].directory is not None
    assert (packages["e"].directory.path, packages["e"].directory.editable) == ("/home/a b/e", True)
    assert packages["w"].archive is not None
    assert packages["w"].archive.hashes == {"sha256": "00" * 32}
    assert '"x==4 @ https://host/x.whl"' in made.text
    assert "x" not in packages


def test_without_uv_the_versions_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "installed_uv", lambda: None)
    made = locks.lock(environment(Package(name="numpy", version="2.0"), prefix="/no uv"))
    assert pylock(made.text).packages == []
    assert tomllib.loads(made.text)["tool"]["jupyter-mlops"]["unlocked"] == ["numpy==2.0"]


def test_conda_is_listed_as_conda_does(tmp_path: Path) -> None:
    folder = tmp_path / "conda-meta"
    folder.mkdir()
    (folder / "numpy-2.json").write_text(
        json.dumps(
            {
                "url": "https://kim:pw@host/t/tk-1234/main/linux-64/numpy-2-0.conda",
                "md5": "0" * 32,
                "files": ["lib/python3.12/site-packages/numpy-2.dist-info/METADATA"],
            }
        )
    )
    (folder / "broken.json").write_text("{")
    packages = [Package(name="numpy", version="2"), Package(name="added", version="1")]
    made = locks.lock(environment(*packages, conda=True, prefix=str(tmp_path)))
    assert made.format == "conda-explicit"
    assert made.text.splitlines() == [
        "@EXPLICIT",
        f"https://host/main/linux-64/numpy-2-0.conda#{'0' * 32}",
        "# pip added==1",
    ]
