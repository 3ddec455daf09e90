"""Kernels that run in built environments, in the user's own Jupyter folder, for whoever asks.

Not in the store: what a project's folder brings along must not become a kernel by itself.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from jupyter_core.paths import jupyter_data_dir

from ..core.errors import EnvironmentUnavailableError
from ..kernels.interpreter import kernel_command
from ..objects.disk import writing
from .schemas import OfferedKernel

if TYPE_CHECKING:
    from ..objects.unfinished import Unfinished
    from .schemas import BuiltEnvironment

_PREFIX = "mlops-"
_SHORT = 12
# the package that an environment needs to be a kernel, and where that is
_KERNELS = {
    "python": ("ipykernel", "lib/python*/site-packages/ipykernel-*"),
    "r": ("IRkernel", "library/IRkernel"),
}


def offer(snapshot_id: str, built: BuiltEnvironment, unfinished: Unfinished) -> OfferedKernel:
    """Make a kernel of a snapshot's environment, which Jupyter then lists.

    Raises:
        EnvironmentUnavailableError: the environment has no ipykernel, or no IRkernel.
        StoreUnavailableError: the folder cannot be written.
    """
    short = snapshot_id[:_SHORT]
    package, place = _KERNELS[built.language.lower()]
    title = built.language.title()
    found = OfferedKernel(
        name=f"{_PREFIX}{short}",
        display_name=f"{title} (snapshot {short})",
        language=built.language,
    )
    if not any(Path(built.folder).glob(place)):
        raise EnvironmentUnavailableError(
            f"The environment of the snapshot has no {package}, so it cannot be a kernel. Restore "
            "it without one."
        )
    spec = {
        "argv": kernel_command(built.python, built.language),
        "display_name": found.display_name,
        "language": built.language,
        "metadata": {
            "debugger": title == "Python",
            "jupyter_mlops": {"snapshot_id": snapshot_id, "environment": built.folder},
        },
    }
    file = _folder() / found.name / "kernel.json"
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    _replace(file, orjson.dumps(spec, option=orjson.OPT_INDENT_2), unfinished)
    return found


def withdraw(environment: Path) -> None:
    """Remove the kernels of an environment that is removed."""
    for file in _folder().glob(f"{_PREFIX}*/kernel.json"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            ours = json.loads(file.read_bytes())["metadata"]["jupyter_mlops"]
            if ours["environment"] == str(environment):
                shutil.rmtree(file.parent)


def choose(notebook: Path, kernel: OfferedKernel, unfinished: Unfinished) -> None:
    """Have a notebook open with a kernel.

    Raises:
        StoreUnavailableError: it cannot be written.
    """
    with writing(notebook):
        content: dict[str, Any] = json.loads(notebook.read_bytes())
        content.setdefault("metadata", {})["kernelspec"] = {
            "display_name": kernel.display_name,
            "language": kernel.language,
            "name": kernel.name,
        }
        # as nbformat writes it
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _replace(notebook, text.encode(), unfinished)


def _replace(file: Path, content: bytes, unfinished: Unfinished) -> None:
    with writing(file), unfinished.paths([file.parent]) as (temporary,):
        temporary.write_bytes(content)
        temporary.replace(file)


def _folder() -> Path:
    return Path(jupyter_data_dir()) / "kernels"
