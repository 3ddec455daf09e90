"""In which interpreter a table is looked at: the notebook's, as far as it can be trusted.

A store may come from somebody else, and to look at a table must start nothing of theirs.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.kernelspec import KernelSpecManager

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..snapshots.schemas import Manifest

_SHIFTING = ("/proc/", "/dev/")  # paths that lead elsewhere in another process


def interpreter_of(manifest: Manifest, root: Path) -> str:
    """Return the interpreter that a snapshot names, or else the server's own.

    Args:
        manifest: the snapshot's.
        root: the project; an interpreter in it has to be a kernel's, or the server's.
    """
    environment = manifest.environment
    named = environment.executable if environment and environment.language == "python" else ""
    if not os.path.isabs(named) or named.startswith(_SHIFTING) or not shutil.which(named):
        return sys.executable
    python = _settled(named)
    if Path(python).is_relative_to(root) and python not in _known():
        return sys.executable
    return python


def _known() -> Iterator[str]:
    yield _settled(sys.executable)
    for installed in KernelSpecManager().get_all_specs().values():
        yield from map(_settled, installed["spec"]["argv"][:1])


def _settled(program: str) -> str:
    """Return a program's path without links but its own, which makes an environment of it."""
    folder, name = os.path.split(program)
    return os.path.join(os.path.realpath(folder), name)
