"""Environments that an installer of conda packages made, from a channel in a folder."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.core.errors import EnvironmentUnavailableError
from jupyter_mlops.kernels.interpreter import environment_of
from jupyter_mlops.restoring.environments import EnvironmentBuilder
from jupyter_mlops.snapshots import locks
from jupyter_mlops.snapshots.schemas import LockRef, SnapshotEnvironment

from . import conda_client
from .test_environments import SNAPSHOT, write_wheel

if TYPE_CHECKING:
    from jupyter_mlops.kernels.schemas import Environment
    from jupyter_mlops.services import Services

PYTHON = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
DIST_INFO = "site-packages/toy_lib-1.0.dist-info"


def write_package(channel: Path, subdir: str, name: str, files: dict[str, bytes | Path]) -> str:
    """Write a package of conda's, and return its line in an explicit list; paths become links."""
    called, version, build = name.rsplit("-", 2)
    about = {"name": called, "version": version, "build": build, "build_number": 0}
    about |= {"depends": [], "subdir": subdir}
    about |= {"noarch": "python"} if subdir == "noarch" else {}
    kinds = {path: "softlink" if isinstance(it, Path) else "hardlink" for path, it in files.items()}
    paths = [{"_path": path, "path_type": kind} for path, kind in kinds.items()]
    described = {"info/index.json": about, "info/paths.json": {"paths": paths, "paths_version": 1}}
    content = {path: json.dumps(it).encode() for path, it in described.items()} | files
    target = channel / subdir / f"{name}.tar.bz2"
    target.parent.mkdir(parents=True)
    with tarfile.open(target, "w:bz2") as archive:
        for path, it in content.items():
            entry = tarfile.TarInfo(path)
            if isinstance(it, Path):
                entry.type, entry.linkname = tarfile.SYMTYPE, str(it)
                archive.addfile(entry)
            else:
                entry.size = len(it)
                archive.addfile(entry, io.BytesIO(it))
    return f"{target.as_uri()}#{hashlib.md5(target.read_bytes()).hexdigest()}"  # noqa: S324


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment of two conda packages, one a library, and one that pip has added."""
    channel = tmp_path / "channel"
    version = platform.python_version()
    # so that its prefix is the folder that it is installed in
    home = f"home = {PYTHON.parent}\ninclude-system-site-packages = false\n".encode()
    folder = f"lib/python{version.rpartition('.')[0]}/site-packages/README"
    python: dict[str, bytes | Path] = {"bin/python": PYTHON, "pyvenv.cfg": home, folder: b""}
    metadata = b"Metadata-Version: 2.1\nName: toy-lib\nVersion: 1.0\n"
    library: dict[str, bytes | Path] = {
        "site-packages/toy_lib.py": b"",
        f"{DIST_INFO}/METADATA": metadata,
    }
    lines = [
        write_package(channel, "linux-64", f"python-{version}-h0_cpython", python),
        write_package(
            channel, "noarch", "toy-lib-1.0-py_0", {**library, f"{DIST_INFO}/RECORD": b""}
        ),
    ]
    listed = tmp_path / "explicit.txt"
    listed.write_text("\n".join(["@EXPLICIT", *lines]) + "\n")
    conda_client.main(str(tmp_path / "environment"), str(listed))
    (tmp_path / "wheels").mkdir()
    wheel = write_wheel(tmp_path / "wheels", "mlops_toy", "1.0")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheel.parent))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    interpreter = str(tmp_path / "environment" / "bin" / "python")
    uv = locks.installed_uv()
    assert uv is not None
    command = [uv, "pip", "install", "-q", "--offline", "--python", interpreter, "mlops_toy"]
    subprocess.run(command, check=True)
    return environment_of(interpreter)


@pytest.mark.skipif(sys.platform != "linux", reason="the packages are of Linux")
def test_it_is_captured_and_built_again(
    made: Environment, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = locks.lock(made)
    assert made.conda
    assert {package.name for package in made.packages} == {"toy-lib", "mlops-toy"}
    listed = (tmp_path / "explicit.txt").read_text()
    assert lock.text == listed + "# pip mlops-toy==1.0\n"

    tools = tmp_path / "tools"
    tools.mkdir()
    client = tools / "micromamba"
    client.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{conda_client.__file__}" "$@"\n')
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    stored = services.objects.put_bytes(lock.text.encode())
    ref = LockRef(format=lock.format, object_id=stored).model_dump()
    recorded = SnapshotEnvironment.model_validate(made.model_dump() | {"lock": ref})
    builder = EnvironmentBuilder(services.project, services.objects)
    built = builder.build(recorded, snapshot_id=SNAPSHOT, downloads=False)
    again = environment_of(built.python)
    assert again.prefix == built.folder
    assert again.packages == made.packages
    assert locks.lock(again).text == lock.text

    for package in tmp_path.glob("channel/noarch/*"):
        package.write_bytes(b"another")
    spoiled = services.objects.put_bytes(lock.text.encode() + b"# newer\n")
    ref = LockRef(format=lock.format, object_id=spoiled).model_dump()
    recorded = SnapshotEnvironment.model_validate(made.model_dump() | {"lock": ref})
    for cached in services.project.store.glob("environments/packages"):
        cached.rename(tmp_path / "cached")
    with pytest.raises(EnvironmentUnavailableError, match="cannot be built"):
        builder.build(recorded, snapshot_id=SNAPSHOT, downloads=False)
