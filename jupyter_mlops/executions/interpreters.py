"""Chooses what a snapshot is run again in, and makes a kernel of it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from jupyter_client.kernelspec import KernelSpecManager

from ..core.errors import EnvironmentUnavailableError
from ..kernels.interpreter import environment_of
from .receipt_schemas import PackageDifference, UsedEnvironment

if TYPE_CHECKING:
    from pathlib import Path

    from ..kernels.schemas import Environment
    from ..restoring.environments import EnvironmentBuilder
    from ..snapshots.schemas import Manifest
    from .receipt_schemas import ReproductionRequest

KERNEL = "mlops-reproduction"
_SHOWN = 3


class PackagesDifferError(EnvironmentUnavailableError):
    """The recorded interpreter is there, but its packages are others now."""

    def __init__(self, message: str, differences: list[PackageDifference]) -> None:
        super().__init__(message)
        self.differences = differences


def choose(
    manifest: Manifest, request: ReproductionRequest, builder: EnvironmentBuilder
) -> UsedEnvironment:
    """Return the environment to run in.

    Raises:
        EnvironmentUnavailableError: it cannot be had; says why, and what to do.
        PackagesDifferError: the recorded interpreter is not what it was.
    """
    recorded = manifest.environment
    if request.environment == "rebuild":
        built = builder.build(recorded, downloads=request.downloads)
        return UsedEnvironment(
            kind="rebuilt", python=built.python, differences=[], notes=built.notes
        )
    if recorded is None:
        note = "The snapshot does not know its environment, so that this could not be verified."
        return UsedEnvironment(kind="installed", python=None, differences=[], notes=[note])
    if recorded.language.lower() != "python":
        note = f"The packages of {recorded.language} were not verified."
        return UsedEnvironment(kind="installed", python=None, differences=[], notes=[note])
    _verify(recorded)
    return UsedEnvironment(kind="same", python=recorded.executable, differences=[], notes=[])


def _verify(recorded: Environment) -> None:
    found = environment_of(recorded.executable)
    before = {package.name: package.version for package in recorded.packages}
    after = {package.name: package.version for package in found.packages}
    before["python"], after["python"] = recorded.language_version, found.language_version
    differences = [
        PackageDifference(name=name, recorded=before.get(name), found=after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    if differences:
        shown = ", ".join(
            f"{one.name} {one.recorded or 'none'} → {one.found or 'none'}"
            for one in differences[:_SHOWN]
        )
        more = f" and {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
        raise PackagesDifferError(
            f"The packages of {recorded.executable} are not those of the snapshot: {shown}{more}. "
            "Rebuild the environment.",
            differences,
        )


def kernel_of(used: UsedEnvironment, manifest: Manifest, folder: Path) -> str:
    """Return the name of a kernel that runs in the environment; one is made if needed.

    Args:
        used: the environment.
        manifest: names the kernel that the snapshot was taken with.
        folder: where a kernel may be made.

    Raises:
        EnvironmentUnavailableError: the kernel is not installed.
    """
    installed = KernelSpecManager()
    name = manifest.notebook.kernel_name
    if used.python is None:
        if name not in installed.find_kernel_specs():
            raise EnvironmentUnavailableError(
                f"The kernel {name} is not installed."
                if name
                else "The notebook names no kernel, so it cannot be run."
            )
        return str(name)
    spec = folder / "kernels" / KERNEL
    spec.mkdir(parents=True)
    argv = [used.python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": KERNEL, "language": "python"}), encoding="utf-8"
    )
    paths = [str(folder), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(path for path in paths if path)
    return KERNEL
