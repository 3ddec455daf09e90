"""Environments built by the real uv, from wheels on this machine alone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from jupyter_mlops import upkeep
from jupyter_mlops.core.clock import now_ms
from jupyter_mlops.core.errors import ConflictError, EnvironmentUnavailableError
from jupyter_mlops.core.locks import is_free, locked
from jupyter_mlops.kernels.schemas import Package
from jupyter_mlops.restoring import kernels
from jupyter_mlops.restoring.environments import EnvironmentBuilder
from jupyter_mlops.restoring.kept import alone
from jupyter_mlops.restoring.requirements import requirements
from jupyter_mlops.restoring.schemas import UnneededEnvironment
from jupyter_mlops.snapshots.masking import MASK
from jupyter_mlops.snapshots.schemas import LockRef, SnapshotEnvironment
from tests import notebooks
from tests.snapshots.test_manager import kernel_state, snap

if TYPE_CHECKING:
    from jupyter_mlops.core.project import Project
    from jupyter_mlops.restoring.schemas import BuiltEnvironment
    from jupyter_mlops.services import Services


SNAPSHOT = "5" * 64


def write_wheel(folder: Path, name: str, version: str) -> Path:
    """Write a wheel whose one module knows its version."""
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", f"version = {version!r}\n")
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


def environment(*packages: Package, **changes: object) -> SnapshotEnvironment:
    version = ".".join(map(str, sys.version_info[:3]))
    facts = kernel_state().environment.model_dump() | {
        "executable": sys.executable,
        "language_version": version,
        "packages": [package.model_dump() for package in packages],
    }
    return SnapshotEnvironment.model_validate(facts | changes)


@pytest.fixture
def builder(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> EnvironmentBuilder:
    """Its uv finds wheels in a folder, and nothing that other tests left in its cache."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "mlops_toy", "1.0")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # the cable is pulled
    return EnvironmentBuilder(services.project, services.objects)


def said(python: str, code: str) -> str:
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout


def test_it_is_built_offline_and_used_again(builder: EnvironmentBuilder, tmp_path: Path) -> None:
    (tmp_path / "editable/src").mkdir(parents=True)
    (tmp_path / "editable/src/mine.py").write_text("x = 5\n")
    recorded = environment(
        Package(name="mlops-toy", version="1.0"),
        Package(name="mine", version="0.1", source=(tmp_path / "editable").as_uri()),
    )
    built = builder.build(recorded, snapshot_id=SNAPSHOT, downloads=False)
    assert (
        said(built.python, "import mlops_toy, mine; print(mlops_toy.version, mine.x)") == "1.0 5\n"
    )
    assert not built.reused
    assert built.notes == [f"mine is taken from {tmp_path / 'editable'}, as it is now."]
    again = builder.build(recorded, snapshot_id=SNAPSHOT, downloads=False)
    assert again == built.model_copy(update={"reused": True})
    other = builder.build(environment(), snapshot_id=SNAPSHOT, downloads=False)
    assert other.folder != built.folder


def test_what_is_not_at_hand_is_named_and_nothing_stays(
    builder: EnvironmentBuilder, project: Project
) -> None:
    with pytest.raises(EnvironmentUnavailableError, match=r"mlops-toy.*Allow downloads"):
        builder.build(
            environment(Package(name="mlops-toy", version="2.0")),
            snapshot_id=SNAPSHOT,
            downloads=False,
        )
    left = [path.name for path in (project.store / "environments").iterdir() if path.is_dir()]
    assert left == []


