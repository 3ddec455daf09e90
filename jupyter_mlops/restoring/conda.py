"""Builds environments of conda's from its explicit lists."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from ..core.errors import EnvironmentUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

_TOOLS = ("micromamba", "mamba", "conda")
_PIP = re.compile(r"^# pip (\S+==\S+)$", re.MULTILINE)


def create_command(listed: Path, folder: Path, *, downloads: bool) -> list[str]:
    """Return the command that builds an environment in ``folder``.

    Raises:
        EnvironmentUnavailableError: there is no conda.
    """
    tool = next((found for name in _TOOLS if (found := shutil.which(name))), None)
    if tool is None:
        raise EnvironmentUnavailableError(
            "The snapshot's environment is one of conda's, and none of "
            f"{', '.join(_TOOLS)} is on the path. Install one, or run it in the same interpreter."
        )
    network = [] if downloads else ["--offline"]
    return [tool, "create", "--yes", *network, "--prefix", str(folder), "--file", str(listed)]


def added_by_pip(text: str) -> list[str]:
    """Return the pins of what pip added, which an explicit list has in comments."""
    return _PIP.findall(text)
