"""Which kernel a snapshot is run again in, and where; imports nothing until that starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ..snapshots.schemas import Manifest
    from .ahead import KernelAhead

_OWN = "mlops-reproduction"


@dataclass(frozen=True)
class KernelChoice:
    """A kernel: an interpreter's own, or one that is installed.

    ``python`` is absolute, also where it is R that is started; ``name`` is the installed kernel's,
    where that is None.
    """

    python: str | None
    name: str | None
    language: str = "python"

    def start(self, scratch: Path, notebook: str) -> KernelAhead:
        """Start it where a notebook will be.

        Args:
            scratch: the folder that stands for the project's; it may be empty yet.
            notebook: the path in it.

        Raises:
            NoSuchKernel: it is not installed.
        """
        from jupyter_client.kernelspec import KernelSpec, KernelSpecManager  # noqa: PLC0415

        from ..kernels.interpreter import kernel_command  # noqa: PLC0415
        from .ahead import KernelAhead  # noqa: PLC0415

        if self.python is None:
            name = self.name or ""
            spec = KernelSpecManager().get_kernel_spec(name)
        else:
            name = _OWN
            argv = kernel_command(self.python, self.language)
            spec = KernelSpec(argv=argv, display_name=name, language=self.language)
        path = scratch / notebook
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # a folder that is not empty is filled, not replaced: the kernel stands in it
        path.touch()
        variables = {"MLOPS_SCRATCH": str(scratch)}  # the kernel's data is here
        return KernelAhead(name, spec, path.parent, variables)


def expected_kernel(manifest: Manifest) -> KernelChoice:
    """Return the kernel that a snapshot was taken with; whether it is as it was is not known."""
    recorded = manifest.environment
    if recorded is not None and recorded.language.lower() == "python":
        return KernelChoice(recorded.executable, None)
    return KernelChoice(None, manifest.notebook.kernel_name)


def run_folder(folder: Path, number: int) -> Path:
    """Return the folder of a run of the reproduction in ``folder``."""
    return folder.resolve() / f"run-{number}"
