"""Chooses what a snapshot is run again in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_client.kernelspec import KernelSpecManager

from ..core.errors import EnvironmentUnavailableError
from ..kernels.interpreter import environment_of
from .kernel_choice import KernelChoice, expected_kernel
from .receipt_schemas import PackageDifference, UsedEnvironment

if TYPE_CHECKING:
    from ..kernels.schemas import Environment
    from ..restoring.environments import EnvironmentBuilder
    from ..snapshots.schemas import Manifest
    from .receipt_schemas import ReproductionRequest

_SHOWN = 3


class PackagesDifferError(EnvironmentUnavailableError):
    """The recorded interpreter is there, but its packages are others now."""

    def __init__(self, message: str, differences: list[PackageDifference]) -> None:
        super().__init__(message)
        self.differences = differences


def choose(
    snapshot_id: str,
    manifest: Manifest,
    request: ReproductionRequest,
    builder: EnvironmentBuilder,
) -> UsedEnvironment:
    """Return the environment to run in.

    Raises:
        EnvironmentUnavailableError: it cannot be had; says why, and what to do.
        PackagesDifferError: the recorded interpreter is not what it was.
    """
    recorded = manifest.environment
    if request.environment == "rebuild":
        built = builder.build(recorded, snapshot_id=snapshot_id, downloads=request.downloads)
        return UsedEnvironment(
            kind="rebuilt", python=built.python, differences=[], notes=built.notes
        )
    if recorded is None:
        note = "The snapshot does not know its environment, so that this could not be verified."
        return UsedEnvironment(kind="installed", python=None, differences=[], notes=[note])
    language = recorded.language.lower()
    if language == "python":
        rebuild = "Rebuild the environment."
        _verify(recorded, recorded.executable, rebuild, gone=rebuild)
        return UsedEnvironment(kind="same", python=recorded.executable, differences=[], notes=[])
    used = UsedEnvironment(kind="same", python=None, differences=[], notes=[])
    choice = kernel_in(used, manifest)
    if language == "r":
        program = KernelSpecManager().get_kernel_spec(choice.name or "").argv[0]
        advice = "Rebuild the environment, install those, or take an R that has them."
        _verify(recorded, program, advice, gone="Install R again, or mend the kernel.")
        return used
    note = f"The packages of {recorded.language} were not verified."
    return used.model_copy(update={"kind": "installed", "notes": [note]})


def _verify(recorded: Environment, executable: str, advice: str, *, gone: str) -> None:
    try:
        found = environment_of(executable, recorded.language)
    except EnvironmentUnavailableError as error:
        raise EnvironmentUnavailableError(f"{error.message} {gone}") from error
    before = {package.name: package.version for package in recorded.packages}
    after = {package.name: package.version for package in found.packages}
    language = recorded.language.lower()
    before[language], after[language] = recorded.language_version, found.language_version
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
            f"The packages of {executable} are not those of the snapshot: {shown}{more}. {advice}",
            differences,
        )


def kernel_in(used: UsedEnvironment, manifest: Manifest) -> KernelChoice:
    """Return the kernel to run in.

    Raises:
        EnvironmentUnavailableError: it is not installed.
    """
    if used.python is not None:
        recorded = manifest.environment
        return KernelChoice(used.python, None, recorded.language if recorded else "python")
    choice = expected_kernel(manifest)
    installed = KernelSpecManager().find_kernel_specs()
    if choice.name not in installed:
        names = ", ".join(sorted(installed)) or "none"
        raise EnvironmentUnavailableError(
            f"The kernel {choice.name}, with which the snapshot was taken, is not installed. "
            f"Install it, and try again. Installed: {names}."
            if choice.name
            else "The notebook names no kernel, so it cannot be run. Choose one in JupyterLab, and "
            "take a snapshot again.",
            installed=sorted(installed),
        )
    return KernelChoice(None, choice.name)