def test_the_login_of_an_index_is_not_told(services: Services, tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text(
        f'#!/bin/sh\n[ $1 = venv ] && exec {sys.executable} -m uv "$@"\n'
        "printf '\\033[31mcannot\\033[0m fetch https://me:hunter22@host/simple' >&2\nexit 1\n"
    )
    uv.chmod(0o755)
    builder = EnvironmentBuilder(services.project, services.objects, str(uv))
    with pytest.raises(EnvironmentUnavailableError, match=f" cannot fetch https://{MASK}@host"):
        builder.build(environment(), snapshot_id=SNAPSHOT, downloads=False)


def test_an_installer_that_hangs_keeps_nobody_for_ever(
    services: Services, project: Project, tmp_path: Path
) -> None:
    (uv := tmp_path / "uv").write_text("#!/bin/sh\nsleep 600 & wait\n")
    uv.chmod(0o755)
    builder = EnvironmentBuilder(services.project, services.objects, str(uv), limit=0.3)
    with pytest.raises(EnvironmentUnavailableError, match=r"uv venv had not ended.*is kept"):
        builder.build(environment(), snapshot_id=SNAPSHOT, downloads=False)
    (lock,) = (project.store / "environments").iterdir()
    assert is_free(lock)
    with (
        locked(lock),  # by another process, which hangs
        pytest.raises(ConflictError, match=f"it holds the lock {lock}"),
    ):
        builder.build(environment(), snapshot_id=SNAPSHOT, downloads=False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"language_version": "3.99.1", "executable": "/no/python"}, r"no Python 3\.99"),
        ({"language": "julia"}, "environment of julia"),
    ],
)
def test_what_cannot_be_built(
    builder: EnvironmentBuilder, changes: dict[str, str], message: str
) -> None:
    with pytest.raises(EnvironmentUnavailableError, match=message):
        builder.build(environment(**changes), snapshot_id=SNAPSHOT, downloads=False)


def test_an_unknown_environment(builder: EnvironmentBuilder) -> None:
    with pytest.raises(EnvironmentUnavailableError, match="does not know"):
        builder.build(None, snapshot_id=SNAPSHOT, downloads=False)


def test_where_packages_came_from(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, "local", "3")
    gone = tmp_path / "gone"
    found = requirements(
        [
            Package(name="a", version="1"),
            Package(name="local", version="3", source=wheel.as_uri()),
            Package(name="direct", version="1", source="https://example.org/direct-1.tar.gz"),
            Package(name="vcs", version="1", source="https://example.org/vcs.git"),
            Package(name="git", version="1", source="https://example.org/git.git", commit="1f0a"),
            Package(name="sum", version="1", source="https://example.org/sum.zip", sha256="ab"),
            Package(name="gone", version="1", source=gone.as_uri()),
        ]
    )
    assert found.lines == (
        "a==1",
        f"local @ {wheel.as_uri()}",
        "direct @ https://example.org/direct-1.tar.gz",
        "git @ git+https://example.org/git.git@1f0a",
        "sum @ https://example.org/sum.zip#sha256=ab",
    )
    assert found.folders == ()
    vcs, missing = found.notes
    assert "came from https://example.org/vcs.git" in vcs
    assert str(gone) in missing


def test_a_wheel_that_is_not_the_locked_one_is_refused(
    builder: EnvironmentBuilder, services: Services, tmp_path: Path
) -> None:
    right = hashlib.sha256((tmp_path / "wheels/mlops_toy-1.0-py3-none-any.whl").read_bytes())
    package = Package(name="mlops-toy", version="1.0")

    def locked(digest: str) -> SnapshotEnvironment:
        archive = f'{{ url = "https://example.org/x.whl", hashes = {{ sha256 = "{digest}" }} }}'
        text = f'[[packages]]\nname = "mlops-toy"\nversion = "1.0"\nwheels = [{archive}]\n'
        lock = LockRef(format="pylock", object_id=services.objects.put_bytes(text.encode()))
        return environment(package, lock=lock.model_dump())

    assert (
        builder.build(locked(right.hexdigest()), snapshot_id=SNAPSHOT, downloads=False).notes == []
    )
    with pytest.raises(EnvironmentUnavailableError, match=r"(?i)hash"):
        builder.build(locked("0" * 64), snapshot_id=SNAPSHOT, downloads=False)


