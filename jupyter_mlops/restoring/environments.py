"""Builds the environment that a snapshot records, once, in a folder of the store.

Nothing is fetched from the network unless the caller allows it: uv installs from its cache and
from the wheels that its own settings (``UV_FIND_LINKS``) name; R from its libraries, renv's cache
and repositories on this machine.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from ..core.errors import EnvironmentUnavailableError
from ..core.programs import Programs
from ..objects.disk import writing
from ..snapshots.locks import installed_uv
from ..snapshots.masking import Masker
from .conda import added_by_pip, create_command
from .kept import Mark, alone, read_mark, write_mark
from .r_library import build_library
from .requirements import requirements
from .schemas import BuiltEnvironment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.project import Project
    from ..objects.manager import ObjectManager
    from ..snapshots.schemas import SnapshotEnvironment
    from .requirements import Requirements

LIMIT_SECONDS = 3600
"""For each program that builds an environment, which may fetch gigabytes over a slow line. One that
takes longer hangs, and keeps others waiting."""
_LINES = 6
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # where FORCE_COLOR is set
_VERSION_SECONDS = 60


class EnvironmentBuilder:
    """The environments of one store.

    Args:
        project: whose store it is.
        objects: where the locks are.
        uv: the installer; by default the one that is installed.
        programs: runs it.
        limit: seconds that each program may take, and that others wait for their turn.
    """

    def __init__(
        self,
        project: Project,
        objects: ObjectManager,
        uv: str | None = None,
        *,
        programs: Programs | None = None,
        limit: float = LIMIT_SECONDS,
    ) -> None:
        self._objects = objects
        self._folder = project.store / "environments"
        self._project = project
        self._uv = uv
        self._programs = programs or Programs()
        self._limit = limit

    def build(
        self, environment: SnapshotEnvironment | None, *, snapshot_id: str, downloads: bool
    ) -> BuiltEnvironment:
        """Build an environment, or return the one that was built from the same record.

        Args:
            environment: what the snapshot records.
            snapshot_id: the snapshot's.
            downloads: whether packages may be fetched from the network.

        Raises:
            ConflictError: somebody else has been building it for as long as that may take.
            EnvironmentUnavailableError: it cannot be built here; says what is missing.
            StoreUnavailableError: the store cannot be written.
        """
        environment = _buildable(environment)
        lock = self._objects.read(environment.lock.object_id).decode() if environment.lock else ""
        wanted = requirements(environment.packages, lock)
        folder = self._folder / _digest(environment, wanted)
        self._project.prepare()
        with writing(folder), alone(folder, self._limit), ExitStack() as undo:
            python = folder / "bin" / ("R" if _is_r(environment) else "python")
            mark = read_mark(folder) if python.exists() else None
            reused = mark is not None
            if mark is None:
                undo.callback(shutil.rmtree, folder, ignore_errors=True)
                notes = self._make(environment, lock, wanted, folder, downloads=downloads)
                mark = Mark(notes=notes, snapshot_ids=[])
            if snapshot_id not in mark.snapshot_ids:
                mark.snapshot_ids.append(snapshot_id)
            write_mark(folder, mark)
            undo.pop_all()
        return BuiltEnvironment(
            language=environment.language,
            folder=str(folder),
            python=str(python),
            reused=reused,
            notes=mark.notes,
        )

    def _make(
        self,
        environment: SnapshotEnvironment,
        lock: str,
        wanted: Requirements,
        folder: Path,
        *,
        downloads: bool,
    ) -> list[str]:
        """Build it, whatever is there; return what is not as it was."""
        shutil.rmtree(folder, ignore_errors=True)
        if _is_r(environment):
            return build_library(self._within, environment, folder, downloads=downloads)
        if environment.conda:
            return self._create(lock, folder, downloads=downloads)
        return self._install(environment, wanted, folder, downloads=downloads)

    def _create(self, lock: str, folder: Path, *, downloads: bool) -> list[str]:
        """Have conda build its own, and add what pip had added."""
        if "@EXPLICIT" not in lock:
            raise EnvironmentUnavailableError(
                "The snapshot's environment is one of conda's, and its explicit list is not in the "
                "snapshot. Run it in the same interpreter."
            )
        listed = folder.with_suffix(".txt")
        listed.write_text(lock, encoding="utf-8")
        try:
            self._run(create_command(listed, folder, downloads=downloads), _advice(downloads))
        finally:
            listed.unlink()
        self._pip(folder, added_by_pip(lock), downloads=downloads)
        return []

    def _install(
        self,
        environment: SnapshotEnvironment,
        wanted: Requirements,
        folder: Path,
        *,
        downloads: bool,
    ) -> list[str]:
        network = [] if downloads else ["--offline"]
        note = self._make_virtual(environment, folder, network)
        self._pip(folder, wanted.lines, downloads=downloads)
        packages = next(folder.glob("lib/python*/site-packages"))
        (packages / "mlops-folders.pth").write_text("\n".join(wanted.folders), encoding="utf-8")
        return [*([note] if note else []), *wanted.notes]

    def _pip(self, folder: Path, lines: Sequence[str], *, downloads: bool) -> None:
        listed = folder / "requirements.txt"
        listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._run(
            # every package is in the record, so what they depend on is there too
            [
                *(self._installer(), "pip", "install", "--quiet", "--no-deps"),
                *("--compile-bytecode", *([] if downloads else ["--offline"])),
                *("--python", str(folder / "bin" / "python"), "-r", str(listed)),
            ],
            _advice(downloads),
        )

    def _make_virtual(
        self, environment: SnapshotEnvironment, folder: Path, network: Sequence[str]
    ) -> str | None:
        """Make a virtual environment; say so where its Python is not quite the one it was."""
        version = environment.language_version
        minor = version.rpartition(".")[0]
        command = [self._installer(), "venv", "--quiet", "--clear", *network, "--python"]
        for python in (environment.executable, version, minor):
            done = self._within([*command, python, str(folder)])
            found = self._version(folder / "bin" / "python") if done.returncode == 0 else None
            if found == version:
                return None
            if found is not None and python == minor:
                return f"Python is {found}; it was {version}."
        raise EnvironmentUnavailableError(
            f"There is no Python {minor} on this machine. Install it"
            + (", or allow downloads." if network else "."),
            python=version,
        )

    def _version(self, python: Path) -> str | None:
        code = "import platform; print(platform.python_version())"
        try:
            done = self._programs.run([str(python), "-c", code], _VERSION_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.decode().strip() or None

    def _run(self, command: Sequence[str], advice: str) -> None:
        done = self._within(command)
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").split("\n")
            said = _COLOUR.sub("", " ".join(" ".join(lines[:_LINES]).split()))
            said = Masker().text(said, "environment")  # it may name an index, with its login
            raise EnvironmentUnavailableError(f"The environment cannot be built: {said}{advice}")

    def _within(self, command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        try:
            return self._programs.run(command, self._limit)
        except subprocess.TimeoutExpired as error:
            raise EnvironmentUnavailableError(
                f"The environment cannot be built: {Path(command[0]).name} {command[1]} had not "
                f"ended after {self._limit / 60:.0f} minutes, and was stopped. Do the package "
                "index and the disk answer? Try again then: what it has fetched by now is kept."
            ) from error

    def _installer(self) -> str:
        found = self._uv or installed_uv()
        if found is None:
            raise EnvironmentUnavailableError(
                "Environments are built by uv, which is not installed. Install it: pip install uv"
            )
        return found


def _is_r(environment: SnapshotEnvironment) -> bool:
    return environment.language.lower() == "r"


def _advice(downloads: bool) -> str:
    return "" if downloads else " Allow downloads, or bring the packages to this machine."


def _buildable(environment: SnapshotEnvironment | None) -> SnapshotEnvironment:
    if environment is None:
        raise EnvironmentUnavailableError(
            "The snapshot does not know its environment: no kernel was alive when it was taken."
        )
    if environment.language.lower() not in {"python", "r"}:
        raise EnvironmentUnavailableError(
            f"An environment of {environment.language} cannot be built. Use the one that is "
            "installed."
        )
    return environment


def _digest(environment: SnapshotEnvironment, wanted: Requirements) -> str:
    record = [environment.language_version, environment.implementation, environment.platform]
    if environment.conda and environment.lock:
        record.append(environment.lock.object_id)
    document = json.dumps([*record, *wanted.lines, *wanted.folders])
    return blake3(document.encode()).hexdigest()[:32]
