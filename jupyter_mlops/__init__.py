"""From notebook to running model without leaving JupyterLab.

Importing this package is cheap: the server part is loaded when Jupyter asks for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-mlops"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    # by name: whoever imports this package for something else needs no Jupyter server
    app = import_module("jupyter_mlops.app")
    return [{"module": "jupyter_mlops.app", "app": app.MLOpsApp}]
