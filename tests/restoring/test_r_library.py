"""Libraries of R built by R itself, from what is on this machine alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from jupyter_mlops.core.errors import EnvironmentUnavailableError
from jupyter_mlops.kernels.schemas import Package
from jupyter_mlops.restoring import kernels
from jupyter_mlops.restoring.environments import EnvironmentBuilder
from jupyter_mlops.restoring.schemas import RestoreRequest
from jupyter_mlops.snapshots.schemas import SnapshotEnvironment
from tests import notebooks
from tests.kernels.r_kernels import lacks
from tests.snapshots.test_manager import kernel_state, snap

if TYPE_CHECKING:
    from jupyter_mlops.core.project import Project
    from jupyter_mlops.services import Services

SNAPSHOT = "5" * 64
# another package by the same name, which no repository has
ON_GITHUB = {"source": "https://github.com/a/toyb", "commit": "1f"}


class R(NamedTuple):
    """R with a library of the user's: one toy in its newest version, of a repository with two."""

    builder: EnvironmentBuilder
    version: str
    repository: Path
    profile: Path

    def recorded(self, *packages: Package, **changes: object) -> SnapshotEnvironment:
        facts = kernel_state().environment.model_dump() | {
            "language": "R",
            "language_version": self.version,
            "executable": shutil.which("R"),
            "packages": [package.model_dump() for package in packages],
        }
        return SnapshotEnvironment.model_validate(facts | changes)

    def build(self, *packages: Package, downloads: bool = False) -> str:
        built = self.builder.build(
            self.recorded(*packages), snapshot_id=SNAPSHOT, downloads=downloads
        )
        assert built.notes == []
        return built.python


