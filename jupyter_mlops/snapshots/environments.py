"""Builds the environment that a snapshot records, once, in a folder of the store.

Nothing is fetched from the network unless the caller allows it: uv installs from its cache and
from the wheels that its own settings (``UV_FIND_LINKS``) name.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from ..core.errors import EnvironmentUnavailableError
from ..objects.disk import writing
from .requirements import requirements
from .restore_schemas import BuiltEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.project import Project
    from ..kernels.schemas import Environment
    from .requirements import Requirements

_DONE = "mlops-environment.json"
_LINES = 6


class EnvironmentBuilder:
    """The environments of one store.

    Args:
        project: whose store it is.
        uv: the installer; by default the one that is installed.
    """

    def __init__(self, project: Project, uv: str | None = None) -> None:
        self._folder = project.store / "environments"
        self._project = project
        self._uv = uv

    def build(self, environment: Environment | None, *, downloads: bool) -> BuiltEnvironment:
        """Build an environment, or return the one that was built from the same record.

        Args:
            environment: what the snapshot records.
            downloads: whether packages may be fetched from the network.

        Raises:
            EnvironmentUnavailableError: it cannot be built here; says what is missing.
            StoreUnavailableError: the store cannot be written.
        """
        environment = _buildable(environment)
        wanted = requirements(environment.packages)
        folder = self._folder / _digest(environment, wanted)
        self._project.prepare()
        with writing(folder), _alone(folder):
            done = folder / _DONE
            python = folder / "bin" / "python"
            reused = done.is_file() and python.exists()
            if not reused:
                shutil.rmtree(folder, ignore_errors=True)
                try:
                    notes = self._install(environment, wanted, folder, downloads=downloads)
                    done.write_text(json.dumps(notes), encoding="utf-8")
                except BaseException:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise
            notes = json.loads(done.read_text(encoding="utf-8"))
        return BuiltEnvironment(folder=str(folder), python=str(python), reused=reused, notes=notes)

    def _install(
        self, environment: Environment, wanted: Requirements, folder: Path, *, downloads: bool
    ) -> list[str]:
        uv = self._installer()
        network = [] if downloads else ["--offline"]
        note = _make(uv, environment, folder, network)
        python = folder / "bin" / "python"
        listed = folder / "requirements.txt"
        listed.write_text("\n".join(wanted.lines) + "\n", encoding="utf-8")
        _run(
            # every package is in the record, so what they depend on is there too
            [
                *(uv, "pip", "install", "--quiet", "--no-deps", "--compile-bytecode", *network),
                *("--python", str(python), "-r", str(listed)),
            ],
            "" if downloads else " Allow downloads, or bring the wheels to this machine.",
        )
        packages = next(folder.glob("lib/python*/site-packages"))
        (packages / "mlops-folders.pth").write_text("\n".join(wanted.folders), encoding="utf-8")
        return [*([note] if note else []), *wanted.notes]

    def _installer(self) -> str:
        beside = Path(sys.executable).with_name("uv")
        found = self._uv or (str(beside) if beside.exists() else shutil.which("uv"))
        if found is None:
            raise EnvironmentUnavailableError(
                "Environments are built by uv, which is not installed. Install it: pip install uv"
            )
        return found


def _buildable(environment: Environment | None) -> Environment:
    if environment is None:
        raise EnvironmentUnavailableError(
            "The snapshot does not know its environment: no kernel was alive when it was taken."
        )
    if environment.language.lower() != "python":
        raise EnvironmentUnavailableError(
            f"An environment of {environment.language} cannot be built. Use the one that is "
            "installed."
        )
    return environment


def _digest(environment: Environment, wanted: Requirements) -> str:
    record = [environment.language_version, environment.implementation, environment.platform]
    document = json.dumps([*record, *wanted.lines, *wanted.folders])
    return blake3(document.encode()).hexdigest()[:32]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time build ``folder``."""
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(uv: str, environment: Environment, folder: Path, network: Sequence[str]) -> str | None:
    """Make a virtual environment; say so where its Python is not quite the one it was."""
    version = environment.language_version
    minor = version.rpartition(".")[0]
    for python in (environment.executable, version, minor):
        command = [uv, "venv", "--quiet", "--clear", *network, "--python", python, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = _version(folder / "bin" / "python") if done.returncode == 0 else None
        if found == version:
            return None
        if found is not None and python == minor:
            return f"Python is {found}; it was {version}."
    raise EnvironmentUnavailableError(
        f"There is no Python {minor} on this machine. Install it"
        + (", or allow downloads." if network else "."),
        python=version,
    )


def _version(python: Path) -> str | None:
    code = "import platform; print(platform.python_version())"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def _run(command: Sequence[str], advice: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(" ".join(done.stderr.split("\n")[:_LINES]).split())
        raise EnvironmentUnavailableError(f"The environment cannot be built: {said}{advice}")