def test_conda_builds_its_own(
    builder: EnvironmentBuilder,
    services: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a conda that makes a virtual environment, and notes what it was asked for."""
    text = "@EXPLICIT\nhttps://example.org/python-3.11.conda#ab\n# pip mlops-toy==1.0\n"
    lock = LockRef(format="conda-explicit", object_id=services.objects.put_bytes(text.encode()))
    recorded = environment(conda=True, lock=lock.model_dump())
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(EnvironmentUnavailableError, match="none of micromamba, mamba, conda"):
        builder.build(recorded, snapshot_id=SNAPSHOT, downloads=False)
    conda = tmp_path / "conda"
    conda.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncp "$7" {tmp_path}/list\n'
        f'{sys.executable} -m venv --without-pip "$5"\n'
    )
    conda.chmod(0o755)
    built = builder.build(recorded, snapshot_id=SNAPSHOT, downloads=False)
    assert (tmp_path / "asked").read_text().startswith("create --yes --offline --prefix")
    assert (tmp_path / "list").read_text() == text
    assert said(built.python, "import mlops_toy; print(mlops_toy.version)") == "1.0\n"
    with pytest.raises(EnvironmentUnavailableError, match="explicit list is not"):
        builder.build(environment(conda=True), snapshot_id=SNAPSHOT, downloads=False)


@pytest.fixture
def built(
    services: Services, builder: EnvironmentBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> BuiltEnvironment:
    """An environment with something that calls itself ipykernel, of a snapshot that there is."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    write_wheel(tmp_path / "wheels", "ipykernel", "7")
    taken = snap(services, notebooks.write(services.project.root / "a.ipynb", ["1"]))
    recorded = environment(Package(name="ipykernel", version="7"))
    return builder.build(recorded, snapshot_id=taken.id, downloads=False)


def test_a_kernel_of_an_environment(built: BuiltEnvironment, services: Services) -> None:
    kernel = kernels.offer(SNAPSHOT, built, services.objects.unfinished)
    assert kernel.display_name == "Python (snapshot 555555555555)"
    spec = KernelSpecManager().get_kernel_spec(kernel.name)
    assert (spec.argv[0], spec.display_name) == (built.python, kernel.display_name)
    notebook = services.project.root / "a.ipynb"
    kernels.choose(notebook, kernel, services.objects.unfinished)
    read = nbformat.read(notebook, as_version=4)
    assert read.metadata.kernelspec.name == kernel.name
    assert nbformat.writes(read) + "\n" == notebook.read_text()
    (services.project.root / "environment").mkdir()
    bare = built.model_copy(update={"folder": str(services.project.root / "environment")})
    with pytest.raises(EnvironmentUnavailableError, match="no ipykernel"):
        kernels.offer(SNAPSHOT, bare, services.objects.unfinished)
    kernels.withdraw(Path("/elsewhere"))
    assert kernel.name in KernelSpecManager().find_kernel_specs()
    kernels.withdraw(Path(built.folder))
    assert kernel.name not in KernelSpecManager().find_kernel_specs()


def test_environments_that_nobody_needs_are_collected(
    built: BuiltEnvironment, builder: EnvironmentBuilder, services: Services
) -> None:
    name = kernels.offer(SNAPSHOT, built, services.objects.unfinished).name
    orphan = builder.build(environment(), snapshot_id=SNAPSHOT, downloads=False)
    half = Path(built.folder).with_name("half")
    half.mkdir()
    (half / "x").write_text("12345")
    hour, day = now_ms() - 3_600_000, 86_400_000

    def collected(*, dry_run: bool) -> dict[str, str]:
        found = upkeep.collect(services, hour, None, author="me", dry_run=dry_run)
        assert all(one.size_bytes for one in found.environments)
        return {Path(one.folder).name: one.reason for one in found.environments}

    assert collected(dry_run=False) == {}  # they may be in the making
    age(half, hour - 1)
    age(Path(orphan.folder), hour - 1)
    age(Path(built.folder), hour - 1)
    unneeded = {
        half.name: "it was never finished",
        Path(orphan.folder).name: "its snapshots are deleted",
    }
    assert collected(dry_run=True) == unneeded
    with alone(Path(orphan.folder)):  # somebody asks for it
        assert collected(dry_run=False) == {half.name: "it was never finished"}
    assert list(collected(dry_run=False)) == [Path(orphan.folder).name]
    age(Path(built.folder), now_ms() - 91 * day)
    assert list(collected(dry_run=False).values()) == ["unused for 91 days"]
    assert not Path(built.folder).exists()
    assert name not in KernelSpecManager().find_kernel_specs()
    # another collection has listed it before, too
    item = UnneededEnvironment(folder=built.folder, size_bytes=1, reason="unused for 91 days")
    assert not services.environments.remove(item, now_ms())


def age(folder: Path, milliseconds: int) -> None:
    """Have an environment be used last at a time."""
    for path in (folder, folder / "mlops-environment.json", folder / "pyvenv.cfg"):
        if path.exists():
            os.utime(path, (milliseconds / 1000, milliseconds / 1000))