def write_source(folder: Path, name: str, version: str, imports: str | None = None) -> Path:
    """Write the source of a package whose one function knows its version."""
    source = folder / "source" / version / name
    (source / "R").mkdir(parents=True)
    needs = f"Imports: {imports}\n" if imports else ""
    (source / "DESCRIPTION").write_text(
        f"Package: {name}\nVersion: {version}\nTitle: A Toy\nDescription: A toy.\nLicense: MIT\n"
        f"Author: Jupyter\nMaintainer: Jupyter <jupyter@example.org>\n{needs}"
    )
    above = f"import({imports})\n" if imports else ""
    (source / "NAMESPACE").write_text(f"export({name})\n{above}")
    body = f"paste({imports}(), '{version}')" if imports else f"'{version}'"
    (source / "R" / "a.R").write_text(f"{name} <- function() {body}\n")
    command = [shutil.which("R") or "", "CMD", "build", str(source)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / f"{name}_{version}.tar.gz"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as CRAN's are, with the older versions aside; and a library with the newest."""
    if shutil.which("R") is None:
        lacks("there is no R here")
    home = tmp_path_factory.mktemp("made for R")
    current = home / "repository" / "src" / "contrib"
    for name, imports in (("toya", None), ("toyb", "toya")):
        archive = current / "Archive" / name
        archive.mkdir(parents=True)
        write_source(home, name, "1.0", imports).rename(archive / f"{name}_1.0.tar.gz")
        write_source(home, name, "1.1", imports).rename(current / f"{name}_1.1.tar.gz")
    library = home / "library"
    library.mkdir()
    newest = current / "toya_1.1.tar.gz"
    program = shutil.which("R") or ""
    install = [program, "CMD", "INSTALL", "--no-help", f"--library={library}", str(newest)]
    subprocess.run(install, check=True, capture_output=True)
    return home


@pytest.fixture
def r(services: Services, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> R:
    profile = tmp_path / "Rprofile"
    set_profile(profile, library=made / "library")
    monkeypatch.setenv("R_PROFILE_USER", str(profile))
    monkeypatch.setenv("RENV_PATHS_CACHE", str(tmp_path / "renv cache"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # the cable is pulled
    version = said("R", "cat(as.character(getRversion()))")
    builder = EnvironmentBuilder(services.project, services.objects)
    return R(builder, version, made / "repository", profile)


def set_profile(file: Path, *, library: Path, repository: str | None = None) -> None:
    repositories = f"options(repos = c(CRAN = {json.dumps(repository or '@CRAN@')}))\n"
    file.write_text(f".libPaths({json.dumps(str(library))})\n{repositories}")


def said(program: str, code: str) -> str:
    command = [program, "--no-echo", "-e", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_what_is_installed_is_taken(r: R, made: Path) -> None:
    wanted = [Package(name="toya", version="1.1"), Package(name="stats", version=r.version)]
    built = r.builder.build(r.recorded(*wanted), snapshot_id=SNAPSHOT, downloads=False)
    assert (built.language, built.reused, built.notes) == ("R", False, [])
    assert said(built.python, "cat(toya::toya())") == "1.1"
    library = Path(built.folder) / "library"
    assert [path.name for path in library.iterdir()] == ["toya"]  # and none of R's own
    # only what the snapshot had, and what belongs to R
    paths = said(built.python, "cat(.libPaths(), sep = '\\n')").splitlines()
    assert paths[0] == str(library)
    assert str(made / "library") not in paths
    again = r.builder.build(r.recorded(*wanted), snapshot_id=SNAPSHOT, downloads=False)
    assert again == built.model_copy(update={"reused": True})


def test_what_lies_in_renv_s_cache_is_taken(r: R, made: Path, tmp_path: Path) -> None:
    minor = r.version.rpartition(".")[0]
    kept = tmp_path / "renv cache" / "v5" / f"R-{minor}" / "x" / "toya" / "0.9" / "5f1e" / "toya"
    shutil.copytree(made / "library" / "toya", kept)
    text = (kept / "DESCRIPTION").read_text().replace("Version: 1.1", "Version: 0.9")
    (kept / "DESCRIPTION").write_text(text)
    program = r.build(Package(name="toya", version="0.9"))
    library = Path(program).parents[1] / "library"
    assert "Version: 0.9" in (library / "toya" / "DESCRIPTION").read_text()


def test_a_repository_on_this_machine_is_asked(r: R, made: Path) -> None:
    set_profile(r.profile, library=made / "library", repository=f"file://{r.repository}")
    # in the order in which they need each other, whatever the names' is
    program = r.build(Package(name="toyb", version="1.0"), Package(name="toya", version="1.0"))
    assert said(program, "cat(toyb::toyb())") == "1.0 1.0"
    newer = r.build(Package(name="toyb", version="1.1"), Package(name="toya", version="1.1"))
    assert said(newer, "cat(toyb::toyb())") == "1.1 1.1"
    assert said(program, "cat(toyb::toyb())") == "1.0 1.0"


@pytest.mark.parametrize(
    ("package", "downloads", "repository", "message"),
    [
        ({"name": "toyb"}, False, None, r"toyb 1\.1\. Allow downloads"),
        ({"name": "toyb"}, True, None, r"toyb 1\.1\. R names no repository: set options\(repos"),
        ({"name": "toyb"}, False, "http://127.0.0.1:9", r"toyb 1\.1\. Allow downloads"),
        ({"name": "none"}, True, "REPOSITORY", r"none 1\.1\. R's repositories do not have them"),
        ({"name": "toyb", **ON_GITHUB}, True, "REPOSITORY", r"toyb 1\.1\. R's repositories"),
    ],
)  # fmt: skip
def test_what_is_not_at_hand_is_named_and_nothing_stays(
    r: R,
    made: Path,
    project: Project,
    package: dict[str, str],
    downloads: bool,
    repository: str | None,
    message: str,
) -> None:
    if repository == "REPOSITORY":
        repository = f"file://{r.repository}"
    set_profile(r.profile, library=made / "library", repository=repository)
    with pytest.raises(EnvironmentUnavailableError, match=message):
        r.build(
            Package(name="toya", version="1.1"),
            Package.model_validate({"version": "1.1"} | package),
            downloads=downloads,
        )
    left = [path.name for path in (project.store / "environments").iterdir() if path.is_dir()]
    assert left == []


def test_a_package_that_does_not_build_is_named(r: R, made: Path, tmp_path: Path) -> None:
    (tmp_path / "src" / "contrib").mkdir(parents=True)
    broken = write_source(tmp_path, "broken", "1.0", "toya")
    broken.rename(tmp_path / "src" / "contrib" / broken.name)
    set_profile(r.profile, library=made / "library", repository=f"file://{tmp_path}")
    with pytest.raises(EnvironmentUnavailableError, match=r"could not install broken 1\.0"):
        r.build(Package(name="broken", version="1.0"))  # without what it imports


@pytest.mark.parametrize(
    ("name", "version"), [("../toya", "1.1"), ("toya", "1.1/.."), ("toya\ntoyb", "1.1"), ("", "1")]
)
def test_what_is_no_name_of_a_package_is_refused(r: R, name: str, version: str) -> None:
    with pytest.raises(EnvironmentUnavailableError, match="is no package of R"):
        r.build(Package(name=name, version=version))


def test_another_r(r: R) -> None:
    recorded = r.recorded(language_version="3.1.2")
    with pytest.raises(EnvironmentUnavailableError, match=r"Install R 3\.1"):
        r.builder.build(recorded, snapshot_id=SNAPSHOT, downloads=False)
    patch = r.recorded(language_version=f"{r.version}9", executable="/gone/R")
    built = r.builder.build(patch, snapshot_id=SNAPSHOT, downloads=False)
    assert built.notes == [f"R is {r.version}; it was {r.version}9."]


def test_the_library_is_a_kernel(
    services: Services, r: R, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    (services.project.root / "sub").mkdir()
    path = notebooks.write(services.project.root / "sub" / "a.ipynb", ["toya::toya()"])
    recorded = r.recorded(
        Package(name="toya", version="1.1"), Package(name="base", version=r.version)
    )
    taken = snap(services, path, kernel_state(environment=recorded.model_dump(exclude={"lock"})))
    request = RestoreRequest(folder="back", environment=True, kernel=True)
    back = services.project.root / "back"
    with pytest.raises(EnvironmentUnavailableError, match="has no IRkernel"):
        services.restorer.restore(taken.id, request, back, author="me")
    assert not back.exists()

    request = RestoreRequest(folder="back", environment=True)
    restored = services.restorer.restore(taken.id, request, back, author="me")
    lock = json.loads((back / "sub" / "renv.lock").read_text())
    assert lock["R"] == {"Version": r.version}
    assert lock["Packages"] == {
        "toya": {"Package": "toya", "Version": "1.1", "Source": "Repository"}
    }
    assert ("lock", "sub/renv.lock") in {(one.kind, one.path) for one in restored.files}
    assert restored.environment
    (Path(restored.environment.folder) / "library" / "IRkernel").mkdir()
    offered = kernels.offer(taken.id, restored.environment, services.objects.unfinished)
    spec = KernelSpecManager().get_kernel_spec(offered.name)
    assert (spec.language, spec.display_name) == ("R", f"R (snapshot {taken.id[:12]})")
    assert spec.argv[0] == restored.environment.python
    assert "IRkernel::main()" in spec.argv
